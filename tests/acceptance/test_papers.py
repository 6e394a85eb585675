"""Aims at papers as the PDF a person downloads, both localities: the numbers are the case's.

What letters say on the screen is tested with their paths; papers one by one in tests/cases.
"""

from __future__ import annotations

from tests.acceptance.conftest import County
from tests.acceptance.expenditure import accepted, applied, investigated, spending, succeeded
from tests.acceptance.test_jiangxi import ACCEPT, APPROVE, PUBLISH, REPORT, cash, verify
from tests.acceptance.visitor import _controls
from tests.form.test_pdf import texts


def pdf(county: County, who: str, case_no: str, title: str) -> str:
    """The text of the newest paper of that title, downloaded from the page of papers."""
    visitor = county.person(who)
    page = visitor.get(county.case(case_no, who).link("出具和打印文书"))
    form = page.tree.xpath(f"//tr[contains(., '{title}')]//form")[-1]
    answer = visitor._client.post(
        form.get("action"), data=_controls(form), headers={"Origin": "http://localhost"}
    )
    assert answer.content_type == "application/pdf"
    return "".join(texts(answer.data))


def issued(county: County, who: str, case_no: str, title: str) -> None:
    """The paper was issued by its button."""
    visitor = county.person(who)
    page = visitor.get(county.case(case_no, who).link("出具和打印文书"))
    [form] = page.tree.xpath(f"//li[contains(., '{title}')]//form")
    succeeded(visitor.press(page, form, {}))


def test_the_refusal_as_pdf_shows_every_condition(county):
    county = county("2026-03-02T09:00:00+08:00")
    case_no = accepted(county)
    means = {"income_6m": "30000.00", "income_12m": "132000.00", "vehicles": "2"}
    investigated(county, case_no, spending("24000.00"), **means)
    refuse = {"relative_declaration": "none", "decision": "refuse", "referral": "医疗救助"}
    succeeded(county.do("审批赵", case_no, "不符合条件的处理", refuse))
    text = pdf(county, "县办钱", case_no, "不予临时救助告知书")
    for words in (
        "44000.00",
        "43200.00",
        "二（一）2（2）",
        "二（一）2（3）",
        "行政复议",
        "医疗救助",
    ):
        assert words in text, words
    assert "333.33元，低于当地低保月标准900.00元——符合" in text
    issued(county, "经办李", case_no, "临时救助申请审批表")
    form = pdf(county, "经办李", case_no, "临时救助申请审批表")
    for words in ("李秀英", "132000.00元", "30000.00元", "2辆", "370881199001010013"):
        assert words in form, words


def test_the_one_time_notice_as_pdf_names_all_that_is_missing(county):
    county = county("2026-01-28T09:00:00+08:00")
    case_no = applied(county)
    missing = {
        "papers_complete": "no",
        "missing": ["income", "medical_bills"],
        "reasons": "一、收入证明；二、医疗费用票据。1月31日前交到窗口。",
    }
    succeeded(county.do("经办李", case_no, "受理审查", missing))
    text = pdf(county, "经办李", case_no, "一次性告知书")
    for words in (case_no, "收入证明", "医疗费用票据", "1月31日前", "2026-01-28"):
        assert words in text, words


def test_jiangxi_prints_its_papers(county):
    county = county("2026-05-01T09:00:00+08:00", "60000.00", "jiangxi")
    case_no = county.report("信热线楚", **REPORT)
    succeeded(county.do("丙经办李", case_no, "受理与分办", ACCEPT))
    at = "2026-05-01T10:00:00+08:00"
    county.at(at)
    succeeded(county.do("丙经办李", case_no, "现场核实", verify(at, "800.00")))
    succeeded(county.do("丙审批赵", case_no, "审批", APPROVE))
    succeeded(county.do("丙经办李", case_no, "发放", cash(at, "800.00")))
    succeeded(county.do("丙经办李", case_no, "发布公示", PUBLISH))
    staff, board = county.person("丙经办李"), county.public().get("/notices/")
    address = next(a.get("href") for a in board.tree.iter("a") if "/notices/0" in a.get("href", ""))
    notice = staff.get(address)
    printed = staff._client.get(notice.link("下载 PDF"))
    text = "".join(texts(printed.data))
    assert "救助金额（含实物折价）：800.00元" in text
    assert "王建国" not in text
    public = county.public()._client.get(notice.link("下载 PDF"))
    assert public.status_code == 302  # staff only
    for title in ("临时救助现金（实物）发放单", "先行救助补登表", "临时救助决定告知书"):
        issued(county, "丙经办李", case_no, title)
        text = pdf(county, "丙经办李", case_no, title)
        assert "800.00" in text
        assert "捌佰元整" in text
