"""Situations no row answers, each as a box of values with one concrete example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.decision.cover import Cover, group_atoms
from app.decision.overlap import MAX_REPORTED
from app.decision.result import Finding, Place
from app.decision.space import Box, Space, example_of
from app.decision.wording import box_words, example_words

MAX_NAMED = 4  # neighbouring rows named in one sentence
_MULTIPLE = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})


@dataclass(frozen=True, slots=True)
class GapSearch:
    """What the search for gaps found."""

    boxes: list[Box]  # disjoint, at most `limit`
    states: int  # sets of rows examined
    complete: bool  # False when the limit stopped it


def find_gaps(space: Space, atoms: Sequence[Sequence[int]], limit: int) -> GapSearch:
    """The boxes of these atoms that no row covers; rows not judged count as covering."""
    choices = [
        group_atoms(dimension.masks, chosen, space.all_rows)
        for dimension, chosen in zip(space.dimensions, atoms, strict=True)
    ]
    search = Cover(choices, limit=limit)
    return GapSearch(search.search(space.all_rows), search.states, search.complete)


def gaps(space: Space, place: Place) -> list[Finding]:
    """Findings for the gaps of a table without default result."""
    table = space.table
    if any(clause.default is not None for clause in table.outputs):
        return []
    lawful = [dimension.lawful or dimension.every for dimension in space.dimensions]
    found = find_gaps(space, lawful, MAX_REPORTED)
    severity = "info" if table.hit_policy in _MULTIPLE else "warning"
    findings = [
        Finding(
            "gap",
            severity,
            f"{box_words(space, box, lawful)}时没有规则。",
            _advice(space, box),
            place,
            example_words(example_of(space, box)),
        )
        for box in found.boxes
    ]
    if not found.complete and len(found.boxes) < MAX_REPORTED:
        message = "是否还有没有规则的情况，没有查完。"
        findings.append(Finding("analysis_incomplete", "warning", message, "请拆小此表", place))
    elif not found.complete:
        message = f"没有规则的情况还有更多，这里只列出 {len(findings)} 处。"
        findings.append(Finding("gap", severity, message, "请先补上已列出的各处", place))
    return findings + _special_gaps(space, lawful, place)


def _advice(space: Space, box: Box) -> str:
    """What to do about a gap, with the rows that end and begin beside it."""
    rows = sorted(_neighbours(space, box))
    beside = "、".join(f"第 {space.table.rows[row].number} 行" for row in rows[:MAX_NAMED])
    widen = f"放宽旁边的{beside}，或" if beside else ""
    return f"请补一行，{widen or '或'}为输出列填写默认值"


def _neighbours(space: Space, box: Box) -> set[int]:
    """The rows that answer one step outside the gap along one ordered column."""
    found: set[int] = set()
    for index, (dimension, atoms) in enumerate(zip(space.dimensions, box, strict=True)):
        if not dimension.axis.ordered:
            continue
        others = space.judged
        for place, (other, inside) in enumerate(zip(space.dimensions, box, strict=True)):
            if place != index:
                others &= _accepting(other.masks, inside)
        beside = [atom for atom in (min(atoms) - 1, max(atoms) + 1) if atom in dimension.lawful]
        mask = others & _accepting(dimension.masks, beside)
        found |= {row for row in range(len(space.table.rows)) if mask >> row & 1}
    return found


def _accepting(masks: Sequence[int], atoms: Sequence[int]) -> int:
    """The rows that accept one of the atoms."""
    found = 0
    for atom in atoms:
        found |= masks[atom]
    return found


def _special_gaps(space: Space, lawful: Sequence[Sequence[int]], place: Place) -> list[Finding]:
    """One finding per column for null, and for texts the column does not list."""
    findings = []
    for index, dimension in enumerate(space.dimensions):
        for atom, code, what in (
            (dimension.other, "other_text_not_covered", "是表中没有列出的文本"),
            (dimension.null, "null_not_covered", "为空"),
        ):
            if atom < 0 or not dimension.axis.kind:
                continue
            chosen = [*lawful]
            chosen[index] = (atom,)
            boxes = find_gaps(space, chosen, 1).boxes
            if boxes:
                message = f"“{dimension.name}”{what}时，有情况没有规则。"
                hint = "请在该列填写允许的取值，或补一行"
                example = example_words(example_of(space, boxes[0]))
                findings.append(Finding(code, "info", message, hint, place, example))
    return findings
