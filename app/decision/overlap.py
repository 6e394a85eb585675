"""Rows that answer the same question: overlaps, contradictions, rows that can never answer."""

from __future__ import annotations

from collections.abc import Sequence

from app.decision.boxes import NotBoxError, constant
from app.decision.cover import Cover, group_atoms
from app.decision.result import Finding, Place, Value
from app.decision.space import Box, Dimension, Space, example_of
from app.decision.table_nodes import OutputClause, Row
from app.decision.values import feel_equal
from app.decision.wording import box_words, example_words

MAX_REPORTED = 20  # findings of one kind per table


def row_atoms(dimension: Dimension, row: int) -> tuple[int, ...]:
    """The lawful atoms a row's cell accepts, the special ones included."""
    bit = 1 << row
    return tuple(atom for atom in dimension.every if dimension.masks[atom] & bit)


def touching(space: Space) -> list[int]:
    """Per row the other rows that share a point with it, judged rows only."""
    found = [space.judged & ~(1 << row) for row in range(len(space.table.rows))]
    for dimension in space.dimensions:
        known: dict[tuple[int, ...], int] = {}
        for row in range(len(found)):
            atoms = row_atoms(dimension, row)
            if atoms not in known:
                union = 0
                for atom in atoms:
                    union |= dimension.masks[atom]
                known[atoms] = union
            found[row] &= known[atoms]
    return [mask if space.judged >> row & 1 else 0 for row, mask in enumerate(found)]


def shared_box(space: Space, first: int, second: int) -> Box:
    """The box two rows have in common."""
    both = 1 << first | 1 << second
    return tuple(
        tuple(atom for atom in dimension.every if dimension.masks[atom] & both == both)
        for dimension in space.dimensions
    )


def outputs_of(row: Row, clauses: Sequence[OutputClause]) -> list[Value] | None:
    """The row's outputs when all are constants, else None."""
    values: list[Value] = []
    for cell in row.outputs:
        try:
            values.append(None if cell.node is None else constant(cell.node))
        except NotBoxError:
            return None
    return values + [None] * (len(clauses) - len(values))


def overlaps(space: Space, touch: Sequence[int], place: Place) -> list[Finding]:
    """Pairs of rows that UNIQUE forbids, or that contradict each other under ANY."""
    table = space.table
    if table.hit_policy not in ("UNIQUE", "ANY"):
        return []
    findings: list[Finding] = []
    count = 0
    for first, mask in enumerate(touch):
        later = mask >> (first + 1)
        while later:
            step = later & -later
            second = first + step.bit_length()
            later ^= step
            severity = _severity(space, first, second)
            if not severity:
                continue
            count += 1
            if count <= MAX_REPORTED:
                findings.append(_overlap(space, first, second, severity, place))
    return findings + more_findings("overlap", count, "处重叠", place)


def _severity(space: Space, first: int, second: int) -> str:
    table = space.table
    if table.hit_policy == "UNIQUE":
        return "error"
    one = outputs_of(table.rows[first], table.outputs)
    two = outputs_of(table.rows[second], table.outputs)
    if one is None or two is None:
        texts = [[cell.text for cell in table.rows[row].outputs] for row in (first, second)]
        return "" if texts[0] == texts[1] else "warning"
    return "" if feel_equal(one, two) is True else "error"


def _overlap(space: Space, first: int, second: int, severity: str, place: Place) -> Finding:
    table = space.table
    one, two = table.rows[first].number, table.rows[second].number
    box = shared_box(space, first, second)
    where = box_words(space, box)
    if table.hit_policy == "UNIQUE":
        message = f"第 {one} 行与第 {two} 行重叠：{where}时两行都符合，而此表只许一行符合。"
    else:
        message = f"第 {one} 行与第 {two} 行重叠而结果不同：{where}时两行都符合。"
    return Finding(
        "overlap",
        severity,
        message,
        "请改窄其中一行的条件，使两行不重叠",
        _at_row(place, table.rows[second]),
        example_words(example_of(space, box)),
    )


def _at_row(place: Place, row: Row) -> Place:
    return Place(place.file, place.decision, row.element_id or place.element_id, row.number)


def more_findings(code: str, count: int, what: str, place: Place) -> list[Finding]:
    """One finding that says how many were not listed."""
    if count <= MAX_REPORTED:
        return []
    message = f"还有 {count - MAX_REPORTED} {what}没有逐一列出。"
    return [Finding(code, "warning", message, "请先改正已列出的各处", place)]


def dead_rows(space: Space, touch: Sequence[int], place: Place) -> list[Finding]:
    """Rows no lawful value can reach, and rows hidden by earlier ones under FIRST."""
    findings = []
    for row, written in enumerate(space.table.rows):
        if not space.judged >> row & 1:
            continue
        at = _at_row(place, written)
        empty = [d for d in space.dimensions if d.axis.kind and not row_atoms(d, row)]
        if empty:
            names = "、".join(dimension.name for dimension in empty)
            message = f"第 {written.number} 行永远不会符合：“{names}”的条件没有允许的取值能满足。"
            findings.append(Finding("dead_rule", "warning", message, "请改正或删去这一行", at))
        elif space.table.hit_policy == "FIRST":
            findings.extend(_hidden(space, row, touch[row] & ((1 << row) - 1), at))
        elif space.table.hit_policy == "ANY":
            findings.extend(_redundant(space, row, touch[row] & ((1 << row) - 1), at))
    return findings


def _covered_by(space: Space, row: int, others: int) -> bool | None:
    """Whether every point of the row is also one of the others'; None when that is too long."""
    if not others:
        return False
    choices = [group_atoms(d.masks, row_atoms(d, row), others) for d in space.dimensions]
    search = Cover(choices, limit=1)
    boxes = search.search(others)
    if boxes:
        return False
    return True if search.complete else None


def _numbers(space: Space, rows: int) -> str:
    names = [str(r.number) for i, r in enumerate(space.table.rows) if rows >> i & 1]
    return "、".join(names[:5]) + (" 等" if len(names) > 5 else "")


def _hidden(space: Space, row: int, earlier: int, at: Place) -> list[Finding]:
    covered = _covered_by(space, row, earlier)
    if covered is False:
        return []
    if covered is None:
        message = f"第 {at.rule} 行是否被前面的行完全挡住，没有查完。"
        return [Finding("analysis_incomplete", "warning", message, "请拆小此表", at)]
    message = f"第 {at.rule} 行永远轮不到：它的情况都已被前面第 {_numbers(space, earlier)} 行占先。"
    return [Finding("dead_rule", "warning", message, "请把它移到前面，或删去", at)]


def _redundant(space: Space, row: int, earlier: int, at: Place) -> list[Finding]:
    same = 0
    for other in range(row):
        if earlier >> other & 1 and not _severity(space, other, row):
            same |= 1 << other
    if not _covered_by(space, row, same):
        return []
    message = f"第 {at.rule} 行是多余的：第 {_numbers(space, same)} 行已给出同样的结果。"
    return [Finding("redundant_rule", "info", message, "可以删去这一行", at)]
