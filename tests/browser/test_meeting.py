"""A major case with nine members of whom two recuse, in real browsers on phones without JavaScript;
each page is accessible, fits 390 px, and a vote is cast with the keyboard alone.
"""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance import test_major as major
from tests.acceptance.conftest import County
from tests.browser.conftest import PHONE, Desk
from tests.browser.test_pages import findings
from tests.web.world import JIA, PASSWORD, REGION

pytestmark = pytest.mark.browser

LOGINS = {"热线楚": "rexian.chu", "经办李": "jingban.li"}


def noticed(desk: Desk) -> str:
    """A drafted case whose meeting was noticed; answers the case number."""
    site = desk.site
    county = County(
        app=site.app,
        office=site.office,
        clock=site.clock,
        password=PASSWORD,
        region=REGION,
        township=JIA,
        logins=LOGINS,
    )
    site.clock.set(datetime.fromisoformat("2026-04-13T09:00:00+08:00"))
    case_no = major.drafted(county)
    major.noticed(county)
    site.clock.set(datetime.fromisoformat("2026-04-15T09:05:00+08:00"))
    return case_no


def sound(page: Page) -> None:
    """No accessibility finding, and nothing sticks out sideways."""
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(over) <= 0, page.url


def enter(desk: Desk, login: str) -> Page:
    """The member on a phone, come from the inbox to the meeting."""
    page = desk.page(login, javascript=False, size=PHONE)
    page.get_by_role("link", name="370881-H2026-").first.click()
    return page


def test_nine_members_two_recuse_five_vote(desk: Desk) -> None:
    noticed(desk)
    for login in major.MEMBERS[:2]:
        page = enter(desk, login)
        page.get_by_label("有，我回避").check()
        page.get_by_label("是什么关系").fill("是外甥")
        page.get_by_role("button", name="登记我的申报").click()
        expect(page.get_by_text("您已回避")).to_be_visible()
        expect(page.get_by_text("两人烧伤")).to_have_count(0)
    for login in major.MEMBERS[2:7]:
        page = enter(desk, login)
        page.get_by_label("没有", exact=True).check()
        page.get_by_role("button", name="登记我的申报").click()
        page.get_by_label("赞成").check()
        page.get_by_role("button", name="投出我的一票").click()
        expect(page.get_by_text("一人一票，不能再改").first).to_be_visible()
    office = desk.page(major.OFFICE, size=PHONE)
    office.goto(f"{desk.url}/meetings/")
    office.get_by_role("link", name="370881-H2026-").first.click()
    sound(office)
    assert findings(office) == []
    office.get_by_role("button", name="结束会议并计票").click()
    expect(office.get_by_role("heading", level=1)).to_have_text("会议结果：通过")
    expect(office.get_by_text("应到 7 人，法定人数 5 人，实到 5 人")).to_be_visible()
    sound(office)
    assert findings(office) == []
    office.get_by_role("link", name="看纪要").click()
    expect(office.get_by_text("回避 2 人")).to_be_visible()
    assert findings(office) == []
    head = desk.page(major.HEAD)
    head.goto(f"{desk.url}/meetings/")
    head.get_by_role("link", name="370881-H2026-").first.click()
    head.get_by_role("link", name="去签批").click()
    expect(head.get_by_role("heading", level=1)).to_have_text("组长签批")
    head.locator('[name="relative_declaration"][value="none"]').check()
    head.locator('[name="signoff"][value="agree"]').check()
    head.locator('[name="opinion"]').fill("同意")
    sound(head)
    assert findings(head) == []
    head.get_by_role("button", name="签批（同意即可发放 30000.00 元）").click()
    expect(head.get_by_role("status")).to_contain_text("“组长签批”已办结")
    payer = desk.page(major.COUNTY, javascript=False, size=PHONE)
    expect(payer.get_by_role("link", name="发放重大急难救助金").first).to_be_visible()


def test_a_vote_is_cast_by_keyboard_and_the_page_has_no_finding(desk: Desk) -> None:
    noticed(desk)
    page = desk.page(major.MEMBERS[0], size=PHONE)
    page.get_by_role("link", name="370881-H2026-").first.press("Enter")
    assert findings(page) == []
    page.get_by_label("没有", exact=True).press("Space")
    page.get_by_role("button", name="登记我的申报").press("Enter")
    page.get_by_label("赞成").press("Space")
    sound(page)
    assert findings(page) == []
    page.get_by_role("button", name="投出我的一票").press("Enter")
    expect(page.get_by_text("您已投")).to_be_visible()
