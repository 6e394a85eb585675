"""The diagrams as drawn and as named; what they do is in test_scenarios.

Positions matter: policy staff read the picture, and the case page is drawn from it.
"""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest

from app.cases.calls import CATALOGUE
from app.kernel.roles import ROLES
from app.process import ProcessDefinition, lint
from tests.policy.pack import BPMN, clauses, diagrams, forms, library, package, tree

PROCESSES = ("accountability", "city_direct", "emergency", "expenditure", "intake", "major")
PROCESSES += ("repeat_review",)
PROCESSES += ("audit_issue", "complaint", "discovery", "inspection", "rectification")
PROCESSES += ("bank_return", "reserve_review", "writeoff")
GAP = 40  # pixels between shapes of one row


@pytest.fixture(params=PROCESSES)
def process(request: pytest.FixtureRequest) -> ProcessDefinition:
    return library().definition(request.param)


def test_the_pack_has_these_processes() -> None:
    assert sorted(library().process_ids) == sorted(PROCESSES)


def test_the_lint_finds_nothing() -> None:
    found = lint(package().files, call_types=CATALOGUE, form_ids=forms(), roles=ROLES)
    assert [
        (one.severity, one.place.element_id, one.message) for one in found if one.severity != "info"
    ] == []


def test_element_ids_are_unique_in_the_whole_pack() -> None:
    ids = [name for one in PROCESSES for name in library().definition(one).elements]
    assert len(ids) == len(set(ids))


def test_ids_are_ascii_and_labels_chinese(process: ProcessDefinition) -> None:
    for element in process.elements.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", element.id)
        if not element.kind.endswith("Gateway"):
            assert re.search(r"[一-鿿]", element.name), element.id
    for flow in process.flows.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", flow.id)


def test_everything_is_drawn(process: ProcessDefinition) -> None:
    lanes = {lane.id for lane in process.lanes}
    assert set(process.shapes) == set(process.elements) | lanes
    assert set(process.edges) == set(process.flows)


def belong_together(process: ProcessDefinition, one: str, two: str) -> bool:
    """True for a sub-process and what it holds, and for a host and the event on its edge."""
    a, b = process.elements[one], process.elements[two]
    return bool({a.parent_id, a.attached_to} & {two} or {b.parent_id, b.attached_to} & {one}) or (
        a.attached_to == b.parent_id != "" or b.attached_to == a.parent_id != ""
    )


def test_shapes_keep_their_distance(process: ProcessDefinition) -> None:
    boxes = {name: process.shapes[name].bounds for name in process.elements}
    for (one, a), (two, b) in combinations(boxes.items(), 2):
        if belong_together(process, one, two):
            continue
        beside = max(a.x, b.x) - min(a.x + a.width, b.x + b.width)
        above = max(a.y, b.y) - min(a.y + a.height, b.y + b.height)
        assert max(beside, above) >= GAP, (one, two)


def test_lines_are_square_and_meet_their_shapes(process: ProcessDefinition) -> None:
    for flow in process.flows.values():
        points = process.edges[flow.id].waypoints
        for (x, y), (u, v) in pairwise(points):
            assert x == u or y == v, flow.id
        for name, (x, y) in ((flow.source, points[0]), (flow.target, points[-1])):
            box = process.shapes[name].bounds
            assert box.x <= x <= box.x + box.width, flow.id
            assert box.y <= y <= box.y + box.height, flow.id


def test_no_line_runs_through_a_step(process: ProcessDefinition) -> None:
    for flow in process.flows.values():
        points = process.edges[flow.id].waypoints
        inside = {process.elements[name].parent_id for name in (flow.source, flow.target)}
        inside.add(process.elements[flow.source].attached_to)
        for name in set(process.elements) - {flow.source, flow.target} - inside:
            box = process.shapes[name].bounds
            for (x, y), (u, v) in pairwise(points):
                clear = (
                    max(x, u) <= box.x
                    or min(x, u) >= box.x + box.width
                    or max(y, v) <= box.y
                    or min(y, v) >= box.y + box.height
                )
                assert clear, (flow.id, name)


def test_every_element_stands_inside_its_lane(process: ProcessDefinition) -> None:
    for element in process.elements.values():
        lane, box = process.shapes[element.lane_id].bounds, process.shapes[element.id].bounds
        assert lane.x <= box.x, element.id
        assert box.x + box.width <= lane.x + lane.width, element.id
        assert lane.y <= box.y, element.id
        assert box.y + box.height <= lane.y + lane.height, element.id


def test_lanes_are_roles_and_people_work_in_their_own(process: ProcessDefinition) -> None:
    labels = {role.label for role in ROLES.values()}
    assert {lane.name for lane in process.lanes} <= labels
    for element in process.elements.values():
        if element.kind == "userTask":
            assert element.lane_name == ROLES[element.role].label, element.id


def test_every_choice_has_a_default_or_is_a_join(process: ProcessDefinition) -> None:
    for element in process.elements.values():
        if element.kind == "exclusiveGateway" and len(element.outgoing) > 1:
            assert element.default_flow in element.outgoing, element.id
            assert element.name, element.id
            assert all(process.flows[name].name for name in element.outgoing), element.id


def test_every_task_for_people_asks_and_hints(process: ProcessDefinition) -> None:
    for element in process.elements.values():
        if element.kind == "userTask":
            # A meeting asks on its own page, not in a form.
            assert element.form_id in forms() or element.properties["step"] == "meeting"
            assert element.properties["hint"].endswith("。"), element.id
            assert set(element.properties["clause"].split(",")) <= set(clauses()), element.id


def test_no_figure_of_a_standard_stands_in_a_diagram() -> None:
    for path in diagrams():
        for node in tree(path).iter():
            if not isinstance(node.tag, str) or not node.tag.startswith(BPMN):
                continue
            words = f"{node.get('name', '')} {node.text or ''}"
            words = re.sub(r"〔\d+〕\d+号|（\d+）|\d+(?=、|。|$)", "", words)
            assert not re.search(r"\d{2,}|千元|小时|个工作日", words), (path, node.get("id"), words)


def test_nothing_is_asked_about_means_before_the_payment() -> None:
    """G05: no check of means, no appraisal, no publicity before first relief (S0 二(二))."""
    process = library().definition("emergency")
    before, waiting = set(), ["emergency_started"]
    while waiting:
        name = waiting.pop()
        if name not in before and name != "record_payment":
            before.add(name)
            waiting += [process.flows[flow].target for flow in process.elements[name].outgoing]
    assert "verify" in before
    assert "publish" not in before
    labels = " ".join(process.elements[name].name for name in before)
    assert not re.search("经济状况|核对平台|评议|公示|张榜", labels)


def test_approvers_did_not_verify_and_judges_did_not_handle() -> None:
    emergency, errors = library().definition("emergency"), library().definition("accountability")
    for name in ("approve_township", "approve_county"):
        assert emergency.elements[name].properties["not_done_by"] == "verify"
    assert errors.elements["classify"].properties["not_done_by"] == (
        "verify,reverify,pay,catchup,stage_review,pay_stage,city_verify,city_pay,city_catchup"
    )
    assert errors.elements["conclude"].properties["not_done_by"] == "classify"


def test_only_named_answers_become_facts() -> None:
    """Names, numbers, accounts and illnesses stay in the encrypted answers."""
    personal = {
        "name",
        "id_number",
        "phone",
        "account",
        "illness",
        "address",
        "findings",
        "summary",
        "payer",
        "signer",
        "investigator",
        "recipient",
    }
    for one in PROCESSES:
        for element in library().definition(one).elements.values():
            for line in element.outputs:
                assert not any(word in line.source or word in line.target for word in personal), (
                    element.id
                )
    start = library().definition("intake").elements["report_received"]
    assert start.properties["facts"] == "applicant_kind,residence,area,cause"
