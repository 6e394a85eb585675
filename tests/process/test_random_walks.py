"""Random walks through our largest drawing and the shipped paths: saving changes nothing.

Two runs get the same commands; one is saved and loaded before each. They must show the same, and
no walk may end in anything but an end event, an incident or a wait.
"""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.process import Engine, Library, Run, Step
from tests.process.drawing import NOW
from tests.process.golden import ROOT, seen
from tests.process.test_golden import BIG, shipped_files

STEPS = 40
LIBRARIES = {"drawn": Library({"big.bpmn": BIG})}
for _path in sorted(ROOT.glob("processes/*/emergency.bpmn")):
    LIBRARIES[_path.parent.name] = Library(shipped_files(_path.parent.name))


def value(dice: random.Random) -> Any:
    return dice.choice(
        [
            None,
            True,
            False,
            Decimal(0),
            Decimal("1000.01"),
            "yes",
            "approve",
            "refuse",
            "return",
            "light",
            [],
        ]
    )


def command(dice: random.Random, run: Run) -> tuple[Any, ...] | None:
    """Something that can be done now."""
    names = sorted({m.target for e in _elements(run) for m in e.outputs} | {"decision", "held"})
    values = {name: value(dice) for name in names if dice.random() < 0.8}
    doable: list[tuple[Any, ...]] = [("complete", item.token, values) for item in run.waiting]
    doable += [("answer", call.token, values) for call in run.calls]
    doable += [("fire", timer.token, timer.due_at) for timer in run.timers]
    doable += [("send", wait.message, values) for wait in run.messages]
    doable += [("retry", incident.token, None) for incident in run.incidents]
    if not doable:
        return None
    return dice.choice(doable)


def _elements(run: Run) -> list[Any]:
    waits = (*run.waiting, *run.calls, *run.messages)
    definitions = {w.process_id: run._machine.library.definition(w.process_id) for w in waits}
    return [definitions[w.process_id].elements[w.element_id] for w in waits]


def perform(run: Run, order: tuple[Any, ...]) -> Step:
    kind, target, more = order
    if kind == "fire":
        return run.fire(target, now=max(more, NOW + timedelta(days=1)))
    if kind == "retry":
        return run.retry(target, now=NOW)
    return getattr(run, kind)(target, more, now=NOW)  # type: ignore[no-any-return]


@pytest.mark.parametrize("where", LIBRARIES)
@pytest.mark.parametrize("seed", range(15))
def test_saving_at_each_step_changes_nothing(where: str, seed: int) -> None:
    library, dice = LIBRARIES[where], random.Random(seed)
    engine = Engine(library)
    process_id = dice.choice(library.process_ids)
    facts = {
        "n": dice.randrange(5),
        "more": dice.random() < 0.5,
        "route": "emergency",
        "amount": Decimal(500),
    }
    stay, _ = engine.start(process_id, facts, now=NOW)
    travel, _ = engine.start(process_id, facts, now=NOW)
    for _ in range(STEPS):
        travel = engine.load(travel.dump())
        assert seen(travel) == seen(stay)
        order = None if stay.ended else command(dice, stay)
        if order is None:
            break
        first, second = perform(stay, order), perform(travel, order)
        assert repr(first) == repr(second)
    assert (
        stay.ended or stay.waiting or stay.calls or stay.timers or stay.messages or stay.incidents
    )
