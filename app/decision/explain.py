"""Why this answer, and what the nearest other answer would have needed, in Chinese sentences.

Reads the traces of a Result; asks nothing again. A suggestion is made only when the changed case
was checked to lead there: one column other than now, or at most two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Protocol

from app.decision.overlap import outputs_of, row_atoms
from app.decision.result import MatchedRule, Result, TableTrace, Value
from app.decision.space import Dimension, Space, cell_at, make_space, split_heading
from app.decision.table_nodes import Table
from app.decision.values import KINDS, feel_equal
from app.decision.wording import atoms_words, run_words, runs_of, value_words

MAX_CHANGES = 2  # columns a suggestion may change
MAX_SUGGESTIONS = 2  # other answers suggested per table
_ONE_ROW = frozenset({"UNIQUE", "ANY", "FIRST"})


class HasTables(Protocol):
    """What is asked of a model."""

    def tables(self) -> list[Table]:
        """The tables as written."""


def explain(model: HasTables, result: Result) -> list[str]:
    """The sentences for every table of the answer, in the order they were run."""
    tables = {(table.decision_id, table.decision): table for table in model.tables()}
    lines: list[str] = []
    for trace in result.traces:
        table = tables.get((trace.decision_id, trace.decision))
        if table is not None:
            lines.extend(explain_table(table, trace))
    lines.extend(f"没有结果：{finding.message}{finding.suggestion}" for finding in result.errors)
    lines.extend(f"注意：{caution.message}。" for caution in result.warnings)
    return lines


def explain_table(table: Table, trace: TableTrace) -> list[str]:
    """What one table was asked, which rows answered, and what was nearest."""
    space = make_space(table)
    asked = "、".join(
        f"{d.name} {value_words(trace.inputs.get(d.clause.label), d.unit)}"
        for d in space.dimensions
    )
    lines = [f"“{table.decision}”查的是：{asked}。"]
    lines.extend(_matched(space, rule) for rule in trace.matched)
    if not trace.matched:
        lines.append("没有一行符合。")
    if table.hit_policy in _ONE_ROW:
        lines.extend(_suggestions(space, trace))
    return lines


def _matched(space: Space, rule: MatchedRule) -> str:
    row = rule.number - 1
    notes = "；".join(f"{label}：{text}" for label, text in rule.annotations.items() if text)
    outcome = _outcome(space.table, list(rule.outputs.values()))
    basis = f"（{notes}）" if notes else ""
    return f"第 {rule.number} 行符合：{_condition(space, row)}；结果：{outcome}{basis}。"


def _condition(space: Space, row: int) -> str:
    parts = []
    for dimension in space.dimensions:
        cell = cell_at(space.table.rows[row], dimension.position)
        if cell.text in ("-", ""):
            continue
        if any(part.row == row for part in dimension.opaque):
            parts.append(f"{dimension.name}满足 {cell.text}")
        else:
            parts.append(atoms_words(dimension, row_atoms(dimension, row)))
    return "，且".join(parts) or "不论什么情况"


def _outcome(table: Table, outputs: Sequence[Value]) -> str:
    words = []
    for clause, value in zip(table.outputs, outputs, strict=False):
        name, unit = split_heading(clause.label)
        shown = value_words(value, unit)
        words.append(f"{name} {shown}" if name else shown)
    return "、".join(words)


def _suggestions(space: Space, trace: TableTrace) -> list[str]:
    """“如……，则……（第 n 行）” for the nearest rows with another outcome."""
    values = [trace.inputs.get(d.clause.label) for d in space.dimensions]
    atoms = [_atom_of(d, value) for d, value in zip(space.dimensions, values, strict=True)]
    if any(atom < 0 for atom in atoms):
        return []
    now = list(trace.matched[0].outputs.values()) if trace.matched else None
    found = sorted(_candidates(space, atoms, values, now), key=lambda c: (c[0], c[1]))
    return [sentence for _, _, sentence in islice(found, MAX_SUGGESTIONS)]


def _candidates(
    space: Space, atoms: Sequence[int], values: Sequence[Value], now: Sequence[Value] | None
) -> list[tuple[int, float, str]]:
    """(columns to change, distance, sentence) per row that can be reached."""
    found: list[tuple[int, float, str]] = []
    for row, written in enumerate(space.table.rows):
        outputs = outputs_of(written, space.table.outputs)
        if outputs is None or not space.judged >> row & 1:
            continue
        if now is not None and feel_equal(outputs, list(now)) is True:
            continue
        moves = _moves(space, row, atoms)
        if moves is None or not 1 <= len(moves) <= MAX_CHANGES:
            continue
        if not _leads_to(space, row, atoms, moves):
            continue
        words = "，且".join(
            _move_words(space.dimensions[i], row, atom, values[i]) for i, atom in moves.items()
        )
        distance = sum(_distance(space.dimensions[i], values[i], atom) for i, atom in moves.items())
        number = written.number
        sentence = f"如{words}，则{_outcome(space.table, outputs)}（第 {number} 行）。"
        found.append((len(moves), distance, sentence))
    return found


def _moves(space: Space, row: int, atoms: Sequence[int]) -> dict[int, int] | None:
    """Per column that stands in the way the nearest atom the row accepts; None if there is none."""
    moves: dict[int, int] = {}
    for index, dimension in enumerate(space.dimensions):
        if dimension.masks[atoms[index]] >> row & 1:
            continue
        accepted = [a for a in row_atoms(dimension, row) if a not in (dimension.null,)]
        if not accepted:
            return None
        moves[index] = min(accepted, key=lambda a, at=atoms[index]: abs(a - at))  # type: ignore[misc]
    return moves


def _leads_to(space: Space, row: int, atoms: Sequence[int], moves: Mapping[int, int]) -> bool:
    rows = space.all_rows
    for index, dimension in enumerate(space.dimensions):
        rows &= dimension.masks[moves.get(index, atoms[index])]
    if space.table.hit_policy == "FIRST":
        return rows & -rows == 1 << row
    return rows == 1 << row


def _move_words(dimension: Dimension, row: int, atom: int, value: Value) -> str:
    accepted = [a for a in row_atoms(dimension, row) if a not in (dimension.null, dimension.other)]
    if not dimension.axis.ordered or not accepted:
        return atoms_words(dimension, row_atoms(dimension, row))
    first, last = next(run for run in runs_of(dimension, accepted) if run[0] <= atom <= run[1])
    now = None if value is None else dimension.axis.atom_of_value(value)
    unit = dimension.unit
    if now is not None and now > last and last // 2 < len(dimension.axis.cuts):
        limit = value_words(dimension.axis.cuts[last // 2], unit)
        return f"{dimension.name}{'不高于' if last % 2 else '低于'} {limit}"
    if now is not None and now < first and first > 0:
        limit = value_words(dimension.axis.cuts[(first - 1) // 2], unit)
        return f"{dimension.name}{'不低于' if first % 2 else '高于'} {limit}"
    return f"{dimension.name} {run_words(dimension, first, last)}"


def _distance(dimension: Dimension, value: Value, atom: int) -> float:
    """How far a change goes, for sorting only."""
    if dimension.axis.kind != "number" or value is None:
        return 1.0
    point = dimension.point(atom)
    scale = max(abs(float(value)), 1.0)
    return abs(float(point) - float(value)) / scale if point is not None else 1.0


def _atom_of(dimension: Dimension, value: Value) -> int:
    """The atom of a value, -1 when the column does not speak of its kind."""
    axis = dimension.axis
    if axis.kind == "":
        return 0
    if value is None:
        return axis.size
    if KINDS.get(type(value)) != axis.kind:
        return -1
    if axis.ordered:
        return axis.atom_of_value(value)
    return axis.cuts.index(value) if value in axis.cuts else axis.size - 1
