"""Complaints on a phone without JavaScript, and the pages of supervision: axe clean, at 390 px."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Desk
from tests.browser.test_pages import findings

pytestmark = pytest.mark.browser

COUNTY, AUDITOR = "xianshen.sun", "shenji.feng"


def complain(desk: Desk) -> str:
    """Anybody hands in a complaint on a phone; its number."""
    page = desk.page(javascript=False, size=PHONE)
    page.goto(f"{desk.url}/notices/")
    page.get_by_role("link", name="投诉举报").click()
    page.get_by_label("反映的是").select_option("staff")
    page.get_by_label("村（居）、乡镇（街道）").check()
    page.get_by_label("涉及的工作人员").fill("经办李")
    page.get_by_label("请写清时间、地点、经过").fill("登记时索要好处")
    page.get_by_label("电话", exact=False).first.fill("13905370009")
    page.get_by_role("button", name="提交投诉举报").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("已收到，受理编号")
    found = re.search(r"\d{6}-J\d{4}-\d{6}", heading.inner_text())
    assert found
    assert "索要好处" not in page.content()
    return found.group()


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_supervision_has_no_accessibility_finding_and_fits(
    desk: Desk, size: dict[str, int] | None
) -> None:
    case_no = complain(desk)
    pages = {login: desk.page(login, size=size) for login in (COUNTY, AUDITOR, "")}
    wrong: list[str] = []
    for login, path in (
        ("", "/complaints/"),
        (COUNTY, "/supervision/"),
        (COUNTY, "/supervision/outages/"),
        (COUNTY, "/supervision/pilots/"),
        (COUNTY, "/reports/new/inspection/"),
        (AUDITOR, "/supervision/"),
    ):
        page = pages[login]
        page.goto(f"{desk.url}{path}")
        wrong += [f"{path} {text}" for text in findings(page)]
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        if too_wide:
            wrong.append(f"{path} scrolls sideways")
    assert wrong == []
    page = pages[COUNTY]
    page.goto(f"{desk.url}/supervision/")
    page.get_by_role("link", name=case_no).click()
    assert "13905370009" not in page.content()
