"""Time, money and office days in the words people use; computed here so that it can be tested.

Pure: moments and the calendar come in, Chinese text goes out. It decides nothing: whether a
deed is late is kernel's word (`is_late`), and what a limit is comes with the `Deadline`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from markupsafe import Markup

from app.kernel.clock import legal_day, local
from app.kernel.money import Money
from app.kernel.workdays import SATURDAY, Unit, WorkCalendar, is_late

_WEEKDAYS = "一二三四五六日"
_TICK = timedelta(microseconds=1)
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
SIGNATURE_CHARS = 20  # a longer last line belongs to the text
_KIB, _MIB = 1_024, 1_048_576
_HOURS_ONLY_BELOW = 3 * _DAY  # up to three days people count hours, above they count days
_NEAR_DAYS = {-1: "昨天", 0: "今天", 1: "明天"}


class Urgency(StrEnum):
    """How pressing a limit is; the order is the order of the inbox."""

    LATE = "late"  # 超期
    SOON = "soon"  # 临期: due on this legal day, or past the warning moment of its ladder
    CALM = "calm"
    DONE = "done"  # met in time
    DONE_LATE = "done_late"  # met, but too late
    OFF = "ahead"  # called off


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of a limit, as a short phrase and as a sentence."""

    words: str  # "还剩 5 小时 25 分", "超期 2 个工作日"
    sentence: str  # "应于 11 月 26 日（周四）24:00 前办结，第 3 个工作日"
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """What the office's calendar says about a day."""

    words: str  # "11 月 22 日 周日"
    kind: str  # "工作日", "休息日", "国庆节放假", "调休上班"
    works: bool


def weekday(day: date) -> str:
    """周一 … 周日."""
    return "周" + _WEEKDAYS[day.weekday()]


def day_words(day: date, today: date) -> str:
    """The day as people say it: 今天, or 4 月 14 日（周二）, with the year when it is another."""
    year = "" if day.year == today.year else f"{day.year} 年 "
    return f"{year}{day.month} 月 {day.day} 日（{weekday(day)}）"


def near_day(day: date, today: date) -> str:
    """今天, 明天, 昨天, or the day in full."""
    return _NEAR_DAYS.get((day - today).days, day_words(day, today))


def moment(instant: datetime, now: datetime) -> str:
    """The instant as local words: 今天 10:05, 4 月 7 日 10:05, 2025 年 12 月 31 日 10:05."""
    wall, today = local(instant), legal_day(now)
    near = _NEAR_DAYS.get((wall.date() - today).days)
    return f"{near} {wall:%H:%M}" if near else dated(instant, now)


def dated(instant: datetime, now: datetime) -> str:
    """The instant with its date, for sentences that are printed: 4 月 7 日 10:05."""
    wall = local(instant)
    year = "" if wall.year == legal_day(now).year else f"{wall.year} 年 "
    return f"{year}{wall.month} 月 {wall.day} 日 {wall:%H:%M}"


def until(instant: datetime, now: datetime) -> str:
    """The end of a period: a midnight is 24:00 of the day before."""
    wall = local(instant)
    if (wall.hour, wall.minute) != (0, 0):
        return dated(instant, now)
    return f"{day_words(last_day(instant), legal_day(now))}24:00"


def exact(instant: datetime) -> str:
    """The instant to the second, for records: 2026-04-07 10:05:00."""
    return f"{local(instant):%Y-%m-%d %H:%M:%S}"


def span(length: timedelta) -> str:
    """A length of time in its two largest units, rounded down: 6 小时 35 分, 1 秒, 4 天 3 小时."""
    seconds = max(0, int(length.total_seconds()))
    if seconds >= _HOURS_ONLY_BELOW:
        return _pair(seconds // _DAY, "天", seconds % _DAY // _HOUR, "小时")
    if seconds >= _HOUR:
        return _pair(seconds // _HOUR, "小时", seconds % _HOUR // _MINUTE, "分")
    return _pair(seconds // _MINUTE, "分", seconds % _MINUTE, "秒")


def last_day(due_at: datetime) -> date:
    """The last legal day on which a deed is in time; `due_at` is the 24:00 that ends it."""
    return legal_day(due_at - _TICK)


def remaining(
    due_at: datetime,
    unit: Unit,
    *,
    now: datetime,
    calendar: WorkCalendar,
    amount: int = 0,
    near: bool = False,
) -> Remaining:
    """What is left at `now` of a limit that ends at `due_at`; `amount` names the N-th day.

    near: most of the limit is used (the use case's word); due today is pressing in any case.
    """
    late = is_late(due_at, unit, now)
    urgency = Urgency.LATE if late else Urgency.CALM
    due_today = last_day(due_at) == legal_day(now)
    if not late and (due_today or near):
        urgency = Urgency.SOON
    words = _left(due_at, unit, now=now, calendar=calendar, late=late)
    return Remaining(words, due_sentence(due_at, unit, now=now, amount=amount), urgency)


def met(
    due_at: datetime,
    unit: Unit,
    *,
    done_at: datetime,
    calendar: WorkCalendar,
    now: datetime,
    started_at: datetime | None = None,
) -> Remaining:
    """How a limit ended that was met at `done_at`: 按时, or by how much too late.

    started_at: the beginning; named, a limit in hours also says how long the deed took.
    """
    late = is_late(due_at, unit, done_at)
    words = _left(due_at, unit, now=done_at, calendar=calendar, late=True) if late else "按时办结"
    took = f"，用时 {span(done_at - started_at)}" if started_at and unit is Unit.HOURS else ""
    sentence = f"{dated(done_at, now)} 办结{took}，期限为 {limit_words(due_at, unit, now=now)}"
    return Remaining(words, sentence, Urgency.DONE_LATE if late else Urgency.DONE)


def limit_words(due_at: datetime, unit: Unit, *, now: datetime) -> str:
    """The end of a limit: 4 月 8 日（周三）10:05 or 4 月 14 日（周二）24:00."""
    today = legal_day(now)
    if unit is Unit.HOURS:
        wall = local(due_at)
        clock = f"{wall:%H:%M:%S}" if wall.second else f"{wall:%H:%M}"
        return f"{day_words(wall.date(), today)}{clock}"
    return f"{day_words(last_day(due_at), today)}24:00"


def due_sentence(due_at: datetime, unit: Unit, *, now: datetime, amount: int = 0) -> str:
    """应于 11 月 26 日（周四）24:00 前办结，第 3 个工作日."""
    counted = {
        Unit.HOURS: f"，{amount} 小时内",
        Unit.WORKDAYS: f"，第 {amount} 个工作日",
        Unit.CALENDAR_DAYS: f"，第 {amount} 天",
    }[unit]
    return f"应于 {limit_words(due_at, unit, now=now)} 前办结{counted if amount else ''}"


def office_day(now: datetime, calendar: WorkCalendar) -> OfficeDay:
    """The office's clock in the bar: the day, and whether offices work on it."""
    day = legal_day(now)
    works, holiday = calendar.is_workday(day), calendar.holiday_name(day)
    if works:
        kind = "工作日" if day.weekday() < SATURDAY else "调休上班"
    else:
        kind = f"{holiday}放假" if holiday else "休息日"
    return OfficeDay(f"{day.month} 月 {day.day} 日 {weekday(day)}", kind, works)


def yuan(amount: Money) -> Markup:
    """The amount as markup: exact text 20000.00 that copies as it is, groups set apart by CSS."""
    text = str(amount)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, cents = digits.split(".")
    head = len(whole) % 3 or 3
    groups = [whole[:head]] + [whole[n : n + 3] for n in range(head, len(whole), 3)]
    inner = groups[0] + "".join(f'<span class="grp">{group}</span>' for group in groups[1:])
    # Only digits, sign and our own tags: nothing here comes from a person.
    return Markup(f'<data class="money" value="{text}">{sign}{inner}.{cents}</data>')  # noqa: S704


def paragraphs(body: str, title: str = "") -> list[tuple[str, bool]]:
    """A letter's paragraphs without its title; True marks the signature (short last lines)."""
    parts = [part.strip() for part in body.strip().removeprefix(title).split("\n\n")]
    parts = [part for part in parts if part]
    found = [(part, False) for part in parts]
    if len(parts) > 1 and all(len(line) <= SIGNATURE_CHARS for line in parts[-1].splitlines()):
        found[-1] = (parts[-1], True)
    return found


def file_size(count: int) -> str:
    """A number of bytes as people say it: 1.2 MB, 300 KB."""
    if count >= _MIB:
        return f"{count / _MIB:.1f} MB"
    return f"{max(1, count // _KIB)} KB"


def _left(
    due_at: datetime, unit: Unit, *, now: datetime, calendar: WorkCalendar, late: bool
) -> str:
    if unit is Unit.HOURS:
        return f"超期 {span(now - due_at)}" if late else f"还剩 {span(due_at - now)}"
    last, today = last_day(due_at), legal_day(now)
    if late:
        return _overdue_days(last, today, unit, calendar)
    if last == today:
        return "今天 24:00 前"
    if unit is Unit.CALENDAR_DAYS:
        return f"还剩 {(last - today).days} 天"
    return f"还剩 {calendar.workdays_between(today, last)} 个工作日"


def _overdue_days(last: date, today: date, unit: Unit, calendar: WorkCalendar) -> str:
    if unit is Unit.CALENDAR_DAYS:
        return f"超期 {(today - last).days} 天"
    count = calendar.workdays_between(last, today)
    return f"超期 {count} 个工作日" if count else "超期不足 1 个工作日"


def _pair(large: int, large_word: str, small: int, small_word: str) -> str:
    if not large:
        return f"{small} {small_word}"
    return f"{large} {large_word}" + (f" {small} {small_word}" if small else "")
