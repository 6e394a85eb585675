"""Discovery and complaints through HTTP: the second doors of a locality, and who may not see what.

Limits named here are demonstration values of the shipped tables (2 hours, 15 and 30 days).
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.acceptance.conftest import County
from tests.acceptance.test_emergency import ACCEPT, succeeded
from tests.acceptance.visitor import Page

LEAD = {
    "channel": "visit",
    "reporter_name": "网格员",
    "applicant_name": "",
    "applicant_kind": "family",
    "residence": "local",
    "area": "rural",
    "danger": "no",
    "township": "370881101",
    "village": "370881101201",
    "cause": "special_hardship",
    "summary": "老人独居，屋里没有存粮",
}
SEEN = {
    "response_way": "visit",
    "responder": "经办李",
    "findings": "家里还有半袋面，儿子后天回来",
    "response_result": "relief",
}
SAID = {
    "about_kind": "staff",
    "about_level": "township",
    "about_names": "经办李",
    "statement": "登记时索要好处",
    "reporter_name": "赵无名",
    "reporter_phone": "13905370009",
    "channel": "online",
}


def found(county: County, who: str = "村协卫", **changes: Any) -> Page:
    """A lead was registered at the second door; the case's page."""
    return succeeded(county.person(who).fill("/reports/new/discovery/", {**LEAD, **changes}))


def number(page: Page, sign: str = "") -> str:
    """The case number on the page."""
    found = re.search(rf"370881-{sign}2026-\d{{6}}", page.tree.text_content())
    assert found, page.text[:800]
    return found.group()


def test_the_page_offers_the_main_door_first_and_the_others_beside_it(county):
    county = county("2026-04-07T10:05:00+08:00")
    page = county.person("村协卫").get("/reports/new/")
    assert "谁、在哪里、遇到了什么事？" in page.text
    assert page.link("主动发现与快速响应") == "/reports/new/discovery/"
    assert not page.has_link("投诉举报")  # a village worker does not take complaints
    assert county.person("县审孙").get("/reports/new/complaint/").status == 200
    assert county.person("村协卫").get("/reports/new/complaint/").status == 403
    assert county.person("财政蒋").get("/reports/new/").status == 403


def test_a_lead_is_answered_in_time_and_goes_to_acceptance(county):
    county = county("2026-04-07T10:05:00+08:00")
    case_no = number(found(county))
    assert "2026-04-07 12:05:00" in county.case(case_no).text  # two hours
    county.at("2026-04-07T11:05:00+08:00")
    assert "有急难线索等待到场或联系，时限已过一半" in county.person("调查王").get("/inbox/").text
    succeeded(county.do("经办李", case_no, "到场或联系", SEEN))
    assert case_no not in county.person("县办钱").get("/deadlines/").text
    assert "2026-04-08 10:05:00" in county.case(case_no).text  # first relief, from the discovery
    assert county.has_item("经办李", case_no, "受理与分办")


def test_a_lead_nobody_answers_is_late_after_two_hours(county):
    county = county("2026-04-07T10:05:00+08:00")
    case_no = number(found(county))
    county.at("2026-04-07T12:05:01+08:00")
    assert case_no in county.person("县办钱").get("/deadlines/").text
    assert "急难线索没有在时限内响应" in county.person("审批赵").get("/inbox/").text


def test_who_is_in_danger_is_accepted_without_a_visit(county):
    county = county("2026-04-07T10:05:00+08:00")
    case_no = number(found(county, "热线楚", channel="hotline", danger="yes"))
    assert not county.has_item("经办李", case_no, "到场或联系")
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT))
    assert county.has_item("经办李", case_no, "现场核实")


def test_no_need_is_confirmed_by_another_and_told_in_writing(county):
    county = county("2026-04-07T10:05:00+08:00")
    case_no = number(found(county))
    missing = county.do("经办李", case_no, "到场或联系", {**SEEN, "response_result": "no_need"})
    assert missing.status == 422  # no closing without reasons
    told = {
        **SEEN,
        "response_result": "no_need",
        "reasons": "家里有粮，儿子照料",
        "referral": "联系村协理员",
    }
    succeeded(county.do("经办李", case_no, "到场或联系", told))
    agreed = {"decision": "agree", "opinion": "情况属实"}
    succeeded(county.do("审批赵", case_no, "确认不需要救助", agreed))
    page = county.case(case_no)
    assert "走访结果告知书" in page.text
    assert "办理中" not in page.text


def complained(county: County, **changes: Any) -> str:
    """A complaint was handed in by anybody; its number."""
    visitor = county.public()
    door = visitor.get("/complaints/")
    page = succeeded(visitor.press(door, door.form("statement"), {**SAID, **changes}))
    assert "已收到" in page.text
    for word in ("赵无名", "13905370009", "索要好处"):
        assert word not in page.text
    return number(page, "J")


def page_of(county: County, who: str, case_no: str) -> Page:
    """The complaint's page, from the list of supervision."""
    visitor = county.person(who)
    return visitor.get(visitor.get("/supervision/").link(case_no))


FOUND = {
    "investigator_1": "县办钱",
    "investigator_2": "热线楚",
    "heard": "双方各执一词，有转账记录",
    "findings": "收受两百元",
    "view": "upheld",
}


def test_a_complaint_from_the_public_to_its_answer_and_the_rectification(county):
    county = county("2026-04-07T10:05:00+08:00")
    case_no = complained(county)
    for who in ("经办李", "审批赵", "窗口陈"):
        assert case_no not in county.person(who).get("/inbox/").text
        assert case_no not in county.person(who).get("/cases/").text
    assert case_no not in county.person("县审孙").get("/cases/").text  # no relief
    page = page_of(county, "县审孙", case_no)
    assert "2026-04-28 24:00" in page.text  # 15 working days
    assert "赵无名" not in page.text
    assert "13905370009" not in page.text

    succeeded(
        county.do("县办钱", case_no, "甄别投诉", {"in_scope": "yes", "about_names": "经办李"})
    )
    succeeded(county.do("县办钱", case_no, "核查投诉", FOUND))
    answer = {
        "decision": "answer",
        "upheld": "upheld",
        "rectify_needed": "yes",
        "reasons": "反映的问题属实，已责令退还并批评教育。",
        "referral": "市民政局",
    }
    succeeded(county.do("县审孙", case_no, "审定投诉结论", answer))
    page = page_of(county, "县审孙", case_no)
    assert "投诉举报答复书" in page.text
    assert "2026-05-07 24:00" in page.text  # 30 days to put it right
    assert county.has_item("县办钱", case_no, "整改并交证据")
    assert "赵无名" not in page.text


def test_who_is_complained_of_sees_nothing_and_the_city_looks_into_the_county(county):
    county = county("2026-04-07T10:05:00+08:00")
    case_no = complained(county, about_names="县办钱、经办李")
    assert not county.has_item("县办钱", case_no, "甄别投诉")
    assert case_no not in county.person("县办钱").get("/supervision/").text
    assert county.has_item("市审周", case_no, "市级核查并答复")
    address = page_of(county, "审计冯", case_no).address
    assert county.person("审计冯").get(address).status == 200
    assert county.person("县办钱").get(address).status == 403
    assert county.person("经办李").get(address).status == 403


def test_only_who_looks_into_it_opens_the_identity_on_record(county):
    county = county("2026-04-07T10:05:00+08:00")
    case_no = complained(county)
    assert "现在负责：曲阜市民政局" in page_of(county, "县审孙", case_no).text
    for who, status in (("审计冯", 403), ("县办钱", 200)):
        visitor = county.person(who)
        page = visitor.get(visitor.get("/supervision/").link(case_no))
        shown = visitor.press(page, page.form("purpose"), {"purpose": "核查时联系"})
        assert shown.status == status
        assert ("13905370009" in shown.text) is (status == 200)
        assert ("只有核查人可以查看" in shown.text) is (status == 403)


def test_who_worked_on_the_case_complained_of_is_barred(county):
    county = county("2026-04-07T10:05:00+08:00")
    relief = number(found(county, "热线楚", channel="hotline", danger="yes"))
    succeeded(county.do("经办李", relief, "受理与分办", ACCEPT))
    case_no = complained(county, about_names="", about_case_no=relief, about_level="unknown")
    # the operator who took the call works for the county: the city looks into it
    assert county.has_item("市审周", case_no, "市级核查并答复")
    address = page_of(county, "县审孙", case_no).address
    for who in ("经办李", "热线楚"):
        assert county.person(who).get(address).status == 403


@pytest.mark.parametrize("missing", ["statement", "about_kind"])
def test_a_complaint_without_the_essentials_keeps_what_was_typed(county, missing):
    county = county("2026-04-07T10:05:00+08:00")
    visitor = county.public()
    door = visitor.get("/complaints/")
    page = visitor.press(door, door.form("statement"), {**SAID, missing: ""})
    assert page.status == 422
    form = page.form("statement")
    kept = {one.get("name"): one.get("value") for one in form.iter("input")}
    assert kept["reporter_name"] == "赵无名"
