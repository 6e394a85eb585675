"""A major case of the Jiangxi pack by HTTP, in each of the four meeting systems (S2 四(三)).

Six members are called. The mode follows from the plan by the locality's table; every number of the
count stands on the page. Nothing is payable before the signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.acceptance import test_jiangxi as peer
from tests.acceptance.conftest import County
from tests.acceptance.test_emergency import digits, succeeded
from tests.acceptance.visitor import Page, Visitor

MEMBERS = tuple(f"信成员{name}" for name in "杨严华金魏姜")
DEPARTMENTS = {
    "civil": ("civil", "临时救助", "20000.00", "county_relief"),
    "medical": ("medical", "后续治疗的医疗救助", "", "medical_fund"),
    "charity": ("charity", "慈善帮扶，在政府救助之后", "8000.00", "donation"),
}
FOLLOWED = {"followed": "done", "followed_on": "2026-04-16", "followed_note": "已办"}


@dataclass(frozen=True)
class Mode:
    """One of the four systems: what leads to it, how six vote, what the page then says."""

    label: str
    departments: tuple[str, ...]
    undisputed: str
    matter: str
    votes: tuple[str, ...]  # of the first members; the others stay silent
    counted: str


MODES = (
    Mode("全体会议", ("civil",), "no", "policy", ("yes",) * 4, "赞成 4、反对 0、弃权 0"),
    Mode("专题会议", ("civil", "medical", "charity"), "no", "case", ("yes",) * 3 + ("no", "abstain"), "赞成 3、反对 1、弃权 1"),
    Mode("书面审议", ("civil", "medical"), "yes", "case", ("yes",) * 4, "赞成 4、反对 0、弃权 0"),
    Mode("日常工作", ("civil",), "no", "case", ("yes",) * 4, "赞成 4、反对 0、弃权 0"),
)  # fmt: skip


def plan(mode: Mode, day: str) -> dict[str, Any]:
    """What the county drafts: other schemes first, then measures and the amount."""
    return {
        "situation": "两人重伤，一家四口没有收入",
        "persons": "4",
        "schemes_used": [
            {"scheme": "medical_aid", "used_amount": "12000.00", "used_result": "已报销"}
        ],
        "measures": [
            {
                "department": department,
                "what": what,
                "measure_amount": amount,
                "finish_by": day,
                "money_from": source,
            }
            for department, what, amount, source in map(DEPARTMENTS.get, mode.departments)
        ],
        "relief_amount": "20000.00",
        "relief_reasons": "自负部分超出家庭能力",
        "like_conclusion": "近两年没有相似个案",
        "risks": "专户支付",
        "undisputed": mode.undisputed,
        "matter": mode.matter,
    }


def drafted(county: County, case_no: str, mode: Mode, day: str = "2026-06-30") -> None:
    """The plan is before the mechanism."""
    succeeded(county.do("信县办钱", case_no, "制定综合救助方案", plan(mode, day)))


def meeting(county: County, who: str) -> tuple[Visitor, Page]:
    """The person on the page of the newest open meeting, found from the list."""
    visitor = county.person(who)
    return visitor, visitor.get(visitor.get("/meetings/").link(f"{county.region}-H2026-"))


def noticed(county: County, held_at: str) -> Page:
    """The office has told the members when and where; or by when to answer in writing."""
    visitor, page = meeting(county, "信会办韩")
    return succeeded(
        visitor.press(page, page.form("held_at"), {"held_at": held_at, "place": "二楼会议室"})
    )


def cast(county: County, who: str, choice: str) -> Page:
    """The member declares no ties and votes."""
    visitor, page = meeting(county, who)
    page = succeeded(visitor.press(page, page.form("related"), {"related": ["no"]}))
    return succeeded(visitor.press(page, page.form("choice"), {"choice": [choice], "opinion": ""}))


def decided(county: County, mode: Mode, held_at: str) -> Page:
    """The members have voted in that mode and the office has closed the meeting."""
    page = noticed(county, held_at)
    assert mode.label in page.text
    county.at(f"{held_at}:00+08:00")
    for who, choice in zip(MEMBERS, mode.votes, strict=False):
        cast(county, who, choice)
    visitor, page = meeting(county, "信会办韩")
    page = succeeded(visitor.press(page, page.form("sent_to"), {"sent_to": ["head"]}))
    assert "会议结果：通过" in page.text
    for words in ("应到 6 人", "法定人数 4 人", f"实到 {len(mode.votes)} 人", mode.counted):
        assert words in page.text, words
    return page


def signed_and_paid(county: County, case_no: str, moment: str) -> None:
    """The head agrees; only then the county pays."""
    assert not county.has_item("信县办钱", case_no, "发放重大急难救助金")
    signature = {"relative_declaration": "none", "signoff": "agree", "opinion": "同意"}
    succeeded(county.do("信组长朱", case_no, "组长签批", signature))
    slip = {**peer.bank(moment, "20000.00"), "payer_1": "信县办钱", "payer_2": "信县审孙"}
    succeeded(county.do("信县办钱", case_no, "发放重大急难救助金", slip))


@pytest.fixture
def xinfeng(county):
    """A maker of the county of FX-JX."""
    return lambda moment: county(moment, "60000.00", "jiangxi")


@pytest.mark.parametrize("mode", MODES, ids=["plenary", "special", "written", "daily"])
def test_a_major_case_in_each_of_the_four_meeting_systems(xinfeng, mode):
    county = xinfeng("2026-04-10T09:00:00+08:00")
    case_no = county.report("信热线楚", **peer.REPORT)
    accepted = {**peer.ACCEPT, "major_hardship": "yes"}
    succeeded(county.do("丙经办李", case_no, "受理与分办", accepted))
    drafted(county, case_no, mode)
    county.at("2026-04-13T09:00:00+08:00")
    decided(county, mode, "2026-04-15T09:00")
    county.at("2026-04-16T10:00:00+08:00")
    signed_and_paid(county, case_no, "2026-04-16T10:00:00+08:00")
    page = county.case(case_no)
    assert "20000.00" in digits(page)
    assert "重大急难救助决定书" in page.text
    assert "60000.00" in digits(county.fund("丙经办李"))  # the township's reserve is untouched
    if "medical" in mode.departments:
        succeeded(county.do("信县办钱", case_no, "医疗救助转介落实", FOLLOWED))
    if "charity" in mode.departments:
        told = {**FOLLOWED, "followed_amount": "8000.00"}
        succeeded(county.do("信慈善沈", case_no, "慈善帮扶落实", told))
    concluded = {"outcome_note": "出院", "all_followed": True, "next_contact": "信县办钱"}
    succeeded(county.do("信县办钱", case_no, "核对各项措施", concluded))
    assert "办理中" not in county.case(case_no).text


def test_silence_in_writing_is_no_consent(xinfeng):
    county = xinfeng("2026-04-10T09:00:00+08:00")
    case_no = county.report("信热线楚", **peer.REPORT)
    accepted = {**peer.ACCEPT, "major_hardship": "yes"}
    succeeded(county.do("丙经办李", case_no, "受理与分办", accepted))
    drafted(county, case_no, MODES[2])
    county.at("2026-04-13T09:00:00+08:00")
    noticed(county, "2026-04-15T09:00")
    for who in MEMBERS[:3]:
        cast(county, who, "yes")
    county.at("2026-04-15T09:00:01+08:00")
    visitor, page = meeting(county, "信会办韩")
    page = succeeded(visitor.press(page, page.form("sent_to"), {"sent_to": ["head"]}))
    assert "实到 3 人" in page.text  # only who answered is present: 3 of the 4 that are needed
    assert "会议结果：通过" not in page.text
    assert not county.has_item("信组长朱", case_no, "组长签批")
