"""Stopped elements go on after the cause is gone, with the answer they already have."""

from __future__ import annotations

import pytest

from app.kernel.errors import Stale
from app.process import Engine, Run
from tests.process.drawing import (
    NOW,
    activity,
    begin,
    catch,
    definition,
    do,
    draw,
    end,
    flow,
    flows,
    guard,
    library,
    open_ids,
    par,
    scope,
    script,
    service,
    start,
    timer_definition,
    user,
    whole,
    xor,
)

SLOW = "=count(for i in 1..n return i)"  # too long for n = 1,000,000: an error, not a null
MEND = user("mend", outputs={"n": "=n"})


def beside(*parts: str, chain: str, more: str = "") -> bytes:
    """The parts in one branch, a task that mends the facts in the other."""
    return draw(
        start(), par("g"), *parts, MEND, par("j"), end(),
        flows(f"s > g > {chain} > j > e", "g > mend > j"), more,
    )  # fmt: skip


def mended(data: bytes, run: Run, element_id: str) -> Run:
    """The run after a journey, the mending, and the retry of the element."""
    token = next(i.token for i in run.incidents if i.element_id == element_id)
    run = Engine(library(data)).load(run.dump())
    assert run.retry(token, now=NOW).incidents, "must stop again"
    do(run, "mend", n=3)
    step = run.retry(token, now=NOW)
    assert not step.incidents
    assert not run.incidents
    return run


def test_opening_a_work_item() -> None:
    data = beside(user("a", inputs={"k": SLOW}), chain="a")
    run, step = begin(data, {"n": 1_000_000})
    assert step.incidents[0].code == "expression_error"
    assert open_ids(run) == ["mend"]
    run = mended(data, run, "a")
    assert open_ids(run) == ["a"]
    assert run.waiting[0].inputs == {"k": 3}


def test_due_date_of_a_work_item() -> None:
    data = beside(user("a", due='=if n > 10 then "soon" else "2026-05-01"'), chain="a")
    run, _ = begin(data, {"n": 1_000_000})
    run = mended(data, run, "a")
    assert run.waiting[0].due_at is not None


def test_outputs_of_an_answered_call() -> None:
    data = beside(service("a", outputs={"k": SLOW, "no": "=no"}), chain="a")
    run, step = begin(data, {"n": 1_000_000})
    run.answer(step.calls[0].token, {"no": "V1"}, now=NOW)
    assert not run.calls, "the call was performed and must not be asked again"
    run = mended(data, run, "a")
    assert (run.facts["no"], run.facts["k"]) == ("V1", 3)


def test_outputs_of_a_message() -> None:
    data = beside(catch("a", definition("message:m_paper"), outputs={"k": SLOW}), chain="a")
    run, _ = begin(data, {"n": 1_000_000})
    run.send("paper", {}, now=NOW)
    assert not run.messages
    run = mended(data, run, "a")
    assert run.facts["k"] == 3


def test_outputs_of_a_boundary_message() -> None:
    event = guard("m", "a", definition("message:m_paper"), outputs={"k": SLOW})
    data = beside(user("a"), event, xor("x"), chain="a > x", more=flows("m > x"))
    run, _ = begin(data, {"n": 1_000_000})
    run.send("paper", {}, now=NOW)
    assert sorted(open_ids(run)) == ["a", "mend"], "the activity goes on while the event is stopped"
    run = mended(data, run, "m")
    assert run.ended
    assert run.facts["k"] == 3


def test_stopped_boundary_event_vanishes_with_its_activity() -> None:
    data = draw(
        start(),
        user("a"),
        guard("t", "a", timer_definition(timeDuration="=n")),
        user("b"),
        end(),
        flows("s > a > e", "t > b > e"),
    )
    run, step = begin(data, {"n": 1})
    assert step.incidents[0].element_id == "t"
    assert do(run, "a").ended
    assert not run.incidents


def test_script_condition_and_timer() -> None:
    for part, more in (
        (script("a", f"={{k: {SLOW[1:]}}}"), ""),
        (
            catch("a", timer_definition(timeDuration='=if n > 10 then null else duration("PT1H")')),
            "",
        ),
        (xor("a") + user("b"), flow("a", "b", "=n < 10") + flows("b > j")),
    ):
        chain = "a" if not more else "b"
        data = draw(
            start(),
            par("g"),
            part,
            MEND,
            par("j"),
            end(),
            flows("s > g > mend > j > e"),
            flow("g", "a"),
            more or flows(f"{chain} > j"),
        )
        run, step = begin(data, {"n": 1_000_000})
        assert step.incidents, part
        mended(data, run, "a")


@pytest.mark.parametrize("where", ["in", "out"])
def test_called_process(where: str) -> None:
    inputs = {"k": SLOW} if where == "in" else {}
    outputs = {"r": SLOW} if where == "out" else {"r": "=1"}
    data = whole(
        scope(
            start(), par("g"), activity("a", "q", inputs, outputs), MEND, par("j"), end(),
            flows("s > g > a > j > e", "g > mend > j"),
        ),
        scope(start("s2"), user("x"), end("e2"), flows("s2 > x > e2"), process="q"),
    )  # fmt: skip
    run, _ = begin(data, {"n": 1_000_000, "m": 0})
    if where == "out":
        token = next(i.token for i in run.waiting if i.element_id == "x")
        assert run.complete(token, {}, now=NOW).incidents
        run = Engine(library(data)).load(run.dump())
        token = run.incidents[0].token
        do(run, "mend", n=3)
        # The called process still holds the number it was given; its own facts win over ours.
        assert run.retry(token, now=NOW).incidents
        return
    run = mended(data, run, "a")
    assert open_ids(run) == ["x"]


def test_only_what_is_stopped_can_be_retried() -> None:
    run, step = begin(draw(start(), user("a"), end(), flows("s > a > e")))
    with pytest.raises(Stale):
        run.retry(step.opened[0].token, now=NOW)


def test_dead_end_stays_a_dead_end() -> None:
    data = draw(
        start(), xor("g", "g_b"), user("a"), user("b"), par("j"), end(),
        flows("s > g", "a > j > e", "b > j", "g > b"), flow("g", "a", "=false"),
    )  # fmt: skip
    run, _ = begin(data)
    do(run, "b")
    run = Engine(library(data)).load(run.dump())
    again = run.retry(run.incidents[0].token, now=NOW)
    assert [i.code for i in again.incidents] == ["dead_end"]


def test_loop_limit_stays_closed() -> None:
    data = draw(start(), xor("g"), script("x", "={n: 1}"), end(), flows("s > g > x > g"))
    run, step = begin(data)
    again = run.retry(step.incidents[0].token, now=NOW)
    assert [i.code for i in again.incidents] == ["limit"]
