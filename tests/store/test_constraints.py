"""Aims at database refusals in the reader's words, the same on both databases."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.kernel.clock import FrozenClock
from app.kernel.errors import Refused, Stale
from app.store import counters, people
from app.store.constraints import constraint_name, domain_error
from app.store.session import SYSTEM, Database
from app.store.vault import Vault


@pytest.mark.parametrize(
    ("login", "stored_by_sqlite"),
    [("a\x00b", True), ("x" * 65, True), ("\ud800", False)],
)
def test_what_cannot_be_stored_is_refused_and_never_a_crash(
    database: Database, login: str, stored_by_sqlite: bool
) -> None:
    def add() -> None:
        with database.begin(SYSTEM) as unit:
            people.add_user(unit, login, "某", "hash")

    if database.is_sqlite and stored_by_sqlite:
        add()
        return
    with pytest.raises(Refused) as caught:
        add()
    assert caught.value.code == "bad_value"


def test_question_that_cannot_be_asked_is_refused_when_reading(database: Database) -> None:
    with pytest.raises(Refused), database.read() as unit:
        people.user_by_login(unit, "\ud800")


def test_violated_key_is_named_on_both_databases(database: Database) -> None:
    with database.begin(SYSTEM) as unit:
        counters.next_number(unit, "370881", "x")
    with pytest.raises(IntegrityError) as caught, database.begin(SYSTEM) as unit:
        unit.session.execute(
            text("INSERT INTO counters (region, name, value) VALUES ('370881', 'x', 1)")
        )
    assert constraint_name(caught.value) == "pk_counters"


def test_our_own_mistakes_are_not_dressed_up() -> None:
    assert domain_error(ValueError("x")) is None


def test_row_held_too_long_by_another_is_busy_then_done(
    sqlite_url: str, clock: FrozenClock, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The waiting command is tried again and succeeds once the holder lets go."""
    monkeypatch.setattr("app.store.engine.BUSY_TIMEOUT_MS", 20)
    database = Database(sqlite_url, clock=clock, vault=vault)
    held = threading.Event()

    def hold() -> None:
        with database.begin(SYSTEM) as unit:
            counters.next_number(unit, "370881", "x")
            held.set()
            time.sleep(timedelta(milliseconds=150).total_seconds())

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    with pytest.raises(Stale) as caught, database.begin(SYSTEM):
        pass
    assert caught.value.code == "busy"
    answer = database.run(
        SYSTEM, "count", None, lambda unit: {"n": counters.next_number(unit, "370881", "x")}
    )
    holder.join()
    database.close()
    assert answer == {"n": 2}


@pytest.mark.postgres
def test_deadlocked_commands_are_tried_again_and_both_done(
    postgresql_url: str, clock: FrozenClock, vault: Vault
) -> None:
    database = Database(postgresql_url, clock=clock, vault=vault)
    with database.begin(SYSTEM) as unit:
        for name in ("a", "b"):
            counters.next_number(unit, "370881", name)
    meet = threading.Barrier(2)
    first_try = threading.local()

    def both(first: str, second: str) -> None:
        def body(unit: object) -> dict[str, object]:
            counters.next_number(unit, "370881", first)  # type: ignore[arg-type]
            if not getattr(first_try, "over", False):
                first_try.over = True
                meet.wait()
            counters.next_number(unit, "370881", second)  # type: ignore[arg-type]
            return {}

        database.run(SYSTEM, "both", None, body)

    threads = [threading.Thread(target=both, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as unit:
        values = [unit.session.get_one(counters.CounterRow, ("370881", n)).value for n in "ab"]
    database.close()
    assert values == [3, 3]
