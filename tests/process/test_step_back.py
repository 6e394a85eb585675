"""Going back to an earlier state: what waits again, what goes, what stays, and when it is refused.

Drawn by hand for each rule, then at random over our largest drawing and the shipped paths: after
going back the run shows what it showed before the step, and goes on like any other.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.kernel.errors import ModelError, Refused
from app.process import Engine, Library, Run
from tests.process.drawing import (
    NOW,
    draw,
    end,
    flow,
    flows,
    guard,
    par,
    start,
    sub,
    timer_definition,
    user,
    xor,
)
from tests.process.golden import seen
from tests.process.test_random_walks import LIBRARIES, STEPS, command, perform


def engine_of(drawing: bytes) -> Engine:
    return Engine(Library({"p.bpmn": drawing}))


def token(run: Run, element: str) -> str:
    return next(item.token for item in run.waiting if item.element_id == element)


def do(run: Run, element: str, **values: Any) -> bytes:
    """The state before the step, which is then done."""
    before = run.dump()
    run.complete(token(run, element), values, now=NOW)
    return before


def shape(run: Run) -> dict[str, Any]:
    """What a run shows, its token numbers aside."""
    return {
        "facts": sorted(run.facts.items(), key=str),
        "waiting": Counter((w.element_id, repr(sorted(w.inputs.items()))) for w in run.waiting),
        "timers": Counter((t.element_id, t.due_at) for t in run.timers),
        "messages": Counter((m.element_id, m.message) for m in run.messages),
    }


LINE = draw(
    start(), user("a", outputs={"x": "=x"}), user("b"), xor("way", "way_c"), user("c"), end(),
    flows("s > a > b > way > c > e"), flow("way", "a", '=x = "again"'),
)  # fmt: skip


def test_the_step_waits_again_under_a_new_token_with_the_facts_of_before() -> None:
    run, _ = engine_of(LINE).start("p", {"x": Decimal(1)}, now=NOW)
    first, b_state = token(run, "a"), do(run, "a", x=Decimal(2))
    assert run.facts["x"] == Decimal(2)
    step = run.back_to(b_state, first, now=NOW)
    assert [item.element_id for item in step.opened] == ["a"]
    assert len(step.closed) == 1  # what the step had opened
    assert step.passed == ()
    assert run.facts["x"] == Decimal(1)
    assert int(step.opened[0].token) > int(first)
    assert seen(engine_of(LINE).load(run.dump())) == seen(run)
    do(run, "a", x=Decimal(3))
    assert [item.element_id for item in run.waiting] == ["b"]


def test_several_steps_are_gone_back_over_at_once_and_only_while_it_runs() -> None:
    run, _ = engine_of(LINE).start("p", {"x": ""}, now=NOW)
    first, state = token(run, "a"), do(run, "a", x="")
    do(run, "b")
    run.back_to(state, first, now=NOW)
    assert [item.element_id for item in run.waiting] == ["a"]
    other = engine_of(LINE).load(state)
    with pytest.raises(Refused, match="退回过"):
        other.back_to(state, first, now=NOW)
    do(run, "a", x="")
    do(run, "b")
    do(run, "c")
    assert run.ended
    with pytest.raises(Exception, match="结束"):
        run.back_to(state, first, now=NOW)


def test_rounds_are_counted_on() -> None:
    run, _ = engine_of(LINE).start("p", {"x": ""}, now=NOW)
    for _ in range(100):
        if run.incidents:
            break
        number, state = token(run, "a"), do(run, "a", x="again")
        run.back_to(state, number, now=NOW)
        do(run, "a", x="again")
        if not run.incidents:
            do(run, "b")
    assert run.incidents[0].code == "limit"


BESIDE = draw(
    start(), par("fork"), user("a"), user("a2"), user("b"), par("join"), user("c"), end(),
    guard("late", "a", timer_definition(timeDuration="P1D"), cancel=False), user("told"), end("e2"),
    flows("s > fork > a > a2 > join > c > e", "fork > b > join", "late > told > e2"),
)  # fmt: skip


def test_what_stands_beside_stays_and_keeps_its_token() -> None:
    run, _ = engine_of(BESIDE).start("p", {}, now=NOW)
    beside, mine, timer = token(run, "b"), token(run, "a"), run.timers[0]
    state = do(run, "a")
    assert run.timers == ()
    step = run.back_to(state, mine, now=NOW + timedelta(hours=3))
    assert token(run, "b") == beside
    assert [item.element_id for item in step.opened] == ["a"]
    assert [one.due_at for one in step.timers_set] == [timer.due_at]  # the limit kept running
    fired = run.fire(step.timers_set[0].token, now=NOW + timedelta(days=1))
    assert [item.element_id for item in fired.opened] == ["told"]


def test_it_is_refused_when_something_beside_went_on() -> None:
    run, _ = engine_of(BESIDE).start("p", {}, now=NOW)
    mine, state = token(run, "a"), do(run, "a")
    do(run, "b")
    with pytest.raises(Refused, match="并行"):
        run.back_to(state, mine, now=NOW)


INSIDE = draw(
    start(), sub("sp", start("s2"), user("x"), end("done"), flows("s2 > x > done")), user("y"), end(),
    guard("remind", "sp", timer_definition(timeDuration="P3D"), cancel=False), user("told"), end("e2"),
    flows("s > sp > y > e", "remind > told > e2"),
)  # fmt: skip


def test_a_part_that_was_left_is_entered_again_as_it_was() -> None:
    run, _ = engine_of(INSIDE).start("p", {"n": Decimal(1)}, now=NOW)
    mine, due, state = token(run, "x"), run.timers[0].due_at, do(run, "x")
    assert run.timers == ()
    step = run.back_to(state, mine, now=NOW)
    assert [item.element_id for item in step.opened] == ["x"]
    assert [one.due_at for one in step.timers_set] == [due]
    do(engine_of(INSIDE).load(run.dump()), "x")
    do(run, "x")
    assert [item.element_id for item in run.waiting] == ["y"]


@pytest.mark.parametrize("where", LIBRARIES)
def test_at_random_going_back_shows_what_was_before(where: str) -> None:
    assert sum(walk(where, seed) for seed in range(8)) > 5


def walk(where: str, seed: int) -> int:
    """How often one random walk went back."""
    library, dice = LIBRARIES[where], random.Random(seed)
    engine = Engine(library)
    facts = {"n": dice.randrange(5), "more": False, "route": "emergency", "amount": Decimal(500)}
    run, _ = engine.start(dice.choice(library.process_ids), facts, now=NOW)
    gone_back = 0
    kept: list[tuple[str, bytes]] = []
    for _ in range(STEPS):
        order = None if run.ended else command(dice, run)
        if order is None:
            break
        if order[0] == "complete":
            kept.append((order[1], run.dump()))
        perform(run, order)
        number, state = dice.choice(kept[-2:]) if kept else ("0", b"")
        if not state or run.ended or run.calls or run.incidents:
            continue
        try:
            travelled = engine.load(run.dump())
            travelled.back_to(state, number, now=NOW)
        except Refused:
            continue
        except ModelError as error:
            raise AssertionError(f"{where} {seed}: {error}") from error
        assert shape(travelled) == shape(engine.load(state))
        assert seen(engine.load(travelled.dump())) == seen(travelled)
        run, gone_back = travelled, gone_back + 1
    assert run.ended or run.waiting or run.calls or run.timers or run.messages or run.incidents
    return gone_back
