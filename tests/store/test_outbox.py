"""Aims at the outbox: once per key, leased to one sender, tried again, sealed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.kernel.clock import FrozenClock
from app.kernel.errors import NotFound, Refused, Stale
from app.store import outbox
from app.store.session import SYSTEM, Database
from tests.store.build import REGION


def _put(database: Database, key: str = "pay:1") -> outbox.OutboxRow:
    with database.begin(SYSTEM) as unit:
        return outbox.put(unit, REGION, "payment.order", key, {"account": "6222020000000000"})


def test_message_is_put_once_per_key(database: Database) -> None:
    _put(database)
    with pytest.raises(Refused) as caught:
        _put(database)
    assert caught.value.code == "already_queued"


def test_payload_is_sealed_and_opens_for_the_sender(database: Database) -> None:
    row = _put(database)
    with database.read() as unit:
        assert "6222020000000000" not in repr(
            unit.session.execute(text("SELECT * FROM outbox")).all()
        )
        assert outbox.opened(unit, row) == {"account": "6222020000000000"}


def test_claimed_message_is_nobody_elses_until_the_lease_is_over(
    database: Database, clock: FrozenClock
) -> None:
    row = _put(database)
    for wait, expected in (
        (timedelta(), 1),
        (outbox.LEASE - timedelta(seconds=1), 0),
        (timedelta(seconds=1), 1),
    ):
        clock.advance(wait)
        with database.begin(SYSTEM) as unit:
            assert len(outbox.claim_due(unit)) == expected
    with database.begin(SYSTEM) as unit:
        done = outbox.mark_done(unit, REGION, row.id, {"receipt": "r1"})
        assert (done.state, done.attempts, done.answer) == ("done", 2, {"receipt": "r1"})
        assert outbox.waiting(unit) == []
    with pytest.raises(Stale), database.begin(SYSTEM) as unit:
        outbox.mark_done(unit, REGION, row.id)


def test_message_that_keeps_failing_is_parked(database: Database, clock: FrozenClock) -> None:
    row = _put(database)
    for _ in range(outbox.MAX_ATTEMPTS):
        with database.begin(SYSTEM) as unit:
            assert len(outbox.claim_due(unit)) == 1
        with database.begin(SYSTEM) as unit:
            failed = outbox.mark_failed(unit, REGION, row.id, "503")
        clock.set(failed.next_attempt_at)
    assert failed.state == "parked"
    with database.begin(SYSTEM) as unit:
        assert outbox.claim_due(unit) == []
        assert [left.id for left in outbox.waiting(unit)] == [row.id]


def test_undone_deed_sends_nothing(database: Database) -> None:
    def fail() -> None:
        with database.begin(SYSTEM) as unit:
            outbox.put(unit, REGION, "sms", "k", {})
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with database.begin(SYSTEM) as unit:
        assert outbox.claim_due(unit) == []


def test_unknown_message_is_not_found(database: Database) -> None:
    with database.begin(SYSTEM) as unit, pytest.raises(NotFound):
        outbox.mark_failed(unit, REGION, unit.new_id(), "x")
