"""Errors with their evidence, audit issues, inspections, outages and pilots, through HTTP.

Continues scenario 6 (a catch-up two working days late); limits are demonstration values.
"""

from __future__ import annotations

import re

import pytest

from tests.acceptance.conftest import County
from tests.acceptance.test_discovery import number
from tests.acceptance.test_emergency import catchup, paid, succeeded
from tests.acceptance.visitor import Page

PAID = "2026-02-13T16:20:00+08:00"
LATE = "2026-03-02T10:00:00+08:00"
OUTAGE = {
    "what": "政务外网",
    "began_at": "2026-02-27T15:00",
    "ended_at": "2026-02-28T09:00",
    "source": "网络中心故障单 2026-31",
    "note": "全县乡镇",
}
PILOT = {
    "process_id": "emergency",
    "title": "先行救助后补登延至月末",
    "purpose": "试行按月集中补登，看差错是否减少",
    "document_no": "曲民〔2026〕3号",
    "starts_at": "2026-02-12T00:00",
    "ends_at": "2026-12-31T00:00",
}
JUDGED = {
    "facts_found": "补登晚两个工作日",
    "loss": "无",
    "error_evidence": "network_outage",
    "evidence_note": "故障单",
}


def sent(county: County, who: str, address: str, answers: dict[str, str]) -> Page:
    """The page after the person sent the form at that address."""
    return county.person(who).fill(address, answers)


def late_case(county: County) -> str:
    """A case paid in time and caught up two working days late."""
    case_no = paid(county, PAID)
    county.at(LATE)
    succeeded(county.do("经办李", case_no, "补登", catchup("1000.00")))
    return case_no


def test_the_evidence_pack_shows_what_the_handler_saw(county):
    county = county(PAID)
    case_no = late_case(county)
    refused = sent(county, "县审孙", "/supervision/outages/", {**OUTAGE, "source": ""})
    assert refused.status == 422
    assert "请写明依据" in refused.text
    succeeded(sent(county, "县审孙", "/supervision/outages/", OUTAGE))
    assert "登记一次中断" not in county.person("县办钱").get("/supervision/outages/").text

    visitor = county.person("县审孙")
    page = visitor.get("/supervision/")
    assert "差错与容错 1 件" in page.text
    assert "等待认定" in page.text
    pack = visitor.get(page.link("看证据包"))
    for words in (
        "1 个期限没有守住",
        "补登",
        "2 个工作日",
        "2026-02-27 24:00",
        "政务外网：2026-02-27 15:00:00 至 2026-02-28 09:00:00",
        "补登：经办李",
        "2026-03-02 10:00:00",
    ):
        assert words in pack.text, words
    found = re.search(r"(\d+) 件，全组在办 (\d+) 件，当天办完 (\d+) 件", pack.text)
    assert found
    assert [int(one) for one in found.groups()] == [1, 2, 0]  # catch-up; it and the notice
    assert "dmn/jining/emergency_amount.dmn" in pack.text  # the tables that had answered
    assert county.person("审计冯").get(pack.address).status == 200
    assert county.person("经办李").get(pack.address).status == 403  # nobody judges oneself

    visitor, address = county.item("县办钱", case_no, "差错认定")
    assert county.person("县办钱").get(pack.address).status == 200  # who judges reads it
    succeeded(visitor.fill(address, {"error_class": "objective", **JUDGED}))
    page = county.person("审计冯").get("/supervision/")
    assert "客观偏差县办钱认定" in page.text


@pytest.mark.parametrize("registered", [False, True])
def test_reform_points_to_a_pilot_registered_beforehand(county, registered):
    county = county("2026-02-10T09:00:00+08:00")
    if registered:
        late = sent(
            county, "县审孙", "/supervision/pilots/", {**PILOT, "starts_at": "2026-02-09T00:00"}
        )
        assert late.status == 422
        assert "试点须在开始之前登记" in late.text
        page = succeeded(sent(county, "县审孙", "/supervision/pilots/", PILOT))
        assert "370881-S2026-0001" in page.text
    county.at(PAID)
    case_no = late_case(county)
    visitor, address = county.item("县办钱", case_no, "差错认定")
    without = visitor.fill(address, {"error_class": "reform", **JUDGED})
    assert without.status == 422
    assert "试点" in without.text
    if registered:
        pilot = f"370881-S2026-0001 {PILOT['title']}"
        succeeded(visitor.fill(address, {"error_class": "reform", "pilot": pilot, **JUDGED}))
        assert county.has_item("县审孙", case_no, "处理决定")


def test_an_audit_issue_is_closed_by_another_person_on_evidence(county):
    county = county("2026-04-07T09:00:00+08:00")
    assert county.person("审计冯").get("/reports/new/audit_issue/").status == 403  # reads only
    issue = {
        "issue_source": "audit",
        "document_no": "曲审〔2026〕8号",
        "issue_title": "三笔发放缺领取人签名",
        "finding": "三笔共 900 元，凭证无签名",
        "amount_involved": "900.00",
        "rectifier": "甲镇人民政府",
    }
    page = succeeded(sent(county, "县审孙", "/reports/new/audit_issue/", issue))
    case_no = number(page, "J")
    done = {
        "measures_done": "补签，追回一笔",
        "recovered_amount": "300.00",
        "rectified_on": "2026-04-20",
    }
    bare = county.do("县办钱", case_no, "整改并交证据", done)
    assert bare.status == 422  # no evidence, no rectification
    assert "整改证据" in bare.text
    county.at("2026-05-07T23:59:59+08:00")
    assert "有超期" not in county.person("审计冯").get("/supervision/").text
    county.at("2026-05-08T00:00:00+08:00")  # 30 days have ended
    assert "有超期" in county.person("审计冯").get("/supervision/").text
    assert not county.has_item("县办钱", case_no, "核对整改")
    ledger = county.person("审计冯").get("/ledgers/supervised")
    assert "整改并交证据" in ledger.text
    assert case_no in ledger.text
    assert case_no not in county.person("经办李").get("/ledgers/supervised").text
    visitor = county.person("审计冯")
    page = visitor.get(visitor.get("/supervision/").link(case_no))
    assert "三笔共 900 元" in page.text


def test_an_inspection_draws_a_sample_anybody_can_draw_again(county):
    county = county(PAID)
    first, second = paid(county, PAID), county.report("窗口陈", channel="window", **WINDOW)
    asked = {
        "inspection_theme": "先行救助发放",
        "from_day": "2026-02-01",
        "to_day": "2026-02-28",
        "sample_size": "1",
    }
    none = sent(county, "县审孙", "/reports/new/inspection/", {**asked, "to_day": "2026-02-02"})
    assert none.status == 409
    assert "这几天没有登记的个案" in none.text
    page = succeeded(sent(county, "县审孙", "/reports/new/inspection/", asked))
    case_no = number(page, "J")
    sample = county.person("审计冯").get(page.address.replace("/cases/", "/supervision/samples/"))
    assert "备选 2 件，抽中 1 件" in sample.text
    assert "结果一致" in sample.text
    drawn = next(one for one in (first, second) if sample.has_link(one))
    visitor, address = county.item("县办钱", case_no, "逐件检查")
    assert drawn in visitor.get(address).text
    checked = {
        "checked": [{"case_no": drawn, "check_result": "problem", "check_note": "领取人签名缺失"}],
        "problems": "yes",
        "summary_note": "补签",
    }
    succeeded(visitor.fill(address, checked))
    agreed = {"decision": "agree", "opinion": "已逐件查完"}
    succeeded(county.do("县审孙", case_no, "确认抽查结果", agreed))
    assert county.has_item("县办钱", case_no, "整改并交证据")  # findings lead to an issue
    assert case_no not in county.person("县审孙").get("/cases/").text


WINDOW = {
    "applicant_name": "李四",
    "applicant_kind": "individual",
    "residence": "local",
    "area": "rural",
    "township": "370881101",
    "village": "370881101202",
    "cause": "major_illness",
    "summary": "住院押金没有着落",
}
