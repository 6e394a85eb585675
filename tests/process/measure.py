"""Prints what one completion of the shipped emergency path costs: load, run, dump, bytes.

`python -m tests.process.measure [ROUNDS]`. A completion is one work item with the calls that
follow it, from saved state to saved state, as the use case does it; no database here.
"""

from __future__ import annotations

import statistics
import sys
import time
from datetime import UTC, datetime
from typing import Any

import yaml

from app.process import Engine, Library, Run, scenarios_of
from tests.process.golden import ROOT
from tests.process.test_golden import shipped_files

NOW = datetime(2026, 4, 7, 2, 5, tzinfo=UTC)


def main(rounds: int) -> None:
    began = time.perf_counter()
    engine = Engine(Library(shipped_files("jining")))
    print(f"library built in {(time.perf_counter() - began) * 1e3:.0f} ms")  # noqa: T201
    path = ROOT / "processes" / "jining" / "emergency.scenarios.yaml"
    scenario = scenarios_of(yaml.safe_load(path.read_text(encoding="utf-8")))[0]
    rows: list[tuple[float, float, float, int]] = []
    began = time.perf_counter()
    for _ in range(rounds):
        run, _step = engine.start("emergency", scenario["facts"], now=NOW)
        state = _serve(run, scenario).dump()
        for step in scenario["steps"]:
            state = _timed(engine, state, step, scenario, rows)
    whole = time.perf_counter() - began
    names = ("load", "run", "dump")
    for column, name in enumerate(names):
        print(f"{name:>5} {statistics.median(row[column] for row in rows) * 1e3:.3f} ms")  # noqa: T201
    print(f"bytes {max(row[3] for row in rows)}; {len(rows) / whole:.0f} completions/s")  # noqa: T201


def _timed(engine: Engine, state: bytes, step: Any, scenario: Any, rows: list[Any]) -> bytes:
    t0 = time.perf_counter()
    run = engine.load(state)
    t1 = time.perf_counter()
    item = next(item for item in run.waiting if item.element_id == step["complete"])
    values = {
        k: str(v) if isinstance(v, float) else v for k, v in (step.get("values") or {}).items()
    }
    for key in ("cash_amount", "goods_value", "amount"):
        if key in values:
            from decimal import Decimal

            values[key] = Decimal(values[key])
    run.complete(item.token, values, now=NOW)
    _serve(run, scenario)
    t2 = time.perf_counter()
    after = run.dump()
    rows.append((t1 - t0, t2 - t1, time.perf_counter() - t2, len(after)))
    return after


def _serve(run: Run, scenario: Any) -> Run:
    while run.calls:
        call = run.calls[0]
        given = scenario["answers"].get(call.element_id) or scenario["answers"].get(call.type) or {}
        run.answer(
            call.token, {k: v for k, v in given.items() if not isinstance(v, float)}, now=NOW
        )
    return run


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
