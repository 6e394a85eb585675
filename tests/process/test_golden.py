"""Every wait of every scenario survives a save here and a load in another process.

Covers our own drawings and, as they appear, the shipped processes with their scenario files;
whether those meet their expectations is asserted here too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.process import compare, scenarios_of, simulate
from tests.process.drawing import (
    activity,
    catch,
    definition,
    end,
    flow,
    flows,
    guard,
    inc,
    par,
    scope,
    script,
    service,
    start,
    sub,
    throw,
    timer_definition,
    user,
    whole,
    xor,
)
from tests.process.golden import ROOT, assert_golden, elsewhere

BIG = whole(
    scope(
        start(), par("fork"),
        user("a", inputs={"shown": "=n"}, outputs={"n": "=n", "when": "=today()", "big": "=1/3"}, due="=now() + duration(\"PT24H\")"),
        guard("remind", "a", timer_definition(timeCycle="R2/PT1H"), cancel=False), user("reminded"), end("e_r"),
        sub(
            "sp", start("s2"), throw("up"), user("x", outputs={"more": "=more"}), xor("again", "again_done"),
            catch("wait", timer_definition(timeDuration="P1D")), end("done"),
            flows("s2 > up > x > again", "wait > x"), flow("again", "wait", "=more"), flow("again", "done"),
        ),
        guard("told", "sp", definition("escalation:es"), cancel=False), service("note", "message.send"), end("e_t"),
        activity("call", "q", {"m": "=n"}), guard("failed", "call", definition("error:er")), user("mend"), xor("either"),
        par("join"), inc("split", "split_j2"), user("i1"), user("i2"), inc("j2"), script("sum", "={total: n * 2}"),
        user("last", outputs={"dec": "=dec"}), guard("paper", "last", definition("message:m_paper")), end(), end("e_p"),
        flows(
            "s > fork > a > join > split > j2 > sum > last > e", "remind > reminded > e_r",
            "fork > sp > join", "told > note > e_t", "fork > call > either > join", "failed > mend > either",
            "i1 > j2", "i2 > j2", "paper > e_p",
        ),
        flow("split", "i1", "=n > 1"), flow("split", "i2", "=n > 2"),
    ),
    scope(
        start("s_q"), user("q1", outputs={"ok": "=ok"}), xor("q_ok", "q_ok_q_e"), end("q_e"),
        end("q_bad", "error:er"), flows("s_q > q1 > q_ok > q_e"), flow("q_ok", "q_bad", "=ok = false"), process="q",
    ),
)  # fmt: skip

SCENARIOS: list[dict[str, Any]] = [
    {
        "name": "every wait, no error",
        "process": "p",
        "facts": {"n": 1, "more": False},
        "steps": [
            {"fire": "remind"}, {"complete": "x", "values": {"more": True}}, {"fire": "wait"},
            {"complete": "reminded"}, {"complete": "x", "values": {"more": False}}, {"fire": "remind"},
            {"complete": "q1", "values": {"ok": True}}, {"complete": "a", "values": {"n": 3}},
            {"complete": "i2"}, {"complete": "i1"}, {"complete": "reminded"},
            {"complete": "last", "values": {"dec": "1000.00"}},
        ],
        "answers": {"message.send": {}},
        "expect": {"end": "e", "path": ["told", "x", "join", "i2", "sum"], "facts": {"n": 3, "total": 6}},
    },
    {
        "name": "error in the called process, paper arrives",
        "process": "p",
        "facts": {"n": 1, "more": False},
        "steps": [
            {"complete": "q1", "values": {"ok": False}}, {"complete": "mend"}, {"complete": "x"},
            {"complete": "a", "values": {"n": 1}}, {"send": "paper"},
        ],
        "expect": {"end": "e_p", "path": ["q_bad", "failed", "mend"], "not_path": ["i1", "last"]},
    },
    {
        "name": "withdrawn in the middle",
        "process": "p",
        "facts": {"n": 1, "more": False},
        "steps": [{"complete": "x", "values": {"more": True}}, {"cancel": True}],
        "expect": {"waiting": [], "path": ["x"]},
    },
]  # fmt: skip


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s["name"])
def test_drawn_scenario_survives_every_wait(scenario: dict[str, Any], tmp_path: Path) -> None:
    with elsewhere({"big.bpmn": BIG}, tmp_path) as there:
        outcome = assert_golden(there, scenario)
        assert there.waits > len(scenario["steps"])
    assert compare(outcome, scenario["expect"]) == []


SHIPPED = sorted(ROOT.glob("processes/*/*.scenarios.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_shipped_scenarios_survive_every_wait(path: Path, tmp_path: Path) -> None:
    files = shipped_files(path.parent.name)
    scenarios = scenarios_of(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert scenarios, "the scenario file is empty"
    problems: dict[str, list[str]] = {}
    with elsewhere(files, tmp_path) as there:
        for scenario in scenarios:
            outcome = assert_golden(there, scenario)
            found = compare(outcome, scenario.get("expect") or {})
            if found:
                problems[scenario["name"]] = found
    assert problems == {}


def shipped_files(locality: str) -> dict[str, bytes]:
    """The diagrams and tables of a locality, its parents' where it has none of that name."""
    import tomllib

    files: dict[str, bytes] = {}
    while locality:
        for folder in ("processes", "dmn"):
            for path in sorted((ROOT / folder / locality).glob("*")):
                if path.suffix in (".bpmn", ".dmn"):
                    files.setdefault(f"{folder}/{path.name}", path.read_bytes())
        about = ROOT / "processes" / locality / "locality.toml"
        locality = tomllib.loads(about.read_text(encoding="utf-8")).get("parent", "")
    return files


def test_wrong_expectations_are_told() -> None:
    from tests.process.drawing import library

    made = library(BIG)
    scenario = {"process": "p", "facts": {"n": 1}, "steps": [{"complete": "nowhere"}]}
    outcome = simulate(made, scenario)
    assert "nowhere" in outcome.problems[0]
    found = compare(
        outcome, {"path": ["last"], "not_path": ["s"], "facts": {"n": 2}, "end": "e", "waiting": []}
    )
    assert len(found) == 6
