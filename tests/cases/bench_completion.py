"""How long one work-item completion takes, split into load, run and save; run as a program.

    python -m tests.cases.bench_completion [DATABASE_URL]

Completes "受理与分办" (one hand-over, one decision, one classification, a new work item) in a
hundred cases of the shipped locality and prints medians. Figures of one run compare with one
another, not with those of another machine.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from app.cases import work_items
from app.kernel.clock import FrozenClock
from app.process import Engine, Run
from app.store import migrate
from app.store.session import Database
from app.store.vault import Vault
from tests import world as county
from tests.conftest import KEY
from tests.world import ACCEPT, World

CASES = 100


def main(url: str = "") -> None:
    """Print the medians."""
    url = url or f"sqlite:///{Path(tempfile.mkdtemp()) / 'bench.db'}"
    migrate.upgrade(url)
    clock = FrozenClock(datetime.fromisoformat("2026-04-07T10:05:00+08:00"))
    world = county.build(Database(url, clock=clock, vault=Vault(KEY)), clock)
    cases = [world.report() for _ in range(CASES)]
    names = ("load", "run", "dump", "load_each", "run_each", "dump_each", "whole")
    spent: dict[str, list[float]] = {name: [] for name in names}
    _watch(Engine, "load", spent["load"])
    _watch(Run, "complete", spent["run"])
    _watch(Run, "answer", spent["run"])
    _watch(Run, "dump", spent["dump"])
    for case_id in cases:
        _complete(world, case_id, spent)
    whole = statistics.median(spent["whole"])
    load, run, dump = (statistics.median(spent[f"{name}_each"]) for name in ("load", "run", "dump"))
    print(f"{url.split(':', 1)[0]}: whole {whole:.1f} ms; engine load {load:.2f}, run {run:.2f}, ")
    print(f"dump {dump:.2f} ms; store, forms, audit and commit {whole - load - run - dump:.1f} ms")


def _complete(world: World, case_id: Any, spent: dict[str, list[float]]) -> None:
    ref = world.item("经办李", case_id, "accept")
    form = world.page("经办李", ref).form
    assert form is not None
    sent = form.parse_json(ACCEPT)
    marks = {name: len(spent[name]) for name in ("load", "run", "dump")}
    started = time.perf_counter()
    work_items.complete(world.office, world.people["经办李"], ref, sent)
    spent["whole"].append((time.perf_counter() - started) * 1000)
    for name, mark in marks.items():  # one figure per completion, looking at pages left out
        spent[f"{name}_each"].append(sum(spent[name][mark:]))


def _watch(owner: Any, name: str, into: list[float]) -> None:
    """Every call of the method notes its milliseconds."""
    plain: Callable[..., Any] = getattr(owner, name)

    def timed(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return plain(*args, **kwargs)
        finally:
            into.append((time.perf_counter() - started) * 1000)

    setattr(owner, name, timed)


if __name__ == "__main__":
    main(*sys.argv[1:])
