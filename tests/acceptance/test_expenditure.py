"""SCENARIOS 8, 12, 14 to 20 and 22 (Jining data), each number in the text, through HTTP.

People sign in, read pages, fill forms, press buttons; the clock is frozen. Nothing here calls the
product's Python, except that scenario 19 publishes a county's raised table.
"""

from __future__ import annotations

import pytest

from app.studio.localities import resolve
from tests.acceptance.expenditure import (
    AMOUNT,
    APPROVE,
    COMPLETE,
    MEANS,
    accepted,
    application,
    applied,
    digits,
    investigated,
    letter,
    pressed,
    slip,
    spending,
    succeeded,
    to_review,
)
from tests.world import LOCALITY, ROOT, publish


def test_12_medical_costs_township_decides(county):
    county = county("2026-03-02T09:00:00+08:00")
    case_no = accepted(county)
    page = county.case(case_no)
    assert "2026-03-30 24:00" in page.text
    for early in ("审批赵", "县审孙"):
        assert not county.has_item(early, case_no, "审批")
    investigated(county, case_no, spending("22000.00"))
    shown = digits(county.case(case_no))
    for number in ("777.78", "24000.00", "900.00", "43200.00", "2700.00"):
        assert number in shown, number
    to_review(county, case_no)
    assert not county.has_item("审批赵", case_no, "审批")
    assert not county.has_item("经办李", case_no, "乡镇（街道）审核")  # publicity still runs
    county.at("2026-03-10T00:00:00+08:00")
    succeeded(county.do("经办李", case_no, "乡镇（街道）审核", AMOUNT))
    assert not county.has_item("县审孙", case_no, "县级审批")
    succeeded(county.do("审批赵", case_no, "审批", APPROVE))
    assert "报县级备案" in county.person("县办钱").get("/inbox/").text
    granted = letter(county, case_no, "临时救助决定书")
    assert "2700.00" in granted
    assert "二（三）1" in granted
    paid = slip("2026-03-10T00:00:00+08:00")
    succeeded(county.do("经办李", case_no, "发放救助金", paid))
    assert "20000.00" in digits(county.fund())  # not out of the reserve
    assert "办理中" not in county.case(case_no).text
    assert case_no not in county.person("县办钱").get("/deadlines/").text


def test_16_twenty_working_days_across_two_holidays(county):
    county = county("2026-09-15T09:00:00+08:00")
    case_no = accepted(county)
    assert "2026-10-19 24:00" in county.case(case_no).text
    county.at("2026-09-28T23:59:59+08:00")
    assert "一半" not in county.person("经办李").get("/inbox/").text
    county.at("2026-09-29T00:00:00+08:00")
    assert "已过一半" in county.person("经办李").get("/inbox/").text
    county.at("2026-10-12T23:59:59+08:00")
    assert "已过八成" not in county.person("审批赵").get("/inbox/").text
    county.at("2026-10-13T00:00:00+08:00")
    assert "已过八成" in county.person("审批赵").get("/inbox/").text
    county.at("2026-10-19T23:59:00+08:00")
    assert case_no not in county.person("县办钱").get("/deadlines/").text
    county.at("2026-10-20T00:00:00+08:00")
    assert case_no in county.person("县办钱").get("/deadlines/").text


def test_17_one_notice_only_then_spring_festival(county):
    county = county("2026-01-28T09:00:00+08:00")
    case_no = applied(county)
    missing = {
        "papers_complete": "no",
        "missing": ["income", "medical_bills"],
        "reasons": "一、收入证明；二、医疗费用票据。1月31日前交到窗口。",
    }
    succeeded(county.do("经办李", case_no, "受理审查", missing))
    told = letter(county, case_no, "一次性告知书")
    assert "收入证明" in told
    assert "医疗费用票据" in told
    third = {"papers_complete": "no", "reasons": "还要财产申报"}
    refused = county.do("经办李", case_no, "受理审查", third)
    assert refused.status == 409
    assert "一次性告知" in refused.text
    assert "济民字〔2018〕94号" in refused.text
    again = {**third, "new_question": "补来的票据上出现了另一处房产"}
    succeeded(county.do("经办李", case_no, "受理审查", again))
    county.at("2026-01-30T10:00:00+08:00")
    succeeded(county.do("经办李", case_no, "受理审查", COMPLETE))
    assert "2026-03-05 24:00" in county.case(case_no).text


def test_08_residence_permit_and_corrected_evidence(county):
    county = county("2026-03-02T09:00:00+08:00")
    place = {"township": "370881102", "village": "370881102201"}
    told = application(income_6m="30000.00", income_12m="62400.00")
    case_no = accepted(county, told, residence="permit", cause="education", **place)
    tuition = spending("9000.00", basis="education")
    means = {"income_6m": "30000.00", "income_12m": "62400.00"}
    investigated(county, case_no, tuition, handler="乙经办何", **means)
    shown = digits(county.case(case_no))
    assert "1166.67" in shown
    assert "F-NET6" in shown
    assert "F-RES" not in shown
    back = {"relative_declaration": "none", "decision": "return", "return_note": "收入有更正"}
    succeeded(county.do("乙审批施", case_no, "不符合条件的处理", back))
    means["income_6m"] = "24000.00"
    investigated(county, case_no, tuition, handler="乙经办何", **means)
    shown = digits(county.case(case_no))
    assert "833.33" in shown
    assert "20800.00" in shown
    amount = {**AMOUNT, "cash_amount": "3600.00"}
    succeeded(county.do("乙经办何", case_no, "拟定救助金额", amount))
    county.at("2026-03-10T00:00:00+08:00")
    succeeded(county.do("乙经办何", case_no, "乡镇（街道）审核", amount))
    assert county.has_item("县审孙", case_no, "县级审批")


def test_14_two_reasons_at_once(county):
    county = county("2026-03-02T09:00:00+08:00")
    case_no = accepted(county)
    means = {"income_6m": "30000.00", "income_12m": "132000.00", "vehicles": "2"}
    investigated(county, case_no, spending("24000.00"), **means)
    refuse = {"relative_declaration": "none", "decision": "refuse", "referral": "医疗救助"}
    succeeded(county.do("审批赵", case_no, "不符合条件的处理", refuse))
    text = letter(county, case_no, "不予临时救助告知书")
    for word in ("F-AVG12", "F-PROP", "44000.00", "43200.00", "二（一）2（2）", "二（一）2（3）"):
        assert word in text, word
    assert "333.33 元，低于当地低保月标准 900.00 元——符合" in text
    for word in ("F-NET6", "F-RES", "二（一）2（1）"):
        assert word not in text, word
    assert "行政复议" in text
    assert "不予救助" in county.case(case_no).text


def test_15_goods_move_the_case_to_the_county(county):
    county = county("2026-03-02T09:00:00+08:00")
    case_no = accepted(county)
    investigated(county, case_no, spending("22000.00"))
    to_review(county, case_no)
    county.at("2026-03-10T00:00:00+08:00")
    goods = [{"article": "大米", "quantity": "1", "unit_price": "300.00"}]
    succeeded(county.do("经办李", case_no, "乡镇（街道）审核", {**AMOUNT, "goods": goods}))
    assert "3000.00" in digits(county.case(case_no))
    assert county.has_item("审批赵", case_no, "审批")
    assert not county.has_item("县审孙", case_no, "县级审批")

    why = {"recall_reason": "实物漏记一分"}
    succeeded(pressed(county, "经办李", case_no, "recall_reason", why))
    assert not county.has_item("审批赵", case_no, "审批")
    assert "实物漏记一分" in county.person("审批赵").get("/inbox/").text
    goods[0]["unit_price"] = "300.01"
    succeeded(county.do("经办李", case_no, "乡镇（街道）审核", {**AMOUNT, "goods": goods}))
    page = county.case(case_no)
    assert "3000.01" in digits(page)
    assert "实物漏记一分" in page.text
    assert not county.has_item("审批赵", case_no, "审批")
    succeeded(county.do("县审孙", case_no, "县级审批", APPROVE))
    both = slip("2026-03-10T00:00:00+08:00", method="bank_and_goods", goods=goods)
    succeeded(county.do("经办李", case_no, "发放救助金", {**both, "signer_name": "孙建军"}))
    page = county.case(case_no)
    assert "大米" in page.text
    assert "办理中" not in page.text


def test_18_a_dibao_family_is_not_checked_twice(county):
    county = county("2026-03-02T09:00:00+08:00")
    filled = application(group="dibao", record_no="低保-2026-001")
    case_no = accepted(county, filled)
    investigated(county, case_no, spending("22000.00"), reuse=True)
    page = county.case(case_no)
    assert "低保-2026-001" in page.text
    assert "沿用低保、特困认定记录" in page.text
    assert "家庭经济状况核对" not in [h.text for h in page.tree.iter("summary")]
    to_review(county, case_no)  # appraised above, public now


def test_19_education_cap_and_a_county_raise(county):
    county = county("2026-03-02T09:00:00+08:00")
    case_no = accepted(county, cause="education")
    tuition = spending("16000.00", basis="education")
    investigated(county, case_no, tuition, income_6m="20000.00")
    assert "5400.00" in digits(county.case(case_no))
    above = {**AMOUNT, "cash_amount": "5850.00", "deviation_reason": "两地就学"}
    refused = county.do("经办李", case_no, "拟定救助金额", above)
    assert refused.status == 409
    assert "3-6倍" in refused.text
    assert "济民字〔2018〕94号" in refused.text

    county.at("2026-04-01T09:00:00+08:00")
    publish(county.office, raised())
    case_no = accepted(county, cause="education", applicant_id_number="")
    investigated(county, case_no, tuition, income_6m="20000.00")
    succeeded(county.do("经办李", case_no, "拟定救助金额", above))
    county.at("2026-04-11T00:00:00+08:00")
    succeeded(county.do("经办李", case_no, "乡镇（街道）审核", above))
    succeeded(county.do("县审孙", case_no, "县级审批", APPROVE))
    granted = letter(county, case_no, "临时救助决定书")
    assert "5850.00" in granted
    assert "曲民字〔2026〕5号" in granted


def raised() -> dict[str, bytes]:
    """The shipped files with a county's dated row: seven times from 2026-04-01 on."""
    files = dict(resolve(ROOT, LOCALITY).files)
    path = next(name for name in files if name.endswith("/expenditure_amount.dmn"))
    text = files[path].decode("utf-8")
    begin = text.index('<rule id="expenditure_bounds_rule3">')
    end = text.index("</rule>", begin) + len("</rule>")
    row = text[begin:end]
    old = row.replace('&gt;= date("2018-11-26")', '[date("2018-11-26")..date("2026-04-01"))')
    new = (
        row.replace("expenditure_bounds_rule3", "expenditure_bounds_rule4")
        .replace('&gt;= date("2018-11-26")', '&gt;= date("2026-04-01")')
        .replace("<text>6</text>", "<text>7</text>")
        .replace('<text>""</text>', '<text>"曲民字〔2026〕5号"</text>')
    )
    files[path] = (text[:begin] + old + "\n" + new + text[end:]).encode("utf-8")
    return files


def two_patients(county) -> str:
    """Two patients with 120 000.00 each; the amount is to be proposed."""
    case_no = accepted(county)
    means = {"income_6m": "250000.00"}
    investigated(county, case_no, spending("120000.00", "120000.00"), **means)
    return case_no


def test_20_two_patients_at_the_top(county):
    county = county("2026-03-02T09:00:00+08:00")
    case_no = two_patients(county)
    assert "21600.00" in digits(county.case(case_no))
    top = {**AMOUNT, "cash_amount": "21600.00"}
    succeeded(county.do("经办李", case_no, "拟定救助金额", top))
    county.at("2026-03-10T00:00:00+08:00")
    succeeded(county.do("经办李", case_no, "乡镇（街道）审核", top))
    assert county.has_item("县审孙", case_no, "县级审批")
    assert not county.has_item("审批赵", case_no, "审批")


def test_20_over_the_top_is_escalated_with_all_it_carries(county):
    county = county("2026-03-02T09:00:00+08:00")
    case_no = two_patients(county)
    above = {**AMOUNT, "cash_amount": "25000.00", "deviation_reason": "两人重病"}
    refused = county.do("经办李", case_no, "拟定救助金额", above)
    assert refused.status == 409
    assert "3-12倍" in refused.text
    words = refused.text
    assert words.index("先转介医疗救助") < words.index("选“报一事一议”提交")
    escalate = {
        "proposal": "escalate",
        "assistance_referral": "done",
        "escalation_reason": "两人重病，标准以内不能解决",
    }
    succeeded(county.do("经办李", case_no, "拟定救助金额", escalate))
    visitor, address = county.item("县办钱", case_no, "制定综合救助方案")
    plan = visitor.get(address)
    assert "120000.00" in digits(plan)  # what the township verified is there
    assert not county.has_item("县审孙", case_no, "县级审批")


@pytest.mark.parametrize("real", [True, False])
def test_22_objection_during_publicity(county, real):
    county = county("2026-05-06T09:00:00+08:00")
    case_no = accepted(county)
    assert "2026-06-02 24:00" in county.case(case_no).text
    county.at("2026-05-12T09:00:00+08:00")
    investigated(county, case_no, spending("22000.00"))
    to_review(county, case_no)
    public = county.public()
    notice = public.get(public.get("/notices/").link("临时救助审核公示"))
    assert "孙**" in notice.text
    assert "5 月 19 日" in notice.text
    county.at("2026-05-14T10:00:00+08:00")
    said = {"statement": "他家还有一辆没有过户的车", "phone": "13912345678", "name": "周邻居"}
    succeeded(public.fill(notice.link("提出异议"), said))
    page = county.case(case_no)
    for hidden in said.values():
        assert hidden not in page.text
    for who in ("审批赵", "县审孙"):
        assert not county.has_item(who, case_no, "审批")

    visitor, address = county.item("经办李", case_no, "异议核查")
    item = visitor.get(address)
    sealed = visitor.get(item.link("查看异议内容"))
    assert "周邻居" not in sealed.text
    form = next(one for one in sealed.tree.forms if "/objections/" in (one.get("action") or ""))
    opened = visitor.press(sealed, form, {})
    for shown in said.values():
        assert shown in opened.text
    assert county.person("审批赵").get(sealed.address).status == 403
    found = {"objection_valid": "yes" if real else "no", "recheck_facts": "到车管所查询"}
    if real:
        found |= {key: value for key, value in MEANS.items() if key != "members"}
        found["vehicles"] = "2"
    succeeded(visitor.fill(address, found))
    if real:
        refuse = {"relative_declaration": "none", "decision": "refuse", "referral": "慈善"}
        succeeded(county.do("审批赵", case_no, "不符合条件的处理", refuse))
        text = letter(county, case_no, "不予临时救助告知书")
        assert "F-PROP" in text
        assert "周邻居" not in text
        assert "不予救助" in county.case(case_no).text
        return
    county.at("2026-05-19T23:59:59+08:00")
    assert not county.has_item("经办李", case_no, "乡镇（街道）审核")
    county.at("2026-05-20T00:00:00+08:00")
    assert county.has_item("经办李", case_no, "乡镇（街道）审核")
    assert "2026-06-02 24:00" in county.case(case_no).text  # the limit kept running


def test_the_applicant_withdraws(county):
    county = county("2026-03-02T09:00:00+08:00")
    case_no = accepted(county)
    silent = pressed(county, "经办李", case_no, "withdraw_reason", {"withdraw_reason": ""})
    assert "办理中" in silent.text
    why = {"withdraw_reason": "家里另有办法"}
    page = succeeded(pressed(county, "经办李", case_no, "withdraw_reason", why))
    assert "已撤回" in page.text
    assert not county.has_item("经办李", case_no, "签核对授权书")
    assert "家里另有办法" in letter(county, case_no, "撤回申请告知书")
    county.at("2026-04-20T09:00:00+08:00")
    assert case_no not in county.person("县办钱").get("/deadlines/").text


def test_a_soft_bound_is_crossed_only_with_a_written_reason_and_by_the_county(county):
    county = county("2026-03-02T09:00:00+08:00")
    case_no = accepted(county)
    li, address = county.item("经办李", case_no, "签核对授权书")
    investigated(county, case_no, spending("22000.00"))
    li, address = county.item("经办李", case_no, "拟定救助金额")
    panel = digits(li.get(address))
    for shown in ("777.78 元", "低于 900.00 元", "24000.00 元", "低于 43200.00 元", "2700.00 元"):
        assert shown in panel, shown
    assert panel.count("满足") >= 4
    above = {**AMOUNT, "cash_amount": "2900.00"}
    refused = county.do("经办李", case_no, "拟定救助金额", above)
    assert refused.status == 409
    assert "分档标准为 2700.00 元，金额不同须写明理由" in refused.text
    assert "济民字〔2018〕94号" in refused.text
    assert refused.tree.xpath("//input[@name='cash_amount']/@value") == ["2900.00"]
    above["deviation_reason"] = "有两名婴幼儿，奶粉和护理另有支出"
    succeeded(county.do("经办李", case_no, "拟定救助金额", above))
    county.at("2026-03-10T00:00:00+08:00")
    succeeded(county.do("经办李", case_no, "乡镇（街道）审核", above))
    assert not county.has_item("审批赵", case_no, "审批")  # within 3000, and yet the county's
    sun, address = county.item("县审孙", case_no, "县级审批")
    assert "2700.00 元" in digits(sun.get(address))
    assert "有两名婴幼儿" in sun.get(address).text
    succeeded(county.do("县审孙", case_no, "县级审批", APPROVE))
    assert "2900.00" in letter(county, case_no, "临时救助决定书")
