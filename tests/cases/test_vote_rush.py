"""Aims at 50 members voting at once in 4 processes on one meeting: each counted once, quorum exact."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.kernel.clock import FrozenClock
from app.store import audit, meeting_records, meetings
from app.store.session import Database
from app.store.vault import Vault
from tests.cases.meeting_world import Mechanism
from tests.conftest import KEY
from tests.world import REGION, ROOT, build

MEMBERS, PROCESSES = 50, 4


@pytest.mark.slow
@pytest.mark.postgres
def test_fifty_vote_at_once_and_each_counts_once(
    postgresql_url: str, clock: FrozenClock, tmp_path: Path
) -> None:
    database = Database(postgresql_url, clock=clock, vault=Vault(KEY))
    mechanism = Mechanism(build(database, clock), MEMBERS)
    case_id = mechanism.convened()
    ref = mechanism.notify(case_id)
    mechanism.declare(ref, mechanism.members)
    go, instant = tmp_path / "go", clock.now().isoformat()
    command = [
        sys.executable,
        "-m",
        "tests.cases.vote_worker",
        postgresql_url,
        instant,
        str(ref.id),
    ]
    workers = [
        subprocess.Popen(
            [*command, str(number), str(PROCESSES), str(go)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    go.touch()
    said = [line for worker in workers for line in worker.communicate(timeout=120)[0].split()]
    assert [worker.returncode for worker in workers] == [0] * PROCESSES
    assert said == ["1"] * MEMBERS  # one ballot of each was taken, the second never

    with database.read() as unit:
        row = meetings.get(unit, REGION, ref.id)
        ballots = meeting_records.ballots(unit, row)
        assert len({one.user_id for one in ballots}) == len(ballots) == MEMBERS
    # Of 1..50: 5 multiples of ten abstain, the other 20 even numbers say yes, the 25 odd ones no.
    assert mechanism.close(ref) == "not_passed"
    result = mechanism.rows(case_id)[0].result
    numbers = [result[key] for key in ("eligible", "present", "yes", "no", "abstain", "quorum")]
    assert numbers == [50, 50, 20, 25, 5, 34]
    with database.read() as unit:
        assert audit.verify(unit, REGION) == []
    database.close()
