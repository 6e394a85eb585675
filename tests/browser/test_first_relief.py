"""先行救助 on a phone: from the inbox to “paid” in at most five taps; the panel follows the typing.

A tap is every touch of the screen: a link, a field, a choice, a button. Typing is not counted.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import PHONE, Desk
from tests.web import story
from tests.web.world import HANDLER

pytestmark = pytest.mark.browser

MAX_TAPS = 5


def test_first_relief_is_recorded_in_five_taps(desk: Desk, tmp_path: Path) -> None:
    story.report(desk.site)
    for step in story.STEPS[:3]:
        story.do(desk.site, step)
    story.set_clock(desk.site, "16:45")
    page = desk.page(HANDLER, size=PHONE)
    taps = 0

    def tap(what: Locator) -> None:
        nonlocal taps
        what.click()
        taps += 1

    tap(page.get_by_role("link", name="发放", exact=True).first)
    for name, words in (("payer_1", "经办李"), ("payer_2", "调查王"), ("signer_name", "张演示三")):
        tap(page.locator(f'[name="{name}"]'))
        page.keyboard.type(words)
    page.screenshot(path=str(tmp_path / "slip.png"), full_page=True)
    tap(page.get_by_role("button", name="办结“发放”"))
    expect(page.get_by_role("status")).to_contain_text("“发放”已办结")
    assert taps <= MAX_TAPS


@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
def test_the_panel_follows_what_is_typed(desk: Desk, tmp_path: Path, javascript: bool) -> None:
    story.report(desk.site)
    story.do(desk.site, story.STEPS[0])
    page = desk.page(HANDLER, javascript=javascript)
    page.get_by_role("link", name="现场核实", exact=True).first.click()
    panel = page.get_by_role("region", name="资格与金额")
    expect(panel).to_contain_text("缺材料")
    page.locator('[name="emergency_confirmed"][value="yes"]').check()
    if not javascript:
        page.get_by_role("button", name="刷新问题").last.click()
    page.locator('[name="degree"][value="light"]').check()
    if not javascript:
        page.get_by_role("button", name="刷新问题").last.click()
    expect(panel).to_contain_text("不超过 1000.00 元（含）")
    expect(panel).to_contain_text("满足")
    page.screenshot(path=str(tmp_path / "panel.png"), full_page=True)
