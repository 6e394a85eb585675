"""What keeps a saved instance from going on under other files, on small diagrams."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.process import Engine, Library
from app.process.moving import reasons_against
from tests.studio.drawing import both, call, diagram, end, flows, start, timer, user

NOW = datetime(2026, 4, 7, 2, 5, tzinfo=UTC)
VERIFY = user("verify", "现场核实")
LINE = flows("begin > verify > done")
FORK = "begin > fork\nfork > verify > join\nfork > look > join\njoin > done"


def library(*parts: str, id: str = "main") -> Library:
    return Library({"processes/here/main.bpmn": diagram(*parts, id=id)})


def saved(before: Library, *, done: str = "") -> bytes:
    """The state at the first wait, or after one item was done."""
    run, _step = Engine(before).start("main", {}, now=NOW)
    for item in run.waiting:
        if item.element_id == done:
            run.complete(item.token, {}, now=NOW)
    return run.dump()


BEFORE = library(start(), VERIFY, end(), LINE)


@pytest.mark.parametrize(
    "after",
    [
        library(start(), VERIFY, end(), LINE),
        library(start(), user("verify", "入户核实", form="other"), end(), LINE),
        library(
            start(), VERIFY, user("more", "复核"), end(), flows("begin > verify > more > done")
        ),
        library(
            start(), user("first", "先办"), VERIFY, end(), flows("begin > first > verify > done")
        ),
    ],
    ids=["same", "renamed", "a step after", "a step before"],
)
def test_what_waits_is_there_so_it_moves(after: Library) -> None:
    state = saved(BEFORE)
    assert reasons_against(state, BEFORE, after) == []
    (item,) = Engine(after).load(state).waiting
    assert item.element_id == "verify"


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (library(start(), VERIFY, end(), LINE, id="other"), "没有流程"),
        (library(start(), user("look"), end(), flows("begin > look > done")), "没有这一环节"),
        (library(start(), user("verify", role="county_handler"), end(), LINE), "换了办理角色"),
        (
            library(start(), call("verify", "case.close"), end(), LINE),
            "换了种类或位置",
        ),
        (
            library(
                *(start(), VERIFY, timer("late", "verify"), end(), end("stopped")),
                flows("begin > verify > done\nlate > stopped"),
            ),
            "边界事件变了",
        ),
    ],
    ids=["process", "gone", "role", "kind", "boundary"],
)
def test_what_is_gone_or_changed_is_named(after: Library, said: str) -> None:
    reasons = reasons_against(saved(BEFORE), BEFORE, after)
    assert any(said in reason for reason in reasons), reasons


def test_boundary_event_that_waits_must_stay() -> None:
    before = library(
        *(start(), VERIFY, timer("late", "verify"), end(), end("stopped")),
        flows("begin > verify > done\nlate > stopped"),
    )
    reasons = reasons_against(saved(before), before, BEFORE)
    assert any("没有这一环节" in reason for reason in reasons)
    assert reasons_against(saved(before), before, before) == []


def test_join_with_another_way_in_is_refused() -> None:
    look = user("look", "另看")
    before = library(start(), both("fork"), VERIFY, look, both("join"), end(), flows(FORK))
    more = library(
        *(start(), both("fork"), VERIFY, look, user("third", "再看"), both("join"), end()),
        flows(f"{FORK}\nfork > third > join"),
    )
    half = saved(before, done="verify")
    assert any("汇合处" in reason for reason in reasons_against(half, before, more))
    assert reasons_against(half, before, before) == []
