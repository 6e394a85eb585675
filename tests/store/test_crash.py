"""Aims at SIGKILL in the middle of everything: nothing lost, nothing doubled, books and chain whole."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from app.kernel.clock import FrozenClock
from app.kernel.money import Money
from app.ledger import fund as deeds
from app.ledger.accounts import Kind
from app.ledger.entry import Source, Warrant
from app.store import audit, ledger, outbox, timers
from app.store.session import SYSTEM, Database
from tests.store.build import REGION
from tests.store.crash_worker import FUND

ROOT = Path(__file__).resolve().parents[2]
TIMERS = 40
WORKERS = 2
MOST_STARTS = 200


def _prepare(database: Database) -> None:
    with database.begin(SYSTEM) as unit:
        warrant = Warrant(key="allot:1", purpose="test")
        entry = deeds.allot({}, FUND, Money(TIMERS), warrant, source=Source.COUNTY)
        ledger.post(unit, entry)
        for number in range(TIMERS):
            timers.set_timer(
                unit, REGION, UUID(int=number), token="t", kind="bpmn", due_at=unit.now
            )


def _start(url: str, seed: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.store.crash_worker", url, str(seed), "anywhere"]
    return subprocess.Popen(command, cwd=ROOT)


def test_killed_workers_lose_and_double_nothing(database: Database, clock: FrozenClock) -> None:
    _prepare(database)
    running = [_start(database.url, seed) for seed in range(WORKERS)]
    started, killed = WORKERS, 0
    while running:
        code = running.pop(0).wait(timeout=60)
        assert code in (0, -signal.SIGKILL)
        if code:
            killed += 1
            assert started < MOST_STARTS
            running.append(_start(database.url, started))
            started += 1
    assert killed >= 3
    with database.read() as unit:
        assert {row.state for row in unit.session.scalars(select(timers.TimerRow))} == {"done"}
        totals = ledger.totals(unit, FUND)
        assert (totals[Kind.RESERVE], totals[Kind.RESERVE_HELD]) == (Money(0), Money(0))
        assert totals[Kind.SPENT] == Money(TIMERS)
        assert ledger.imbalances(unit) == []
        numbers = [row.number for row, _ in ledger.journal(unit, FUND)]
        assert numbers == list(range(1, 2 * TIMERS + 2))
        assert len(outbox.waiting(unit)) == TIMERS
        assert audit.verify(unit) == []
        records = sum(seq for seq, _ in audit.heads(unit).values())
        assert records == TIMERS
