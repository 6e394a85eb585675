"""SCENARIOS 25 and 37: linked cases and repeated aid on the household page, through HTTP only."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance import test_jiangxi as jx
from tests.acceptance.expenditure import (
    ACCEPT,
    AMOUNT,
    APPROVE,
    REPORT,
    accepted,
    application,
    digits,
    investigated,
    slip,
    spending,
    succeeded,
)

HUSBAND, WIFE = "370881199001010013", "370811197510203018"
COUPLE = [
    {"member_name": "孙建军", "relation": "self", "member_id_number": HUSBAND, "adult": True},
    {"member_name": "李秀英", "relation": "spouse", "member_id_number": WIFE, "adult": True},
    {"member_name": "孙小宝", "relation": "child"},
]
IN_YI = {"township": "370881102", "village": "370881102201"}
WIFE_APPLIES = {
    **REPORT,
    "applicant_name": "李秀英",
    "applicant_id_number": WIFE,
    "applicant_phone": "13905370002",
}


@pytest.fixture
def helped(county):
    """乙镇 decided 2700.00 for uraemia on 2025-10-20 and paid it; answers the county and the case."""
    county = county("2025-10-09T09:00:00+08:00")
    case_no = accepted(county, application(household=COUPLE), **IN_YI)
    investigated(county, case_no, spending("22000.00"), handler="乙经办何")
    succeeded(county.do("乙经办何", case_no, "拟定救助金额", AMOUNT))
    county.at("2025-10-20T09:00:00+08:00")
    succeeded(county.do("乙经办何", case_no, "乡镇（街道）审核", AMOUNT))
    succeeded(county.do("乙审批施", case_no, "审批", APPROVE))
    paid = slip("2025-10-20T09:00:00+08:00", payer_1="乙经办何", payer_2="乙调查吕")
    succeeded(county.do("乙经办何", case_no, "发放救助金", paid))
    return county, case_no


def household_of(county, case_no: str, who: str = "县办钱"):
    """The household page that the case page leads to."""
    visitor = county.person(who)
    return visitor.get(county.case(case_no, who).link("看这一户"))


def to_approval(county, case_no: str) -> None:
    """The wife's application is investigated and reviewed; the approver has it."""
    investigated(county, case_no, spending("22000.00"))
    succeeded(county.do("经办李", case_no, "拟定救助金额", AMOUNT))
    county.at("2026-10-29T09:00:00+08:00")
    succeeded(county.do("经办李", case_no, "乡镇（街道）审核", AMOUNT))


def test_37_the_spouse_applies_within_the_year_for_the_same_cause(helped):
    county, earlier = helped
    county.at("2026-10-19T09:00:00+08:00")
    case_no = county.report(**WIFE_APPLIES)  # accepted, not refused
    visitor, address = county.item("县办钱", case_no, "核对重复救助线索")
    asked = visitor.get(address)
    assert earlier in asked.text
    for words in ("乙镇", "2025-10-20", "同一家庭"):
        assert words in asked.text, words
    assert "2700.00" in digits(asked)
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT))
    filled = application(household=[{**COUPLE[1], "relation": "self"}])
    succeeded(county.do("经办李", case_no, "填写申请书", filled))
    succeeded(county.do("经办李", case_no, "受理审查", {"papers_complete": "yes"}))
    to_approval(county, case_no)
    locked = county.do("审批赵", case_no, "审批", APPROVE)
    assert locked.status == 409
    assert "县级核对并写明理由以前，不能批准或发放" in locked.text
    assert earlier in locked.text

    visitor = county.person("县办钱")
    silent = visitor.fill(address, {"repeat_result": "reasoned", "repeat_reason": ""})
    assert silent.status == 422  # the county must say why
    why = {
        "repeat_result": "reasoned",
        "repeat_reason": "本次为新发并发症住院，与上次不是同一次治疗",
    }
    succeeded(county.do("县办钱", case_no, "核对重复救助线索", why))
    succeeded(county.do("审批赵", case_no, "审批", APPROVE))
    paid = slip("2026-10-29T09:00:00+08:00", bank_account="6222021234567890131")
    succeeded(county.do("经办李", case_no, "发放救助金", paid))

    page = household_of(county, case_no)
    assert earlier in page.text
    assert case_no in page.text
    assert "新发并发症住院" in page.text
    assert "2700.00" in digits(page)
    assert "孙*军" in page.text
    assert HUSBAND not in page.text


def test_37_found_to_be_a_repeat_stays_locked_and_may_be_refused(helped):
    county, _earlier = helped
    county.at("2026-10-19T09:00:00+08:00")
    case_no = accepted(county, application(household=COUPLE[1:2]), **strip_case(WIFE_APPLIES))
    found = {"repeat_result": "repeat", "repeat_reason": "与上次是同一次住院"}
    succeeded(county.do("县办钱", case_no, "核对重复救助线索", found))
    assert "不能批准和发放" in county.person("经办李").get("/inbox/").text
    to_approval(county, case_no)
    locked = county.do("审批赵", case_no, "审批", APPROVE)
    assert locked.status == 409
    assert "与上次是同一次住院" in locked.text
    refusal = {
        "relative_declaration": "none",
        "decision": "refuse",
        "reasons": "同一事由一年内已经救助",
        "clauses": "x-repeat",
        "referral": "医疗救助",
    }
    succeeded(county.do("审批赵", case_no, "审批", {**refusal, "opinion": "不予救助"}))
    assert "办理中" not in county.case(case_no).text


def strip_case(report: dict[str, Any]) -> dict[str, Any]:
    """What of a report differs from the usual one."""
    return {key: value for key, value in report.items() if REPORT.get(key) != value} | {
        "township": REPORT["township"]
    }


def test_37_a_year_later_to_the_day_nothing_is_flagged(helped):
    county, earlier = helped
    county.at("2026-10-20T09:00:00+08:00")
    case_no = county.report(**WIFE_APPLIES)
    assert not county.has_item("县办钱", case_no, "核对重复救助线索")
    page = household_of(county, case_no)
    assert earlier in page.text  # on the page of the household all the same
    assert "重复救助线索" not in page.text


def test_37_another_cause_is_shown_as_information_only(helped):
    county, earlier = helped
    county.at("2026-10-19T09:00:00+08:00")
    case_no = county.report(**{**WIFE_APPLIES, "cause": "traffic"})
    assert not county.has_item("县办钱", case_no, "核对重复救助线索")
    page = household_of(county, case_no)
    assert earlier in page.text
    assert "仅供参考" in page.text


def test_37_one_wrong_digit_is_stopped_by_the_check_digit(helped):
    county, _ = helped
    county.at("2026-10-19T09:00:00+08:00")
    visitor = county.person("热线楚")
    page = visitor.fill("/reports/new/", {**WIFE_APPLIES, "applicant_id_number": WIFE[:-2] + "28"})
    assert page.status == 422
    assert "校验不符" in page.text


def test_the_hint_stands_on_the_form_before_anything_is_registered(helped):
    county, earlier = helped
    county.at("2026-10-19T09:00:00+08:00")
    visitor = county.person("窗口陈")
    typed = {**WIFE_APPLIES, "_refresh": "1"}
    page = visitor.fill("/reports/new/", typed)
    assert page.status == 200
    assert earlier in page.text
    assert "2025-10-20" in page.text
    assert "同一家庭" in page.text or "同一身份证号" in page.text
    assert "2026-000001" not in page.text  # nothing was opened


def test_an_account_known_from_another_household_locks_the_payment_and_reaches_the_county(helped):
    county, earlier = helped
    at = "2025-10-21T09:00:00+08:00"
    county.at(at)
    stranger = {"applicant_name": "周远", "applicant_id_number": "", "applicant_phone": ""}
    case_no = accepted(
        county,
        application(household=[{"member_name": "周远", "relation": "self", "adult": True}]),
        **stranger,
    )
    assert not county.has_item("县办钱", case_no, "核对重复救助线索")
    investigated(county, case_no, spending("22000.00"))
    succeeded(county.do("经办李", case_no, "拟定救助金额", AMOUNT))
    county.at("2025-10-31T09:00:00+08:00")
    succeeded(county.do("经办李", case_no, "乡镇（街道）审核", AMOUNT))
    succeeded(county.do("审批赵", case_no, "审批", APPROVE))
    paid = slip("2025-10-31T09:00:00+08:00")  # to the account of the family in 乙镇
    refused = county.do("经办李", case_no, "发放救助金", paid)
    assert refused.status == 409
    assert earlier in refused.text
    assert "同一收款账号" in refused.text
    visitor, address = county.item("县办钱", case_no, "核对重复救助线索")
    assert "同一收款账号" in visitor.get(address).text
    assert county.do("经办李", case_no, "发放救助金", paid).status == 409
    why = {"repeat_result": "not_repeat", "repeat_reason": "周远为孙家女婿，账户代收，已核实"}
    succeeded(visitor.fill(address, why))
    succeeded(county.do("经办李", case_no, "发放救助金", paid))


def test_small_sums_that_divide_one_need_go_to_the_county(county):
    county = county("2026-04-07T09:00:00+08:00", "20000.00", "jiangxi")
    at = "2026-04-07T09:00:00+08:00"
    for number, cause in enumerate(("traffic", "fire"), 1):
        case_no = county.report("信热线楚", **{**jx.REPORT, "cause": cause})
        succeeded(county.do("丙经办李", case_no, "受理与分办", {**jx.ACCEPT, "cause": cause}))
        succeeded(county.do("丙经办李", case_no, "现场核实", jx.verify(at, "800.00")))
        if number == 1:  # 800.00 of 1000.00: the township's own
            succeeded(county.do("丙审批赵", case_no, "审批", jx.APPROVE))
            succeeded(county.do("丙经办李", case_no, "发放", jx.cash(at, "800.00")))
    locked = county.do("丙审批赵", case_no, "审批", jx.APPROVE)
    assert locked.status == 409
    visitor, address = county.item("信县办钱", case_no, "核对重复救助线索")
    assert "合计 1600 元，超过乡镇（街道）审批额度" in digits(visitor.get(address))
    why = {"repeat_result": "repeat", "repeat_reason": "同一次事故分两次申请，合并报县级审批"}
    succeeded(visitor.fill(address, why))
    assert county.do("丙审批赵", case_no, "审批", jx.APPROVE).status == 409


def test_who_finds_a_household_and_who_does_not(helped):
    county, case_no = helped
    page = household_of(county, case_no, "乙经办何")
    address = page.address
    for who in ("县办钱", "乙村协孔"):
        assert county.person(who).get(address).status == 200, who
    for who in ("村协卫", "慈善沈", "热线楚", "政策吴"):
        assert county.person(who).get(address).status in (403, 404), who
    for asked in (WIFE, WIFE[-4:], "李秀英"):
        visitor = county.person("县办钱")
        found = visitor.fill("/households/", {"person": asked})
        assert "孙*军" in found.text, asked
        assert asked not in found.text
    assert "孙*军" not in county.person("村协卫").fill("/households/", {"person": "李秀英"}).text
    top = county.person("县办钱").get(f"/search/?q={WIFE[-4:]}")
    assert "孙*军 一户" in top.text


def test_numbers_in_clear_need_a_purpose_and_leave_a_trace(helped):
    county, case_no = helped
    visitor = county.person("县办钱")
    page = visitor.get(household_of(county, case_no).address)
    silent = visitor.press(page, page.form("purpose"), {"purpose": " "})
    assert silent.status == 422
    assert WIFE not in silent.text
    shown = visitor.press(page, page.form("purpose"), {"purpose": "电话回访"})
    assert WIFE in shown.text
    assert "李秀英" in shown.text
    assert "查看个人信息原文" in county.person("审计冯").get("/audit/").text


def test_25_relief_first_dibao_later(county):
    county = county("2026-04-13T09:00:00+08:00", "60000.00", "jiangxi")
    relief = county.report("丙窗口陈", **{**jx.REPORT, "channel": "window", "cause": "illness"})
    answers = {
        **jx.ACCEPT,
        "cause": "illness",
        "group": "jiandang",
        "applies_dibao": "yes",
        "certified_by": "信扶〔2019〕8号",
        "certified_on": "2019-06-01",
    }
    succeeded(county.do("丙经办李", relief, "受理与分办", answers))
    dibao = "360722-2026-000002"
    page = household_of(county, relief, "信县办钱")
    assert dibao in page.text
    assert "先救助、后低保" in page.text
    found = jx.verify("2026-04-13T10:00:00+08:00", "800.00")
    county.at("2026-04-13T10:00:00+08:00")
    succeeded(county.do("丙经办李", relief, "现场核实", found))
    succeeded(county.do("丙审批赵", relief, "审批", jx.APPROVE))
    county.at("2026-04-13T15:00:00+08:00")
    paid = jx.cash("2026-04-13T15:00:00+08:00", "800.00")
    succeeded(county.do("丙经办李", relief, "发放", paid))
    assert "59200.00" in digits(county.fund("丙经办李"))
    asked = {"scheme": "dibao", "dibao_no": "低-2026-17", "applied_on": "2026-04-13"}
    succeeded(county.do("丙经办李", dibao, "登记低保、特困申请", asked))
    assert "办理中" in county.case(dibao, "信县办钱").text  # in its own process

    county.at("2026-05-11T10:00:00+08:00")
    refused = {"dibao_outcome": "refused", "dibao_note": "家庭收入超过标准"}
    succeeded(county.do("丙经办李", dibao, "登记审核结果", refused))
    assert "办理中" not in county.case(dibao, "信县办钱").text
    assert "59200.00" in digits(county.fund("丙经办李"))  # nothing is claimed back
    assert "800.00" in digits(county.case(relief, "信县办钱"))
    page = household_of(county, dibao, "信县办钱")
    for words in (relief, dibao, "不予纳入", "低-2026-17", "信扶〔2019〕8号", "2019-06-01"):
        assert words in page.text, words
    assert "800.00" in digits(page)
    assert "重复救助线索" not in page.text  # the application is no aid of its own
