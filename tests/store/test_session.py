"""Aims at the one door: commit, rollback, reading, idempotent commands. Tables are for others."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from app.kernel.clock import FrozenClock
from app.kernel.errors import Refused
from app.store import counters, people
from app.store.session import Actor, Database, Unit
from app.store.vault import Vault


def _count(database: Database) -> int:
    with database.read() as unit:
        row = unit.session.get(counters.CounterRow, ("370881", "t"))
        return 0 if row is None else row.value


def _next(unit: Unit) -> dict[str, Any]:
    return {"number": counters.next_number(unit, "370881", "t")}


def test_block_that_ends_is_kept(database: Database, actor: Actor) -> None:
    with database.begin(actor) as unit:
        _next(unit)
    assert _count(database) == 1


def test_block_that_raises_is_undone(database: Database, actor: Actor) -> None:
    def fail() -> None:
        with database.begin(actor) as unit:
            _next(unit)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert _count(database) == 0


def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as unit:
        _next(unit)
    assert _count(database) == 0


def test_same_key_again_answers_and_does_nothing(database: Database, actor: Actor) -> None:
    first = database.run(actor, "count", "k1", _next)
    assert database.run(actor, "count", "k1", _next) == first == {"number": 1}
    assert _count(database) == 1


@pytest.mark.parametrize("change", ["verb", "actor", "fingerprint"])
def test_known_key_with_another_meaning_is_refused(
    database: Database, actor: Actor, change: str
) -> None:
    database.run(actor, "count", "k1", _next, fingerprint="a")
    other = Actor(user_id="other", name="他人") if change == "actor" else actor
    with pytest.raises(Refused) as caught:
        database.run(
            other,
            "other" if change == "verb" else "count",
            "k1",
            _next,
            fingerprint="b" if change == "fingerprint" else "a",
        )
    assert caught.value.code == "key_reused"


def test_failed_command_leaves_its_key_free(database: Database, actor: Actor) -> None:
    def fail(unit: Unit) -> dict[str, Any]:
        _next(unit)
        raise Refused("no", "不行")

    with pytest.raises(Refused):
        database.run(actor, "count", "k1", fail)
    assert database.run(actor, "count", "k1", _next) == {"number": 1}


def test_one_key_from_many_threads_is_one_deed(database: Database, actor: Actor) -> None:
    answers: list[dict[str, Any]] = []

    def press() -> None:
        answers.append(database.run(actor, "count", "k1", _next))

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{"number": 1}] * 8
    assert _count(database) == 1


def test_contended_commands_without_key_are_all_done(database: Database, actor: Actor) -> None:
    def press() -> None:
        for _ in range(5):
            database.run(actor, "count", None, _next)

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _count(database) == 40


@pytest.mark.parametrize("key", ["", "k" * 121])
def test_key_without_measure_is_refused(database: Database, actor: Actor, key: str) -> None:
    with pytest.raises(Refused) as caught:
        database.run(actor, "count", key, _next)
    assert caught.value.code == "bad_key"


@pytest.mark.postgres
def test_reading_unit_sees_one_snapshot(
    postgresql_url: str, clock: FrozenClock, vault: Vault, actor: Actor
) -> None:
    # On SQLite a reader holds up the writer instead, which comes to the same.
    database = Database(postgresql_url, clock=clock, vault=vault)
    with database.read() as reading:
        before = reading.session.get(counters.CounterRow, ("370881", "t"))
        with database.begin(actor) as unit:
            _next(unit)
        reading.session.expire_all()
        after = reading.session.get(counters.CounterRow, ("370881", "t"))
        assert (before, after) == (None, None)
    assert _count(database) == 1
    database.close()


def _stop_midway(database: Database, actor: Actor) -> None:
    with database.gathered(actor) as together:
        with together.begin(actor) as unit:
            people.add_organ(unit, "370881", "演示县", "county", parent=None, region="370881")
        with together.read(actor) as unit:
            assert people.organ(unit, "370881") is not None  # one transaction sees its own deeds
        raise RuntimeError


def test_gathered_commands_are_kept_together_or_not_at_all(
    database: Database, actor: Actor
) -> None:
    with pytest.raises(RuntimeError):
        _stop_midway(database, actor)
    with database.read() as unit:
        assert people.organ(unit, "370881") is None
    with database.gathered(actor) as together, together.begin(actor) as unit:
        people.add_organ(unit, "370881", "演示县", "county", parent=None, region="370881")
    with database.read() as unit:
        assert people.organ(unit, "370881") is not None
