"""Aims at legal time: the start day, make-up days, 24:00, hours through holidays, provisional years.

Whether the shipped calendar files are right is tests/policy's business.
"""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.clock import SHANGHAI, end_of_day, legal_day, local
from app.kernel.workdays import MAX_HOURS, MAX_WORKDAYS, Unit, WorkCalendar, is_late

SPRING = {
    "year": 2026,
    "source": "test",
    "holidays": [
        {"name": "春节", "days": [f"2026-02-{day}" for day in range(15, 24)]},
    ],
    "workdays": ["2026-02-14", "2026-02-28"],
}
CALENDAR = WorkCalendar([SPRING])


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_five_working_days_across_spring_festival():
    deadline = CALENDAR.deadline(started_at=at("2026-02-13T16:20"), amount=5, unit=Unit.WORKDAYS)
    assert local(deadline.due_at) == at("2026-02-28T00:00")
    assert not deadline.provisional
    assert "2026-02-27 24:00" in deadline.reason
    assert "春节放假 9 天" in deadline.reason
    assert "02-14" in deadline.reason


def test_start_day_does_not_count_even_when_it_works():
    deadline = CALENDAR.deadline(started_at=at("2026-02-14T09:00"), amount=5, unit=Unit.WORKDAYS)
    assert local(deadline.due_at) == at("2026-03-01T00:00")


def test_days_are_late_at_24_hours_and_hours_after_their_second():
    due = end_of_day(date(2026, 2, 27))
    assert not is_late(due, Unit.WORKDAYS, due - timedelta(seconds=1))
    assert is_late(due, Unit.WORKDAYS, due)
    hours = CALENDAR.deadline(started_at=at("2026-09-30T18:30"), amount=24, unit=Unit.HOURS)
    assert not is_late(hours.due_at, Unit.HOURS, at("2026-10-01T18:30:00"))
    assert is_late(hours.due_at, Unit.HOURS, at("2026-10-01T18:30:01"))


def test_unpublished_year_is_provisional():
    deadline = CALENDAR.deadline(started_at=at("2026-12-28T09:00"), amount=5, unit=Unit.WORKDAYS)
    assert deadline.provisional
    assert "尚未公布" in deadline.reason


def test_calendar_days_do_not_skip():
    deadline = CALENDAR.deadline(
        started_at=at("2026-02-14T09:00"), amount=3, unit=Unit.CALENDAR_DAYS
    )
    assert local(deadline.due_at) == at("2026-02-18T00:00")


@pytest.mark.parametrize(
    ("unit", "amount"),
    [(Unit.HOURS, 0), (Unit.HOURS, MAX_HOURS + 1), (Unit.WORKDAYS, MAX_WORKDAYS + 1)],
)
def test_limits_out_of_range_are_refused(unit, amount):
    with pytest.raises(ValueError):
        CALENDAR.deadline(started_at=at("2026-02-14T09:00"), amount=amount, unit=unit)


@given(st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(1, 40))
def test_nth_workday_is_a_workday_and_counts_back(start, count):
    day, _ = CALENDAR.nth_workday(start, count)
    assert CALENDAR.is_workday(day)
    assert CALENDAR.workdays_between(start, day) == count


def test_naive_instants_are_refused():
    with pytest.raises(ValueError):
        CALENDAR.deadline(started_at=datetime(2026, 2, 14, 9, 0), amount=1, unit=Unit.HOURS)  # noqa: DTZ001


def test_legal_day_is_shanghai():
    assert legal_day(datetime.fromisoformat("2026-02-27T16:00:00+00:00")) == date(2026, 2, 28)
