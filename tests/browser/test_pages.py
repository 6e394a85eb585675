"""Every page: no accessibility finding, no sideways scrolling at 390 px, usable by keyboard."""

from __future__ import annotations

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Desk
from tests.web import story
from tests.web.world import APPROVER, HANDLER, JIA

pytestmark = pytest.mark.browser

FINANCE = "caizheng.jiang"
AUDITOR = "shenji.feng"


def open_pages(desk: Desk) -> list[tuple[str, str]]:
    """(who, where) of one page of each kind, the case standing at its approval."""
    case = story.report(desk.site)
    story.report(desk.site, {"applicant_name": "李演示四", "applicant_id_number": ""})
    for step in story.STEPS[:2]:
        story.do(desk.site, step)
    approval = story.item_path(desk.site, APPROVER, "乡镇（街道）审批")
    return [
        (HANDLER, "/inbox/"),
        (HANDLER, "/reports/new/"),
        (HANDLER, "/cases/"),
        (HANDLER, case),
        (APPROVER, approval),
        (HANDLER, approval),  # not his to do: says why
        (FINANCE, f"/funds/{JIA}"),
        (FINANCE, "/funds/"),
        (HANDLER, "/deadlines/"),
        (HANDLER, "/search/?q=2026"),
        (AUDITOR, "/audit/"),
        ("", "/notices/"),
        ("", "/sign-in"),
    ]


def findings(page: Page) -> list[str]:
    """What axe objects to, with the first element concerned."""
    report = Axe().run(page)
    return [
        f"{one['id']}: {one['help']} — {one['nodes'][0]['html'][:200]}"
        for one in report["violations"]
    ]


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_pages_have_no_accessibility_finding_and_fit(
    desk: Desk, size: dict[str, int] | None
) -> None:
    story_pages = open_pages(desk)
    pages = {
        login: desk.page(login, size=size) for login in dict.fromkeys(w for w, _ in story_pages)
    }
    wrong: list[str] = []
    for login, path in story_pages:
        page = pages[login]
        page.goto(desk.url + path)
        wrong += [f"{path}: {text}" for text in findings(page)]
        over = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if over > 0:
            wrong.append(f"{path}: {over} px too wide")
    assert wrong == []


def test_refused_and_mended_forms_have_no_accessibility_finding(desk: Desk) -> None:
    page = desk.page(HANDLER)
    page.goto(f"{desk.url}/reports/new/")
    page.get_by_role("button", name="登记报告并开始计时").click()
    expect(page.get_by_role("alert")).to_contain_text("处需要修改")
    assert findings(page) == []
    desk.complaints.clear()  # the browser reports the 422 itself as an error


def test_the_bar_and_the_first_item_are_reached_by_keyboard(desk: Desk) -> None:
    story.report(desk.site)
    page = desk.page(HANDLER)
    page.locator("body").press("Tab")  # waits for the page, which a bare key does not
    expect(page.get_by_text("跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="受理与分办").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("受理与分办")


def test_printing_hides_the_shell_and_shows_the_case_number(desk: Desk) -> None:
    case = story.report(desk.site)
    page = desk.page(HANDLER)
    page.goto(desk.url + case)
    page.emulate_media(media="print")
    expect(page.locator("header.bar")).to_be_hidden()
    expect(page.locator(".print-head")).to_be_visible()
    expect(page.locator(".print-head")).to_contain_text("370881-2026-000001")
