"""Text to temporal values and back, and the bridge to Python's own date types.

Lexical rules are those of XML Schema as FEEL narrows them: a date has four or more year digits
and no zone, a time has two digits everywhere, an offset or an IANA name but never both.
Every parser answers None for text outside its rules; none raises.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.decision.daycount import (
    MAX_OFFSET_SECONDS,
    NANOS_PER_DAY,
    NANOS_PER_SECOND,
    find_zone,
    is_date,
)
from app.decision.moments import (
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    date_of_days,
    date_time_of_nanos,
)

__all__ = [
    "TEMPORAL_TYPES",
    "Date",
    "DateTime",
    "DaysDuration",
    "MonthsDuration",
    "Temporal",
    "Time",
    "date_of_days",
    "date_time_of_nanos",
    "from_python",
    "make_date",
    "make_time",
    "parse_at_literal",
    "parse_date",
    "parse_date_time",
    "parse_duration",
    "parse_time",
    "seconds_with_fraction",
]

Temporal = Date | Time | DateTime | DaysDuration | MonthsDuration
TEMPORAL_TYPES: frozenset[type] = frozenset({Date, Time, DateTime, DaysDuration, MonthsDuration})

MAX_TEMPORAL_TEXT = 128  # characters of a temporal literal

_DATE = re.compile(r"(-?)([1-9][0-9]{4,8}|[0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z0-9_+/\-]+))?",
    re.ASCII,
)
_MONTHS = re.compile(r"(-?)P(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?", re.ASCII)
_DAYS = re.compile(
    r"(-?)P(?:([0-9]{1,18})D)?"
    r"(?:T(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})(?:\.([0-9]*))?S)?)?",
    re.ASCII,
)


def make_date(year: int, month: int, day: int) -> Date | None:
    """The date of three numbers, or None when there is no such day."""
    return Date(year, month, day) if is_date(year, month, day) else None


def make_time(
    hour: int, minute: int, nanos: int, offset: int | None = None, zone: str | None = None
) -> Time | None:
    """The time of hour, minute and nanoseconds within the minute; None out of range."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= nanos < 60 * NANOS_PER_SECOND):
        return None
    if offset is not None and abs(offset) > MAX_OFFSET_SECONDS:
        return None
    return Time((hour * 60 + minute) * 60 * NANOS_PER_SECOND + nanos, offset, zone)


def parse_date(text: str) -> Date | None:
    """The date written in `text`, or None."""
    found = _DATE.fullmatch(text) if len(text) <= MAX_TEMPORAL_TEXT else None
    if found is None:
        return None
    sign, year, month, day = found.groups()
    number = int(year)
    return make_date(-number if sign else number, int(month), int(day))


def parse_time(text: str) -> Time | None:
    """The time of day written in `text`, or None; 24:00:00 is midnight."""
    parsed = _parse_clock(text)
    return None if parsed is None else parsed[0]


def _parse_clock(text: str) -> tuple[Time, int] | None:
    """The time and the days to carry (1 for 24:00:00)."""
    found = _TIME.fullmatch(text) if len(text) <= MAX_TEMPORAL_TEXT else None
    if found is None:
        return None
    hour_text, minute, second, fraction, utc, sign, off_h, off_m, off_s, zone = found.groups()
    offset: int | None = 0 if utc else None
    if sign:
        if int(off_m) > 59 or int(off_s or 0) > 59:
            return None
        size = int(off_h) * 3_600 + int(off_m) * 60 + int(off_s or 0)
        offset = -size if sign == "-" else size
    if zone is not None and find_zone(zone) is None:
        return None
    nanos = int(second) * NANOS_PER_SECOND + _nanos(fraction)
    hour, carry = int(hour_text), 0
    if hour == 24 and int(minute) == 0 and nanos == 0:
        hour, carry = 0, 1
    made = make_time(hour, int(minute), nanos, offset, zone)
    return None if made is None else (made, carry)


def parse_date_time(text: str) -> DateTime | None:
    """The date-time written in `text`; a date alone means its midnight; None otherwise."""
    day_text, mark, clock_text = text.partition("T")
    day = parse_date(day_text)
    if day is None:
        return None
    if not mark:
        return DateTime(day, Time(0))
    parsed = _parse_clock(clock_text)
    if parsed is None:
        return None
    clock, carry = parsed
    moved = day.plus_days(1) if carry else day
    return None if moved is None else DateTime(moved, clock)


def parse_duration(text: str) -> DaysDuration | MonthsDuration | None:
    """The duration written in `text`, of whichever kind, or None."""
    if len(text) > MAX_TEMPORAL_TEXT or text.endswith(("P", "T")):
        return None
    months = _MONTHS.fullmatch(text)
    if months is not None:
        sign, years, count = months.groups()
        total = int(years or 0) * 12 + int(count or 0)
        return MonthsDuration(-total if sign else total)
    days = _DAYS.fullmatch(text)
    if days is None:
        return None
    sign, day, hour, minute, second, fraction = days.groups()
    seconds = int(hour or 0) * 3_600 + int(minute or 0) * 60 + int(second or 0)
    nanos = int(day or 0) * NANOS_PER_DAY + seconds * NANOS_PER_SECOND + _nanos(fraction)
    return DaysDuration(-nanos if sign else nanos)


def parse_at_literal(text: str) -> Temporal | None:
    """The value of `@"text"`: a date, a date-time, a time or a duration; None otherwise."""
    if "P" in text[:2]:
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_date(text) or parse_time(text)


def _nanos(fraction: str | None) -> int:
    return int((fraction or "")[:9].ljust(9, "0"))


def from_python(value: Any) -> Temporal | None:
    """The FEEL value of a stdlib datetime, date, time or timedelta; None for anything else."""
    if isinstance(value, datetime):
        return DateTime(Date(value.year, value.month, value.day), _clock(value, value.tzinfo))
    if isinstance(value, date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, time):
        return _clock(value, value.tzinfo)
    if isinstance(value, timedelta):
        seconds = value.days * 86_400 + value.seconds
        return DaysDuration(seconds * NANOS_PER_SECOND + value.microseconds * 1_000)
    return None


def _clock(value: datetime | time, zone: tzinfo | None) -> Time:
    seconds = value.hour * 3_600 + value.minute * 60 + value.second
    nanos = seconds * NANOS_PER_SECOND + value.microsecond * 1_000
    if isinstance(zone, ZoneInfo) and zone.key:
        return Time(nanos, None, zone.key)
    offset = value.utcoffset()
    return Time(nanos, None if offset is None else int(offset.total_seconds()))


def seconds_with_fraction(value: Time) -> Decimal:
    """Seconds within the minute, exactly."""
    nanos = value.nanos % (60 * NANOS_PER_SECOND)
    return Decimal(nanos).scaleb(-9) if nanos % NANOS_PER_SECOND else Decimal(value.second)
