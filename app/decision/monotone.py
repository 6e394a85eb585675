"""Amounts that must not fall (or rise) along an input, when the table says so.

The declaration stands in the heading of the output column, after the unit:
“救助金额（元；随“人均收入”上升不增）” promises that a higher income never brings more money.
Words: 上升 or 下降 for the input, 不增 or 不减 for the output.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.decision.cover import MAX_STATES, Choice, group_atoms
from app.decision.overlap import outputs_of
from app.decision.result import Finding, Place
from app.decision.space import Dimension, Space, split_heading
from app.decision.values import literal_text
from app.decision.wording import value_words

_PROMISE = re.compile(r"随\s*[“\"]?(.+?)[”\"]?\s*(上升|增加|下降|减少)\s*不\s*(增|减)")
_SINGLE = frozenset({"UNIQUE", "ANY", "FIRST"})


@dataclass(frozen=True, slots=True)
class Promise:
    """A declared direction."""

    output: int  # 0-based output column
    column: str  # name of the input column, as written
    rising: bool  # True: along the rising input the output must not fall; False: must not rise


def promises(space: Space) -> list[Promise]:
    """The directions declared in the output headings."""
    found = []
    for index, clause in enumerate(space.table.outputs):
        match = _PROMISE.search(clause.label)
        if match is not None:
            upward = (match[2] in ("上升", "增加")) == (match[3] == "减")
            found.append(Promise(index, match[1].strip(), upward))
    return found


def broken_promises(space: Space, place: Place) -> list[Finding]:
    """Findings for outputs that move against their declared direction."""
    findings = []
    for promise in promises(space):
        findings.extend(_check(space, promise, place))
    return findings


def _check(space: Space, promise: Promise, place: Place) -> list[Finding]:
    clause = space.table.outputs[promise.output]
    at = Place(place.file, place.decision, clause.element_id or place.element_id, 0, clause.label)
    along = [
        d for d in space.dimensions if promise.column in (d.name, d.clause.label, d.clause.text)
    ]
    amounts = _amounts(space, promise.output)
    if (
        not along
        or not along[0].axis.ordered
        or amounts is None
        or space.table.hit_policy not in _SINGLE
        or space.judged != space.all_rows
    ):
        message = f"“{clause.label}”声明了升降关系，但此表无法核对。"
        hint = "请核对列名；各行结果要是数字，条件要是常数，且每次只有一行生效"
        return [Finding("not_analysed", "warning", message, hint, at)]
    search = _Walk(space, along[0], amounts, promise.rising)
    search.run()
    findings = [search.finding(at)] if search.found is not None else []
    if not search.complete:
        message = f"“{clause.label}”的升降关系没有查完。"
        findings.append(Finding("analysis_incomplete", "warning", message, "请拆小此表", at))
    return findings


def _amounts(space: Space, output: int) -> list[Decimal | None] | None:
    """Per row the amount, None for an empty one; None when a row's result is not a number."""
    found: list[Decimal | None] = []
    for row in space.table.rows:
        outputs = outputs_of(row, space.table.outputs)
        value = None if outputs is None else outputs[output]
        if outputs is None or (value is not None and type(value) is not Decimal):
            return None
        found.append(value)
    return found


class _Walk:
    """Examines each set of rows left by the other columns, then walks along the input."""

    def __init__(
        self, space: Space, along: Dimension, amounts: Sequence[Decimal | None], rising: bool
    ) -> None:
        self.space = space
        self.along = along
        self.amounts = amounts
        self.rising = rising
        self.others = [d for d in space.dimensions if d is not along]
        self.choices: list[Choice] = [
            group_atoms(d.masks, d.lawful or d.every, space.all_rows) for d in self.others
        ]
        self.seen: list[set[int]] = [set() for _ in range(len(self.others) + 1)]
        self.found: tuple[tuple[int, ...], tuple[int, int], tuple[int, int]] | None = None
        self.complete = True

    def run(self) -> None:
        """Find the first place where the promise is broken."""
        self._descend(0, self.space.all_rows, ())

    def _descend(self, column: int, alive: int, path: tuple[int, ...]) -> None:
        if self.found is not None or not alive or alive in self.seen[column]:
            return
        self.seen[column].add(alive)
        if sum(map(len, self.seen)) > MAX_STATES:
            self.complete = False
            return
        if column == len(self.others):
            self._along(alive, path)
            return
        for mask, atoms in self.choices[column]:
            self._descend(column + 1, alive & mask, (*path, atoms[0]))

    def _along(self, alive: int, path: tuple[int, ...]) -> None:
        before: tuple[int, int] | None = None
        for atom in self.along.lawful:
            rows = alive & self.along.masks[atom]
            row = (rows & -rows).bit_length() - 1
            amount = self.amounts[row] if row >= 0 else None
            if amount is None:
                continue
            last = None if before is None else self.amounts[before[1]]
            if last is not None and before is not None:
                broken = amount < last if self.rising else amount > last
                if broken:
                    self.found = (path, before, (atom, row))
                    return
            before = (atom, row)

    def finding(self, at: Place) -> Finding:
        """The finding for the place found."""
        assert self.found is not None
        path, (low_atom, low_row), (high_atom, high_row) = self.found
        table = self.space.table
        unit = split_heading(at.column)[1]
        low, high = self.along.point(low_atom), self.along.point(high_atom)
        name, own = self.along.name, self.along.unit
        message = (
            f"{name}从 {value_words(low, own)}到 {value_words(high, own)}，"
            f"结果却从 {value_words(self.amounts[low_row], unit)}"
            f"（第 {table.rows[low_row].number} 行）变为 "
            f"{value_words(self.amounts[high_row], unit)}（第 {table.rows[high_row].number} 行）。"
        )
        example = {d.clause.label: literal_text(d.point(a)) for d, a in
                   zip(self.others, path, strict=True)}  # fmt: skip
        example[self.along.clause.label] = literal_text(high)
        hint = "请核对两行的金额，或改正列标题中的升降声明"
        return Finding("not_monotone", "warning", message, hint, at, example)
