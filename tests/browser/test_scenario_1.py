"""Scenario 1 through the screens, with and without JavaScript; every number of its text.

Aims at what people see and press. The rules behind it are tests/acceptance's business.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Desk
from tests.web import story
from tests.web.world import HANDLER, JIA

pytestmark = pytest.mark.browser


def fill(page: Page, answers: dict[str, str], *, javascript: bool) -> None:
    """The answers are typed, chosen and ticked; hidden questions are asked for first."""
    for name, value in answers.items():
        field = page.locator(f'[name="{name}"]')
        if not javascript and field.count() == 0:
            page.get_by_role("button", name="刷新问题").last.click()
        expect(field.first).to_be_attached()
        _answer(field, value)


def _answer(field: Locator, value: str) -> None:
    first = field.first
    if first.evaluate("one => one.tagName") == "SELECT":
        first.select_option(value)
    elif first.get_attribute("type") in ("radio", "checkbox"):
        field.and_(field.page.locator(f'[value="{value}"]')).check()
    else:
        first.fill(value.replace("T", " ") if len(value) == 16 else value)


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
def test_fire_of_1000_yuan_from_the_call_to_the_register(desk: Desk, javascript: bool) -> None:
    page = desk.page(story.HOTLINE, javascript=javascript)
    page.get_by_role("link", name="报告急难").click()
    fill(page, story.REPORT, javascript=javascript)
    page.get_by_role("button", name="登记报告并开始计时").click()
    case = page.url
    expect(page.get_by_role("status")).to_contain_text("您是首问责任人")
    body = page.locator("main")
    expect(body).to_contain_text("热线楚（曲阜市民政局），尚未移交")
    expect(body).to_contain_text("应于 4 月 8 日（周三）10:05 前办结")

    for step in story.STEPS:
        story.set_clock(desk.site, step.at)
        page = desk.page(step.by, javascript=javascript)
        page.get_by_role("link", name=step.item, exact=True).first.click()
        fill(page, step.answers, javascript=javascript)
        page.locator(".jf-actions button").first.click()
        expect(page.get_by_role("status")).to_contain_text(f"“{step.item}”已办结")

    page.goto(case)
    body = page.locator("main")
    expect(body).to_contain_text("已办结：已救助")
    expect(body).to_contain_text("急难型（先行救助）")
    expect(body).to_contain_text("用时 6 小时 35 分，期限为 4 月 8 日（周三）10:05")
    expect(body).to_contain_text("期限为 4 月 14 日（周二）24:00")
    expect(body).to_contain_text("负责到 4 月 7 日 10:20 移交")
    record = page.locator("ol.timeline")  # no means check, no appraisal, no notice before payment
    for word in ("核对", "评议"):
        expect(record).not_to_contain_text(word)
    deeds = [text for text in record.locator(".what").all_text_contents() if "办结" in text]
    assert deeds[::-1] == [f"办结“{step.item}”" for step in story.STEPS]
    check_money_and_notice(desk, javascript=javascript)


def check_money_and_notice(desk: Desk, *, javascript: bool) -> None:
    page = desk.page(HANDLER, javascript=javascript)
    page.goto(f"{desk.url}/funds/{JIA}")
    assert page.locator("h1 data.money").get_attribute("value") == "19000.00"
    cash = page.get_by_role("table", name="现金实物发放台账")
    expect(cash.locator("tbody tr")).to_have_count(1)
    public = desk.page(javascript=javascript)
    public.goto(f"{desk.url}/notices/")
    expect(public.locator("article")).to_have_count(1)
    expect(public.locator("article")).to_contain_text("1000.00")
    for private in ("演示三", story.REPORT["applicant_id_number"], "370881"):
        expect(public.locator("main")).not_to_contain_text(private)
