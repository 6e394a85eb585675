"""Aims at deadlines: the late list to the second and to the day, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.kernel.clock import FrozenClock
from app.kernel.errors import NotFound
from app.kernel.workdays import Deadline, Unit
from app.store import clocks
from app.store.session import SYSTEM, Database
from tests.store.build import REGION, a_case

STARTED = datetime(2026, 9, 30, 10, 30, tzinfo=UTC)  # Wed 2026-09-30 18:30 in Shanghai
DUE = STARTED + timedelta(hours=24)
SECOND = timedelta(seconds=1)


def _deadline(counted: Unit, *, provisional: bool = False) -> Deadline:
    return Deadline(DUE, counted, 24, STARTED, "自 18:30 起 24 小时", provisional, "2026")


@pytest.mark.parametrize(
    ("counted", "after", "late"),
    [
        (Unit.HOURS, -SECOND, False),
        (Unit.HOURS, timedelta(), False),
        (Unit.HOURS, SECOND, True),
        (Unit.WORKDAYS, -SECOND, False),
        (Unit.WORKDAYS, timedelta(), True),
        (Unit.CALENDAR_DAYS, timedelta(), True),
    ],
)
def test_late_list_has_the_met_and_the_unmet(
    database: Database, clock: FrozenClock, counted: Unit, after: timedelta, late: bool
) -> None:
    """Scenario 3: met at 18:30:00 on time, at 18:30:01 late; workdays end at 24:00."""
    clock.set(STARTED)
    with database.begin(SYSTEM) as unit:
        for _ in range(2):
            case = a_case(unit)
            clocks.start(unit, REGION, case.id, "first_relief", "先行救助", _deadline(counted))
    clock.set(DUE + after)
    with database.begin(SYSTEM) as unit:
        row = clocks.running(unit, REGION, case.id, "first_relief")
        assert row is not None
        assert clocks.stop(unit, row) is late
        assert row.late_at(clock.now()) is late
        assert len(clocks.late(unit, region=REGION)) == (2 if late else 0)
        assert clocks.late(unit, region="370882") == []
    clock.advance(timedelta(days=9))
    with database.read() as unit:
        met = [found for found in clocks.late(unit) if found.case_id == case.id]
        assert bool(met) is late  # what was met in time stays in time for ever


def test_same_limit_again_gets_the_next_number(database: Database) -> None:
    with database.begin(SYSTEM) as unit:
        case = a_case(unit)
        for _ in range(2):
            clocks.start(unit, REGION, case.id, "catch_up", "补登", _deadline(Unit.WORKDAYS))
        assert [row.seq for row in clocks.of_case(unit, REGION, case.id)] == [1, 2]
        assert clocks.get(unit, REGION, case.id, "catch_up").seq == 2


def test_provisional_limit_is_recomputed_until_met(database: Database) -> None:
    with database.begin(SYSTEM) as unit:
        case = a_case(unit)
        guess = _deadline(Unit.WORKDAYS, provisional=True)
        row = clocks.start(unit, REGION, case.id, "catch_up", "补登", guess)
        assert clocks.provisional(unit) == [row]
        clocks.recompute(unit, row, _deadline(Unit.WORKDAYS))
        assert clocks.provisional(unit) == []
        assert row.deadline() == _deadline(Unit.WORKDAYS)


def test_cancelled_limit_is_never_late(database: Database, clock: FrozenClock) -> None:
    with database.begin(SYSTEM) as unit:
        case = a_case(unit)
        row = clocks.start(unit, REGION, case.id, "x", "期限", _deadline(Unit.HOURS))
        clocks.cancel(unit, row, "案件撤回")
    clock.set(DUE + timedelta(days=1))
    with database.read() as unit:
        assert clocks.late(unit) == []
        assert clocks.running(unit, REGION, case.id, "x") is None


def test_limit_is_found_by_id_and_key_or_not_at_all(database: Database) -> None:
    with database.begin(SYSTEM) as unit:
        case = a_case(unit)
        row = clocks.start(unit, REGION, case.id, "x", "期限", _deadline(Unit.HOURS))
        assert clocks.by_id(unit, REGION, row.id) is row
        for wrong in (
            lambda: clocks.by_id(unit, "370882", row.id),
            lambda: clocks.get(unit, REGION, case.id, "y"),
        ):
            with pytest.raises(NotFound):
                wrong()
