"""A third locality joins by files only: other deadlines, other tables, a diagram with a step more.

The files are made in a folder of their own, published through the studio like any others, and a
case of each path runs by HTTP. No code knows of it.
"""

from __future__ import annotations

import json
import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from app.cases.office import Office, load_calendar
from app.store import people
from app.store.session import Actor, Database
from app.studio.localities import resolve
from app.studio.publish import Order, publish
from app.studio.subject import Surroundings
from tests.acceptance import test_jiangxi as peer
from tests.acceptance import test_jiangxi_major as major
from tests.acceptance.conftest import County, staffed
from tests.acceptance.test_emergency import digits, succeeded
from tests.world import ROOT

PARENT, THIRD = "jiangxi", "third"
CODES = {"360722": "430581", "360700": "430500"}  # county and city
CHANGES = {  # file of the parent -> (words, words that replace them), each found exactly once
    "deadline.dmn": [("<text>24</text>", "<text>12</text>"), ("<text>10</text>", "<text>7</text>")],
    "authority.dmn": [],
    "relief_amount.dmn": [("<text>880.00</text>", "<text>700.00</text>")],
}
STEP = """<bpmn:userTask id="call_village" name="联系村组">
      <bpmn:extensionElements>
        <zeebe:formDefinition formId="call_village" />
        <zeebe:assignmentDefinition candidateGroups="township_handler" />
        <zeebe:properties>
          <zeebe:property name="clause" value="s2-2-2-emergency" />
          <zeebe:property name="hint" value="告诉村组谁需要照看。" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>flow_emergency_amount_approval_path</bpmn:incoming>
      <bpmn:outgoing>flow_call_village</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="flow_call_village" sourceRef="call_village" targetRef="approval_path" />
    """
FORM = {
    "type": "default",
    "id": "call_village",
    "name": "联系村组",
    "schemaVersion": 18,
    "components": [
        {"type": "textfield", "id": "f1", "key": "told", "label": "告诉了谁",
         "validate": {"required": True, "maxLength": 40}, "properties": {"sensitivity": "personal"}}
    ],
}  # fmt: skip


def replaced(text: str, old: str, new: str) -> str:
    """The text with the one place changed."""
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of models with the third locality in it; nothing but files."""
    for folder in ("processes", "dmn", "forms"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
        (tmp_path / folder / THIRD).mkdir()
    here = tmp_path / "processes" / THIRD
    (here / "locality.toml").write_text(
        f'name = "某市"\ncode = "430500"\nregion = "430581"\nparent = "{PARENT}"\n'
    )
    for name in ("organs.toml", "demo.toml"):
        text = (tmp_path / "processes" / PARENT / name).read_text("utf-8")
        for old, new in CODES.items():
            text = text.replace(old, new)
        (here / name).write_text(text.split("[[cases]]")[0])
    for name, changes in CHANGES.items():
        text = (tmp_path / "dmn" / PARENT / name).read_text("utf-8").replace("360722", "430581")
        for old, new in changes:
            text = replaced(text, old, new)
        if name == "authority.dmn":
            text = text.replace("<text>1000.00</text>", "<text>1500.00</text>")
        (tmp_path / "dmn" / THIRD / name).write_text(text)
    text = (tmp_path / "processes" / PARENT / "emergency.bpmn").read_text("utf-8")
    flow = '<bpmn:sequenceFlow id="flow_emergency_amount_approval_path"'
    text = replaced(text, 'sourceRef="emergency_amount" targetRef="approval_path"',
                    'sourceRef="emergency_amount" targetRef="call_village"')  # fmt: skip
    text = replaced(text, "<bpmn:incoming>flow_emergency_amount_approval_path</bpmn:incoming>",
                    "<bpmn:incoming>flow_call_village</bpmn:incoming>")  # fmt: skip
    (here / "emergency.bpmn").write_text(replaced(text, flow, STEP + flow))
    (tmp_path / "forms" / THIRD / "call_village.form").write_text(json.dumps(FORM))
    for path in (tmp_path / "processes" / PARENT).glob("*.scenarios.yaml"):
        process = path.name.removesuffix(".scenarios.yaml")  # its own examples come with use
        (here / path.name).write_text(f"process: {process}\nscenarios: []\n")
    return tmp_path


@pytest.fixture
def third(database: Database, clock, root: Path) -> County:
    """Its people at work; published by two of them on 2026-03-02."""
    clock.set(datetime.fromisoformat("2026-03-02T09:00:00+08:00"))
    office = Office(database, load_calendar(ROOT))
    county = staffed(office, clock, "60000.00", THIRD, root)
    publish(
        database,
        resolve(root, THIRD),
        Order("某市首次发布", document_no="某民〔2026〕1号"),
        author=actor(database, county, "信政策吴"),
        publisher=actor(database, county, "信发布郑"),
        surroundings=Surroundings(now=clock.now()),
        key="first",
    )
    return county


def actor(database: Database, county: County, name: str) -> Actor:
    """The person as the studio knows them."""
    with database.read() as unit:
        row = people.user_by_login(unit, county.logins[name])
        assert row is not None
        return people.actor_of(unit, row)


WHOM = {"about_names": "丙经办李", "reporter_phone": "13905370009", "channel": "online"}
REPORT = {**peer.REPORT, "township": "430581101", "village": "430581101201"}


def accepted(county: County, who: str = "信热线楚", **changes: str) -> str:
    """A report is accepted with these answers."""
    cause = changes.get("cause", "traffic")
    case_no = county.report(who, **{**REPORT, "cause": cause})
    answers = {**peer.ACCEPT, **changes}
    if answers["group"] != "other":
        answers["certified_by"] = "证-1"
    succeeded(county.do("丙经办李", case_no, "受理与分办", answers))
    return case_no


def relieved(county: County, case_no: str, moment: str, amount: str) -> None:
    """The emergency is verified, told to the village, approved by the township and paid."""
    succeeded(county.do("丙经办李", case_no, "现场核实", peer.verify(moment, amount)))
    assert not county.has_item("丙审批赵", case_no, "审批")  # the step more comes first
    succeeded(county.do("丙调查王", case_no, "联系村组", {"told": "村组长"}))
    succeeded(county.do("丙审批赵", case_no, "审批", peer.APPROVE))
    succeeded(county.do("丙经办李", case_no, "发放", peer.cash(moment, amount)))


def test_its_emergency_path_goes_by_its_own_tables_and_diagram(third: County) -> None:
    moment = "2026-03-02T09:00:00+08:00"
    case_no = accepted(third)
    assert "2026-03-02 21:00:00" in third.case(case_no).text  # 12 hours
    relieved(third, case_no, moment, "1500.00")  # its township may approve 1500.00
    assert "58500.00" in digits(third.fund("丙经办李"))
    succeeded(third.do("丙经办李", case_no, "发布公示", peer.PUBLISH))
    third.at("2026-03-03T10:00:00+08:00")
    eased = {"eased_at": "2026-03-03T09:00:00+08:00", "eased_note": "出院"}
    succeeded(third.do("丙经办李", case_no, "急难缓解确认", eased))
    assert "2026-03-12 24:00" in third.case(case_no).text  # 7 working days
    registered = {**peer.CATCHUP, "registered_amount": "1500.00"}
    succeeded(third.do("丙经办李", case_no, "补登", registered))
    assert "办理中" not in third.case(case_no).text


def test_its_limit_is_late_after_twelve_hours(third: County) -> None:
    case_no = accepted(third)
    third.at("2026-03-02T21:00:01+08:00")
    assert case_no in third.person("信县办钱").get("/deadlines/").text


def test_its_expenditure_path(third: County) -> None:
    case_no = accepted(third, emergency_now="no", cause="schooling", group="dibao")
    peer.checked(third, case_no, "2026-03-02T09:00:00+08:00")
    opinion = {"appraisers": "五人", "appraisal": "同意", "amount": "2520.00"}  # 3 × 700 × 1.20
    succeeded(third.do("丙经办李", case_no, "民主评议和审核意见", opinion))
    over = {"objected": "no", "period_over": True}
    succeeded(third.do("丙经办李", case_no, "公示结果", over))
    succeeded(third.do("信县审孙", case_no, "县级审批", peer.APPROVE))
    slip = peer.bank("2026-03-02T09:00:00+08:00", "2520.00")
    succeeded(third.do("丙经办李", case_no, "发放", slip))
    assert "办理中" not in third.case(case_no).text


def test_its_staged_path(third: County) -> None:
    case_no = accepted(third, emergency_now="no", cause="illness", group="returned")
    moment = "2026-03-02T09:00:00+08:00"
    found = {**peer.TWO, "verified_at": moment, "return_confirmed": "yes", "monitor_no": "1"}
    succeeded(third.do("丙调查王", case_no, "返贫确认", {**found, "persons": "1"}))
    succeeded(third.do("信县审孙", case_no, "县级审批", peer.APPROVE))
    succeeded(third.do("丙经办李", case_no, "阶段复核", peer.review("840.00")))
    succeeded(third.do("丙经办李", case_no, "发放本阶段", peer.bank(moment, "840.00")))
    assert third.has_item("丙经办李", case_no, "阶段复核")
    assert third.has_item("丙经办李", case_no, "返贫监测跟踪")


def test_its_bridging_path(third: County) -> None:
    case_no = accepted(third, applies_dibao="yes", group="jiandang", cause="illness")
    relieved(third, case_no, "2026-03-02T09:00:00+08:00", "800.00")
    beside = f"{third.region}-2026-000002"  # the application to the other scheme
    asked = {"scheme": "dibao", "dibao_no": "低-1", "applied_on": "2026-03-02"}
    succeeded(third.do("丙经办李", beside, "登记低保、特困申请", asked))
    refused = {"dibao_outcome": "refused", "dibao_note": "收入超过标准"}
    succeeded(third.do("丙经办李", beside, "登记审核结果", refused))
    assert "800.00" in digits(third.case(case_no))  # not claimed back


def test_its_one_time_relief_is_not_open_without_an_order(third: County) -> None:
    changes = {"cause": "uninsured_worker", "emergency_now": "no", "uninsured_claim": "yes"}
    case_no = accepted(third, **changes)
    found = {
        **peer.TWO,
        "verified_at": "2026-03-02T09:00:00+08:00",
        "cannot_work": "yes",
        "months_without_income": "3",
        "hardship": "yes",
        "insured": "no",
        "on_dibao": "no",
        "own_application": "yes",
        "works_or_lives_here": "yes",
        "paid_before": "no",
    }
    succeeded(third.do("丙经办李", case_no, "一次性救助资格核实", found))
    page = third.do("丙审批赵", case_no, "审批", peer.APPROVE)
    assert page.status == 409
    assert "不能批准" in page.text
    refusal = {
        "relative_declaration": "none",
        "decision": "refuse",
        "reasons": "本地没有启用",
        "clauses": "2022 年通知二",
        "referral": "就业服务",
    }
    succeeded(third.do("丙审批赵", case_no, "审批", refusal))
    assert "办理中" not in third.case(case_no).text


def test_its_watch_and_transfer(third: County) -> None:
    case_no = third.report("丁协卫", **{**REPORT, "channel": "monitor", "cause": "illness"})
    risk = {
        "visited_at": "2026-03-02T09:00:00+08:00",
        "hardship_now": "no",
        "income_unstable": "yes",
        "slightly_above": "no",
        "new_burden": "no",
        "findings": "务工不稳定",
    }
    succeeded(third.do("丙经办李", case_no, "监测预警走访", risk))
    assert third.has_item("丙经办李", case_no, "返贫监测跟踪")


def test_its_major_path(third: County) -> None:
    case_no = accepted(third, major_hardship="yes", emergency_now="no", cause="illness")
    mode = major.MODES[1]
    major.drafted(third, case_no, mode)
    major.decided(third, mode, "2026-03-04T09:00")
    third.at("2026-03-05T10:00:00+08:00")
    major.signed_and_paid(third, case_no, "2026-03-05T10:00:00+08:00")
    assert "20000.00" in digits(third.case(case_no))
    assert "60000.00" in digits(third.fund("丙经办李"))


def test_its_complaint_path(third: County) -> None:
    visitor = third.public()
    door = visitor.get("/complaints/")
    said = {"about_kind": "delay", "about_level": "township", "statement": "拖了半个月", **WHOM}
    page = succeeded(visitor.press(door, door.form("statement"), said))
    found = re.search(r"430581-J2026-\d{6}", page.text)
    assert found
    case_no = found.group()
    succeeded(third.do("信县办钱", case_no, "甄别投诉", {"in_scope": "yes"}))
    findings = {
        "investigator_1": "信县办钱",
        "investigator_2": "信热线楚",
        "heard": "材料早已交齐",
        "findings": "经办人没有及时受理",
        "view": "partly_upheld",
    }
    succeeded(third.do("信县办钱", case_no, "核查投诉", findings))
    answer = {
        "decision": "answer",
        "upheld": "partly_upheld",
        "rectify_needed": "no",
        "reasons": "确有拖延，已受理。",
        "referral": "市民政局",
    }
    succeeded(third.do("信县审孙", case_no, "审定投诉结论", answer))
    page = third.person("信县审孙").get("/supervision/")
    assert case_no in page.text
    assert "投诉部分属实，已答复" in page.text
