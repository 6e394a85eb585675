"""How long a back-test takes: python -m tests.studio.bench_backtest [cases] [database URL].

Fills an empty database with closed cases, each with one stored decision of one table, tries a draft
with another table on them through the verbs, stops one half way, and prints what came of it.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Thread
from uuid import uuid4

from sqlalchemy import insert

from app.kernel.clock import FrozenClock
from app.kernel.ids import uuid7
from app.store import deployments, migrate, people
from app.store.backtests import BacktestRow
from app.store.cases import CaseRow
from app.store.decisions import DecisionRow
from app.store.session import SYSTEM, Actor, Database, Unit
from app.store.vault import Vault
from app.studio import backtests, drafts
from app.studio.backtests import Asked
from tests.studio.test_replay import dmn

REGION = "990001"
NOW = datetime(2026, 4, 1, 1, tzinfo=UTC)
EDITOR = Actor(str(uuid7(NOW)), "政策", (("policy_editor", REGION),))
PLAN = b"""
name = "bench"
[[replay]]
routes = ["a"]
steps = [{ key = "amount", decision = "sum", value = "=standard" }]
"""
PIECE = 2_000


def filled(database: Database, cases: int) -> None:
    """That many closed cases, one decision each, amounts from a seeded generator."""
    choice = random.Random(7)
    with database.begin(SYSTEM) as unit:
        people.add_organ(unit, REGION, "县", "county", parent=None, region=REGION, locality="bench")
        files = {"dmn/bench/d.dmn": dmn("1", "100"), "processes/bench/locality.toml": PLAN}
        row = deployments.store(unit, "bench", "现行", files, prepared_by="x")
        deployments.publish(unit, row, effective_from=NOW - timedelta(days=500))
    for start in range(0, cases, PIECE):
        with database.begin(SYSTEM) as unit:
            made = [_case(unit, start + number, choice) for number in range(PIECE)]
            unit.session.execute(insert(CaseRow), [case for case, _ in made])
            unit.session.execute(insert(DecisionRow), [decision for _, decision in made])


def _case(unit: Unit, number: int, choice: random.Random) -> tuple[dict, dict]:
    case_id, at = unit.new_id(), NOW - timedelta(hours=number % 8000 + 1)
    cost = Decimal(choice.randint(100, 9_000_000)).scaleb(-2)
    case = {
        "region": REGION, "id": case_id, "case_no": f"{number:06d}", "locality": "bench",
        "township": f"9900011{number % 20:02d}", "village": "", "route": "a", "status": "closed",
        "cause": "x", "title": "x", "applicant_masked": "x", "applicant_index": "", "version": 1,
        "applicant_sealed": b"x", "reported_at": at, "channel": "window", "is_demo": False,
        "opened_at": at, "opened_by": "x", "closed_at": at, "outcome": "paid",
    }  # fmt: skip
    row_id = unit.new_id()
    sealed = unit.vault.seal_json(
        {"cost": cost}, region=REGION, table="decision_records", row_id=row_id
    )
    decision = {
        "region": REGION, "id": row_id, "case_id": case_id, "instance_id": uuid4(),
        "process_id": "a", "element_id": "e", "name": "x", "decision_id": "sum",
        "deployment_id": "x", "file": "x", "file_sha256": "x", "inputs_sealed": sealed,
        "output": {"value": {"standard": cost}}, "matched": [], "clauses": [], "warnings": [],
        "errors": [], "at": at,
    }  # fmt: skip
    return case, decision


def main(cases: int, url: str) -> None:
    """Fill, run, stop, print."""
    clock = FrozenClock(NOW)
    migrate.upgrade(url)
    database = Database(url, clock=clock, vault=Vault(bytes(range(32))))
    started = time.perf_counter()
    filled(database, cases)
    print(f"{cases} cases stored in {time.perf_counter() - started:.1f} s")
    draft = drafts.open_draft(database, EDITOR, "bench", "两倍", key="o")
    path = "dmn/bench/d.dmn"
    seen = drafts.read_file(database, EDITOR, draft, path).sha256
    drafts.write_file(database, EDITOR, draft, path, dmn("2", "100"), expected_sha256=seen, key="w")
    asked = Asked(NOW - timedelta(days=600), NOW + timedelta(days=1))
    made = backtests.ask(database, EDITOR, draft, asked, key="a")
    started = time.perf_counter()
    backtests.work(database)
    took = time.perf_counter() - started
    found = backtests.answer(database, EDITOR, made)
    print(
        f"{database._write.dialect.name}: {found.progress.done} of {found.progress.total} in"
        f" {took:.1f} s, {found.progress.checked} asked twice, {found.progress.state},"
        f" counts {dict(found.impact.counts)}"
    )
    assert found.impact.after.fen == 2 * found.impact.before.fen
    again = backtests.ask(database, EDITOR, draft, asked, key="b")
    worker = Thread(target=backtests.work, args=(database,))
    worker.start()
    while _done(database, again) < cases // 4:
        time.sleep(0.05)
    backtests.cancel(database, EDITOR, again, key="c")
    worker.join()
    stopped = backtests.answer(database, EDITOR, again).progress
    print(f"stopped at {stopped.done} of {stopped.total}: {stopped.state}")


def _done(database: Database, backtest_id) -> int:
    with database.read() as unit:
        return unit.session.get_one(BacktestRow, backtest_id).done


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        main(count, sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder)}/bench.db")
