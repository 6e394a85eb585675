"""What a draft means for the desks that approve: queues and lateness, under numbers people choose.

Every working day each desk takes what waits, oldest first, as many as its people manage. It is a
picture, not a forecast: arrivals are those of the past, moved to the desk the draft sends them to.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from app.kernel.workdays import WorkCalendar
from app.studio.impact import Line

MAX_DAYS = 5_000  # from the first arrival until the queue is empty
_TENTH = Decimal("0.1")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Staffing:
    """What is assumed of the desks of one level."""

    people: int  # at each desk of that level
    each_a_day: int  # items one person decides on a working day
    limit_workdays: int  # an item is late when it waits longer


@dataclass(frozen=True, slots=True)
class Load:
    """What one desk goes through."""

    items: int = 0
    longest_queue: int = 0  # at the end of a day
    longest_wait: int = 0  # working days
    late: int = 0

    @property
    def late_percent(self) -> Decimal:
        """Share of late items in per cent, one place."""
        if not self.items:
            return Decimal("0.0")
        return (Decimal(100 * self.late) / self.items).quantize(_TENTH, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk under the standard of then and under the draft."""

    level: str
    organ: str  # township code at the township's level, "" above
    before: Load
    after: Load


def desks(
    lines: Iterable[Line],
    staffing: Mapping[str, Staffing],
    own_level: str,
    calendar: WorkCalendar,
) -> list[Desk]:
    """Every desk of a level that is staffed, busiest under the draft first."""
    then: dict[tuple[str, str], list[date]] = {}
    now: dict[tuple[str, str], list[date]] = {}
    for line in lines:
        for arrivals, side in ((then, line.before), (now, line.after)):
            if side.level in staffing:
                organ = line.township if side.level == own_level else ""
                arrivals.setdefault((side.level, organ), []).append(line.asked_on)
    found = [
        Desk(
            level,
            organ,
            load(then.get((level, organ), ()), staffing[level], calendar),
            load(now.get((level, organ), ()), staffing[level], calendar),
        )
        for level, organ in then.keys() | now.keys()
    ]
    return sorted(found, key=lambda desk: (-desk.after.items, desk.level, desk.organ))


def load(arrivals: Sequence[date], staffing: Staffing, calendar: WorkCalendar) -> Load:
    """What a desk goes through with these arrivals, worked off from the day they come in."""
    if not arrivals:
        return Load()
    coming = deque(sorted(arrivals))
    waiting: deque[int] = deque()  # working day (by number) on which each item came
    day, number = coming[0], 0
    longest_queue = longest_wait = late = 0
    for _ in range(MAX_DAYS):
        while coming and coming[0] <= day:
            coming.popleft()
            waiting.append(number)
        if _works(calendar, day):
            for _item in range(min(len(waiting), staffing.people * staffing.each_a_day)):
                wait = number - waiting.popleft()
                longest_wait = max(longest_wait, wait)
                late += wait > staffing.limit_workdays
            number += 1
        longest_queue = max(longest_queue, len(waiting))
        if not waiting and not coming:
            break
        day += timedelta(days=1)
    left = len(waiting) + len(coming)  # never worked off within the bound: late as well
    return Load(len(arrivals), longest_queue, longest_wait, late + left)


def _works(calendar: WorkCalendar, day: date) -> bool:
    """An office day; in a year without a notice every day from Monday to Friday."""
    return calendar.is_workday(day) if calendar.knows(day) else day.weekday() < _SATURDAY
