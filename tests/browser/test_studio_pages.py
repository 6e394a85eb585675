"""The pages of the studio without JavaScript and on a phone: no finding of axe, nothing too wide.

One draft goes through all of them in a browser: opened, uploaded into, handed in, signed, printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE, Desk
from tests.studio.drawing import NOTICE
from tests.web.policy import PASSWORD, make_policy_site
from tests.web.world import Server

pytestmark = pytest.mark.browser

TITLE = "公示改叫公告"


@pytest.fixture
def studio(browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    """A live installation with the little package; ends with nothing to complain about."""
    site = make_policy_site(tmp_path)
    server = Server(site)
    made = Desk(site, server.url, browser)
    yield made
    made.close()
    server.stop()
    site.close()
    assert made.complaints == []


def enter(desk: Desk, login: str, size: dict[str, int] = DESK, *, javascript: bool) -> Page:
    page = desk.page(size=size, javascript=javascript)
    page.goto(f"{desk.url}/sign-in")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    return page


def problems(page: Page) -> list[str]:
    """What axe objects to, and how much too wide the page is."""
    found = [
        f"{page.url} {one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in Axe().run(page)["violations"]
    ]
    over = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return found + ([f"{page.url}: {over} px too wide"] if over > 0 else [])


def test_draft_goes_the_whole_way_without_javascript(studio: Desk, tmp_path: Path) -> None:
    paper = tmp_path / "notice.paper.toml"
    paper.write_text(NOTICE.replace('"公示"', '"公告"'), "utf-8")
    editor = enter(studio, "editor", javascript=False)
    editor.get_by_label("要改什么").fill(TITLE)
    editor.get_by_role("button", name="建一份草稿").click()
    expect(editor.get_by_role("heading", level=1)).to_have_text(TITLE)
    address = editor.url
    editor.get_by_role("link", name="上传文件").click()
    editor.get_by_label("选择文件").set_input_files(paper)
    editor.get_by_role("button", name="检查并存入草稿").click()
    expect(editor.get_by_role("status")).to_contain_text("已存入草稿 1 个文件")
    editor.get_by_role("link", name="去送审").click()
    expect(editor.get_by_role("main")).to_contain_text("公示 → 公告")
    editor.get_by_label("发布说明").fill(TITLE)
    editor.get_by_label("改动理由").fill("与上级文件一致")
    editor.get_by_role("button", name="送给第二人签字").click()
    publisher = enter(studio, "publisher", PHONE, javascript=False)
    expect(publisher.get_by_role("heading", level=1)).to_have_text("1 份草稿等您签字")
    publisher.get_by_role("link", name=TITLE).click()
    publisher.get_by_role("link", name="去签字").click()
    publisher.get_by_role("button", name="签字，立即施行").click()
    expect(publisher.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(publisher.get_by_role("main")).to_contain_text("发布郑")
    editor.goto(address)
    expect(editor.get_by_role("main")).to_contain_text("已发布")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_studio_pages_have_no_accessibility_finding_and_fit(
    studio: Desk, size: dict[str, int], tmp_path: Path
) -> None:
    page = enter(studio, "both", size, javascript=True)
    wrong = problems(page)
    page.get_by_label("要改什么").fill(TITLE)
    page.get_by_role("button", name="建一份草稿").click()
    draft = page.url
    broken = tmp_path / "broken.form"
    broken.write_text("[]", "utf-8")
    paper = tmp_path / "notice.paper.toml"
    paper.write_text(NOTICE.replace('"公示"', '"公告"'), "utf-8")
    page.goto(f"{draft}upload/")
    page.get_by_label("选择文件").set_input_files(broken)
    page.get_by_role("button", name="检查并存入草稿").click()
    wrong += problems(page)
    studio.complaints.clear()  # the browser reports the 422 itself as an error
    page.get_by_label("选择文件").set_input_files(paper)
    page.get_by_role("button", name="检查并存入草稿").click()
    expect(page.get_by_role("status")).to_contain_text("已存入草稿")
    here = f"{studio.url}/studio/localities/here/"
    for url in (
        *(draft, f"{draft}changes", f"{draft}submit", f"{draft}sign"),
        *(here, f"{here}sources", f"{here}clauses", f"{studio.url}/studio/localities/new"),
        *(f"{studio.url}/studio/proposals/", f"{studio.url}/studio/moves/here/"),
    ):
        page.goto(url)
        wrong += problems(page)
    page.goto(here)
    page.get_by_role("link", name="测试").first.click()
    wrong += problems(page)
    assert wrong == []
