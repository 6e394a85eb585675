"""An expenditure case as the people of a county carry it on: answers and deeds, through HTTP."""

from __future__ import annotations

from typing import Any

from tests.acceptance.visitor import Page

REPORT = {
    "channel": "window",
    "applicant_name": "孙建军",
    "applicant_id_number": "370881199001010013",
    "applicant_phone": "13905370001",
    "applicant_kind": "family",
    "residence": "local",
    "area": "urban",
    "township": "370881101",
    "village": "370881101201",
    "cause": "medical",
    "summary": "住院花费大，基本生活困难",
}
ACCEPT = {
    "emergency_now": "no",
    "irreversible_risk": "no",
    "cause": "medical",
    "major_hardship": "no",
    "special_city": "no",
}
MEMBERS = [
    {"member_name": "孙建军", "relation": "self", "adult": True},
    {"member_name": "李秀英", "relation": "spouse", "adult": True},
    {"member_name": "孙小宝", "relation": "child"},
]
MEANS = {
    "members": "3",
    "income_6m": "36000.00",
    "income_12m": "72000.00",
    "vehicles": "0",
    "houses": "1",
    "savings": "0",
}
COMPLETE = {"papers_complete": "yes"}
APPROVE = {"relative_declaration": "none", "decision": "approve", "opinion": "同意"}
AMOUNT = {"proposal": "standard", "cash_amount": "2700.00"}


def application(**changes: Any) -> dict[str, Any]:
    """The application as signed by the applicant."""
    told = {key: value for key, value in MEANS.items() if key != "members"}
    filled = {
        "household": MEMBERS,
        "group": "other",
        "self_paid_medical": "22000.00",
        "self_paid_education": "0",
        "papers_brought": ["identity", "income", "medical_bills"],
        "declared": True,
    }
    return {**filled, **told, **changes}


def spending(*costs: str, basis: str = "medical", other: str = "0") -> dict[str, Any]:
    """What was verified of each person's own cost."""
    rows = [{"person": f"成员{number}", "own_cost": cost} for number, cost in enumerate(costs, 1)]
    return {
        "basis": basis,
        "persons_paid": rows,
        "other_self_paid": other,
        "spending_note": "票据齐全",
    }


def succeeded(page: Page) -> Page:
    """The page, after the deed went through."""
    assert page.status == 200, page.text[:1500]
    return page


def digits(page: Page) -> str:
    """The page's words without the spaces and commas that group digits."""
    return page.text.replace(",", "").replace("\u202f", "").replace("\u00a0", "")


def applied(county, filled: dict[str, Any] | None = None, **report: Any) -> str:
    """An application is in, its papers not yet looked at."""
    asked = {**REPORT, **report}
    handler = "乙经办何" if asked["township"].endswith("102") else "经办李"
    case_no = county.report(**asked)
    succeeded(county.do(handler, case_no, "受理与分办", {**ACCEPT, "cause": asked["cause"]}))
    succeeded(county.do(handler, case_no, "填写申请书", filled or application()))
    return case_no


def accepted(county, filled: dict[str, Any] | None = None, **report: Any) -> str:
    """The papers were complete: the limit runs."""
    case_no = applied(county, filled, **report)
    handler = "乙经办何" if report.get("township", "").endswith("102") else "经办李"
    succeeded(county.do(handler, case_no, "受理审查", COMPLETE))
    return case_no


def investigated(
    county,
    case_no: str,
    spent: dict[str, Any],
    *,
    handler: str = "经办李",
    reuse: bool = False,
    **means: Any,
) -> None:
    """Authorised, checked, visited by two, appraised; all at one moment."""
    today = county.clock.now().astimezone().date().isoformat()
    signed = {"scope": ["bank"], "signed": "2", "all_signed": True, "valid_until": "2027-12-31"}
    succeeded(county.do(handler, case_no, "签核对授权书", signed))
    if reuse:
        cited = {"cited_record": "低保-2026-001", "record_day": today, "record_valid": True}
        succeeded(county.do(handler, case_no, "沿用认定记录", cited))
    else:
        found = {**MEANS, **means, "means_source": "核对平台报告"}
        succeeded(county.do(handler, case_no, "家庭经济状况核对", found))
    succeeded(county.do(handler, case_no, "核实必需支出", spent))
    visit = {"investigator_1": "经办李", "investigator_2": "调查王", "visit_facts": "情况属实"}
    succeeded(county.do(handler, case_no, "入户调查", visit))
    said = {
        "appraised_on": today,
        "attended": "9",
        "agreed": "9",
        "appraisal_note": "属实",
    }
    succeeded(county.do(handler, case_no, "民主评议", said))


def letter(county, case_no: str, title: str, who: str = "县办钱") -> str:
    """The text of the case's newest letter of that title."""
    visitor = county.person(who)
    page = county.case(case_no, who)
    address = page.link(title)
    asked = visitor.get(address)
    forms = [form for form in asked.tree.forms if "/letters/" in (form.get("action") or "")]
    return visitor.press(asked, forms[0], {}).text


def pressed(county, who: str, case_no: str, control: str, answers: dict[str, Any]) -> Page:
    """The page after a button of the case page was pressed."""
    visitor = county.person(who)
    page = visitor.get(county.case(case_no, who).address)
    return visitor.press(page, page.form(control), answers)


def to_review(county, case_no: str, amount: str = "2700.00") -> None:
    """The amount was proposed and the publicity period has gone by."""
    succeeded(county.do("经办李", case_no, "拟定救助金额", {**AMOUNT, "cash_amount": amount}))
    page = county.case(case_no)
    assert "公示" in page.text


def slip(at: str, **changes: Any) -> dict[str, Any]:
    """Transferred to the applicant's account."""
    handed = {
        "method": "bank",
        "cash_amount": "2700.00",
        "paid_at": at,
        "payer_1": "经办李",
        "payer_2": "调查王",
        "receipt_kind": "recipient",
        "bank_name": "演示银行",
        "bank_account": "6222021234567890123",
    }
    return {**handed, **changes}
