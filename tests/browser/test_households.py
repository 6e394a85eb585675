"""家庭, 走访和监测, 名单比对 in a real browser: desk and phone, without JavaScript, axe content."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import DESK, PHONE, Desk
from tests.browser.test_pages import findings
from tests.web import story
from tests.web.world import HANDLER

pytestmark = pytest.mark.browser

COUNTY = "xianban.qian"
NUMBER, OTHER = story.REPORT["applicant_id_number"], "370811197510203018"
LIST = f"姓名,身份证号,乡镇,日期\n王五,{NUMBER},甲镇,2026-04-06\n李秀英,{OTHER},乙镇,2026-04-05\n"


def looked_at(desk: Desk, login: str, path: str, picture: Path) -> None:
    """Nothing sticks out sideways at either width; axe objects to nothing."""
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for name, size in (("desk", DESK), ("phone", PHONE)):
        page = desk.page(login, size=size)
        page.goto(desk.url + path)
        page.screenshot(path=str(picture.with_stem(f"{picture.stem}_{name}")), full_page=True)
        assert page.evaluate(over) <= 0, (path, name)
        assert findings(page) == [], (path, name)


def test_households_lists_and_visits(desk: Desk, tmp_path: Path) -> None:
    story.report(desk.site)
    story.report(desk.site)
    page = desk.page(COUNTY, javascript=False)
    page.goto(f"{desk.url}/households/")
    page.get_by_label("身份证号、后四位或姓名").fill(NUMBER[-4:])
    page.get_by_role("button", name="查找家庭").click()
    page.get_by_role("link", name="一户").click()
    home = page.url.removeprefix(desk.url)
    page.get_by_text("列入监测名单", exact=True).click()
    page.get_by_label("列入理由").fill("火灾以后生活困难")
    page.get_by_role("button", name="列入名单").click()
    page.goto(f"{desk.url}/lists/")
    page.get_by_label("名单名称").fill("三月住院名单")
    page.get_by_label("来自哪个部门").fill("县医疗保障局")
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    page.get_by_label("CSV 文件").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="检查并预览").click()
    page.get_by_role("button", name="名单生效").click()
    batch = page.url.removeprefix(desk.url)
    looked_at(desk, COUNTY, home, tmp_path / "household.png")
    looked_at(desk, COUNTY, "/households/", tmp_path / "households.png")
    looked_at(desk, COUNTY, "/watches/", tmp_path / "watches.png")
    looked_at(desk, COUNTY, "/lists/", tmp_path / "lists.png")
    looked_at(desk, COUNTY, batch, tmp_path / "list.png")
    looked_at(desk, COUNTY, "/lists/repeats", tmp_path / "survey.png")
    looked_at(desk, HANDLER, home, tmp_path / "household_township.png")
