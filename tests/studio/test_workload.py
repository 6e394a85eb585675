"""Queues at desks, counted by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.cases.office import load_calendar
from app.kernel.money import Money
from app.studio.impact import Line
from app.studio.replay import Side
from app.studio.workload import Load, Staffing, desks, load

CALENDAR = load_calendar(Path(__file__).resolve().parents[2])
MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days", "staffing", "found"),
    [
        ([], Staffing(1, 1, 1), Load()),
        ([2], Staffing(1, 1, 1), Load(1, 0, 0, 0)),
        ([2, 2, 2], Staffing(1, 1, 1), Load(3, 2, 2, 1)),
        ([2, 2, 2], Staffing(3, 1, 1), Load(3, 0, 0, 0)),
        ([2, 2, 2], Staffing(1, 3, 1), Load(3, 0, 0, 0)),
        ([6, 6], Staffing(1, 1, 0), Load(2, 1, 1, 1)),  # Friday, then Monday is one day on
        ([7, 8, 9], Staffing(1, 1, 0), Load(3, 2, 2, 2)),  # the weekend's wait for Monday
    ],
)
def test_a_desk_works_off_what_came_oldest_first(days, staffing, found):
    arrivals = [date(2026, 3, day) for day in days]
    assert load(arrivals, staffing, CALENDAR) == found


def test_holidays_are_not_worked_and_unknown_years_go_by_the_week():
    spring = [date(2026, 2, 13), date(2026, 2, 13), date(2026, 2, 13)]  # Saturday 14 works
    assert load(spring, Staffing(1, 1, 1), CALENDAR) == Load(3, 2, 2, 1)
    assert load([date(2040, 1, 6)], Staffing(1, 1, 1), CALENDAR).items == 1


def test_moved_cases_change_desks():
    low, high = Side(True, Money(1), "township"), Side(True, Money(2), "county")
    lines = [
        Line(str(n), f"t{n % 2}", "a", MONDAY, MONDAY, "higher", low, high if n < 3 else low)
        for n in range(4)
    ]
    found = desks(
        lines, {"township": Staffing(1, 1, 0), "county": Staffing(1, 2, 0)}, "township", CALENDAR
    )
    county, *townships = found
    assert (county.level, county.before, county.after) == ("county", Load(), Load(3, 1, 1, 1))
    assert county.after.late_percent == Decimal("33.3")
    assert {desk.organ: (desk.before.items, desk.after.items) for desk in townships} == {
        "t0": (2, 0), "t1": (2, 1),
    }  # fmt: skip
