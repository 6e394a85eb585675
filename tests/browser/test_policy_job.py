"""The whole job of policy staff in the browser, from an idea to a case that follows it (issue 6).

A task is drawn, a limit refused and mended, an amount and a question changed, examples and
scenarios follow, the draft is tried on six closed cases (SCENARIO 40), handed in, signed by a
second person; a new case follows the new package, a running one the old.

Set JIUJI_HANDBOOK to a folder to make the handbook's pictures anew.
"""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from app.studio import backtests
from tests.acceptance.conftest import County
from tests.acceptance.expenditure import (
    AMOUNT,
    accepted,
    application,
    digits,
    investigated,
    spending,
)
from tests.acceptance.test_backtest import COSTS, closed_case
from tests.browser.conftest import Desk
from tests.browser.designers import (
    EDITOR,
    PATIENCE_MS,
    PROCESS,
    TABLE,
    drag,
    middle_of,
    open_designer,
    pick,
    save_now,
)
from tests.browser.hands import Hands

pytestmark = pytest.mark.browser

PUBLISHER = "fabu.zheng"
AMOUNTS = "dmn/jining/expenditure_amount.dmn"
FORM = "forms/jining/apply.form"
NEW_TASK = "县级抽看材料"
TITLE = "支出型：县级抽看，第一分段提高到 4 倍"
SLOW_MS = 60_000  # a page that checks and plays a whole package, on a busy machine


def test_a_policy_is_changed_from_idea_to_case(desk: Desk) -> None:
    county = Hands(desk).county()
    running = _past_and_running(county)
    page = desk.page(EDITOR)
    page.set_default_timeout(SLOW_MS)
    draft = _open_draft(page, desk)
    _draw_a_task(page, desk, draft)
    _try_a_longer_limit(page, desk, draft)
    _raise_an_amount(page, desk, draft)
    _change_a_question(page, desk, draft)
    _let_examples_follow(page, desk, draft)
    _let_scenarios_follow(page, desk, draft)
    _add_a_scenario(page, desk, draft)
    _try_on_past_cases(page, desk, draft)
    _hand_in(page, desk, draft)
    _sign(desk, draft)
    _new_follows_new(county)
    _running_follows_old(county, running)


def _past_and_running(county: County) -> str:
    """Six cases of SCENARIO 40 are closed, and one is accepted and still runs."""
    county.at("2026-03-02T09:00:00+08:00")
    for number, (cost, amount) in enumerate(COSTS.items()):
        closed_case(county, cost, amount, number)
    running = accepted(county, applicant_id_number="", applicant_phone="13905370099")
    county.at("2026-04-07T10:05:00+08:00")
    return running


def _open_draft(page: Page, desk: Desk) -> UUID:
    page.goto(f"{desk.url}/studio/")
    _shot(page, "01-studio")
    page.get_by_label("要改什么").fill(TITLE)
    page.get_by_role("button", name="建一份草稿").click()
    page.get_by_role("heading", name=TITLE).wait_for()
    _shot(page, "02-draft")
    return UUID(page.url.rstrip("/").rpartition("/")[2])


def _draw_a_task(page: Page, desk: Desk, draft: UUID) -> None:
    open_designer(page, desk, draft, PROCESS)
    target = middle_of(page, "flow_propose_proposal_result")
    drag(page, '.djs-palette [data-action="create.task"]', target)
    page.keyboard.type(NEW_TASK)
    page.keyboard.press("Enter")
    save_now(page)
    finding = page.locator('[data-findings] [data-finding="no_role"]')
    finding.wait_for(timeout=PATIENCE_MS)
    _shot(page, "03-new-task")
    finding.click()
    pick(page, "role", "county_handler")
    pick(page, "form", "visit")
    pick(page, "deadline", "workdays")
    page.locator("#bio-properties-panel-jiuji-limit").fill("3")
    save_now(page)
    expect(finding).to_have_count(0, timeout=PATIENCE_MS)
    _shot(page, "04-task-set")


def _try_a_longer_limit(page: Page, desk: Desk, draft: UUID) -> None:
    """Twenty-five working days are refused with the clause; twenty pass."""
    open_designer(page, desk, draft, TABLE, "?element=deadline_rule3")
    cell = page.locator('[data-element-id="deadline_rule3_out2"]')
    _type(page, cell, "25")
    save_now(page)
    refusal = page.locator('[data-findings] [data-severity="error"]', has_text="20个工作日").first
    refusal.wait_for(timeout=SLOW_MS)
    _shot(page, "05-guard-rail")
    _type(page, cell, "20")
    save_now(page)
    expect(refusal).to_have_count(0, timeout=SLOW_MS)


def _raise_an_amount(page: Page, desk: Desk, draft: UUID) -> None:
    open_designer(page, desk, draft, AMOUNTS, "?element=expenditure_multiple_rule2")
    cell = page.locator('[data-element-id="expenditure_multiple_rule2_out1"]')
    expect(cell).to_contain_text("3")
    _type(page, cell, "4")
    save_now(page)
    _shot(page, "06-amount")


def _change_a_question(page: Page, desk: Desk, draft: UUID) -> None:
    page.goto(f"{desk.url}/studio/drafts/{draft}/form/{FORM}/?field=savings#open")
    page.get_by_label("问什么").fill("存款、理财和有价证券")
    page.get_by_role("button", name="存入草稿").last.click()
    page.get_by_text("已存入草稿").wait_for()
    expect(page.frame_locator("iframe").get_by_text("存款、理财和有价证券")).to_be_visible()
    _shot(page, "07-question")


def _let_examples_follow(page: Page, desk: Desk, draft: UUID) -> None:
    page.goto(f"{desk.url}/studio/drafts/{draft}/examples/")
    boxes = page.locator('input[name="example"]')
    assert boxes.count() > 0
    for number in range(boxes.count()):
        boxes.nth(number).check()
    _shot(page, "08-examples")
    page.get_by_role("button", name="选中的算例跟着改").click()
    page.get_by_role("heading", name="全部算例都与标准相符").wait_for()


def _let_scenarios_follow(page: Page, desk: Desk, draft: UUID) -> None:
    page.goto(f"{desk.url}/studio/drafts/{draft}/scenarios/")
    page.get_by_role("link", name=f"一次补上“{NEW_TASK}”").click()
    page.get_by_label("调查人一").fill("甲")
    page.get_by_label("调查人二").fill("乙")
    page.get_by_label("看到和了解的情况").fill("属实")
    _shot(page, "09-scenarios")
    page.get_by_role("button", name="补进这").click()
    page.get_by_text(f"个情景已补上“{NEW_TASK}”").wait_for()
    expect(page.get_by_role("heading", name="个情景都与预期相符")).to_be_visible()


def _add_a_scenario(page: Page, desk: Desk, draft: UUID) -> None:
    choice = page.locator("#begin-from")
    choice.select_option(
        choice.locator("optgroup[label='市级直接审核审批'] option").nth(1).get_attribute("value")
    )
    page.get_by_role("button", name="开始试算").click()
    page.get_by_text("否，退回当地按急难型办理").click()
    page.get_by_label("退回当地的理由").fill("不属于特殊情形")  # the form asks what matters now
    page.get_by_role("button", name="办结“认定特殊情形”").click()
    page.get_by_label("情景名称").fill("市里认为不特殊，退回当地")
    _shot(page, "10-trial")
    page.get_by_role("button", name="存入草稿").click()
    page.get_by_text("已存入草稿").wait_for()
    expect(page.get_by_role("link", name="市里认为不特殊，退回当地", exact=True)).to_be_visible()


def _try_on_past_cases(page: Page, desk: Desk, draft: UUID) -> None:
    page.goto(f"{desk.url}/studio/drafts/{draft}/backtests/")
    page.get_by_label("从哪天").fill("2026-01-01")
    page.get_by_label("到哪天").fill("2026-03-31")
    page.get_by_role("button", name="开始回测").click()
    page.get_by_role("heading", name="已重算").wait_for()
    assert backtests.work(desk.site.database)
    page.get_by_role("heading", name="6 件个案重算").wait_for()  # the page looks again by itself
    shown = page.locator("h1").inner_text()
    assert "0 件减少，2 件增加，4 件不变" in shown
    assert "35100.00 元 → 36900.00 元，+1800.00 元（+5.13%）" in shown
    _shot(page, "11-backtest")


def _hand_in(page: Page, desk: Desk, draft: UUID) -> None:
    page.goto(f"{desk.url}/studio/drafts/{draft}/")
    expect(page.get_by_text("检查没有错误")).to_be_visible()
    page.get_by_role("link", name="去送审").click()
    page.get_by_label("改动理由").fill("第一分段救助力度不足，拟定金额后由县级抽看材料。")
    for box in page.locator('textarea[name^="reason-"]').all():
        box.fill("与县财政局商定，写入本县文件。")
    _shot(page, "12-hand-in")
    page.get_by_role("button", name="送给第二人签字").click()
    page.get_by_text("已送审，等第二人签字").wait_for()


def _sign(desk: Desk, draft: UUID) -> None:
    page = desk.page(PUBLISHER)
    page.set_default_timeout(SLOW_MS)
    page.goto(f"{desk.url}/studio/")
    page.get_by_role("heading", name="1 份草稿等您签字").wait_for()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="去签字").click()
    expect(page.get_by_text(NEW_TASK).first).to_be_visible()
    for box in page.locator('input[name^="signed-"]').all():
        box.check()
    _shot(page, "13-sign")
    page.get_by_role("button", name="签字，立即施行").click()
    page.get_by_text("已发布。").wait_for()
    _shot(page, "14-published")


def _new_follows_new(county: County) -> None:
    new = accepted(county, application(income_6m="24000.00", self_paid_medical="12000.00"),
                   applicant_id_number="", applicant_phone="13905370098")  # fmt: skip
    investigated(county, new, spending("12000.00"), income_6m="24000.00")
    told = {**AMOUNT, "cash_amount": "3600.00"}
    assert county.do("经办李", new, "拟定救助金额", told).status == 200
    assert county.has_item("县办钱", new, NEW_TASK)
    looked = {"investigator_1": "县办钱", "investigator_2": "调查王", "visit_facts": "属实"}
    assert county.do("县办钱", new, NEW_TASK, looked).status == 200
    assert "公示" in county.case(new).text
    assert "3600.00" in digits(county.case(new))


def _running_follows_old(county: County, running: str) -> None:
    investigated(county, running, spending("22000.00"))
    assert county.do("经办李", running, "拟定救助金额", AMOUNT).status == 200
    assert not county.has_item("县办钱", running, NEW_TASK)
    shown = digits(county.case(running))
    assert "2700.00" in shown
    assert "3600.00" not in shown


def _type(page: Page, cell, text: str) -> None:
    cell.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def _shot(page: Page, name: str) -> None:
    folder = os.environ.get("JIUJI_HANDBOOK")
    if folder:
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=Path(folder, f"{name}.png"))
