"""The order in which a table's cells are asked: neighbouring rows share their common first cells.

Policy tables repeat the leading cells of a group of rows; asking such a cell once for the whole
group answers the same as asking it per row. Only cells that can warn about nothing are shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.decision.closures import Env, Test
from app.decision.result import Value
from app.decision.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Ask:
    """One cell of a row that is not a dash."""

    position: int  # input column
    test: Test
    share: str  # equal texts in one column mean the same test; "" = never shared


class Step(NamedTuple):
    """One question, and what to do when its answer is yes."""

    position: int
    test: Test
    row: int  # index of the row that matches when all of `rest` agree too; -1: ask `steps`
    rest: tuple[tuple[int, Test], ...]  # the row's other cells
    steps: tuple[Step, ...]  # the group's further questions


def make_steps(rows: Sequence[Sequence[Ask]]) -> tuple[Step, ...]:
    """The questions of all rows, in row order."""
    return _steps(rows, range(len(rows)), 0)


def _steps(rows: Sequence[Sequence[Ask]], members: Sequence[int], depth: int) -> tuple[Step, ...]:
    found: list[Step] = []
    at = 0
    while at < len(members):
        asks = rows[members[at]]
        if len(asks) <= depth:
            found.append(Step(0, _yes, members[at], (), ()))
            at += 1
            continue
        ask, end = asks[depth], at + 1
        while end < len(members) and _shared(rows[members[end]], depth, ask):
            end += 1
        group = members[at:end]
        if len(group) == 1:
            rest = tuple((other.position, other.test) for other in asks[depth + 1 :])
            found.append(Step(ask.position, ask.test, group[0], rest, ()))
        else:
            steps = _steps(rows, group, depth + 1)
            found.append(Step(ask.position, ask.test, -1, (), steps))
        at = end
    return tuple(found)


def _shared(asks: Sequence[Ask], depth: int, ask: Ask) -> bool:
    if len(asks) <= depth or not ask.share:
        return False
    return asks[depth].position == ask.position and asks[depth].share == ask.share


def _yes(rt: Runtime, env: Env, value: Value) -> bool:
    return True


def collect(
    steps: Sequence[Step],
    rt: Runtime,
    env: Env,
    values: Sequence[Value],
    found: list[int],
    first: bool,
) -> bool:
    """Append the matching rows in order; True when `first` was wanted and found.

    `values` has one value at least, even for a table without inputs.
    """
    for position, test, row, rest, inner in steps:
        if test(rt, env, values[position]) is not True:
            continue
        if row < 0:
            if collect(inner, rt, env, values, found, first):
                return True
            continue
        for other, condition in rest:
            if condition(rt, env, values[other]) is not True:
                break
        else:
            found.append(row)
            if first:
                return True
    return False
