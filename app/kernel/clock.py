"""The one place that asks what time it is; everything else is told.

Instants are aware UTC. Legal days are dates in Asia/Shanghai.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Something that knows the moment."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the one place


class FrozenClock:
    """A clock that stands still until it is moved; for tests, demonstrations and replays."""

    def __init__(self, instant: datetime) -> None:
        self._instant = as_utc(instant)

    def now(self) -> datetime:
        """The instant it was last set to."""
        return self._instant

    def set(self, instant: datetime) -> None:
        """Stand at `instant`; raises ValueError when it has no offset."""
        self._instant = as_utc(instant)

    def advance(self, by: timedelta) -> None:
        """Move on by `by`."""
        self._instant += by


def as_utc(instant: datetime) -> datetime:
    """The same instant in UTC; raises ValueError when it has no offset."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs an offset: {instant!r}")
    return instant.astimezone(UTC)


def parse_instant(text: str) -> datetime:
    """The instant written as ISO 8601 with an offset; raises ValueError otherwise."""
    return as_utc(datetime.fromisoformat(text))


def local(instant: datetime) -> datetime:
    """The instant as wall time in Asia/Shanghai."""
    return as_utc(instant).astimezone(SHANGHAI)


def legal_day(instant: datetime) -> date:
    """The date in Asia/Shanghai on which the instant falls."""
    return local(instant).date()


def end_of_day(day: date) -> datetime:
    """24:00 local of `day` as an instant: the first moment that is too late."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=SHANGHAI).astimezone(UTC)
