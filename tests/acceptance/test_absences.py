"""外出委托 through the pages: lending posts, working in a colleague's stead, its end; both names."""

from __future__ import annotations

from typing import Any

from tests.acceptance.test_emergency import ACCEPT, APPROVE, REPORT, succeeded, verify
from tests.acceptance.visitor import Page

MOMENT = "2026-04-07T10:05:00+08:00"
POST = "township_approver@370881101"


def lend(county: Any, who: str, deputy: str, **changes: Any) -> Page:
    """The page after the person named the deputy."""
    visitor = county.person(who)
    page = visitor.get("/absences/")
    form = page.form("deputy")
    named = {o.text_content().split("（")[0]: o.get("value") for o in form.iter("option")}
    wish = {
        "posts": [POST],
        "deputy": named[deputy],
        "starts_on": "2026-04-07",
        "ends_on": "2026-04-09",
        "reason": "到市里开会",
    }
    return visitor.press(page, form, {**wish, **changes})


def to_approval(county: Any) -> str:
    """A case of 1000 yuan, found by 李 and 王, waits for the township's approval."""
    case_no = county.report(**REPORT)
    succeeded(county.do("经办李", case_no, "受理与分办", ACCEPT))
    succeeded(county.do("经办李", case_no, "现场核实", verify(county.clock.now().isoformat())))
    return case_no


def test_a_deputy_does_the_items_and_both_names_are_on_record(county):
    county = county(MOMENT)
    case_no = to_approval(county)
    assert not county.has_item("窗口陈", case_no, "审批")
    bad = lend(county, "审批赵", "窗口陈", ends_on="2026-04-06", reason="")
    assert bad.status == 422
    assert "结束日期不能早于开始日期" in bad.text
    assert "请写明外出原因" in bad.text
    long = lend(county, "审批赵", "窗口陈", ends_on="2026-04-22")
    assert long.status == 409
    assert "一次最多委托 15 天" in long.text
    assert "委托中" in succeeded(lend(county, "审批赵", "窗口陈")).text
    assert "这段时间该岗位已委托他人" in lend(county, "审批赵", "经办李").text

    chen = county.person("窗口陈").get("/inbox/").text
    assert "外出委托给我的 1 件" in chen
    assert "代 审批赵" in chen
    assert "由您代为办理" in chen  # the note that the deputy got
    _, address = county.item("窗口陈", case_no, "审批")
    page = county.person("窗口陈").get(address).text
    assert "审批赵外出，由您代为办理；记录写两人姓名" in page
    succeeded(county.do("窗口陈", case_no, "审批", APPROVE))
    page = county.case(case_no)
    assert "窗口陈 代 审批赵" in page.text
    assert county.person("审计冯" if "审计冯" in county.logins else "县办钱")
    assert "1 000.00" in page.text.replace("\u202f", " ") or "1000.00" in page.text
    assert not county.has_item("窗口陈", case_no, "发放")  # only the lent post


def test_separation_counts_the_deputy_and_whom_they_stand_in_for(county):
    county = county(MOMENT)
    case_no = to_approval(county)
    succeeded(lend(county, "审批赵", "经办李"))
    _, address = county.item("经办李", case_no, "审批")
    li = county.person("经办李")
    page = li.get(address)
    assert "您已办理本案的“现场核实”，“乡镇（街道）审批”须由另一人办理" in page.text
    assert not page.tree.xpath("//form[.//*[@name='opinion']]")
    claim = next(f for f in page.tree.forms) if page.tree.forms else None
    assert claim is not None
    # 赵 is back at once: the delegation is taken back, the item is the approver's own again.
    visitor = county.person("审批赵")
    page = visitor.get("/absences/")
    form = next(f for f in page.tree.forms if "/revoke" in (f.get("action") or ""))
    assert "已收回委托" in visitor.press(page, form, {}).text
    assert not county.has_item("经办李", case_no, "审批")
    succeeded(county.do("审批赵", case_no, "审批", APPROVE))
    assert "代 审批赵" not in county.case(case_no).text


def test_it_ends_by_itself_and_meetings_are_never_lent(county):
    county = county(MOMENT)
    succeeded(lend(county, "审批赵", "窗口陈", starts_on="2026-04-08", ends_on="2026-04-08"))
    case_no = to_approval(county)
    assert not county.has_item("窗口陈", case_no, "审批")
    county.at("2026-04-08T00:00:00+08:00")
    visitor, address = county.item("窗口陈", case_no, "审批")
    page = visitor.get(address)
    claim = next(f for f in page.tree.forms if (f.get("action") or "").endswith("/claim"))
    visitor.press(page, claim, {})
    county.at("2026-04-09T00:00:00+08:00")
    assert not county.has_item("窗口陈", case_no, "审批")
    assert visitor.get(address).status in (200, 403)
    assert county.has_item("审批赵", case_no, "审批")  # what was taken for 赵 is in 赵's hands
    page = county.person("成员杨").get("/absences/")
    assert "会议的组织、表决和签批由本人作出" in page.text
    assert "协调机制成员：不能委托" in page.text
