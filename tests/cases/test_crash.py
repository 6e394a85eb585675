"""Aims at SIGKILL in the middle of 200 completions: nothing lost, nothing doubled, books and
chains whole. Hypothesis, fault, same hypothesis; both databases.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from app.cases.views import fund as fund_view
from app.kernel.money import Money
from app.store import audit, cases, instances, ledger, work_items
from tests.world import REGION, ROOT

ACCEPTS, PAYMENTS = 140, 60
WORKERS = 2
ROUNDS = 4  # of two workers each, for either half
PATIENCE_S = (1.4, 2.6)  # a worker needs about a second to start
MIN_KILLS = 6


def run_with_kills(url: str, instant: str, element: str, notes: Path, rng: random.Random) -> int:
    """Rival workers live and are killed at random, then two more finish; answers the kills."""
    command = [sys.executable, "-m", "tests.cases.crash_worker", url, instant, element, str(notes)]
    kills = 0
    for _ in range(ROUNDS):
        workers = [subprocess.Popen(command, cwd=ROOT) for _ in range(WORKERS)]
        for worker in workers:
            try:
                assert worker.wait(rng.uniform(*PATIENCE_S)) == 0
            except subprocess.TimeoutExpired:
                os.kill(worker.pid, signal.SIGKILL)
                worker.wait()
                kills += 1
    last = [subprocess.Popen(command, cwd=ROOT) for _ in range(WORKERS)]
    assert [worker.wait() for worker in last] == [0] * WORKERS
    return kills


@pytest.mark.slow
def test_killed_workers_lose_and_double_nothing(world, database_url, tmp_path):
    instant = world.clock.now().isoformat()
    accepts = [world.report() for _ in range(ACCEPTS)]
    payments = [world.to_payment("100.00") for _ in range(PAYMENTS)]
    world.office.database.close()
    rng = random.Random(20261122)
    kills = run_with_kills(database_url, instant, "accept", tmp_path / "accept", rng)
    kills += run_with_kills(database_url, instant, "pay", tmp_path / "pay", rng)
    assert kills >= MIN_KILLS
    acknowledged = {UUID(line) for name in ("accept", "pay") for line in read(tmp_path / name)}
    assert acknowledged <= {*accepts, *payments}  # a rival with the same key hears the same answer

    with world.office.database.read() as unit:
        for case_id, element, following in [
            *((case_id, "accept", "verify") for case_id in accepts),
            *((case_id, "pay", "catchup") for case_id in payments),
        ]:
            items = work_items.of_case(unit, REGION, case_id)
            done = [item for item in items if item.element_id == element and item.state == "done"]
            opened = [item for item in items if item.element_id == following]
            assert (len(done), len(opened)) == (1, 1), (element, case_id)
            assert instances.of_case(unit, REGION, case_id)[0].status == "running"
            deeds = [row.action for row in audit.of_case(unit, REGION, case_id)]
            assert deeds.count("work_item.completed") == (1 if element == "accept" else 4)
        assert audit.verify(unit) == []
        assert ledger.imbalances(unit) == []
        assert sum(cases.count_by_status(unit, REGION).values()) == ACCEPTS + PAYMENTS
    funds = fund_view.fund_page(world.office, world.people["经办李"]).funds
    assert (funds[0].balance, funds[0].held) == (Money.from_yuan("14000.00"), Money.zero())


def read(path: Path) -> list[str]:
    """The lines of the file."""
    return path.read_text("utf-8").split()
