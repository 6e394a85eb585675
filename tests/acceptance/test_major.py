"""SCENARIO 33: a major case from the report to the last measure, each number in the text, by HTTP.

Nine members are called, seven come; six for, one abstains. Nothing is payable before the signature.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.conftest import County
from tests.acceptance.test_emergency import ACCEPT, REPORT, digits
from tests.acceptance.visitor import Page, Visitor

MEMBERS = [
    f"chengyuan.{name}"
    for name in ("yang", "yan", "hua", "jin", "wei", "tao", "jiang", "qi", "xie")
]
OFFICE, HEAD, CONVENER = "huiban.han", "zuzhang.zhu", "zhaoji.qin"
COUNTY, CHARITY = "xianban.qian", "cishan.shen"


def plan(**changes: Any) -> dict[str, Any]:
    """What the county drafts: other schemes first, then measures, the amount with its reasons."""
    rows = [
        ("civil", "临时救助", "30000.00", "county_relief"),
        ("medical", "后续植皮的医疗救助", "", "medical_fund"),
        ("charity", "慈善帮扶，在政府救助之后", "20000.00", "donation"),
        ("social_work", "心理疏导", "", "no_money"),
    ]
    drafted = {
        "situation": "两人烧伤，一家四口，住院押金和后续植皮没有着落",
        "persons": "4",
        "schemes_used": [
            {"scheme": "medical_aid", "used_amount": "46000.00", "used_result": "已按规定报销"}
        ],
        "measures": [
            {
                "department": department,
                "what": what,
                "measure_amount": amount,
                "finish_by": "2026-06-30",
                "money_from": source,
            }
            for department, what, amount, source in rows
        ],
        "relief_amount": "30000.00",
        "relief_reasons": "植皮两次，自负部分超出家庭能力",
        "like_conclusion": "近两年没有相似个案",
        "risks": "专户支付，防止挪用",
        "undisputed": "no",
    }
    return {**drafted, **changes}


def person(county: County, login: str) -> Visitor:
    visitor = Visitor(county.app.test_client())
    page = visitor.sign_in(login, county.password)
    assert page.status == 200, page.text[:300]
    return visitor


def item(county: County, login: str, case_no: str, name: str) -> tuple[Visitor, str]:
    """The person at work and the address of the named item of the case."""
    visitor = person(county, login)
    inbox = visitor.get("/inbox/")
    for anchor in inbox.tree.iter("a"):
        href = str(anchor.get("href") or "")
        if "/work-items/" in href and name in anchor.text_content():
            if case_no in visitor.get(href).text:
                return visitor, href
    raise AssertionError(f"{login} has no “{name}”: {inbox.text[:800]}")


def has(county: County, login: str, case_no: str, name: str) -> bool:
    try:
        item(county, login, case_no, name)
    except AssertionError:
        return False
    return True


def do(county: County, login: str, case_no: str, name: str, answers: dict[str, Any]) -> Page:
    visitor, address = item(county, login, case_no, name)
    return visitor.fill(address, answers)


def ok(page: Page) -> Page:
    assert page.status == 200, page.text[:1500]
    return page


def meeting(county: County, login: str) -> tuple[Visitor, Page]:
    """The person on the page of the newest open meeting, found from the list."""
    visitor = person(county, login)
    listing = visitor.get("/meetings/")
    return visitor, visitor.get(listing.link("370881-H2026-"))


def cast(county: County, login: str, choice: str) -> Page:
    """The member comes from the inbox, declares no ties and votes."""
    visitor = person(county, login)
    page = visitor.get(visitor.get("/inbox/").link("370881-H2026-"))
    page = ok(visitor.press(page, page.form("related"), {"related": ["no"]}))
    return ok(visitor.press(page, page.form("choice"), {"choice": [choice], "opinion": ""}))


def drafted(county: County) -> str:
    """A reported, accepted major case whose plan was drafted."""
    case_no = county.report(**REPORT)
    ok(county.do("经办李", case_no, "受理与分办", {**ACCEPT, "major_hardship": "yes"}))
    page = do(county, COUNTY, case_no, "制定综合救助方案", plan())
    ok(page)
    return case_no


def noticed(county: County, held_at: str = "2026-04-15T09:00") -> None:
    visitor, page = meeting(county, OFFICE)
    told = {"held_at": held_at, "place": "三楼会议室"}
    ok(visitor.press(page, page.form("held_at"), told))


def test_33_full_route(county):
    county = county("2026-04-10T09:00:00+08:00")
    case_no = county.report(**REPORT)
    ok(county.do("经办李", case_no, "受理与分办", {**ACCEPT, "major_hardship": "yes"}))

    without = plan(schemes_used=[{"scheme": "", "used_amount": "", "used_result": ""}])
    refused = do(county, COUNTY, case_no, "制定综合救助方案", without)
    assert refused.status == 422
    assert "制度" in refused.text
    assert not has(county, OFFICE, case_no, "召开会议")
    ok(do(county, COUNTY, case_no, "制定综合救助方案", plan()))

    county.at("2026-04-13T09:00:00+08:00")  # Monday
    _, page = meeting(county, OFFICE)
    assert "综合救助方案，第 1 版" in page.text
    noticed(county)
    county.at("2026-04-15T09:10:00+08:00")
    for login in MEMBERS[:6]:
        page = cast(county, login, "yes")
    assert "会议结束以后显示" in page.text
    assert "赞成 6" not in page.text
    page = cast(county, MEMBERS[6], "abstain")
    assert "还有 2 人没有表决" in page.text
    assert "成员戚" in page.text

    assert not has(county, HEAD, case_no, "组长签批")
    visitor, page = meeting(county, OFFICE)
    page = ok(visitor.press(page, page.form("sent_to"), {"sent_to": ["head"]}))
    assert "会议结果：通过" in page.text
    for words in ("应到 9 人", "法定人数 6 人", "实到 7 人", "赞成 6、反对 0、弃权 1"):
        assert words in page.text
    assert not has(county, COUNTY, case_no, "发放重大急难救助金")  # nothing before the signature

    county.at("2026-04-16T10:00:00+08:00")  # Thursday
    signature = {"relative_declaration": "none", "signoff": "agree", "opinion": "同意执行"}
    ok(do(county, HEAD, case_no, "组长签批", signature))

    visitor, page = meeting(county, COUNTY)
    text = visitor.get(page.link("看纪要")).text
    for words in (
        "会议方式：专题会议",
        "通知：2026-04-13 09:00",
        "定于 2026-04-15 09:00",
        "应到 9 人",
        "实到 7 人",
        "综合救助方案，第 1 版",
        "成员杨：赞成",
        "：弃权",
        "2026-04-16 10:00，组长组长朱：同意",
    ):
        assert words in text, words

    slip = {
        "method": "bank",
        "cash_amount": "30000.00",
        "paid_at": "2026-04-16T10:00:00+08:00",
        "payer_1": "县办钱",
        "payer_2": "县审孙",
        "bank_name": "演示银行",
        "bank_account": "621700000000000000",
    }
    ok(do(county, COUNTY, case_no, "发放重大急难救助金", slip))
    assert "20000.00" in digits(county.fund())  # the township's reserve is untouched
    assert "30000.00" in digits(county.case(case_no))
    assert "重大急难救助决定书" in county.case(case_no).text

    followed = {"followed": "done", "followed_on": "2026-04-16", "followed_note": "已办"}
    for login, name in (
        (COUNTY, "医疗救助转介落实"),
        (CHARITY, "社工服务落实"),
    ):
        ok(do(county, login, case_no, name, followed))
    assert not has(county, COUNTY, case_no, "核对各项措施")
    visitor, address = item(county, CHARITY, case_no, "慈善帮扶落实")
    assert "20000.00 元，在政府救助之后" in visitor.get(address).text
    ok(visitor.fill(address, {**followed, "followed_amount": "20000.00"}))
    concluded = {"outcome_note": "出院", "all_followed": True, "next_contact": "县办钱"}
    ok(do(county, COUNTY, case_no, "核对各项措施", concluded))
    assert "已结案" in county.case(case_no).text or "办结" in county.case(case_no).text


@pytest.mark.parametrize("double", ["vote", "recused"])
def test_a_member_votes_once_and_a_recused_one_not_at_all(county, double):
    county = county("2026-04-13T09:00:00+08:00")
    drafted(county)
    noticed(county)
    visitor, page = meeting(county, MEMBERS[0])
    if double == "vote":
        page = ok(visitor.press(page, page.form("related"), {"related": ["no"]}))
        form = page.form("choice")
        ok(visitor.press(page, form, {"choice": ["yes"], "opinion": ""}))
        again = visitor.press(page, form, {"choice": ["no"], "opinion": "", "_key": ""})
        assert again.status == 409 or again.status == 422, again.status
        assert "一人一票" in again.text
        return
    told = {"related": ["yes"], "reason": "是外甥"}
    page = ok(visitor.press(page, page.form("related"), told))
    assert "您已回避" in page.text
    assert "两人烧伤" not in page.text  # and sees the plan no longer
    with pytest.raises(AssertionError):
        page.form("choice")
    assert "8 人（回避的不计）" in page.text
