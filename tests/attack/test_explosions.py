"""Small files that ask for much work are refused or stopped quickly, by counts and not by time."""

from __future__ import annotations

import time

import pytest

from app.kernel.errors import ModelError
from app.kernel.roles import ROLES
from app.process import Library, limits, lint
from tests.process.drawing import (
    activity,
    begin,
    draw,
    end,
    flow,
    flows,
    library,
    node,
    par,
    scope,
    script,
    start,
    user,
    whole,
    xor,
)

SECONDS = 5.0  # generous: the machine may be busy


def codes(data: bytes) -> set[str]:
    began = time.monotonic()
    found = lint({"x.bpmn": data}, call_types=(), form_ids=(), roles=ROLES)
    assert time.monotonic() - began < SECONDS
    return {f.code for f in found if f.severity == "error"}


def chain(length: int) -> bytes:
    names = ["s", *(f"t{n}" for n in range(length)), "e"]
    return draw(start(), *(user(name) for name in names[1:-1]), end(), flows(" > ".join(names)))


def test_process_at_and_above_the_element_limit() -> None:
    assert codes(chain(limits.FLOW_NODES - 2)) == set()
    assert "too_large" in codes(chain(limits.FLOW_NODES - 1))
    with pytest.raises(ModelError):
        library(chain(limits.FLOW_NODES - 1))


def test_thousands_of_elements_are_refused_quickly() -> None:
    data = draw(
        *(node("userTask", f"t{n}") for n in range(9_000)),
        *(flow(f"t{n}", f"t{n + 1}") for n in range(9_000)),
    )
    assert codes(data) == {"too_large"}


def test_findings_are_capped() -> None:
    data = draw(*(node("receiveTask", f"t{n}") for n in range(5_000)))
    found = lint({"x.bpmn": data}, call_types=(), form_ids=(), roles=ROLES)
    assert len(found) == limits.FINDINGS + 1
    assert found[-1].code == "too_many_findings"


def nested_calls(width: int, depth: int) -> bytes:
    processes = []
    for level in range(depth):
        calls = [f"c{level}_{n}" for n in range(width)]
        names = " > ".join([f"s{level}", *calls, f"e{level}"])
        inner = [activity(name, f"p{level + 1}") for name in calls]
        processes.append(
            scope(start(f"s{level}"), *inner, end(f"e{level}"), flows(names), process=f"p{level}")
        )
    last = scope(
        start("sl"), script("x", "={n: 1}"), end("el"), flows("sl > x > el"), process=f"p{depth}"
    )
    return whole(*processes, last)


def test_calls_that_multiply_are_linted_and_stopped() -> None:
    data = nested_calls(50, 7)
    assert codes(data) == set()
    began = time.monotonic()
    with pytest.raises(ModelError, match="空转"):
        begin(data, process="p0")
    assert time.monotonic() - began < SECONDS


def test_fork_of_forks_is_stopped() -> None:
    width = 60
    names = [f"a{n}" for n in range(width)]
    data = draw(
        start(), par("g"), xor("m"), par("h"), *(user(name) for name in names), end(),
        *(flow("g", "m", id=f"f{n}") for n in range(width)), flows("s > g", "m > h"),
        *(flow("h", name) + flow(name, "e") for name in names),
    )  # fmt: skip
    with pytest.raises(ModelError, match="同时打开"):
        begin(data)


def test_expressions_of_a_process_have_a_limit() -> None:
    long = "=" + "+".join(["1"] * 1_900)
    tasks = [
        user(f"t{n}", inputs={"k": long}) for n in range(limits.EXPRESSION_CHARS // len(long) + 1)
    ]
    names = ["s", *(f"t{n}" for n in range(len(tasks))), "e"]
    data = draw(start(), *tasks, end(), flows(" > ".join(names)))
    assert "too_large" in codes(data)
    with pytest.raises(ModelError):
        Library({"x.bpmn": data})


def test_deep_expression_is_a_finding() -> None:
    deep = "=" + "(" * 1_500 + "1" + ")" * 1_500
    assert codes(draw(start(), user("a", inputs={"k": deep}), end(), flows("s > a > e")))


def test_markings_that_multiply_leave_the_soundness_check_out() -> None:
    width = 12
    parts, ways = [], []
    for n in range(width):
        parts += [user(f"a{n}"), user(f"b{n}"), user(f"c{n}")]
        ways += [f"g > a{n} > b{n} > c{n} > j"]
    assert (
        codes(draw(start(), par("g"), *parts, par("j"), end(), flows("s > g", "j > e", *ways)))
        == set()
    )
