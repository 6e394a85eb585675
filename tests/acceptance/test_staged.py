"""SCENARIOS 7 and 11 (Jining data), each number in the text, through HTTP: one approval, stages.

Nothing here calls the product's Python: people sign in, read pages, fill forms.
"""

from __future__ import annotations

from typing import Any

from tests.acceptance.test_emergency import (
    ACCEPT,
    APPROVE,
    PUBLISH,
    REPORT,
    digits,
    slip,
    succeeded,
)

ILL = {**REPORT, "cause": "major_illness", "summary": "孩子住院，费用垫付不起"}
ACCEPT_ILL = {**ACCEPT, "cause": "major_illness"}
BANK = {"method": "bank", "bank_name": "演示银行", "bank_account": "6222000000000000"}


def plan(at: str, cost: str, amounts: list[str], **changes: Any) -> dict[str, Any]:
    """Found heavy, medical; the amount in stages."""
    total = f"{sum(float(one) for one in amounts):.2f}"
    found = {
        "investigator_1": "经办李",
        "investigator_2": "调查王",
        "verified_at": at,
        "findings": "孩子在院治疗，自付费用有票据",
        "emergency_confirmed": "yes",
        "degree": "heavy",
        "basis": "medical",
        "self_paid_cost": cost,
        "persons": "1",
        "cash_amount": total,
        "stages": [{"stage_amount": one} for one in amounts],
    }
    return {**found, **changes}


def transfer(at: str, amount: str) -> dict[str, Any]:
    """Sent through the bank."""
    return slip(at, cash_amount=amount, **BANK)


def test_07_leukaemia_child_one_approval_in_two_stages(county):
    county = county("2026-03-09T09:00:00+08:00")
    case_no = county.report(**ILL)
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT_ILL))
    county.at("2026-03-09T11:00:00+08:00")
    moment = "2026-03-09T11:00:00+08:00"
    ahead = plan(moment, "45000.00", ["1000.00", "4400.00"], first_ahead=True)
    above = plan(moment, "45000.00", ["1000.01", "4399.99"], first_ahead=True)
    refused = county.do("经办李", case_no, "现场核实", above)
    assert refused.status == 409
    assert "1000.00 元" in refused.text
    short = plan(moment, "45000.00", ["1000.00", "4000.00"], cash_amount="5400.00")
    refused = county.do("经办李", case_no, "现场核实", short)
    assert refused.status == 409
    assert "各阶段合计须等于" in refused.text
    succeeded(county.do("经办李", case_no, "现场核实", ahead))

    # k = 6, 6 × 900.00 = 5400.00 > 3000: county; not one of the stages is judged.
    page = county.case(case_no)
    assert "5400.00" in digits(page)
    assert "6 倍" in page.text
    assert not county.has_item("审批赵", case_no, "审批")
    assert not county.has_item("县审孙", case_no, "审批")  # the first stage goes ahead
    county.at("2026-03-09T15:00:00+08:00")
    succeeded(county.do("经办李", case_no, "发放", slip("2026-03-09T15:00:00+08:00")))
    page = county.case(case_no)
    assert "6 小时" in page.text
    assert "2026-03-16 24:00" in page.text  # catch-up runs from the first relief
    assert "19000.00" in digits(county.fund())
    assert not county.has_item("经办李", case_no, "阶段复核")

    visitor, address = county.item("县审孙", case_no, "审批")
    asked = digits(visitor.get(address))
    for figure in ("5400.00", "1000.00", "4400.00"):
        assert figure in asked
    succeeded(visitor.fill(address, APPROVE))
    assert not county.has_item("审批赵", case_no, "审批")

    visitor, address = county.item("经办李", case_no, "阶段复核")
    assert "4400.00" in digits(visitor.get(address))
    raised = {
        "findings": "仍在治疗",
        "stage_action": "lower",
        "stage_new_amount": "4400.01",
        "review_reason": "费用增加",
    }
    refused = visitor.fill(address, raised)
    assert refused.status == 409
    assert "不能高于批准的 4400.00 元" in refused.text
    assert "分阶段分方式救助" in refused.text  # the clause, quoted
    succeeded(visitor.fill(address, {"findings": "仍在治疗", "stage_action": "keep"}))
    county.at("2026-03-10T10:00:00+08:00")
    sent = transfer("2026-03-10T10:00:00+08:00", "4400.00")
    succeeded(county.do("经办李", case_no, "发放（分阶段）", sent))
    page = county.case(case_no)
    assert "5400.00" in digits(page)  # paid in all
    assert "19000.00" in digits(county.fund())  # the second stage is the county's money
    assert case_no not in county.person("县办钱").get("/deadlines/").text
    succeeded(county.do("经办李", case_no, "发布公示", PUBLISH))
    succeeded(county.do("经办李", case_no, "补登", registered("1000.00")))
    assert "办理中" not in county.case(case_no).text


def test_11_three_stages_the_last_one_dropped(county):
    county = county("2026-03-09T09:00:00+08:00")
    case_no = county.report(**ILL)
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT_ILL))
    staged = plan("2026-03-09T09:00:00+08:00", "75000.00", ["2700.00"] * 3)
    succeeded(county.do("经办李", case_no, "现场核实", staged))
    assert "9 倍" in county.case(case_no).text
    assert not county.has_item("审批赵", case_no, "审批")  # 8100 > 3000 although a stage is less
    visitor, address = county.item("县审孙", case_no, "审批")
    asked = digits(visitor.get(address))
    assert "8100.00" in asked
    assert asked.count("2700.00") >= 3
    succeeded(visitor.fill(address, APPROVE))
    assert "8100.00" in digits(county.case(case_no))  # promised by the county

    first = "2026-03-09T16:00:00+08:00"
    county.at(first)
    succeeded(county.do("经办李", case_no, "发放", transfer(first, "2700.00")))
    succeeded(county.do("经办李", case_no, "补登", registered("2700.00")))
    second = "2026-04-09T10:00:00+08:00"
    county.at(second)
    keep = {"findings": "仍有困难", "stage_action": "keep"}
    succeeded(county.do("经办李", case_no, "阶段复核", keep))
    succeeded(county.do("经办李", case_no, "发放（分阶段）", transfer(second, "2700.00")))

    county.at("2026-05-11T10:00:00+08:00")
    no_reason = {"findings": "已出院上班", "stage_action": "cancel", "review_reason": ""}
    refused = county.do("经办李", case_no, "阶段复核", no_reason)
    assert refused.status == 422
    assert "调低或取消的理由" in refused.text
    dropped = {**no_reason, "review_reason": "困难已缓解，本人有收入"}
    succeeded(county.do("经办李", case_no, "阶段复核", dropped))
    page = county.case(case_no)
    shown = digits(page)
    assert "5400.00" in shown  # paid
    assert "释放" in page.text or "退回" in page.text
    money = [row for row in page.tree.xpath("//tr") if "2700.00" in row.text_content()]
    assert len(money) >= 3  # two payments and the release
    assert "办理中" not in page.text
    approvals = [one for one in page.tree.xpath("//*[@id]") if "审批" in (one.get("id") or "")]
    assert not approvals
    for who in ("审批赵", "县审孙"):
        assert not county.has_item(who, case_no, "审批")
    assert "20000.00" in digits(county.fund())


def registered(amount: str) -> dict[str, Any]:
    """Registered afterwards, signed and sealed."""
    return {
        "recipient": "王建国",
        "registered_cause": "major_illness",
        "registered_amount": amount,
        "handler": "经办李",
        "sealed": True,
    }
