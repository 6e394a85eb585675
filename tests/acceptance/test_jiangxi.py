"""SCENARIOS 23, 24, 26 and 32 (Jiangxi data), each number and date in the text, through HTTP.

Nothing here calls the product's Python: people sign in, read pages, fill forms.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.test_emergency import digits, succeeded

REPORT = {
    "channel": "hotline",
    "applicant_name": "王建国",
    "applicant_id_number": "370881199001010013",
    "applicant_phone": "13905370001",
    "applicant_kind": "individual",
    "township": "360722101",
    "village": "360722101201",
    "address": "国道旁修理铺",
    "cause": "traffic",
    "summary": "货车翻车受伤，身上没有钱",
    "reporter_name": "网格员",
}
ACCEPT = {
    "emergency_now": "yes",
    "cause": "traffic",
    "group": "other",
    "applies_dibao": "no",
    "uninsured_claim": "no",
    "major_hardship": "no",
}
APPROVE = {"relative_declaration": "none", "decision": "approve", "opinion": "同意"}
TWO = {"investigator_1": "丙经办李", "investigator_2": "丙调查王", "findings": "情况属实"}
PUBLISH = {"place": "village_board", "checked": True}
CATCHUP = {"recipient": "王建国", "registered_cause": "traffic", "handler": "李", "entered": True}


def bank(at: str, amount: str) -> dict[str, Any]:
    """A slip for a transfer."""
    return {
        "method": "bank",
        "cash_amount": amount,
        "paid_at": at,
        "payer_1": "丙经办李",
        "payer_2": "丙调查王",
        "bank_name": "信丰农商行",
        "bank_account": "6200000000000000",
    }


def cash(at: str, amount: str) -> dict[str, Any]:
    """A slip for cash, signed by the recipient."""
    return {
        "method": "cash",
        "cash_amount": amount,
        "paid_at": at,
        "payer_1": "丙经办李",
        "payer_2": "丙调查王",
        "receipt_kind": "recipient",
        "signer_name": "王建国",
    }


def verify(at: str, amount: str) -> dict[str, Any]:
    """An emergency found true by two."""
    return {**TWO, "verified_at": at, "emergency_confirmed": "yes", "cash_amount": amount}


@pytest.fixture
def xinfeng(county):
    """A maker of the county of FX-JX: reserve 60 000.00."""
    return lambda moment, balance="60000.00": county(moment, balance, "jiangxi")


def applied(county, *, group: str, cause: str, channel: str = "window") -> str:
    """An application that is no emergency, accepted at once."""
    who = "丙窗口陈" if channel == "window" else "丁协卫"
    case_no = county.report(who, **{**REPORT, "channel": channel, "cause": cause})
    answers = {**ACCEPT, "emergency_now": "no", "cause": cause, "group": group}
    if group != "other":
        answers["certified_by"] = "信低保〔2025〕12号"
    succeeded(county.do("丙经办李", case_no, "受理与分办", answers))
    return case_no


def checked(county, case_no: str, at: str) -> None:
    """The expense was found true at home by two."""
    found = {
        **TWO,
        "verified_at": at,
        "expense_confirmed": "yes",
        "self_paid_cost": "6000.00",
        "persons": "1",
        "resilience": "ordinary",
    }
    succeeded(county.do("丙调查王", case_no, "支出核实", found))


def test_23_priority_family_income_and_property_checks_are_not_made(xinfeng):
    county = xinfeng("2026-03-16T09:00:00+08:00")
    case_no = applied(county, group="dibao", cause="schooling")
    page = county.case(case_no)
    assert "2026-04-07 24:00" in page.text  # 15 working days, 4–6 April holiday
    for missing in ("收入核查", "财产核查"):
        assert not county.has_item("丙经办李", case_no, missing)
    county.at("2026-03-18T10:00:00+08:00")
    checked(county, case_no, "2026-03-18T10:00:00+08:00")
    for missing in ("收入核查", "财产核查"):
        assert not county.has_item("丙经办李", case_no, missing)
    visitor, address = county.item("丙经办李", case_no, "民主评议和审核意见")
    assert "3168.00" in digits(visitor.get(address))
    opinion = {"appraisers": "村民代表五人", "appraisal": "一致同意", "amount": "3168.01"}
    refused = visitor.fill(address, opinion)
    assert refused.status == 409
    assert "超过标准 3168.00 元" in digits(refused)
    succeeded(visitor.fill(address, {**opinion, "amount": "3168.00"}))
    county.at("2026-03-26T10:00:00+08:00")
    over = {"objected": "no", "period_over": True}
    succeeded(county.do("丙经办李", case_no, "公示结果", over))
    assert not county.has_item("丙审批赵", case_no, "审批")  # over 1000.00
    succeeded(county.do("信县审孙", case_no, "县级审批", APPROVE))
    county.at("2026-04-07T23:59:00+08:00")
    slip = bank("2026-04-07T23:50:00+08:00", "3168.00")
    succeeded(county.do("丙经办李", case_no, "发放", slip))
    page = county.case(case_no)
    assert "3168.00" in digits(page)
    assert "办理中" not in page.text
    assert case_no not in county.person("信县办钱").get("/deadlines/").text
    assert "60000.00" in digits(county.fund("丙经办李"))  # the county's money


def test_23_other_family_all_three_checks(xinfeng):
    county = xinfeng("2026-03-16T09:00:00+08:00")
    case_no = applied(county, group="other", cause="schooling")
    assert not county.has_item("丙经办李", case_no, "支出核实")
    income = {"income_12m": "90000.00", "members": "3", "authorised": True, "income_note": "务工"}
    succeeded(county.do("丙经办李", case_no, "收入核查", income))
    kept = {"property_ok": "yes", "property_note": "无机动车"}
    succeeded(county.do("丙经办李", case_no, "财产核查", kept))
    checked(county, case_no, "2026-03-16T09:00:00+08:00")
    visitor, address = county.item("丙经办李", case_no, "民主评议和审核意见")
    assert "2640.00" in digits(visitor.get(address))


def test_24_place_of_occurrence(xinfeng):
    county = xinfeng("2026-05-01T09:00:00+08:00")
    case_no = county.report("信热线楚", **REPORT)  # nobody is asked about the hukou
    succeeded(county.do("丙经办李", case_no, "受理与分办", ACCEPT))
    found = verify("2026-05-01T09:00:00+08:00", "800.00")
    succeeded(county.do("丙经办李", case_no, "现场核实", found))
    succeeded(county.do("丙审批赵", case_no, "审批", APPROVE))
    county.at("2026-05-02T08:59:00+08:00")
    slip = cash("2026-05-02T08:59:00+08:00", "800.00")
    succeeded(county.do("丙经办李", case_no, "发放", slip))
    page = county.case(case_no)
    assert "23 小时 59 分" in page.text
    assert case_no not in county.person("信县办钱").get("/deadlines/").text  # on time
    assert "59200.00" in digits(county.fund("丙经办李"))
    assert not county.has_item("丙经办李", case_no, "补登")  # waits for 缓解
    succeeded(county.do("丙经办李", case_no, "发布公示", PUBLISH))

    county.at("2026-05-03T10:00:00+08:00")
    eased = {"eased_at": "2026-05-03T09:00:00+08:00", "eased_note": "出院回家"}
    succeeded(county.do("丙经办李", case_no, "急难缓解确认", eased))
    assert "2026-05-18 24:00" in county.case(case_no).text  # 10 working days, 05-09 works
    county.at("2026-05-18T23:59:00+08:00")
    registered = {**CATCHUP, "registered_amount": "800.00"}
    succeeded(county.do("丙经办李", case_no, "补登", registered))
    assert "办理中" not in county.case(case_no).text
    assert case_no not in county.person("信县办钱").get("/deadlines/").text


def test_24_a_long_stop_reminder_fires_when_eased_is_never_confirmed(xinfeng):
    county = xinfeng("2026-05-01T09:00:00+08:00")
    case_no = county.report("信热线楚", **REPORT)
    at = "2026-05-01T09:00:00+08:00"
    succeeded(county.do("丙经办李", case_no, "受理与分办", ACCEPT))
    succeeded(county.do("丙经办李", case_no, "现场核实", verify(at, "800.00")))
    succeeded(county.do("丙审批赵", case_no, "审批", APPROVE))
    succeeded(county.do("丙经办李", case_no, "发放", cash(at, "800.00")))
    words = "急难缓解尚未确认"
    county.at("2026-05-31T23:59:59+08:00")
    assert words not in county.person("丙经办李").get("/inbox/").text
    county.at("2026-06-01T00:00:00+08:00")  # 30 days after the payment have ended
    assert words in county.person("丙经办李").get("/inbox/").text
    assert "有急难缓解迟迟没有确认" in county.person("丙审批赵").get("/inbox/").text
    assert county.has_item("丙经办李", case_no, "急难缓解确认")  # it can still be confirmed


def review(amount: str, need: str = "yes") -> dict[str, Any]:
    """The need was looked at again."""
    return {"still_needed": need, "stage_amount": amount, "review_note": "仍在治疗"}


def test_26_returned_to_poverty_staged_and_raised(xinfeng):
    county = xinfeng("2026-03-16T09:00:00+08:00")
    case_no = applied(county, group="returned", cause="illness", channel="visit")
    at = "2026-03-16T09:00:00+08:00"
    confirmed = {
        **TWO,
        "verified_at": at,
        "return_confirmed": "yes",
        "monitor_no": "监-7",
        "persons": "1",
    }
    succeeded(county.do("丙调查王", case_no, "返贫确认", confirmed))
    assert not county.has_item("丙审批赵", case_no, "审批")  # judged on 3168.00
    visitor, address = county.item("信县审孙", case_no, "县级审批")
    assert "3168.00" in digits(visitor.get(address))
    succeeded(visitor.fill(address, APPROVE))
    assert not county.has_item("丙经办李", case_no, "发放本阶段")  # looked at again first

    days = ("2026-03-20", "2026-04-20", "2026-05-20")
    for number, day in enumerate(days):
        county.at(f"{day}T10:00:00+08:00")
        assert county.has_item("丙经办李", case_no, "返贫监测跟踪")  # on the watch list
        visitor, address = county.item("丙经办李", case_no, "阶段复核")
        page = visitor.get(address)
        assert f"第 {number + 1} 阶段" in page.text
        assert "1056.00" in digits(page)
        raised = visitor.fill(address, review("1056.01", "lower"))
        assert raised.status == 409  # may be lowered or dropped, never raised
        succeeded(visitor.fill(address, review("1056.00")))
        succeeded(
            county.do("丙经办李", case_no, "发放本阶段", bank(f"{day}T10:00:00+08:00", "1056.00"))
        )
        assert not county.has_item("信县审孙", case_no, "县级审批")  # no second approval
    page = county.case(case_no)
    assert "3168.00" in digits(page)  # paid in all
    assert "办理中" in page.text
    assert not county.has_item("丙经办李", case_no, "阶段复核")
    assert county.has_item("丙经办李", case_no, "返贫监测跟踪")  # until it is closed
    county.at("2026-06-20T10:00:00+08:00")
    over = {
        "visited_at": "2026-06-20T09:00:00+08:00",
        "findings": "已稳定务工",
        "watch_result": "close",
        "close_reason": "收入稳定，三保障落实",
    }
    succeeded(county.do("丙经办李", case_no, "返贫监测跟踪", over))
    assert "办理中" not in county.case(case_no).text


OTHERS = (
    {"applicant_name": "刘远", "applicant_id_number": "360722198506152023", "applicant_phone": ""},
    {"applicant_name": "何玉", "applicant_id_number": "370811197510203018", "applicant_phone": ""},
)


def verified(county, amount: str, at: str, **who: Any) -> str:
    """An emergency of that amount is verified."""
    case_no = county.report("信热线楚", **{**REPORT, **who})
    succeeded(county.do("丙经办李", case_no, "受理与分办", ACCEPT))
    succeeded(county.do("丙经办李", case_no, "现场核实", verify(at, amount)))
    return case_no


def test_32_high_risk_raises_the_quota_until_the_last_night(xinfeng):
    county = xinfeng("2026-07-31T22:00:00+08:00")
    first = verified(county, "1800.00", "2026-07-31T22:00:00+08:00")
    second = verified(county, "1800.00", "2026-07-31T22:00:00+08:00", **OTHERS[0])
    county.at("2026-07-31T23:00:00+08:00")
    succeeded(county.do("丙审批赵", first, "审批", APPROVE))  # township
    assert "58200.00" in digits(county.fund("丙经办李"))  # promised from the reserve

    county.at("2026-08-01T00:00:00+08:00")
    refused = county.do("丙审批赵", second, "审批", APPROVE)
    assert refused.status == 409
    assert "1800.00 元超过今日乡镇（街道）审批额度 1000.00 元" in digits(refused)
    assert "报县级审批" in refused.text
    up = {"relative_declaration": "none", "decision": "escalate", "opinion": "期满"}
    succeeded(county.do("丙审批赵", second, "审批", up))
    succeeded(county.do("信县审孙", second, "县级审批", APPROVE))
    third = verified(county, "1800.00", "2026-08-01T00:00:00+08:00", **OTHERS[1])
    assert not county.has_item("丙审批赵", third, "审批")
    assert county.has_item("信县审孙", third, "县级审批")


GOODS = [{"article": "大米 25 公斤", "quantity": "5", "unit_price": "100.00"}]


def village_slip(at: str) -> dict[str, Any]:
    """Goods worth 500.00 handed over by two officers of the village."""
    return {
        "acts": "pay",
        "method": "goods",
        "goods": GOODS,
        "paid_at": at,
        "payer_1": "丁协卫",
        "payer_2": "丁协金",
        "receipt_kind": "recipient",
        "signer_name": "王建国",
    }


def village_report(county) -> str:
    """The village reports and wants to pay itself."""
    wants = {**REPORT, "channel": "village", "cause": "disaster", "village_pays": "yes"}
    return county.report("丁协卫", **wants)


def test_32_the_village_pays_and_the_township_confirms_later(xinfeng):
    county = xinfeng("2026-07-10T09:00:00+08:00")
    case_no = village_report(county)
    assert not county.has_item("丙经办李", case_no, "受理与分办")
    county.at("2026-07-10T10:00:00+08:00")
    slip = village_slip("2026-07-10T10:00:00+08:00")
    succeeded(county.do("丁协卫", case_no, "村（居）直接发放", slip))
    assert "59500.00" in digits(county.fund("丙经办李"))
    page = county.case(case_no, "信县办钱")
    assert "500.00" in digits(page)
    county.at("2026-07-13T10:00:00+08:00")
    seen = {"received": "yes", "confirm_note": "到户核对，已收到"}
    succeeded(county.do("丙经办李", case_no, "村级发放确认", seen))
    assert county.has_item("丙经办李", case_no, "发布公示")
    assert county.has_item("丙经办李", case_no, "急难缓解确认")


def test_32_after_the_order_the_village_is_refused(xinfeng):
    county = xinfeng("2026-07-31T20:00:00+08:00")
    waiting = village_report(county)
    county.at("2026-08-02T09:00:00+08:00")
    refused = county.do(
        "丁协卫", waiting, "村（居）直接发放", village_slip("2026-08-02T09:00:00+08:00")
    )
    assert refused.status == 409
    assert "今日没有允许本村（居）直接发放的命令" in refused.text
    assert "转乡镇（街道）先行救助" in refused.text
    assert "60000.00" in digits(county.fund("丙经办李"))
    succeeded(county.do("丁协卫", waiting, "村（居）直接发放", {"acts": "hand_over"}))
    assert county.has_item("丙经办李", waiting, "受理与分办")
    late = village_report(county)  # a new report goes to the township at once
    assert not county.has_item("丁协卫", late, "村（居）直接发放")
    assert county.has_item("丙经办李", late, "受理与分办")
