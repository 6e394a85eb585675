"""A changed amount and a new task: examples and scenarios follow by a person's word; through HTTP."""

from __future__ import annotations

from uuid import UUID

from app.studio import drafts
from app.studio.subject import Surroundings
from tests.acceptance.test_backtest import TABLE, person, raised
from tests.acceptance.test_trials import named, opened
from tests.world import LOCALITY

DIAGRAM = f"processes/{LOCALITY}/expenditure.bpmn"
FLOW = '<bpmn:sequenceFlow id="flow_visit_home_appraise" sourceRef="visit_home" targetRef="appraise" />'
NEW = """<bpmn:userTask id="look_again" name="复核入户记录">
  <bpmn:extensionElements>
    <zeebe:formDefinition formId="visit" />
    <zeebe:assignmentDefinition candidateGroups="county_handler" />
  </bpmn:extensionElements>
  <bpmn:incoming>flow_visit_home_appraise</bpmn:incoming>
  <bpmn:outgoing>flow_look_again</bpmn:outgoing>
</bpmn:userTask>
<bpmn:sequenceFlow id="flow_visit_home_appraise" sourceRef="visit_home" targetRef="look_again" />
<bpmn:sequenceFlow id="flow_look_again" sourceRef="look_again" targetRef="appraise" />"""


def codes(county, draft_id: UUID) -> list[str]:
    """What the checks find wrong."""
    around = Surroundings(now=county.clock.now())
    report = drafts.check_draft(county.office.database, person(county, "政策吴"), draft_id, around)
    return [one.code for one in report.of("error")]


def test_examples_follow_a_new_amount_where_a_person_says_so(county):
    county = county("2026-04-01T09:00:00+08:00")
    draft_id = raised(county)
    assert set(codes(county, draft_id)) == {"example_failed"}
    base = f"/studio/drafts/{draft_id}"
    visitor = county.person("政策吴")
    page = visitor.get(f"{base}/examples/")
    assert "医疗自负 10000.00 元" in page.text
    assert "医疗自负 30000.00 元" not in page.text  # its segment stays
    boxes = page.tree.xpath("//input[@name='example']")
    row = next(
        one for one in boxes if "医疗自负 10000.00 元" in one.getparent().getparent().text_content()
    )
    assert "2700" in row.getparent().getparent().text_content()
    assert "3600" in row.getparent().getparent().text_content()
    form = named(page, "跟着改")
    one = visitor.press(page, form, {"example": [row.get("value")]})
    assert "1 个算例已按新标准改过来" in one.text
    assert len(one.tree.xpath("//input[@name='example']")) == len(boxes) - 1
    rest = [box.get("value") for box in one.tree.xpath("//input[@name='example']")]
    done = visitor.press(one, named(one, "跟着改"), {"example": rest})
    assert "全部算例都与标准相符" in done.text
    assert codes(county, draft_id) == []
    database, actor = county.office.database, person(county, "政策吴")
    path = TABLE.replace(".dmn", ".cases.csv")
    old = drafts.load(database, actor, draft_id).base.companions[path].decode().splitlines()
    new = drafts.read_file(database, actor, draft_id, path).content.decode().splitlines()
    differing = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert len(differing) == len(boxes)
    assert all(a.split(",")[:3] == b.split(",")[:3] for a, b in differing)


def test_a_new_task_is_answered_once_for_all_scenarios(county):
    county = county("2026-04-01T09:00:00+08:00")
    base = opened(county)
    draft_id = UUID(base.rpartition("/")[2])
    database, actor = county.office.database, person(county, "政策吴")
    file = drafts.read_file(database, actor, draft_id, DIAGRAM)
    text = file.content.decode()
    assert FLOW in text
    text = text.replace(FLOW, NEW).replace(
        "<bpmn:incoming>flow_visit_home_appraise</bpmn:incoming>",
        "<bpmn:incoming>flow_look_again</bpmn:incoming>",
    ).replace(
        "<bpmn:incoming>flow_look_again</bpmn:incoming>\n  <bpmn:outgoing>flow_look_again",
        "<bpmn:incoming>flow_visit_home_appraise</bpmn:incoming>\n  <bpmn:outgoing>flow_look_again",
    )  # fmt: skip
    drafts.write_file(
        database, actor, draft_id, DIAGRAM, text.encode(), expected_sha256=file.sha256, key="w"
    )
    visitor = county.person("政策吴")
    page = visitor.get(f"{base}/scenarios/")
    assert "个情景停在新环节“复核入户记录”" in page.text
    asked = visitor.get(page.link("一次补上“复核入户记录”"))
    empty = visitor.press(asked, named(asked, "补进这"), {})
    assert empty.status == 422
    done = visitor.press(
        empty,
        named(empty, "补进这"),
        {"investigator_1": "甲", "investigator_2": "乙", "visit_facts": "属实"},
    )
    assert "个情景已补上“复核入户记录”" in done.text
    assert "个情景都与预期相符" in done.text
    assert "scenario_failed" not in codes(county, draft_id)
