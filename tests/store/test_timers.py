"""Aims at timers: set once, claimed once, tried again, parked; and that failures stay apart."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest

from app.kernel.clock import FrozenClock
from app.kernel.errors import NotFound
from app.store import timers
from app.store.session import SYSTEM, Actor, Database, Unit
from app.store.vault import Vault
from tests.store.build import REGION

CASE = UUID(int=11)
INSTANCE = UUID(int=12)


def _set(database: Database, clock: FrozenClock, count: int, *, minutes: int = 0) -> list[UUID]:
    with database.begin(SYSTEM) as unit:
        return [
            timers.set_timer(
                unit,
                REGION,
                CASE,
                token=f"t{number}",
                kind="bpmn",
                due_at=clock.now() + timedelta(minutes=minutes, seconds=number),
                instance_id=INSTANCE,
            )
            for number in range(count)
        ]


def test_timer_is_due_at_its_moment_and_not_before(database: Database, clock: FrozenClock) -> None:
    [timer] = _set(database, clock, 1, minutes=5)
    for seconds, expected in ((299, []), (1, [(REGION, timer)])):
        clock.advance(timedelta(seconds=seconds))
        with database.read() as unit:
            assert timers.due_ids(unit) == expected
    with database.read() as unit:
        assert timers.next_due_at(unit) == clock.now()


def test_timer_set_twice_is_set_once_and_keeps_its_moment(
    database: Database, clock: FrozenClock
) -> None:
    [first] = _set(database, clock, 1)
    clock.advance(timedelta(hours=1))
    [second] = _set(database, clock, 1)
    assert first == second
    with database.read() as unit:
        [row] = timers.of_case(unit, REGION, CASE)
        assert row.due_at == clock.now() - timedelta(hours=1)


def test_cleared_timer_never_comes_due(database: Database, clock: FrozenClock) -> None:
    _set(database, clock, 3)
    clock.advance(timedelta(minutes=1))
    with database.begin(SYSTEM) as unit:
        timers.clear(unit, REGION, INSTANCE, ["t0"])
        timers.clear_of_case(unit, REGION, CASE, kind="bpmn", prefix="t1")
        assert [row.token for row in timers.claim_due(unit)] == ["t2"]


def test_failing_timer_waits_longer_each_time_and_is_parked_at_last(
    database: Database, clock: FrozenClock
) -> None:
    [timer] = _set(database, clock, 1)
    pauses = []
    for _ in range(timers.MAX_ATTEMPTS):
        with database.begin(SYSTEM) as unit:
            row = timers.claim(unit, REGION, timer)
            assert row is not None
            timers.mark_failed(unit, row, "x" * 9_000)
            pauses.append((row.next_attempt_at - clock.now()).total_seconds() / 60)
            assert len(row.last_error) == timers.MAX_ERROR
        clock.set(row.next_attempt_at)
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]
    with database.begin(SYSTEM) as unit:
        assert timers.claim(unit, REGION, timer) is None
        assert [row.id for row in timers.parked(unit)] == [timer]
        assert timers.reopen(unit, REGION, timer).attempts == 0
        assert [row.id for row in timers.claim_due(unit)] == [timer]
        with pytest.raises(NotFound):
            timers.reopen(unit, REGION, timer)


def test_failing_timer_does_not_hold_up_the_others(database: Database, clock: FrozenClock) -> None:
    _set(database, clock, 5)
    clock.advance(timedelta(minutes=1))
    with database.begin(SYSTEM) as unit:
        for row in timers.claim_due(unit):
            if row.token == "t0":
                timers.mark_failed(unit, row, "kaputt")
            else:
                timers.mark_done(unit, row)
    with database.read() as unit:
        states = Counter(row.state for row in timers.of_case(unit, REGION, CASE))
        assert states == {"done": 4, "open": 1}
        assert timers.due_ids(unit) == []


@pytest.mark.postgres
def test_second_worker_skips_what_the_first_holds(
    postgresql_url: str, clock: FrozenClock, vault: Vault
) -> None:
    database = Database(postgresql_url, clock=clock, vault=vault)
    _set(database, clock, 4)
    clock.advance(timedelta(minutes=1))
    with database.begin(SYSTEM) as one, database.begin(SYSTEM) as two:
        first = timers.claim_due(one, limit=2)
        second = timers.claim_due(two)
        assert [row.token for row in first] == ["t0", "t1"]
        assert [row.token for row in second] == ["t2", "t3"]
    database.close()


@pytest.mark.postgres
def test_timer_held_by_a_deed_that_is_undone_is_still_there(
    postgresql_url: str, clock: FrozenClock, vault: Vault
) -> None:
    """The worker waits and sees it open; it must not take "held" for "gone"."""
    database = Database(postgresql_url, clock=clock, vault=vault)
    [timer] = _set(database, clock, 1)
    held = threading.Event()
    seen: list[bool] = []

    def clear_and_fail() -> None:
        with suppress(KeyError), database.begin(SYSTEM) as unit:
            timers.clear(unit, REGION, INSTANCE, ["t0"])
            held.set()
            time.sleep(0.2)
            raise KeyError

    def work() -> None:
        held.wait()
        with database.begin(SYSTEM) as unit:
            seen.append(timers.claim(unit, REGION, timer) is not None)

    threads = [threading.Thread(target=deed) for deed in (clear_and_fail, work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()
    assert seen == [True]


def test_workers_in_a_rush_fire_each_timer_once(
    database: Database, clock: FrozenClock, actor: Actor
) -> None:
    ids = _set(database, clock, 60)
    clock.advance(timedelta(hours=1))
    fired: Counter[UUID] = Counter()

    def work() -> None:
        def fire(unit: Unit) -> dict[str, object]:
            done = []
            for row in timers.claim_due(unit, limit=4):
                timers.mark_done(unit, row)
                unit.audit(REGION, CASE, "timer.fired", ("timer", row.id), {})
                done.append(row.id)
            return {"done": done}

        while done := database.run(SYSTEM, "fire", None, fire)["done"]:
            fired.update(done)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert fired == Counter(ids)
