"""An expenditure case through all its hands, on phones that run no scripts.

The rules behind it are tests/acceptance's business; here it is what people see and press.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance import expenditure as said
from tests.browser.conftest import Desk
from tests.browser.hands import Hands, fill

pytestmark = pytest.mark.browser

CLERK, HANDLER, APPROVER, COUNTY = "窗口陈", "经办李", "审批赵", "县审孙"
REVIEW = "乡镇（街道）审核"
START, AFTER_PUBLICITY = "2026-04-08T09:00:00+08:00", "2026-04-18T09:00:00+08:00"
RICE = [{"article": "大米", "quantity": "1", "unit_price": "300.01"}]
SPENT = said.spending("22000.00")
INVESTIGATED = (
    (
        "签核对授权书",
        {"scope": ["bank"], "signed": "2", "all_signed": True, "valid_until": "2027-12-31"},
    ),
    ("家庭经济状况核对", {**said.MEANS, "means_source": "核对平台报告"}),
    ("核实必需支出", SPENT),
    (
        "入户调查",
        {"investigator_1": "经办李", "investigator_2": "调查王", "visit_facts": "情况属实"},
    ),
    (
        "民主评议",
        {"appraised_on": "2026-04-08", "attended": "9", "agreed": "9", "appraisal_note": "属实"},
    ),
)


def reported(hands: Hands) -> str:
    """The clerk at the window writes the report down; answers the case's address."""
    page = hands.phone(CLERK)
    hands.measure(CLERK, page, "待办")
    page.get_by_role("link", name="报告急难").click()
    hands.measure(CLERK, page, "报告急难")
    fill(page, said.REPORT)
    page.get_by_role("button", name="登记报告并开始计时").click()
    expect(page.get_by_role("status")).to_contain_text("您是首问责任人")
    hands.judge(CLERK, page, "个案")
    return page.url


def to_review(hands: Hands) -> None:
    """The township has accepted, checked, visited, appraised and proposed 2700.00 yuan."""
    hands.do(HANDLER, "受理与分办", said.ACCEPT)
    hands.do(HANDLER, "填写申请书", said.application(), main=True)
    hands.do(HANDLER, "受理审查", said.COMPLETE)
    for item, answers in INVESTIGATED:
        hands.do(HANDLER, item, answers)
    hands.do(HANDLER, "拟定救助金额", said.AMOUNT, main=True)


def noticed(hands: Hands) -> None:
    """Anybody reads the notice; it hides who it is about."""
    page = hands.desk.page(javascript=False)
    page.goto(f"{hands.desk.url}/notices/")
    page.get_by_role("link", name="临时救助审核公示").first.click()
    expect(page.locator("main")).to_contain_text("孙**")
    expect(page.locator("main")).not_to_contain_text("建军")


def archived(hands: Hands, page: Page, case: str) -> None:
    """The case is closed with everything it carries, for the county to read."""
    page.goto(case)
    expect(page.locator("main")).to_contain_text("已办结：已救助")
    expect(page.locator("#letters + p")).to_contain_text("公示期满")
    expect(
        page.locator("main summary", has_text="拟定救助金额（乡镇（街道）审核）")
    ).to_be_visible()
    hands.judge(HANDLER, page, "个案归档")


def test_an_expenditure_case_through_all_its_hands(desk: Desk) -> None:
    hands = Hands(desk)
    hands.at(START)
    case = reported(hands)
    to_review(hands)
    noticed(hands)
    page = hands.phone(HANDLER)
    hands.measure(HANDLER, page, "待办")
    expect(page.get_by_role("link", name=REVIEW, exact=True)).to_have_count(0)

    hands.at(AFTER_PUBLICITY)
    hands.do(HANDLER, REVIEW, {**said.AMOUNT, "goods": RICE})
    hands.do(COUNTY, "县级审批（支出型）", said.APPROVE, main=True)
    both = said.slip("2026-04-18 09:00", method="bank_and_goods", goods=RICE)
    page = hands.do(HANDLER, "发放救助金", {**both, "signer_name": "孙建军"}, main=True)
    archived(hands, page, case)
    assert hands.wrong == []


def test_the_township_decides_what_is_within_its_amount(desk: Desk) -> None:
    hands = Hands(desk)
    hands.at(START)
    county = hands.county()
    case_no = said.accepted(county)
    said.investigated(county, case_no, SPENT)
    said.to_review(county, case_no)
    hands.at(AFTER_PUBLICITY)
    said.succeeded(county.do(HANDLER, case_no, REVIEW, said.AMOUNT))
    page = hands.do(APPROVER, "乡镇（街道）审批（支出型）", said.APPROVE, main=True)
    page.goto(f"{desk.url}/search/?q={case_no}")
    page.get_by_role("link", name=case_no, exact=True).click()
    hands.measure(APPROVER, page, "个案")
    expect(page.locator("main")).to_contain_text("发放救助金")
    assert not county.has_item("县审孙", case_no, "县级审批")
    assert hands.wrong == []
