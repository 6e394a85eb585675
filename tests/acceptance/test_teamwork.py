"""催办, 抄送, 加签 and 委派 through the pages, by HTTP; what waits for them, what stands on record."""

from __future__ import annotations

from tests.acceptance.test_emergency import ACCEPT, REPORT, succeeded, verify

MOMENT = "2026-04-07T10:05:00+08:00"


def test_people_ask_each_other_about_a_work_item(county):
    county = county(MOMENT)
    case_no = county.report(**REPORT)
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT))
    li, address = county.item("经办李", case_no, "现场核实")

    finance = county.person("财政蒋")
    assert finance.get(address).status in (403, 404)
    page = li.get(address)
    options = page.form("copy_to").xpath(".//select[@name='copy_to']/option")
    named = {one.text_content(): one.get("value") for one in options}
    no_reason = {"copy_to": named["财政蒋"], "copy_reason": ""}
    assert "请写明原因" in li.press(page, page.form("copy_to"), no_reason).text
    asked = {"copy_to": named["财政蒋"], "copy_reason": "请备款"}
    assert "已抄送" in li.press(page, page.form("copy_to"), asked).text
    assert finance.get(address).status == 200

    asked = {"cosign_to": named["调查王"], "cosign_reason": "请核对金额"}
    page = li.get(address)
    assert "已请会签" in li.press(page, page.form("cosign_to"), asked).text
    refused = county.do("经办李", case_no, "现场核实", verify(MOMENT))
    assert refused.status == 409
    assert "调查王还没有会签" in refused.text
    wang = county.person("调查王")
    assert "请您会签" in wang.get("/inbox/").text
    page = wang.get(address)
    agreed = {"said": "agree", "answer_comment": "核对无误"}
    assert "会签意见已记录" in wang.press(page, page.form("said"), agreed).text

    qian = county.person("县办钱")
    page = qian.get(address)
    hurry = {"remind_reason": "群众当晚没有住处"}
    assert "已催办" in qian.press(page, page.form("remind_reason"), hurry).text
    assert "群众当晚没有住处" in county.person("经办李").get("/inbox/").text

    asked = {"delegate_to": named["调查王"], "delegate_reason": "外出开会"}
    page = li.get(address)
    assert "已委派" in li.press(page, page.form("delegate_to"), asked).text
    refused = county.do("调查王", case_no, "现场核实", verify(MOMENT))
    assert refused.status == 409
    assert "由委派人确认" in refused.text
    page = wang.get(address)
    back = {"back_comment": "已到场核实"}
    assert "已交回" in wang.press(page, page.form("back_comment"), back).text
    succeeded(county.do("经办李", case_no, "现场核实", verify(MOMENT)))
    record = county.case(case_no).text
    for word in ("催办", "抄送", "请会签", "会签", "委派", "交回委派人"):
        assert word in record, word
