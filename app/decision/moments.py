"""FEEL's five temporal values: date, time, date and time, and the two kinds of duration.

Own classes because FEEL has years to plus or minus 999,999,999, nanoseconds, and zones written
either as an offset or as an IANA name. `str()` of each is its canonical FEEL text. Python's `==`
is structural (FEEL's `is`); FEEL's `=` lives in values.py.
"""

from __future__ import annotations

from app.decision.daycount import (
    MAX_YEAR,
    NANOS_PER_DAY,
    NANOS_PER_SECOND,
    SECONDS_PER_DAY,
    days_in_month,
    from_days,
    to_days,
    zone_offset,
    zone_offset_at,
)


class Date:
    """A calendar day without zone."""

    __slots__ = ("day", "month", "year")

    def __init__(self, year: int, month: int, day: int) -> None:
        self.year = year  # astronomical: 0 is 1 BCE
        self.month = month  # 1 to 12
        self.day = day  # 1 to 31

    def days(self) -> int:
        """Days since 1970-01-01."""
        return to_days(self.year, self.month, self.day)

    def plus_days(self, days: int) -> Date | None:
        """The day `days` later, or None beyond the largest year."""
        return date_of_days(self.days() + days)

    def plus_months(self, months: int) -> Date | None:
        """The same day `months` later, clamped to the month's end; None beyond the last year."""
        year, month0 = divmod(self.year * 12 + self.month - 1 + months, 12)
        if not -MAX_YEAR <= year <= MAX_YEAR:
            return None
        return Date(year, month0 + 1, min(self.day, days_in_month(year, month0 + 1)))

    def __eq__(self, other: object) -> bool:
        return (
            type(other) is Date
            and self.day == other.day
            and self.month == other.month
            and self.year == other.year
        )

    def __hash__(self) -> int:
        return hash((self.year, self.month, self.day))

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"

    def __repr__(self) -> str:
        return f'@"{self}"'


class Time:
    """A time of day: nanoseconds since midnight, with an offset, a zone name, or neither."""

    __slots__ = ("nanos", "offset", "zone")

    def __init__(self, nanos: int, offset: int | None = None, zone: str | None = None) -> None:
        self.nanos = nanos  # 0 to NANOS_PER_DAY - 1
        self.offset = offset  # seconds east of UTC; None with a zone name or local
        self.zone = zone  # IANA name, None when an offset is given or local

    @property
    def hour(self) -> int:
        """0 to 23."""
        return self.nanos // (3_600 * NANOS_PER_SECOND)

    @property
    def minute(self) -> int:
        """0 to 59."""
        return self.nanos // (60 * NANOS_PER_SECOND) % 60

    @property
    def second(self) -> int:
        """0 to 59, without the fraction."""
        return self.nanos // NANOS_PER_SECOND % 60

    @property
    def seconds(self) -> int:
        """Whole seconds since midnight."""
        return self.nanos // NANOS_PER_SECOND

    @property
    def is_local(self) -> bool:
        """True when neither offset nor zone is known."""
        return self.offset is None and self.zone is None

    def utc_offset(self) -> int | None:
        """Seconds east of UTC; a zone name counts with its standard offset of 1970."""
        return zone_offset(self.zone, 0) if self.zone is not None else self.offset

    def plus_nanos(self, nanos: int) -> Time:
        """The time that much later, around midnight."""
        return Time((self.nanos + nanos) % NANOS_PER_DAY, self.offset, self.zone)

    def __eq__(self, other: object) -> bool:
        return (
            type(other) is Time
            and self.nanos == other.nanos
            and self.offset == other.offset
            and self.zone == other.zone
        )

    def __hash__(self) -> int:
        return hash((self.nanos, self.offset, self.zone))

    def __str__(self) -> str:
        text = f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}"
        return text + _fraction(self.nanos % NANOS_PER_SECOND) + _zone_text(self.offset, self.zone)

    def __repr__(self) -> str:
        return f'@"{self}"'


class DateTime:
    """A day and a time of day; the zone is the time's."""

    __slots__ = ("date", "time")

    def __init__(self, date: Date, time: Time) -> None:
        self.date = date
        self.time = time

    @property
    def is_local(self) -> bool:
        """True when no offset or zone is known, so that no instant is named."""
        return self.time.is_local

    def utc_offset(self) -> int | None:
        """Seconds east of UTC on that day; None when local."""
        if self.time.zone is not None:
            return zone_offset(self.time.zone, self.local_seconds())
        return self.time.offset

    def local_seconds(self) -> int:
        """Whole seconds since 1970-01-01T00:00:00 on the wall clock."""
        return self.date.days() * SECONDS_PER_DAY + self.time.seconds

    def local_nanos(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 on the wall clock."""
        return self.date.days() * NANOS_PER_DAY + self.time.nanos

    def utc_nanos(self) -> int:
        """Nanoseconds since 1970 UTC; a local date-time counts as UTC."""
        return self.local_nanos() - (self.utc_offset() or 0) * NANOS_PER_SECOND

    def plus_nanos(self, nanos: int) -> DateTime | None:
        """The instant that much later, in the same zone; None beyond the largest year."""
        if self.time.zone is None:
            return date_time_of_nanos(self.local_nanos() + nanos, self.time.offset, None)
        utc = self.utc_nanos() + nanos
        offset = zone_offset_at(self.time.zone, utc // NANOS_PER_SECOND)
        return date_time_of_nanos(utc + offset * NANOS_PER_SECOND, None, self.time.zone)

    def plus_months(self, months: int) -> DateTime | None:
        """The same wall-clock time `months` later, clamped to the month's end."""
        day = self.date.plus_months(months)
        return None if day is None else DateTime(day, self.time)

    def __eq__(self, other: object) -> bool:
        return type(other) is DateTime and self.date == other.date and self.time == other.time

    def __hash__(self) -> int:
        return hash((self.date, self.time))

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"

    def __repr__(self) -> str:
        return f'@"{self}"'


class DaysDuration:
    """A days-and-time duration: signed nanoseconds."""

    __slots__ = ("nanos",)

    def __init__(self, nanos: int) -> None:
        self.nanos = nanos

    @property
    def seconds(self) -> int:
        """Whole seconds, rounded towards zero."""
        whole = abs(self.nanos) // NANOS_PER_SECOND
        return -whole if self.nanos < 0 else whole

    def __eq__(self, other: object) -> bool:
        return type(other) is DaysDuration and self.nanos == other.nanos

    def __hash__(self) -> int:
        return hash(("days", self.nanos))

    def __str__(self) -> str:
        whole, nanos = divmod(abs(self.nanos), NANOS_PER_SECOND)
        days, rest = divmod(whole, SECONDS_PER_DAY)
        hours, minutes, seconds = rest // 3_600, rest // 60 % 60, rest % 60
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        if seconds or nanos:
            clock += f"{seconds}{_fraction(nanos)}S"
        if not days and not clock:
            return "PT0S"
        sign = "-" if self.nanos < 0 else ""
        return f"{sign}P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")

    def __repr__(self) -> str:
        return f'@"{self}"'


class MonthsDuration:
    """A years-and-months duration: signed months."""

    __slots__ = ("months",)

    def __init__(self, months: int) -> None:
        self.months = months

    def __eq__(self, other: object) -> bool:
        return type(other) is MonthsDuration and self.months == other.months

    def __hash__(self) -> int:
        return hash(("months", self.months))

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        if not years and not months:
            return "P0M"
        sign = "-" if self.months < 0 else ""
        return f"{sign}P" + (f"{years}Y" if years else "") + (f"{months}M" if months else "")

    def __repr__(self) -> str:
        return f'@"{self}"'


def date_of_days(days: int) -> Date | None:
    """The date of a day number since 1970-01-01, or None beyond the largest year."""
    if abs(days) > 366_000_000_000:
        return None
    year, month, day = from_days(days)
    return Date(year, month, day) if -MAX_YEAR <= year <= MAX_YEAR else None


def date_time_of_nanos(nanos: int, offset: int | None, zone: str | None) -> DateTime | None:
    """The date-time of wall-clock nanoseconds since 1970, or None beyond the largest year."""
    days, rest = divmod(nanos, NANOS_PER_DAY)
    day = date_of_days(days)
    return None if day is None else DateTime(day, Time(rest, offset, zone))


def _fraction(nanos: int) -> str:
    return f".{nanos:09d}".rstrip("0") if nanos else ""


def _zone_text(offset: int | None, zone: str | None) -> str:
    if zone is not None:
        return f"@{zone}"
    if offset is None:
        return ""
    if offset == 0:
        return "Z"
    sign, size = ("-" if offset < 0 else "+"), abs(offset)
    text = f"{sign}{size // 3_600:02d}:{size // 60 % 60:02d}"
    return f"{text}:{size % 60:02d}" if size % 60 else text
