"""Legal time: which days offices work, and when a limit ends.

The calendar is data (State Council notices, `processes/calendar/`). A year whose notice is not
loaded is counted by weekends alone and the answer says it is provisional; it is recomputed when
the notice arrives. Hours run through nights and holidays. For working days the start day does
not count and the N-th day ends at 24:00 local.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.kernel.clock import as_utc, end_of_day, legal_day, local

MAX_WORKDAYS = 750  # three years; a longer limit is a typing error
MAX_HOURS = 24 * 366
MAX_CALENDAR_DAYS = 1_096

SATURDAY = 5


class Unit(StrEnum):
    """What a limit is counted in (column `unit` of the deadline table)."""

    HOURS = "hours"
    WORKDAYS = "workdays"
    CALENDAR_DAYS = "calendar_days"


MAX_OF = {
    Unit.HOURS: MAX_HOURS,
    Unit.WORKDAYS: MAX_WORKDAYS,
    Unit.CALENDAR_DAYS: MAX_CALENDAR_DAYS,
}
MAX_DIGITS = 5  # of a written limit; more is out of bounds anyway


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a limit with the way it was computed."""

    due_at: datetime  # aware UTC; a deed at this very instant is still in time
    unit: Unit
    amount: int
    started_at: datetime  # aware UTC
    reason: str  # Chinese, for "怎么算的"
    provisional: bool  # a year on the way has no published calendar
    calendar_version: str  # which notices were used


class WorkCalendar:
    """Published holidays and make-up working days, by year."""

    def __init__(self, years: Iterable[Mapping[str, Any]]) -> None:
        """Take the notices as parsed JSON: year, source, holidays[], workdays[] (ISO dates)."""
        self._holidays: dict[date, str] = {}
        self._makeups: set[date] = set()
        self._years: dict[int, str] = {}
        for notice in years:
            self._years[int(notice["year"])] = str(notice["source"])
            for period in notice["holidays"]:
                for text in period["days"]:
                    self._holidays[date.fromisoformat(text)] = str(period["name"])
            self._makeups.update(date.fromisoformat(text) for text in notice["workdays"])

    @property
    def version(self) -> str:
        """The years with a published notice, for the record."""
        return ",".join(str(year) for year in sorted(self._years)) or "none"

    def knows(self, day: date) -> bool:
        """True when the notice of the day's year is loaded."""
        return day.year in self._years

    def is_workday(self, day: date) -> bool:
        """True when offices work; by weekends alone for an unpublished year."""
        if day in self._makeups:
            return True
        return day not in self._holidays and day.weekday() < SATURDAY

    def holiday_name(self, day: date) -> str:
        """The name of the holiday on `day`, "" when there is none."""
        return self._holidays.get(day, "")

    def nth_workday(self, start: date, count: int) -> tuple[date, bool]:
        """The `count`-th working day after `start`, and whether the answer is provisional."""
        if not 0 <= count <= MAX_WORKDAYS:
            raise ValueError(f"working days out of range: {count}")
        day, provisional, remaining = start, not self.knows(start), count
        while remaining:
            day += timedelta(days=1)
            provisional = provisional or not self.knows(day)
            remaining -= self.is_workday(day)
        return day, provisional

    def workdays_between(self, first: date, last: date) -> int:
        """How many working days lie after `first` up to and including `last`; 0 when none."""
        span = (last - first).days
        return sum(self.is_workday(first + timedelta(days=n)) for n in range(1, span + 1))

    def workdays_late(self, due_at: datetime, done_at: datetime) -> int:
        """Working days after the last day of a limit in days, up to the day of the deed."""
        last_day = legal_day(due_at - timedelta(microseconds=1))
        return self.workdays_between(last_day, legal_day(done_at))

    def deadline(self, *, started_at: datetime, amount: int, unit: Unit) -> Deadline:
        """When a limit of `amount` `unit`s that starts at `started_at` ends."""
        started_at = as_utc(started_at)
        if unit is Unit.HOURS:
            return self._in_hours(started_at, amount)
        if unit is Unit.WORKDAYS:
            return self._in_workdays(started_at, amount)
        return self._in_calendar_days(started_at, amount)

    def _in_hours(self, started_at: datetime, amount: int) -> Deadline:
        if not 0 < amount <= MAX_HOURS:
            raise ValueError(f"hours out of range: {amount}")
        due_at = started_at + timedelta(hours=amount)
        reason = (
            f"自 {local(started_at):%Y-%m-%d %H:%M:%S} 起 {amount} 小时，"
            f"连续计算（夜间、节假日不扣除），至 {local(due_at):%Y-%m-%d %H:%M:%S}"
        )
        return Deadline(due_at, Unit.HOURS, amount, started_at, reason, False, self.version)

    def _in_workdays(self, started_at: datetime, amount: int) -> Deadline:
        start = legal_day(started_at)
        last, provisional = self.nth_workday(start, amount)
        skipped = self._skipped(start, last)
        reason = (
            f"自 {start:%Y-%m-%d} 起第 {amount} 个工作日，起始日不计，"
            f"至 {last:%Y-%m-%d} 24:00{skipped}"
        )
        if provisional:
            reason += "；所跨年度的放假通知尚未公布，暂按周末推算，公布后重算"
        due_at = end_of_day(last)
        return Deadline(
            due_at, Unit.WORKDAYS, amount, started_at, reason, provisional, self.version
        )

    def _in_calendar_days(self, started_at: datetime, amount: int) -> Deadline:
        if not 0 < amount <= MAX_CALENDAR_DAYS:
            raise ValueError(f"days out of range: {amount}")
        start = legal_day(started_at)
        last = start + timedelta(days=amount)
        reason = f"自 {start:%Y-%m-%d} 起第 {amount} 日，起始日不计，至 {last:%Y-%m-%d} 24:00"
        return Deadline(
            end_of_day(last), Unit.CALENDAR_DAYS, amount, started_at, reason, False, self.version
        )

    def _skipped(self, start: date, last: date) -> str:
        names: dict[str, int] = {}
        makeups: list[str] = []
        for n in range(1, (last - start).days + 1):
            day = start + timedelta(days=n)
            if name := self.holiday_name(day):
                names[name] = names.get(name, 0) + 1
            elif day in self._makeups:
                makeups.append(f"{day:%m-%d}")
        text = "".join(f"，{name}放假 {count} 天不计" for name, count in names.items())
        return text + (f"，调休上班 {'、'.join(makeups)} 计入" if makeups else "")


def read_limit(text: str) -> tuple[int, Unit] | None:
    """What a limit written as `5 workdays`, `24 hours` or `7 calendar_days` says; None otherwise.

    Limits out of bounds are none: a deadline could not be computed from them.
    """
    amount, _, unit = text.strip().partition(" ")
    if unit not in MAX_OF or not amount.isascii() or not amount.isdigit():
        return None
    count = int(amount[: MAX_DIGITS + 1])
    return (count, Unit(unit)) if 0 < count <= MAX_OF[Unit(unit)] else None


def is_late(due_at: datetime, unit: Unit, done_at: datetime) -> bool:
    """True when the deed came too late: after the second (hours) or at 24:00 or later (days)."""
    if unit is Unit.HOURS:
        return as_utc(done_at) > as_utc(due_at)
    return as_utc(done_at) >= as_utc(due_at)
