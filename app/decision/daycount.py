"""Day numbers, month ends and zone offsets in whole numbers, for any year FEEL allows.

The stdlib stops at years 1 to 9999; the Gregorian calendar repeats every 400 years, so years
outside are answered by their twin inside. Refuses to know the clock.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MAX_YEAR = 999_999_999  # FEEL's largest year, both signs
SECONDS_PER_DAY = 86_400
NANOS_PER_SECOND = 1_000_000_000
NANOS_PER_DAY = SECONDS_PER_DAY * NANOS_PER_SECOND
MAX_OFFSET_SECONDS = 14 * 3_600  # XML Schema's largest zone offset

_DAYS_PER_CYCLE = 146_097  # days in 400 Gregorian years
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MIN_ZONED_SECONDS = -60_000_000_000  # about year 69: earlier instants use that year's offset
_MAX_ZONED_SECONDS = 250_000_000_000  # about year 9892: later instants use their 400-year twin
_SECONDS_PER_CYCLE = _DAYS_PER_CYCLE * SECONDS_PER_DAY


def is_leap(year: int) -> bool:
    """True when `year` (astronomical numbering) has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """The number of days of that month, 28 to 31."""
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month - 1]


def is_date(year: int, month: int, day: int) -> bool:
    """True when the three numbers name a day FEEL can hold."""
    return (
        -MAX_YEAR <= year <= MAX_YEAR
        and 1 <= month <= 12
        and 1 <= day <= days_in_month(year, month)
    )


def to_days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01, negative before."""
    if 1 <= year <= 9999:
        return date(year, month, day).toordinal() - _EPOCH_ORDINAL
    cycles, twin = divmod(year, 400)
    shifted = date(twin + 400, month, day).toordinal() - _EPOCH_ORDINAL
    return shifted + (cycles - 1) * _DAYS_PER_CYCLE


def from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of a day number; the inverse of `to_days`."""
    ordinal = days + _EPOCH_ORDINAL
    if 1 <= ordinal <= 3_652_059:
        found = date.fromordinal(ordinal)
        return found.year, found.month, found.day
    cycles, rest = divmod(ordinal - 1, _DAYS_PER_CYCLE)
    found = date.fromordinal(rest + 1)
    return found.year + cycles * 400, found.month, found.day


def twin_date(year: int, month: int, day: int) -> date:
    """A stdlib date with the same weekday, week number and day of year."""
    return date(2000 + year % 400, month, day)


@lru_cache(maxsize=256)
def find_zone(name: str) -> ZoneInfo | None:
    """The IANA zone of that name, or None when there is none."""
    if not name or len(name) > 64 or name[0] in "/." or ".." in name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_offset(name: str, local_seconds: int) -> int:
    """Seconds east of UTC that zone `name` keeps at a local moment (seconds since 1970 local)."""
    zone = find_zone(name)
    if zone is None:
        return 0
    at = _EPOCH.replace(tzinfo=None) + timedelta(seconds=_inside(local_seconds))
    return _seconds(at.replace(tzinfo=zone).utcoffset())


def zone_offset_at(name: str, utc_seconds: int) -> int:
    """Seconds east of UTC that zone `name` keeps at an instant (seconds since 1970 UTC)."""
    zone = find_zone(name)
    if zone is None:
        return 0
    return _seconds((_EPOCH + timedelta(seconds=_inside(utc_seconds))).astimezone(zone).utcoffset())


def _inside(seconds: int) -> int:
    """The moment itself, or its stand-in where zone rules can be asked."""
    if seconds > _MAX_ZONED_SECONDS:
        over = seconds - _MAX_ZONED_SECONDS
        return _MAX_ZONED_SECONDS - _SECONDS_PER_CYCLE + over % _SECONDS_PER_CYCLE
    return max(seconds, _MIN_ZONED_SECONDS)


def _seconds(offset: timedelta | None) -> int:
    return 0 if offset is None else int(offset.total_seconds())
