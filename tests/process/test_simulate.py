"""Scenarios: what each scripted step does, and which expectation is told how."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.process import compare, scenarios_of, simulate
from tests.process.drawing import (
    catch,
    definition,
    draw,
    end,
    flow,
    flows,
    library,
    script,
    service,
    start,
    timer_definition,
    user,
    xor,
)

LIB = library(
    draw(
        start(),
        user("a", outputs={"n": "=n", "on": "=on"}),
        service("hold", "fund.hold", outputs={"held": "=held"}),
        xor("g", "g_a"),
        catch("t", timer_definition(timeDuration="PT1H")),
        catch("m", definition("message:m_paper")),
        end(),
        flows("s > a > hold > g", "g > a", "t > m > e"),
        flow("g", "t", "=held"),
    )
)
STEPS: list[dict[str, Any]] = [
    {
        "complete": "a",
        "values": {"n": 1000.10, "on": date(2026, 4, 7)},
        "at": "2026-04-07T11:00:00+08:00",
    },
    {"complete": "a", "values": {"n": 2, "on": None}},
    {"fire": "t"},
    {"send": "paper"},
]


def play(**changes: Any) -> Any:
    scenario = {"name": "x", "process": "p", "now": datetime.fromisoformat("2026-04-07T10:00:00+08:00"), "steps": STEPS,
                "answers": {"fund.hold": [{"held": False}, {"held": True}]}}  # fmt: skip
    return simulate(LIB, {**scenario, **changes})


def test_scenario_runs_to_its_end() -> None:
    outcome = play()
    assert (
        compare(
            outcome,
            {
                "end": "e",
                "path": ["a", "hold", "a", "hold", "t", "m"],
                "facts": {"n": 2, "held": True},
            },
        )
        == []
    )
    assert outcome.flows[0] == "s_a"
    assert [call.type for call in outcome.calls] == ["fund.hold", "fund.hold"]


def test_yaml_numbers_are_exact_and_dates_are_text() -> None:
    outcome = play(steps=STEPS[:1])
    assert outcome.facts["n"] == Decimal("1000.1")
    assert outcome.facts["on"] == "2026-04-07"


def test_answers_by_element_beat_answers_by_type_and_defaults_come_last() -> None:
    assert play(
        answers={"hold": {"held": True}, "fund.hold": {"held": False}}, steps=STEPS[:1]
    ).waiting == ("t",)
    scenario = {"process": "p", "steps": STEPS[:1]}
    assert simulate(LIB, scenario, defaults={"fund.hold": {"held": True}}).waiting == ("t",)
    assert simulate(LIB, scenario).waiting == ("a",)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"complete": "zzz"}, "zzz"),
        ({"fire": "t"}, "“t”"),
        ({"retry": "a"}, "“a”"),
        ({"send": "paper"}, "paper"),
        ({}, "没有写明"),
    ],
)
def test_step_that_can_not_be_done_is_told(step: dict[str, Any], words: str) -> None:
    (problem,) = compare(play(steps=[step]), {})
    assert words in problem


def test_cancelled_scenario_waits_for_nothing() -> None:
    outcome = play(steps=[{"cancel": True}])
    assert outcome.ended
    assert compare(outcome, {"waiting": []}) == []


def test_unexpected_stop_is_told_with_its_reason() -> None:
    lib = library(draw(start(), script("x", "=nothing", "k"), end(), flows("s > x > e")))
    outcome = simulate(lib, {"process": "p"})
    assert compare(outcome, {"incident": "x"}) == []
    (problem,) = compare(outcome, {})
    assert "结果为空" in problem
    retried = simulate(lib, {"process": "p", "steps": [{"retry": "x"}]})
    assert len(retried.incidents) == 2


def test_unknown_process_and_bad_moment_are_told() -> None:
    assert simulate(LIB, {"process": "nope"}).problems
    assert play(steps=[{"complete": "a", "at": "yesterday"}]).problems
    assert play(facts={"n": object()}).problems


def test_scenarios_know_their_process() -> None:
    document = {"process": "p", "scenarios": [{"name": "x"}, {"name": "y", "process": "q"}]}
    assert [s["process"] for s in scenarios_of(document)] == ["p", "q"]
    assert scenarios_of([{"process": "q"}]) == [{"process": "q"}]
    assert scenarios_of({}) == []
