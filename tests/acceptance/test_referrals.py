"""转介 through the pages: government first, accepted or back with the sender, outcome, services."""

from __future__ import annotations

from typing import Any

from tests.acceptance.test_emergency import ACCEPT, APPROVE, REPORT, digits, slip, succeeded, verify
from tests.acceptance.visitor import Page, Visitor

MOMENT = "2026-04-07T10:05:00+08:00"


def asked(county: Any, who: str, case_no: str, need: str) -> tuple[Visitor, Page]:
    """The person and the page that proposes receivers for the need."""
    visitor = county.person(who)
    address = county.case(case_no, who).link("转介到部门")
    return visitor, visitor.get(f"{address}?need={need}")


def refer(county: Any, who: str, case_no: str, need: str, **wish: str) -> Page:
    visitor, page = asked(county, who, case_no, need)
    return visitor.press(page, page.form("words"), {"words": "需要帮助", **wish})


def opened(county: Any, who: str) -> tuple[Visitor, Page]:
    """The newest referral the person sees."""
    visitor = county.person(who)
    ledger = visitor.get("/referrals/")
    return visitor, visitor.get(ledger.link("-ZJ-"))


def test_government_comes_first_and_nobody_falls_between(county):
    county = county(MOMENT)
    case_no = county.report(**REPORT)
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT))
    li, page = asked(county, "经办李", case_no, "medical")
    assert "先用足医保报销和医疗救助（对接表第 2 行）" in page.text  # the row is shown
    assert "慈善组织：政府救助之后，由慈善组织接续救助（对接表第 10 行），现在还不能转" in page.text
    assert page.tree.xpath("//input[@name='receiver']/@value") == ["medical"]
    forced = li.press(page, page.form("words"), {"words": "住院押金", "receiver": "charity"})
    assert forced.status == 409
    assert "先政府救助、后慈善和社会服务：请先转医疗保障部门" in forced.text
    number = li.press(page, page.form("words"), {"words": "卡号 6222021234567890123"})
    assert number.status == 422
    assert "请不要写身份证号、银行账号" in number.text
    assert "请选择转给谁" in number.text
    sent = li.press(page, page.form("words"), {"words": "烧伤住院押金", "receiver": "medical"})
    assert "1 件等待答复" in sent.text
    assert "2026-04-10" in sent.text or "4 月 10 日" in sent.text  # three working days

    li, page = opened(county, "经办李")
    assert "现在由 经办李 负责" in page.text
    assert not page.tree.xpath("//button[@name='answer']")  # the sender cannot take it over
    qian, page = opened(county, "县办钱")
    own = qian.press(page, page.form("person"), {"person": "经办李", "answer": "accept"})
    assert own.status == 409
    assert "转出人不能自己接收" in own.text
    bare = qian.press(page, page.form("person"), {"person": "医保王科长", "answer": "decline"})
    assert "不接受的，请写明原因" in bare.text
    said = {"person": "医保王科长", "answer": "decline", "note": "费用已全部报销"}
    qian.press(page, page.form("person"), said)
    assert "费用已全部报销" in county.person("经办李").get("/inbox/").text
    li, page = opened(county, "经办李")
    assert "现在由 经办李 负责" in page.text  # back with who was asked first
    again = li.get(page.link("另行转介") + "&need=legal")
    wish = {"words": "向房东追偿", "receiver": "legal"}
    assert "1 件等待答复" in li.press(again, again.form("words"), wish).text
    assert "已另转 370881-ZJ-2026-00002" in li.get("/referrals/").text


def test_a_charity_sees_need_and_contact_and_no_means(county):
    county = county(MOMENT)
    case_no = county.report(**REPORT)
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT))
    succeeded(county.do("经办李", case_no, "现场核实", verify(MOMENT)))
    succeeded(county.do("审批赵", case_no, "审批", APPROVE))
    succeeded(county.do("经办李", case_no, "发放", slip(MOMENT)))
    sent = refer(county, "经办李", case_no, "goods", receiver="charity", words="两床棉被和儿童衣物")
    assert "慈善组织" in sent.text
    shen, page = opened(county, "慈善沈")
    assert "两床棉被和儿童衣物" in page.text
    for hidden in ("王建国", "13905370001", "1000.00", "厨房", case_no):
        assert hidden not in page.text, hidden
    assert shen.get(county.case(case_no).address).status == 403
    early = next((f for f in page.tree.forms if "/contact" in (f.get("action") or "")), None)
    assert early is None
    page = shen.press(page, page.form("person"), {"person": "慈善沈", "answer": "accept"})
    assert "现在由 慈善组织 慈善沈 负责" in page.text
    reveal = next(f for f in page.tree.forms if "/contact" in (f.get("action") or ""))
    shown = shen.press(page, reveal, {})
    assert "王建国" in shown.text
    assert "13905370001" in shown.text
    assert "370881199001010013" not in shown.text
    record = county.case(case_no).text
    assert "查看转介联系方式" in record
    bad = shen.press(page, page.form("provider"), {"provider": "阳光社工站", "cost": "-1"})
    assert bad.status == 422
    assert "请填写服务内容" in bad.text
    service = {
        "provider": "阳光社工站",
        "what": "入户整理和儿童陪伴三次",
        "procedure": "framework",
        "cost": "450.00",
    }
    page = shen.press(page, page.form("provider"), service)
    assert "框架协议内委托" in page.text
    assert "450.00" in digits(page)
    done = {"outcome": "helped", "outcome_note": "棉被和衣物已送到"}
    page = shen.press(page, page.form("outcome"), done)
    assert "已解决" in page.text
    ledger = county.person("县办钱").get("/referrals/").text
    assert "转介都有人接手" in ledger
    assert "棉被和衣物已送到" in ledger
    stranger = county.person("财政蒋").get("/referrals/")
    assert "还没有转介" in stranger.text


def test_an_answer_that_does_not_come_is_late(county):
    county = county(MOMENT)
    case_no = county.report(**REPORT)
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT))
    refer(county, "经办李", case_no, "counselling", receiver="social_work")
    county.at("2026-04-10T23:59:00+08:00")
    assert "1 件等待答复" in county.person("经办李").get("/referrals/").text
    county.at("2026-04-11T00:01:00+08:00")
    page = county.person("经办李").get("/referrals/")
    assert "1 件超期没有答复" in page.text
    assert "经办李" in page.text
