"""Each fault has a drawing that shows it; the good drawings have none.

Files that can not be read at all are in test_xmlread; the corpus is under tests/attack.
"""

from __future__ import annotations

import pytest

from app.decision.result import Finding
from app.kernel.roles import ROLES
from app.process import lint
from tests.process.drawing import (
    activity,
    catch,
    definition,
    draw,
    end,
    ext,
    flow,
    flows,
    guard,
    io,
    node,
    par,
    rule,
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
from tests.process.golden import ROOT
from tests.process.test_golden import BIG, shipped_files


def check(data: bytes, **more: object) -> list[Finding]:
    options = {
        "call_types": {"payment.pay", "message.send"},
        "form_ids": {"f"},
        "roles": ROLES,
        "decision_ids": {"d"},
    }
    return lint({"x.bpmn": data}, **{**options, **more})  # type: ignore[arg-type]


LINE = flows("s > a > e")
BAD: list[tuple[str, str, bytes]] = [
    ("no_role", "a", draw(start(), user("a", role=""), end(), LINE)),
    ("unknown_role", "a", draw(start(), user("a", role="king"), end(), LINE)),
    ("unknown_form", "a", draw(start(), node("userTask", "a", ext('<zeebe:formDefinition formId="g"/>')), end(), LINE)),
    ("unknown_call", "a", draw(start(), service("a", "rocket.launch"), end(), LINE)),
    ("unknown_decision", "a", draw(start(), rule("a", "nope", "r"), end(), LINE)),
    ("no_result", "a", draw(start(), rule("a", "d", ""), end(), LINE)),
    ("no_script", "a", draw(start(), script("a", "x = 1"), end(), LINE)),
    ("unknown_process", "a", draw(start(), activity("a", "q"), end(), LINE)),
    ("recursive_call", "a", draw(start(), activity("a", "p"), end(), LINE)),
    ("not_executable", "p", draw(start(), user("a"), end(), LINE, executable="false")),
    ("one_start", "p", draw(user("a"), end(), flows("a > e"))),
    ("one_start", "p", draw(start(), start("s2"), user("a"), end(), LINE, flows("s2 > a"))),
    ("no_end", "p", draw(start(), user("a"), flows("s > a"))),
    ("unreachable", "b", draw(start(), user("a"), user("b"), end(), LINE, flows("b > e"))),
    ("no_way_out", "b", draw(start(), xor("a", "a_e"), user("b"), end(), LINE, flow("a", "b", "=true"))),
    ("dangling_flow", "a_x", draw(start(), user("a"), end(), LINE, flows("a > x"))),
    ("dangling_flow", "a_x", draw(start(), user("a"), sub("sp", start("s2"), user("x"), end("e2"), flows("s2 > x > e2")), end(), flows("s > a > sp > e"), flow("a", "x"))),
    ("wrong_flow", "a_s", draw(start(), user("a"), end(), flows("s > a > s"), flow("a", "e"))),
    ("condition_ignored", "a_e", draw(start(), user("a"), end(), flows("s > a"), flow("a", "e", "=true"))),
    ("condition_ignored", "a_e", draw(start(), xor("a", "a_e"), user("b"), end(), flows("s > a", "b > e"), flow("a", "e", "=true"), flow("a", "b", "=true"))),
    ("many_ways", "a", draw(start(), user("a"), user("b"), end(), LINE, flows("a > b > e"))),
    ("many_ways", "s", draw(start(), user("a"), user("b"), end(), LINE, flows("s > b > e"))),
    ("wrong_default", "a", draw(start(), xor("a", "s_a"), end(), flows("s > a"), flow("a", "e", "=true"))),
    ("no_condition", "a_b", draw(start(), xor("a", "a_e"), user("b"), user("c"), end(), LINE, flows("a > b > e", "c > e"), flow("a", "c", "=true"))),
    ("condition_not_feel", "a_b", draw(start(), xor("a", "a_e"), user("b"), end(), LINE, flows("b > e"), flow("a", "b", "true"))),
    ("busy_circle", "g", draw(start(), xor("g", "g_e"), script("x", "={n: 1}"), end(), flows("s > g > e", "x > g"), flow("g", "x", "=true"))),
    ("busy_circle", "a", draw(start(), xor("a", "a_e"), service("b"), end(), LINE, flows("b > a"), flow("a", "b", "=true"))),
    ("boundary_host", "t", draw(start(), service("a"), guard("t", "a", timer_definition(timeDuration="PT1H")), end(), LINE, flows("t > e"))),
    ("boundary_host", "g", draw(start(), user("a"), guard("g", "a", definition("error:er")), end(), LINE, flows("g > e"))),
    ("boundary_kind", "g", draw(start(), sub("a", start("s2"), end("e2", "error:er"), flows("s2 > e2")), guard("g", "a", definition("error:er"), cancel=False), end(), LINE, flows("g > e"))),
    ("uncaught_error", "e2", draw(start(), sub("a", start("s2"), end("e2", "error:er"), flows("s2 > e2")), end(), LINE)),
    ("uncaught_error", "e", draw(start(), user("a"), end("e", "error:er"), LINE)),
    ("no_code", "e", draw(start(), user("a"), end("e", "error"), LINE)),
    ("no_message", "a", draw(start(), catch("a", definition("message")), end(), LINE)),
    ("timer_empty", "a", draw(start(), catch("a", timer_definition()), end(), LINE)),
    ("timer_invalid", "a", draw(start(), catch("a", timer_definition(timeDuration="soon")), end(), LINE)),
    ("timer_invalid", "a", draw(start(), catch("a", timer_definition(timeDate="2026-02-30T00:00:00")), end(), LINE)),
    ("timer_invalid", "t", draw(start(), user("a"), guard("t", "a", timer_definition(timeCycle="R/PT1H"), cancel=False), end(), LINE, flows("t > e"))),
    ("cycle_place", "a", draw(start(), catch("a", timer_definition(timeCycle="R3/PT1H")), end(), LINE)),
    ("many_definitions", "a", draw(start(), catch("a", timer_definition(timeDuration="PT1H") + definition("message:m_paper")), end(), LINE)),
    ("many_definitions", "a", draw(start(), catch("a", timer_definition(timeDuration="PT1H", timeDate="2026-01-01T00:00:00Z")), end(), LINE)),
    ("no_definition", "a", draw(start(), catch("a", ""), end(), LINE)),
    ("bad_due", "a", draw(start(), user("a", due="tomorrow"), end(), LINE)),
    ("bad_name", "a", draw(start(), user("a", outputs={"typename": "=1"}), end(), LINE)),
    ("bad_name", "a", draw(start(), user("a", outputs={"a.b": "=1"}), end(), LINE)),
    ("bad_name", "a", draw(start(), user("a", outputs={"": "=1"}), end(), LINE)),
    ("no_source", "a", draw(start(), user("a", outputs={"k": ""}), end(), LINE)),
    ("duplicate_target", "a", draw(start(), node("userTask", "a", ext(io({}, {"k": "=1"}).replace("</zeebe:ioMapping>", '<zeebe:output source="=2" target="k"/></zeebe:ioMapping>'))), end(), LINE)),
    ("empty_expression", "a", draw(start(), user("a", outputs={"k": "="}), end(), LINE)),
    ("element_not_executed", "a", draw(start(), node("receiveTask", "a"), end(), LINE)),
    ("element_not_executed", "a", draw(start(), node("userTask", "a", '<bpmn:multiInstanceLoopCharacteristics isSequential="false"/>'), end(), LINE)),
    ("element_not_executed", "a", draw(start(), node("intermediateThrowEvent", "a", "<bpmn:linkEventDefinition/>"), end(), LINE)),
    ("element_not_executed", "e", draw(start(), user("a"), node("endEvent", "e", "<bpmn:signalEventDefinition/>"), LINE)),
    ("element_not_executed", "s", draw(node("startEvent", "s", timer_definition(timeDuration="PT1H")), user("a"), end(), LINE)),
    ("element_not_executed", "g", draw(start(), node("eventBasedGateway", "g"), catch("a", definition("message:m_paper")), end(), flows("s > g > a > e"))),
    ("attribute_not_executed", "sp", draw(start(), user("a"), node("subProcess", "sp", start("s2") + end("e2") + flows("s2 > e2"), triggeredByEvent="true"), end(), LINE)),
    ("attribute_not_executed", "a", draw(start(), node("userTask", "a", isForCompensation="true"), end(), LINE)),
    ("attribute_not_executed", "a", draw(start(), node("userTask", "a", ext('<zeebe:assignmentDefinition assignee="li"/>')), end(), LINE)),
    ("foreign_element", "a", draw(start(), node("userTask", "a", ext('<zeebe:executionListeners/>')), end(), LINE)),
    ("starving_join", "j", draw(start(), xor("g", "g_b"), user("a"), user("b"), par("j"), end(), flow("g", "a", "=true"), flows("s > g > b > j > e", "a > j"))),
    ("doubled_step", "c", draw(start(), par("g"), user("a"), user("b"), xor("m"), user("c"), end(), flows("s > g > a > m > c > e", "g > b > m"))),
    ("dead_step", "c", draw(start(), sub("sp", start("s2"), user("a"), node("endEvent", "e2", definition("error:err")), flows("s2 > a > e2")), guard("g", "sp", definition("error:err")), user("c"), end(), end("e3"), flows("s > sp > c > e", "g > e3"))),
    ("bad_limit", "a", draw(start(), node("userTask", "a", ext('<zeebe:properties><zeebe:property name="limit" value="3 days"/></zeebe:properties>')), end(), LINE)),
    ("duplicate_id", "a", draw(start(), user("a"), user("a"), end(), LINE)),
    ("no_id", "", draw(start(), user("a"), end(), LINE, "<bpmn:userTask/>")),
    ("bad_id", "申请", draw(start(), user("申请"), end(), flows("s > 申请 > e"))),
    ("duplicate_process", "p", whole(scope(start(), user("a"), end(), LINE), scope(start("s2"), user("a2"), end("e2"), flows("s2 > a2 > e2")))),
    ("unknown_element", "a", draw(start(), node("userTask", "a", ext('<zeebe:properties><zeebe:property name="not_done_by" value="ghost"/></zeebe:properties>')), end(), LINE)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "element_id", "data"), BAD, ids=[f"{c}-{n}" for n, (c, _, _) in enumerate(BAD)]
)
def test_fault_is_named_at_its_element(code: str, element_id: str, data: bytes) -> None:
    found = [f for f in check(data) if f.code == code]
    assert [f.place.element_id for f in found][:1] == [element_id]
    assert found[0].severity == "error"
    assert found[0].message.endswith("。")
    assert found[0].suggestion


WARNED = [
    ("plain_task", "a", draw(start(), node("task", "a"), end(), LINE)),
    ("no_default", "a", draw(start(), xor("a"), user("b"), end(), flows("s > a", "b > e"), flow("a", "e", "=true"), flow("a", "b", "=false"))),
    ("unknown_fact", "a", draw(start(), user("a", inputs={"k": "=amuont"}), end(), LINE)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "element_id", "data"), WARNED)
def test_doubt_is_a_warning(code: str, element_id: str, data: bytes) -> None:
    found = [(f.code, f.place.element_id) for f in check(data) if f.severity == "warning"]
    assert (code, element_id) in found
    assert not [f for f in check(data) if f.severity == "error"]


def test_misspelt_fact_is_an_error_once_facts_are_declared() -> None:
    data = draw(start(facts="amount,cause"), user("a", inputs={"k": "=amuont"}), end(), LINE)
    (found,) = check(data)
    assert (found.severity, found.code) == ("error", "unknown_fact")
    assert "amount" in found.suggestion


GOOD = [
    BIG,
    draw(start(), user("a"), end(), LINE),
    draw(start(), user("a"), xor("g", "g_e"), end(), flows("s > a > g > e"), flow("g", "a", "=true")),
    draw(start(), throw("up"), end(), flows("s > up > e")),
    draw(start(), xor("g", "g_e"), sub("sp", start("s2"), user("x"), end("e2"), flows("s2 > x > e2")), end(), flows("s > g > e", "sp > g"), flow("g", "sp", "=true")),
]  # fmt: skip


@pytest.mark.parametrize("data", GOOD)
def test_good_drawing_has_no_error(data: bytes) -> None:
    assert [f for f in check(data) if f.severity == "error"] == []


def test_all_faults_are_told_at_once() -> None:
    data = draw(
        start(),
        user("a", role=""),
        service("b", "x.y"),
        end("e", "error:er"),
        flows("s > a > b > e"),
    )
    assert {"no_role", "unknown_call", "uncaught_error"} <= {f.code for f in check(data)}


@pytest.mark.parametrize(
    "locality", sorted(p.parent.name for p in ROOT.glob("processes/*/emergency.bpmn"))
)
def test_shipped_diagrams_have_no_error(locality: str) -> None:
    forms = {p.stem for p in ROOT.glob("forms/*/*.form")}
    files = shipped_files(locality)
    calls = {
        line.split('"')[1]
        for data in files.values()
        for line in data.decode().split("<zeebe:taskDefinition type=")[1:]
    }
    wanted = forms or {
        part.split('"')[1] for d in files.values() for part in d.decode().split("formId=")[1:]
    }
    found = lint(files, call_types=calls, form_ids=wanted, roles=ROLES)
    assert [(f.code, f.place.element_id, f.message) for f in found if f.severity == "error"] == []
