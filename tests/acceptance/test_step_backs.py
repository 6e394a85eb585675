"""撤回 of one's own step and 退回 to a done one, through the pages: what is allowed and what is not."""

from __future__ import annotations

from typing import Any

from tests.acceptance import expenditure
from tests.acceptance.test_emergency import ACCEPT, APPROVE, REPORT, digits, slip, succeeded, verify
from tests.acceptance.visitor import Page, Visitor

MOMENT = "2026-04-07T10:05:00+08:00"
LATER = "2026-04-07T11:00:00+08:00"


def take_back(county: Any, who: str, case_no: str, reason: str = "填错了") -> Page:
    """The page after the person took the own step back."""
    return expenditure.pressed(county, who, case_no, "step_reason", {"step_reason": reason})


def offers_recall(county: Any, who: str, case_no: str) -> bool:
    return bool(county.case(case_no, who).tree.xpath("//*[@name='step_reason']"))


def draft_of(visitor: Visitor, address: str, name: str) -> str:
    """What stands in the field of the form."""
    field = visitor.get(address).tree.xpath(f"//*[@name='{name}']")[0]
    return str(field.get("value") or field.text or "")


def test_a_step_is_taken_back_until_the_next_one_is_opened(county):
    county = county(MOMENT)
    case_no = county.report(**REPORT)
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT))
    assert not offers_recall(county, "经办李", case_no)  # accepted is accepted
    succeeded(county.do("经办李", case_no, "现场核实", verify(MOMENT, cash_amount="900.00")))
    assert not offers_recall(county, "调查王", case_no)  # not his step
    county.at(LATER)
    assert "请写明为什么撤回" in take_back(county, "经办李", case_no, "").text
    page = take_back(county, "经办李", case_no)
    assert "已撤回" in page.text
    assert "撤回自己办结的环节" in page.text
    assert not county.has_item("审批赵", case_no, "审批")
    li, address = county.item("经办李", case_no, "现场核实")
    assert draft_of(li, address, "cash_amount") == "900.00"  # nothing has to be typed again
    assert draft_of(li, address, "investigator_2") == "调查王"
    succeeded(county.do("经办李", case_no, "现场核实", verify(MOMENT)))
    zhao, address = county.item("审批赵", case_no, "审批")
    assert offers_recall(county, "经办李", case_no)
    page = zhao.get(address)
    claim = next(f for f in page.tree.forms if (f.get("action") or "").endswith("/claim"))
    zhao.press(page, claim, {})
    assert not offers_recall(county, "经办李", case_no)
    record = county.case(case_no).text
    assert "撤回自己办结的环节" in record
    assert "填错了" in record
    assert record.count("办结“现场核实”") == 2  # both are on record


def test_an_approval_taken_back_frees_the_money_and_a_payment_is_never_crossed(county):
    county = county(MOMENT, "5000.00")
    case_no = county.report(**REPORT)
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT))
    succeeded(county.do("经办李", case_no, "现场核实", verify(MOMENT)))
    succeeded(county.do("审批赵", case_no, "审批", APPROVE))
    assert "还能用 4000.00 元" in digits(county.fund())
    page = take_back(county, "审批赵", case_no, "意见要改")
    assert "已撤回" in page.text
    assert "还能用 5000.00 元" in digits(county.fund())
    assert not county.has_item("经办李", case_no, "发放")
    succeeded(county.do("审批赵", case_no, "审批", APPROVE))
    assert "还能用 4000.00 元" in digits(county.fund())
    zhao = county.person("审批赵")
    page = zhao.get(county.case(case_no, "审批赵").address)
    succeeded(county.do("经办李", case_no, "发放", slip(MOMENT)))
    assert not offers_recall(county, "审批赵", case_no)
    assert not offers_recall(county, "经办李", case_no)
    # A page opened before the payment still has the button: it is refused in words.
    late = zhao.press(page, page.form("step_reason"), {"step_reason": "再想想"})
    assert "之后已有别的环节办结，不能撤回" in late.text


def test_a_step_is_sent_back_where_the_diagram_permits_it_three_times(county):
    county = county(MOMENT)
    case_no = expenditure.accepted(county)
    expenditure.investigated(county, case_no, expenditure.spending("22000.00"))
    due = _due(county, case_no)
    for number in range(3):
        li, address = county.item("经办李", case_no, "拟定救助金额")
        page = li.get(address)
        options = page.form("step").xpath(".//select[@name='step']/option")
        named = {one.text_content(): one.get("value") for one in options}
        assert {"民主评议", "入户调查", "核实必需支出", "家庭经济状况核对"} <= named.keys()
        assert "公示" not in " ".join(named)
        wish = {"step": named["核实必需支出"], "return_reason": ""}
        assert "请写明退回的理由" in li.press(page, page.form("step"), wish).text
        wish["return_reason"] = f"票据第 {number + 1} 次核对不符"
        page = li.press(page, page.form("step"), wish)
        assert "已退回" in page.text
        li, address = county.item("经办李", case_no, "核实必需支出")
        assert draft_of(li, address, "persons_paid[0].own_cost") == "22000.00"
        county.do("经办李", case_no, "核实必需支出", expenditure.spending("22000.00"))
        visit = {"investigator_1": "经办李", "investigator_2": "调查王", "visit_facts": "属实"}
        county.do("经办李", case_no, "入户调查", visit)
        said = {"appraised_on": MOMENT[:10], "attended": "9", "agreed": "9"}
        county.do("经办李", case_no, "民主评议", {**said, "appraisal_note": "属实"})
    li, address = county.item("经办李", case_no, "拟定救助金额")
    assert not li.get(address).tree.xpath("//*[@name='step']")  # three times is the limit
    assert _due(county, case_no) == due  # the limit never stopped
    record = county.case(case_no).text
    assert record.count("退回前面的环节") == 6  # three, in the history and in the trace
    assert "票据第 2 次核对不符" in record


def _due(county: Any, case_no: str) -> str:
    return " ".join(county.case(case_no).tree.xpath("//dl[contains(@class,'limits')]//text()"))


def test_the_button_names_the_deed_with_its_sum(county):
    county = county(MOMENT)
    case_no = county.report(**REPORT)
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT))
    succeeded(county.do("经办李", case_no, "现场核实", verify(MOMENT)))
    zhao, address = county.item("审批赵", case_no, "审批")
    page = zhao.get(address)
    assert "作出审批决定（批准即预留 1000.00 元）" in page.text
    for decision, words in (("approve", "批准并预留 1000.00 元"), ("return", "退回补正")):
        again = zhao.press(page, page.form("opinion"), {"decision": decision, "_refresh": "1"})
        assert again.tree.xpath("//button[@type='submit']/text()").count(words) == 1
