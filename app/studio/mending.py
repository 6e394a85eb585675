"""Scenarios that a changed diagram stops at a new task: the step is written into all of them once.

What a scenario expects is not touched; only the step it could not know is put where it got stuck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.form import Submission
from app.kernel.clock import local
from app.process.simulate import Outcome, compare, simulate
from app.process.step import OpenedItem
from app.studio import scenario_files, trials
from app.studio.trials import Bench, Kept, Script

MAX_ROUNDS = 10  # times the new task may come up in one scenario


@dataclass(frozen=True, slots=True)
class Stuck:
    """A task at which scenarios wait that say nothing of it."""

    element_id: str
    name: str
    item: OpenedItem  # as the first of them meets it
    outcome: Outcome
    scenarios: tuple[Kept, ...]


def stuck(kept: Sequence[Kept]) -> list[Stuck]:
    """The tasks no scenario knew, most scenarios first."""
    found: dict[str, list[Kept]] = {}
    for one in kept:
        item = _unknown(one)
        if item is not None:
            found.setdefault(item.element_id, []).append(one)
    made = []
    for element_id, some in found.items():
        first = some[0]
        item = trials.item_of(first.outcome, element_id)
        made.append(Stuck(element_id, item.name, item, first.outcome, tuple(some)))
    return sorted(made, key=lambda one: (-len(one.scenarios), one.element_id))


def _unknown(kept: Kept) -> OpenedItem | None:
    """The task at which a red scenario waits, and which none of its steps does."""
    steps = kept.script.get("steps") or ()
    if not kept.problems:
        return None
    known = {step.get("complete") for step in steps}
    return next((one for one in kept.outcome.items if one.element_id not in known), None)


def filled(on: Bench, found: Stuck, sent: Submission) -> dict[str, bytes]:
    """Path -> the scenario file with the step in all its scenarios; raises Invalid."""
    first = found.scenarios[0]
    values = trials.answers(on, found.item, found.outcome, sent, first.outcome.now)
    changed: dict[str, dict[str, Script]] = {}
    for one in found.scenarios:
        changed.setdefault(one.path, {})[one.name] = _with_step(on, one.script, found, values)
    files: dict[str, bytes] = {}
    for path, scripts in changed.items():
        raw = on.package.companions[path]
        for name, script in scripts.items():
            raw = scenario_files.replaced(raw, name, script)
        files[path] = raw
    return files


def _with_step(on: Bench, script: Script, found: Stuck, values: Mapping[str, Any]) -> Script:
    """The scenario with the step wherever it got stuck at that task."""
    for _ in range(MAX_ROUNDS):
        outcome = simulate(on.library, script)
        steps = list(script.get("steps") or ())
        waits = any(one.element_id == found.element_id for one in outcome.items)
        if not waits or not compare(outcome, script.get("expect") or {}):
            break
        step: dict[str, Any] = {"complete": found.element_id, "at": _after(outcome.now)}
        if values:
            step["values"] = dict(values)
        steps.insert(outcome.done, step)
        script = {**script, "steps": steps}
    return script


def _after(moment: datetime) -> str:
    """A minute later, written as scenario files write moments."""
    return local(moment + timedelta(minutes=1)).isoformat()
