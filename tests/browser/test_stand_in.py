"""外出委托, 撤回 and 转介 in a real browser: on a phone, without JavaScript, nothing axe objects to."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Desk
from tests.browser.test_pages import findings
from tests.web import story
from tests.web.world import APPROVER, HANDLER

pytestmark = pytest.mark.browser

CHARITY, COUNTY, CLERK = "cishan.shen", "xianban.qian", "窗口陈"


def sound(page: Page, picture: Path) -> None:
    """Nothing sticks out sideways; a picture is kept to be looked at."""
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    page.screenshot(path=str(picture), full_page=True)
    assert page.evaluate(over) <= 0, page.url


def accessible(desk: Desk, login: str, path: str) -> None:
    """axe, which needs JavaScript, finds nothing on the page."""
    page = desk.page(login, size=PHONE)
    page.goto(desk.url + path)
    assert findings(page) == [], path


def test_a_deputy_is_named_on_a_phone_without_javascript(desk: Desk, tmp_path: Path) -> None:
    page = desk.page(APPROVER, javascript=False, size=PHONE)
    page.get_by_text("审批赵").first.click()
    page.get_by_role("link", name="外出委托").click()
    page.get_by_role("button", name="委托代办").click()
    expect(page.get_by_role("alert")).to_contain_text("处需要修改")
    desk.complaints.clear()  # the browser reports the 422 itself as an error
    sound(page, tmp_path / "absence_refused.png")
    page.get_by_label("乡镇（街道）审批人").check()
    page.get_by_label("由谁代办").select_option(label=f"{CLERK}（窗口受理员）")
    page.get_by_label("到哪天止").fill(page.get_by_label("从哪天起").input_value())
    page.get_by_label("原因").fill("到市里开会")
    page.get_by_role("button", name="委托代办").click()
    expect(page.get_by_role("status")).to_contain_text("已委托")
    sound(page, tmp_path / "absence.png")
    accessible(desk, APPROVER, "/absences/")


def test_a_referral_goes_out_and_is_taken_over(desk: Desk, tmp_path: Path) -> None:
    case = story.report(desk.site)
    for step in story.STEPS[:2]:
        story.do(desk.site, step)
    page = desk.page(HANDLER, javascript=False, size=PHONE)
    page.goto(desk.url + case)
    expect(page.get_by_text("撤回我办结的“现场核实”")).to_be_visible()
    sound(page, tmp_path / "case.png")
    page.get_by_role("link", name="转介到部门").click()
    page.get_by_label("需求", exact=True).select_option("counselling")
    page.get_by_role("button", name="看看可以转给谁").click()
    page.get_by_label("社会工作服务机构").check()
    page.get_by_label("需求说明").fill("孩子受了惊吓，需要心理疏导")
    sound(page, tmp_path / "referral_new.png")
    accessible(desk, HANDLER, page.url.removeprefix(desk.url))
    page.get_by_role("button", name="转介并等对方答复").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 件等待答复")
    sound(page, tmp_path / "referrals.png")
    accessible(desk, HANDLER, "/referrals/")

    worker = desk.page(CHARITY, javascript=False, size=PHONE)
    worker.get_by_role("link", name="转介", exact=True).click()
    worker.get_by_role("link", name="-ZJ-").click()
    worker.get_by_label("接收人").fill("慈善沈")
    sound(worker, tmp_path / "referral.png")
    path = worker.url.removeprefix(desk.url)
    accessible(desk, CHARITY, path)
    worker.get_by_role("button", name="接受，由我单位负责").click()
    expect(worker.get_by_text("现在由 社会工作服务机构 慈善沈 负责")).to_be_visible()
    sound(worker, tmp_path / "referral_accepted.png")
    accessible(desk, CHARITY, path)
    worker.get_by_role("button", name="查看联系方式").click()
    expect(worker.get_by_text("联系方式只显示这一次")).to_be_visible()
    accessible(desk, COUNTY, "/referrals/")
