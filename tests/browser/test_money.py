"""The pages of money on phones that run no scripts: a voucher's photograph, a batch, a gift, a count.

What the figures must be is tests/acceptance's business; here people press what they see, every page
they meet fits 390 px and has no accessibility finding.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Desk
from tests.browser.test_pages import findings
from tests.web import story
from tests.web.world import HANDLER, JIA

pytestmark = pytest.mark.browser

FINANCE = "caizheng.jiang"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060"
    "000000040001f61738550000000049454e44ae426082"
)
BANK = {
    "method": "bank",
    "bank_name": "曲阜农商行",
    "bank_account": "6200000000000021",
    "receipt_kind": "",
    "signer_name": "",
}


def judged(desk: Desk, login: str, path: str) -> None:
    """The page has no accessibility finding at either width, and fits."""
    for size in (None, PHONE):
        page = desk.page(login, size=size)
        page.goto(desk.url + path)
        assert findings(page) == [], path
        over = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert over <= 0, path


def test_a_voucher_is_photographed_and_the_month_sent_up(desk: Desk) -> None:
    story.report(desk.site)
    for step in story.STEPS[:4]:
        story.do(desk.site, step)
    page = desk.page(HANDLER, javascript=False, size=PHONE)
    page.goto(f"{desk.url}/funds/{JIA}")
    expect(page.get_by_text("缺凭证").first).to_be_visible()
    page.get_by_role("button", name="生成销账批次").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 笔缺凭证")
    package = page.url.removeprefix(desk.url)
    page.get_by_label("凭证名称或纸质编号").fill("签收单照片")
    page.get_by_label("照片或扫描件").set_input_files(
        {"name": "签收单.png", "mimeType": "image/png", "buffer": PNG}
    )
    page.get_by_role("button", name="补登凭证").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("凭证齐全，可以上报")
    page.goto(f"{desk.url}/inbox/")
    page.get_by_role("link", name="核对并上报销账材料").click()
    page.get_by_label("全部上报").check()
    page.get_by_role("button", name=re.compile("办结“核对并上报销账材料”")).click()
    page.goto(f"{desk.url}/funds/{JIA}")
    expect(page.get_by_text("审核中")).to_be_visible()
    judged(desk, FINANCE, package)
    judged(desk, FINANCE, f"/funds/{JIA}")


def test_a_batch_goes_to_the_bank_and_back(desk: Desk) -> None:
    story.report(desk.site)
    for step in story.STEPS[:3]:
        story.do(desk.site, step)
    story.do(desk.site, story.STEPS[3], BANK)
    page = desk.page(FINANCE, javascript=False, size=PHONE)
    page.goto(f"{desk.url}/transfers/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 笔待代发")
    page.get_by_role("button", name="生成代发批次").click()
    batch = page.url.removeprefix(desk.url)
    page.get_by_label("下载用途").fill("送农商行代发")
    with page.expect_download() as file:
        page.get_by_role("button", name="下载代发文件").click()
    lines = file.value.path().read_text("utf-8-sig").splitlines()
    assert "6200000000000021" in lines[1]
    voucher = lines[1].split(",")[0]
    answer = f"凭证号,金额,结果,失败原因\n{voucher},1000.00,退票,户名不符\n"
    page.get_by_label("银行回单文件").set_input_files(
        {"name": "回单.csv", "mimeType": "text/csv", "buffer": answer.encode("gb18030")}
    )
    page.get_by_role("button", name="导入回单").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("全部有回单，退回 1 笔")
    expect(page.get_by_text("户名不符，已退给经办人处理")).to_be_visible()
    clerk = desk.page(HANDLER, javascript=False, size=PHONE)
    clerk.goto(f"{desk.url}/inbox/")
    clerk.get_by_role("link", name="银行退回处理").click()
    expect(clerk.get_by_text("没有成功，银行原因：户名不符")).to_be_visible()
    judged(desk, FINANCE, batch)
    judged(desk, FINANCE, "/transfers/")


def test_gifts_reviews_and_counts_are_entered_by_hand(desk: Desk) -> None:
    page = desk.page(FINANCE, javascript=False, size=PHONE)
    page.goto(f"{desk.url}/county-money/")
    page.get_by_label("哪项资金").select_option("charity")
    page.get_by_label("到账金额（元）").fill("20000")
    page.get_by_role("button", name="登记到账").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择资金来源")
    page.get_by_label("资金来源").select_option("charity")
    page.get_by_label("文号或捐赠凭证").fill("捐 1 号")
    page.get_by_role("button", name="登记到账").click()
    expect(page.get_by_role("status")).to_contain_text("已登记到账 20000.00 元")
    page.get_by_role("button", name="发起年度核定").click()
    expect(page.get_by_role("status")).to_contain_text("已发起年度核定")
    page.goto(f"{desk.url}/funds/{JIA}")
    page.get_by_label("盘点金额（元）").fill("1.00")
    page.get_by_role("button", name="记入盘点结果").click()
    expect(page.get_by_role("alert")).to_contain_text("相差")
    page.get_by_label("相差的原因").fill("原因待查")
    page.get_by_role("button", name="记入盘点结果").click()
    expect(page.get_by_text("盘点不符", exact=True)).to_be_visible()
    judged(desk, FINANCE, "/county-money/")
    desk.complaints.clear()  # the browser reports the refusals themselves as errors
