"""SCENARIOS 1, 3, 5, 6, 10 and 29 (Jining data), each number in the text, through HTTP.

Nothing here calls the product's Python: people sign in, read pages, fill forms.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.visitor import Page

REPORT = {
    "channel": "hotline",
    "applicant_name": "王建国",
    "applicant_id_number": "370881199001010013",
    "applicant_phone": "13905370001",
    "applicant_kind": "family",
    "residence": "local",
    "area": "urban",
    "township": "370881101",
    "village": "370881101201",
    "address": "甲一村 12 号",
    "cause": "fire",
    "summary": "厨房失火，灶具和被褥烧毁",
    "reporter_name": "网格员",
    "reporter_phone": "13905370002",
}
ACCEPT = {
    "emergency_now": "yes",
    "irreversible_risk": "yes",
    "cause": "fire",
    "major_hardship": "no",
    "special_city": "no",
}
APPROVE = {"relative_declaration": "none", "decision": "approve", "opinion": "同意"}
PUBLISH = {"place": "village_board", "checked": True}


def verify(at: str, **changes: Any) -> dict[str, Any]:
    """Found light; money unless changed."""
    found = {
        "investigator_1": "经办李",
        "investigator_2": "调查王",
        "verified_at": at,
        "findings": "两人到场，厨房烧毁，当晚无处做饭",
        "emergency_confirmed": "yes",
        "degree": "light",
        "cash_amount": "1000.00",
    }
    return {**found, **changes}


def slip(at: str, **changes: Any) -> dict[str, Any]:
    """Handed over by two, the recipient signed."""
    handed = {
        "method": "cash",
        "cash_amount": "1000.00",
        "paid_at": at,
        "payer_1": "经办李",
        "payer_2": "调查王",
        "receipt_kind": "recipient",
        "signer_name": "王建国",
    }
    return {**handed, **changes}


def catchup(amount: str) -> dict[str, Any]:
    """Registered, signed and sealed."""
    return {
        "recipient": "王建国",
        "registered_cause": "fire",
        "registered_amount": amount,
        "handler": "经办李",
        "sealed": True,
    }


def succeeded(page: Page) -> Page:
    """The page, after the deed went through."""
    assert page.status == 200, page.text[:1500]
    return page


def to_payment(county, moment: str, amount: str = "1000.00", **found: Any) -> str:
    """A case approved by the township waits to be paid; all at one moment."""
    case_no = county.report(**REPORT)
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT))
    succeeded(county.do("经办李", case_no, "现场核实", verify(moment, cash_amount=amount, **found)))
    succeeded(county.do("审批赵", case_no, "审批", APPROVE))
    return case_no


def paid(county, moment: str) -> str:
    """A case of 1000.00 reported and paid at one moment."""
    case_no = to_payment(county, moment)
    succeeded(county.do("经办李", case_no, "发放", slip(moment)))
    return case_no


def test_01_fire_exactly_1000_found_by_hotline(county):
    county = county("2026-04-07T10:05:00+08:00")
    case_no = county.report(**REPORT)
    page = county.case(case_no)
    assert "首问责任人热线楚（曲阜市民政局），尚未移交" in page.text
    assert "20000.00" in digits(county.fund())

    county.at("2026-04-07T10:40:00+08:00")
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT))
    page = county.case(case_no)
    assert "尚未移交" not in page.text  # the township has accepted it
    assert "急难" in page.text
    for step in ("经济状况核对", "民主评议"):
        assert not county.has_item("经办李", case_no, step)
    assert not county.has_item("经办李", case_no, "公示")

    county.at("2026-04-07T12:00:00+08:00")
    succeeded(county.do("经办李", case_no, "现场核实", verify("2026-04-07T11:30:00+08:00")))
    assert not county.has_item("县审孙", case_no, "审批")  # authority: township
    county.at("2026-04-07T14:00:00+08:00")
    succeeded(county.do("审批赵", case_no, "审批", APPROVE))
    book = county.fund()
    assert "19000.00" in digits(book)  # free
    assert "1000.00" in digits(book)  # held

    county.at("2026-04-07T16:40:00+08:00")
    succeeded(county.do("经办李", case_no, "发放", slip("2026-04-07T16:40:00+08:00")))
    page = county.case(case_no)
    assert "6 小时 35 分" in page.text
    assert "4 月 14 日" in page.text  # catch-up due 2026-04-14 24:00
    assert "2026-04-14 24:00" in page.text  # how it was computed
    book = county.fund()
    assert "19000.00" in digits(book)
    assert book.text.count(f"{case_no}") >= 1
    assert len(cash_ledger(county.fund())) == 1  # one cash line

    assert "王" not in county.public().get("/notices/").text
    succeeded(county.do("经办李", case_no, "发布公示", PUBLISH))
    board = county.public().get("/notices/")
    notices = {a.get("href") for a in board.tree.find(".//main").iter("a")}
    assert len([href for href in notices if href and "/notices/0" in href]) == 1
    succeeded(county.do("经办李", case_no, "补登", catchup("1000.00")))
    assert "办理中" not in county.case(case_no).text
    assert case_no not in county.person("县办钱").get("/deadlines/").text


@pytest.mark.parametrize(
    ("moment", "late"),
    [("2026-10-01T18:30:00+08:00", False), ("2026-10-01T18:30:01+08:00", True)],
)
def test_03_24_hours_across_the_national_day_eve(county, moment, late):
    county = county("2026-09-30T18:30:00+08:00")
    case_no = to_payment(county, "2026-09-30T18:30:00+08:00")
    assert "2026-10-01 18:30:00" in county.case(case_no).text
    county.at(moment)
    succeeded(county.do("经办李", case_no, "发放", slip(moment)))
    ledger = county.person("县办钱").get("/deadlines/").text
    assert (case_no in ledger) is late
    if late:
        assert "1 秒" in ledger


@pytest.mark.parametrize(
    ("paid_at", "last_day"),
    [
        ("2026-02-13T16:20:00+08:00", "2026-02-27"),
        ("2026-02-14T10:00:00+08:00", "2026-02-28"),
    ],
)
def test_05_five_working_days_across_spring_festival(county, paid_at, last_day):
    county = county(paid_at)
    case_no = paid(county, paid_at)
    page = county.case(case_no)
    assert f"{last_day} 24:00" in page.text
    county.at(f"{last_day}T23:59:00+08:00")
    succeeded(county.do("经办李", case_no, "补登", catchup("1000.00")))
    assert case_no not in county.person("县办钱").get("/deadlines/").text
    assert not county.has_item("县办钱", case_no, "差错认定")


def test_06_catch_up_overdue(county):
    county = county("2026-02-13T16:20:00+08:00")
    case_no = paid(county, "2026-02-13T16:20:00+08:00")
    county.at("2026-02-27T23:59:59+08:00")
    assert case_no not in county.person("县办钱").get("/deadlines/").text
    county.at("2026-02-28T00:00:00+08:00")
    assert case_no in county.person("县办钱").get("/deadlines/").text
    for told in ("审批赵", "县办钱"):
        inbox = county.person(told).get("/inbox/").text
        assert case_no in inbox
        assert "超期" in inbox

    county.at("2026-03-02T10:00:00+08:00")
    succeeded(county.do("经办李", case_no, "补登", catchup("1000.00")))
    ledger = county.person("县办钱").get("/deadlines/").text
    assert case_no in ledger
    assert "2 个工作日" in ledger
    assert not county.has_item("经办李", case_no, "差错认定")

    visitor, address = county.item("县办钱", case_no, "差错认定")
    form = visitor.get(address).form("error_class")
    classes = form.xpath(".//input[@name='error_class']")
    assert {one.get("value") for one in classes} == {"intentional", "objective", "reform"}
    assert all(one.get("checked") is None for one in classes)  # the system proposes none
    for label in ("主观故意", "客观偏差", "改革创新"):
        assert label in form.text_content()
    facts = {
        "facts_found": "补登晚两个工作日",
        "loss": "无",
        "error_class": "objective",
        "error_evidence": "network_outage",
        "evidence_note": "机房断网记录",
    }
    succeeded(visitor.fill(address, facts))
    visitor, address = county.item("县审孙", case_no, "处理决定")
    offered = visitor.get(address).form("error_outcome").text_content()
    for outcome in ("从轻", "减轻", "免于追责"):
        assert outcome in offered
    answers = {"error_outcome": "免于追责", "opinion": "客观原因"}
    values = visitor.get(address).form("error_outcome").xpath(".//input[@name='error_outcome']")
    answers["error_outcome"] = next(
        one.get("value") for one in values if "免于追责" in (one.get("value") or "")
    )
    succeeded(visitor.fill(address, answers))
    page = county.case(case_no)
    assert "1000.00" in digits(page)  # the payment itself stays valid
    assert "19000.00" in digits(county.fund())


def test_10_goods_and_cash_publication_without_private_data(county):
    moment = "2026-04-07T10:05:00+08:00"
    county = county(moment)
    goods = [
        {"article": "棉被", "quantity": "2", "unit_price": "120.00"},
        {"article": "25 千克大米", "quantity": "1", "unit_price": "150.00"},
    ]
    case_no = to_payment(county, moment, "500.00", goods=goods)
    assert "890.00" in digits(county.case(case_no))

    one_payer = slip(moment, method="cash_and_goods", cash_amount="500.00", goods=goods, payer_2="")
    refused = county.do("经办李", case_no, "发放", one_payer)
    assert refused.status == 422
    assert "发放人二" in refused.text
    nobody_signed = {**one_payer, "payer_2": "调查王", "signer_name": ""}
    refused = county.do("经办李", case_no, "发放", nobody_signed)
    assert refused.status == 422
    assert "签收人姓名" in refused.text
    witnessed = {
        **nobody_signed,
        "receipt_kind": "witness",
        "signer_name": "村民赵六",
    }
    succeeded(county.do("经办李", case_no, "发放", witnessed))
    book = county.fund()
    cash_lines = cash_ledger(book)
    assert len(cash_lines) == 2
    goods_line = next(row.text_content() for row in cash_lines if "棉被" in row.text_content())
    assert "大米" in goods_line
    assert "390.00" in goods_line
    assert any("500.00" in row.text_content() for row in cash_lines)
    assert "19110.00" in digits(book)

    succeeded(county.do("经办李", case_no, "补登", catchup("890.00")))
    assert "办理中" in county.case(case_no).text  # no notice yet
    succeeded(county.do("经办李", case_no, "发布公示", PUBLISH))
    assert "办理中" not in county.case(case_no).text

    board = county.public().get("/notices/")
    notice = county.public().get(
        next(
            str(a.get("href"))
            for a in board.tree.iter("a")
            if "/notices/" in (a.get("href") or "") and len(a.get("href")) > len("/notices/")
        )
    )
    for shown in ("王**", "甲一村", "意外事件", "890.00", "2026-04-07"):
        assert shown in notice.text, shown
    for hidden in ("建国", "370881199001010013", "13905370001", "13905370002", "12 号", "赵六"):
        assert hidden not in notice.text
        assert hidden not in board.text


def test_29_reserve_exhausted_in_an_emergency(county):
    moment = "2026-04-07T10:05:00+08:00"
    county = county(moment, "800.00")
    case_no = to_payment(county, moment)
    assert "800.00" in digits(county.fund())
    assert "-200.00" not in digits(county.fund())
    assert not county.has_item("经办李", case_no, "发放")

    visitor, address = county.item("经办李", case_no, "备用金不足")
    page = visitor.get(address)
    for choice in ("县级直接支付", "上报销账并申请追加"):
        assert choice in page.text
    assert "800.00" in digits(page)
    assert "200.00" in digits(page)  # what is missing
    assert "还剩" in page.text  # the 24 hours keep running
    answers = {
        "resolution": "supplement",
        "explanation": "春荒",
    }
    succeeded(visitor.fill(address, answers))

    county.at("2026-04-07T15:00:00+08:00")
    added = {
        "supplement_amount": "30000.00",
        "papers": ["monthly", "vouchers"],
        "opinion": "同意",
    }
    succeeded(county.do("财政蒋", case_no, "追加备用金", added))
    book = county.fund()
    assert "30800.00" in digits(book)  # free and held together
    assert "销-370881101-2026-001" in book.text  # the supplement shows its package
    county.at("2026-04-07T16:00:00+08:00")
    succeeded(county.do("经办李", case_no, "发放", slip("2026-04-07T16:00:00+08:00")))
    assert "29800.00" in digits(county.fund())
    assert case_no not in county.person("县办钱").get("/deadlines/").text


def test_29_county_pays_directly_and_the_reserve_is_untouched(county):
    moment = "2026-04-07T10:05:00+08:00"
    county = county(moment, "800.00")
    case_no = to_payment(county, moment)
    succeeded(county.do("经办李", case_no, "备用金不足", {"resolution": "county_direct"}))
    agreed = {"county_decision": "approve", "county_fund_no": "县拨〔2026〕9号", "opinion": "同意"}
    succeeded(county.do("县办钱", case_no, "县级直接支付", agreed))
    succeeded(county.do("经办李", case_no, "发放", slip(moment)))
    assert "800.00" in digits(county.fund())
    assert "1000.00" in digits(county.case(case_no))


def cash_ledger(page: Page) -> list[Any]:
    """The lines of the cash and goods ledger on the reserve's page."""
    [table] = page.tree.xpath("//table[contains(caption, '现金实物发放台账')]")
    return list(table.xpath(".//tbody/tr"))


def digits(page: Page) -> str:
    """The page's words without the spaces and commas that group digits."""
    return page.text.replace(",", "").replace("\u202f", "").replace("\u00a0", "")
