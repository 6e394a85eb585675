"""Limits from 10,000 random starts against an oracle that shares nothing with the product.

The oracle walks hour by hour or day by day with the PyPI package chinesecalendar; the product
counts over the shipped notices.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta, timezone

import chinese_calendar
import pytest

from app.kernel.workdays import Unit
from tests.policy.pack import calendar

BEIJING = timezone(timedelta(hours=8))  # China keeps one zone and no summer time
FIRST, LAST = datetime(2025, 1, 1, tzinfo=BEIJING), datetime(2026, 11, 10, tzinfo=BEIJING)
STARTS = 2_500  # for each of four lengths


def by_walking(start: datetime, count: int) -> datetime:
    """24:00 Beijing time of the `count`-th working day after the start's day."""
    day = start.astimezone(BEIJING).date()
    while count:
        day += timedelta(days=1)
        count -= bool(chinese_calendar.is_workday(day))
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=BEIJING)


def starts(seed: int) -> list[datetime]:
    """Random instants to the second, the same on every run."""
    rng = random.Random(seed)
    span = int((LAST - FIRST).total_seconds())
    return [FIRST + timedelta(seconds=rng.randrange(span)) for _ in range(STARTS)]


@pytest.mark.parametrize("count", [5, 10, 15, 20])
def test_working_days_agree_with_the_oracle(count: int) -> None:
    for start in starts(count):
        limit = calendar().deadline(started_at=start, amount=count, unit=Unit.WORKDAYS)
        assert limit.due_at == by_walking(start, count).astimezone(UTC), start
        assert not limit.provisional, start


def test_hours_run_through_everything() -> None:
    for start in starts(24):
        limit = calendar().deadline(started_at=start, amount=24, unit=Unit.HOURS)
        assert limit.due_at.timestamp() == start.timestamp() + 24 * 3600


def test_the_starts_meet_holidays_and_make_up_days() -> None:
    days = {start.date() for start in starts(20)}
    made_up = [date(2025, 1, 26), date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20)]
    assert days >= {*made_up, date(2026, 2, 17), date(2026, 10, 1)}
