"""The holiday notices, day by day against chinesecalendar, and every date SCENARIOS asserts.

Working-day arithmetic itself belongs to tests/kernel.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest

from app.kernel.clock import SHANGHAI, as_utc
from app.kernel.workdays import Unit, is_late
from tests.policy.pack import calendar, library, package


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_is_what_chinesecalendar_says(year: int) -> None:
    day = date(year, 1, 1)
    wrong = []
    while day.year == year:
        if calendar().is_workday(day) is not chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


def test_each_notice_names_its_number() -> None:
    sources = {
        raw.decode().split('"source": "')[1].split('"')[0] for raw in package().calendars.values()
    }
    assert sources == {"国办发明电〔2024〕12号", "国办发明电〔2025〕7号"}


def deadline(key: str, start: str) -> tuple[datetime, Unit]:
    """The end of the limit `key` by the shipped table and calendar."""
    model, _ = library().decision("deadline")
    row = model.evaluate("deadline", {"key": key}, now=at(start)).value
    found = calendar().deadline(
        started_at=at(start), amount=int(row["amount"]), unit=Unit(row["unit"])
    )
    assert not found.provisional
    return found.due_at, found.unit


@pytest.mark.parametrize(
    ("key", "start", "due"),
    [
        ("first_relief", "2026-04-07T10:05:00", "2026-04-08T10:05:00"),  # scenario 1
        ("catchup", "2026-04-07T16:40:00", "2026-04-15T00:00:00"),  # 1: 04-14 24:00
        ("first_relief", "2026-09-30T18:30:00", "2026-10-01T18:30:00"),  # 3
        ("catchup", "2026-02-13T16:20:00", "2026-02-28T00:00:00"),  # 5: Fri 02-27 24:00
        ("catchup", "2026-02-14T16:20:00", "2026-03-01T00:00:00"),  # 5: Sat 02-28 24:00
        ("expenditure", "2026-03-02T09:00:00", "2026-03-31T00:00:00"),  # 12
        ("expenditure", "2026-09-15T09:00:00", "2026-10-20T00:00:00"),  # 16
        ("expenditure", "2026-01-30T09:00:00", "2026-03-06T00:00:00"),  # 17
        ("expenditure", "2026-05-06T09:00:00", "2026-06-03T00:00:00"),  # 22
    ],
)
def test_limits_end_where_the_scenarios_say(key: str, start: str, due: str) -> None:
    assert deadline(key, start)[0] == as_utc(at(due))


def test_first_relief_is_late_by_the_second_across_national_day() -> None:
    due, unit = deadline("first_relief", "2026-09-30T18:30:00")
    assert not is_late(due, unit, at("2026-10-01T18:30:00"))
    assert is_late(due, unit, at("2026-10-01T18:30:01"))


def test_catchup_is_in_time_until_midnight() -> None:
    due, unit = deadline("catchup", "2026-02-13T16:20:00")
    assert not is_late(due, unit, at("2026-02-27T23:59:00"))
    assert is_late(due, unit, at("2026-02-28T00:00:00"))


def test_late_catchup_of_scenario_6_is_two_working_days_late() -> None:
    assert calendar().workdays_between(date(2026, 2, 27), date(2026, 3, 2)) == 2


@pytest.mark.parametrize(
    ("start", "count", "day"),
    [
        (date(2026, 9, 15), 10, date(2026, 9, 29)),  # 16: reminder at half
        (date(2026, 9, 15), 16, date(2026, 10, 13)),  # 16: reminder at 80 %
        (date(2026, 5, 12), 5, date(2026, 5, 19)),  # 22: publicity
        (date(2026, 3, 16), 15, date(2026, 4, 7)),  # 23
        (date(2026, 5, 3), 10, date(2026, 5, 18)),  # 24
    ],
)
def test_working_days_of_the_scenarios(start: date, count: int, day: date) -> None:
    assert calendar().nth_workday(start, count) == (day, False)


def test_a_limit_into_2027_is_provisional() -> None:
    assert (
        calendar()
        .deadline(started_at=at("2026-12-28T09:00:00"), amount=5, unit=Unit.WORKDAYS)
        .provisional
    )
