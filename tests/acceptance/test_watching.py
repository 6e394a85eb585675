"""Lists from other offices, missed relief, watch lists, visits, campaigns: through HTTP only."""

from __future__ import annotations

import re
from io import BytesIO

import pytest

from tests.acceptance.expenditure import REPORT, digits, succeeded

KNOWN, UNKNOWN = "370881199001010013", "370811197510203018"
HEAD = "姓名,身份证号,乡镇,村居,日期,事由\n"
HELPED = f"孙建军,{KNOWN},甲镇,,2026-03-20,住院\n"
MISSED = f"李秀英,{UNKNOWN},甲镇,,2026-03-21,住院\n"


@pytest.fixture
def reported(county):
    """One case is open in 甲镇; the county's handler has a list to take in."""
    county = county("2026-04-01T09:00:00+08:00")
    return county, county.report(**REPORT)


def take_in(county, text: str | bytes, kind: str, name: str = "三月住院名单"):
    """The page after the file was sent."""
    visitor = county.person("县办钱")
    page = visitor.get("/lists/")
    raw = text.encode() if isinstance(text, str) else text
    sent = {"kind": kind, "name": name, "source": "县医疗保障局"}
    return visitor, visitor.press(
        page, page.form("kind"), {**sent, "file": (BytesIO(raw), "list.csv")}
    )


def confirmed(county, text: str, kind: str):
    """The list counts."""
    visitor, page = take_in(county, text, kind)
    succeeded(page)
    form = next(one for one in page.tree.forms if "/confirm" in (one.get("action") or ""))
    return visitor, succeeded(visitor.press(page, form, {}))


def test_faults_are_told_by_line_and_nothing_is_taken_in(reported):
    county, _ = reported
    wrong = HEAD + HELPED + f",{UNKNOWN[:-1]}9,丙镇,无此村,2026-13-40,\n" + HELPED
    _, page = take_in(county, wrong, "events")
    assert page.status == 422
    for words in (
        "第 3 行 姓名：没有填写",
        "第 3 行 身份证号：校验不符",
        "第 3 行 乡镇：“丙镇”不是本县的乡镇（街道）",
        "第 3 行 村居：“无此村”不是本县的村（居）",
        "第 3 行 日期：“2026-13-40”不是日期",
        "第 4 行 身份证号：与第 2 行是同一个身份证号",
        "整批都没有导入",
    ):
        assert words in page.text, words
    assert UNKNOWN not in page.text
    assert "0 批名单" in county.person("县办钱").get("/lists/").text


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "空的"),
        (b"\xff\xfe\x00\x00", "读不懂"),
        ("姓名,住址\n甲,乙\n".encode(), "缺少“身份证号”列；不认识“住址”列"),
        ((HEAD + "").encode(), "没有人员"),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(reported, raw, words):
    county, _ = reported
    _, page = take_in(county, raw, "events")
    assert page.status == 422
    assert words in page.text


def test_missed_relief_waits_for_a_person_to_act(reported):
    county, case_no = reported
    gbk = (HEAD + HELPED + MISSED).encode("gb18030")
    visitor, page = take_in(county, gbk, "events")
    succeeded(page)
    assert "预览，还没有生效" in page.text
    assert case_no in page.text
    form = next(one for one in page.tree.forms if "/confirm" in (one.get("action") or ""))
    page = succeeded(visitor.press(page, form, {}))
    assert "1 人可能遗漏救助" in page.text
    assert page.text.count("没有个案") == 1
    address = page.address

    silent = visitor.press(page, page.form("line_reason"), {"line_reason": ""})
    assert silent.status == 422
    told = {"state": "no_need", "line_reason": "医保全额报销，家庭稳定"}
    page = succeeded(visitor.press(page, page.form("line_reason"), told))
    assert "0 人可能遗漏救助" in page.text
    assert "医保全额报销" in page.text
    assert county.person("乙经办何").get(address).status == 403
    assert county.person("经办李").get(address).status == 200
    for who in ("村协卫", "慈善沈"):
        assert county.person(who).get(address).status == 403, who
        assert county.person(who).get("/lists/").status == 403, who


def test_a_watch_list_is_visited_and_the_whole_batch_can_be_withdrawn(reported):
    county, _ = reported
    text = "姓名,身份证号,乡镇\n" + f"孙建军,{KNOWN},甲镇\n李秀英,{UNKNOWN},乙镇\n"
    visitor, page = confirmed(county, text, "return_to_poverty")
    assert "新列入监测 2 户" in page.text
    batch = page.address
    assert "没有到期" in county.person("县办钱").get("/watches/").text
    assert "名单上共 1 户" in county.person("乙经办何").get("/watches/").text

    county.at("2026-05-01T09:00:00+08:00")  # thirty days later
    due = county.person("经办李").get("/watches/")
    assert "1 户该走访了" in due.text
    handler = county.person("经办李")
    home = handler.get(due.link("孙*军 一户"))
    early = {"visited_at": "2026-05-02 10:00", "findings": "在家"}
    assert "走访时间晚于现在" in handler.press(home, home.form("findings"), early).text
    seen = {"visited_at": "2026-05-01 08:30", "findings": "长子已务工，收入稳定"}
    page = succeeded(handler.press(home, home.form("findings"), seen))
    assert "走访已登记" in page.text
    assert "长子已务工" not in page.text  # sealed like names and numbers
    assert "2026-05-31" in page.text  # the next one
    assert "没有到期" in county.person("经办李").get("/watches/").text

    visitor = county.person("县办钱")
    campaign = {
        "name": "五月返贫排查",
        "list_code": "return_to_poverty",
        "starts_on": "2026-05-01",
        "ends_on": "2026-05-31",
    }
    page = visitor.get("/watches/")
    wrong = visitor.press(page, page.form("starts_on"), {**campaign, "ends_on": "2026-04-01"})
    assert wrong.status == 422
    page = succeeded(visitor.press(page, page.form("starts_on"), campaign))
    assert re.search(r"五月返贫排查.*1 / 2", page.text)

    page = visitor.get(batch)
    why = {"withdraw_reason": "送错了月份"}
    page = succeeded(visitor.press(page, page.form("withdraw_reason"), why))
    assert "移出监测 2 户" in page.text
    assert "送错了月份" in page.text  # the record stays
    assert "名单上共 0 户" in county.person("县办钱").get("/watches/").text
    again = visitor.get(batch)
    assert not any("/confirm" in (form.get("action") or "") for form in again.tree.forms)
    kept = county.person("经办李").get(home.address)
    assert "今天" in kept.text  # the visit is history


def test_who_keeps_the_lists_and_takes_households_off(reported):
    county, case_no = reported
    handler = county.person("经办李")
    home = handler.get(county.case(case_no, "经办李").link("看这一户"))
    chosen = {"list_code": "low_income", "watch_reason": "收入略高于低保线"}
    page = succeeded(handler.press(home, home.form("watch_reason"), chosen))
    assert "低收入人口动态监测" in page.text
    visitor = county.person("村协卫")  # of the same village: may visit, keeps no lists
    seen = visitor.get(home.address)
    assert seen.status == 200
    assert not any("put-on" in (form.get("action") or "") for form in seen.tree.forms)
    page = handler.get(home.address)
    page = succeeded(handler.press(page, page.form("off_reason"), {"off_reason": "已纳入低保"}))
    assert "移出名单" in page.text
    assert "0 户" in county.person("经办李").get("/watches/").text


def test_the_sweep_lists_what_the_county_was_asked(reported):
    county, case_no = reported
    second = county.report(**{**REPORT, "township": "370881102", "village": "370881102201"})
    page = county.person("县办钱").get("/lists/repeats")
    assert "1 对个案要核对" in page.text
    assert case_no in page.text
    assert second in page.text
    assert "等县级核对" in digits(page)
    assert county.person("经办李").get("/lists/repeats").status == 403
