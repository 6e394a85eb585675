"""A read model's lines with their time in words, as the templates print them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.cases.views.lines import ItemLine, LimitLine
from app.kernel.workdays import Unit
from app.web import wording
from app.web.services import services
from app.web.wording import Remaining, Urgency


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A work item and what is left of its limit."""

    line: ItemLine
    rest: Remaining | None  # None when nothing limits it


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit of a case and how it stands."""

    line: LimitLine
    rest: Remaining


def item_row(line: ItemLine) -> ItemRow:
    """The line with its remaining time at this moment."""
    if line.due_at is None:
        return ItemRow(line, None)
    here = services()
    unit = Unit(line.limit_unit) if line.limit_unit else Unit.HOURS
    rest = wording.remaining(
        line.due_at, unit, now=here.now(), calendar=here.calendar, near=line.near
    )
    return ItemRow(line, rest)


def item_rows(lines: Iterable[ItemLine]) -> list[ItemRow]:
    """The lines with their remaining times."""
    return [item_row(line) for line in lines]


def limit_row(line: LimitLine) -> LimitRow:
    """The limit with how it stands: running, met, or called off."""
    here, unit = services(), Unit(line.unit)
    now = here.now()
    if line.cancelled_at is not None:
        sentence = f"{wording.dated(line.cancelled_at, now)} 取消：{line.cancel_reason}"
        return LimitRow(line, Remaining("不再适用", sentence, Urgency.OFF))
    if line.stopped_at is not None:
        rest = wording.met(
            line.due_at,
            unit,
            done_at=line.stopped_at,
            calendar=here.calendar,
            now=now,
            started_at=line.started_at,
        )
        return LimitRow(line, rest)
    rest = wording.remaining(
        line.due_at, unit, now=now, calendar=here.calendar, amount=line.amount, near=line.near
    )
    return LimitRow(line, rest)
