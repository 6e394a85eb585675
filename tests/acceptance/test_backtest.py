"""SCENARIO 40: a draft raises one segment and is tried on six closed cases, through HTTP."""

from __future__ import annotations

import re

from app.studio import backtests, drafts
from tests.acceptance.expenditure import (
    AMOUNT,
    APPROVE,
    accepted,
    application,
    digits,
    investigated,
    slip,
    spending,
    succeeded,
)
from tests.world import LOCALITY

COSTS = {
    "12000.00": "2700.00",
    "28000.00": "2700.00",
    "31000.00": "5400.00",
    "59999.99": "5400.00",
    "60000.00": "8100.00",
    "120000.00": "10800.00",
}
TABLE = f"dmn/{LOCALITY}/expenditure_amount.dmn"
SEGMENT = re.compile(
    rb"(<text>\[10000\.\.30000\)</text>.{0,200}?<outputEntry[^>]*>\s*<text>)3(</text>)", re.S
)


def closed_case(county, cost: str, amount: str, number: int = 0) -> str:
    """One patient's case, carried to its payment; `number` tells the families apart."""
    filled = application(income_6m="24000.00", self_paid_medical=cost)
    case_no = accepted(
        county, filled, applicant_id_number="", applicant_phone=f"1390537{number:04d}"
    )
    investigated(county, case_no, spending(cost), income_6m="24000.00")
    told = {**AMOUNT, "cash_amount": amount}
    succeeded(county.do("经办李", case_no, "拟定救助金额", told))
    county.at("2026-03-10T00:00:00+08:00")
    succeeded(county.do("经办李", case_no, "乡镇（街道）审核", told))
    if amount == "2700.00":
        succeeded(county.do("审批赵", case_no, "审批", APPROVE))
    else:
        succeeded(county.do("县审孙", case_no, "县级审批", APPROVE))
    account = f"622202123456789{number:04d}"
    paid = slip("2026-03-10T00:00:00+08:00", cash_amount=amount, bank_account=account)
    succeeded(county.do("经办李", case_no, "发放救助金", paid))
    county.clock.set(county.clock.now().replace(day=2, hour=1))
    return case_no


def raised(county, visitor_name: str = "政策吴"):
    """A draft in which the first medical segment is four times the standard."""
    database = county.office.database
    actor = person(county, visitor_name)
    draft_id = drafts.open_draft(database, actor, LOCALITY, "第一分段提高到 4 倍", key="open")
    file = drafts.read_file(database, actor, draft_id, TABLE)
    changed, count = SEGMENT.subn(rb"\g<1>4\2", file.content)
    assert count == 1
    drafts.write_file(
        database, actor, draft_id, TABLE, changed, expected_sha256=file.sha256, key="write"
    )
    return draft_id


def person(county, name: str):
    """The person with the roles held now."""
    from app.studio.people import person as found

    return found(county.office.database, county.logins[name])


def test_40_back_test_of_a_new_standard(county):
    county = county("2026-03-02T09:00:00+08:00")
    numbers = [
        closed_case(county, cost, amount, number)
        for number, (cost, amount) in enumerate(COSTS.items())
    ]
    county.at("2026-04-01T09:00:00+08:00")
    before = [county.case(number).text for number in numbers]
    draft_id = raised(county)
    visitor = county.person("政策吴")
    asked = visitor.fill(
        f"/studio/drafts/{draft_id}/backtests/",
        {"since": "2026-01-01", "until": "2026-03-31", "cases": "past"},
    )
    assert asked.status == 200, asked.text[:800]
    assert "已重算 0 件，共 6 件" in asked.text
    assert backtests.work(county.office.database)
    page = visitor.get(asked.address)
    text = digits(page)
    assert "6 件个案重算：0 件减少，2 件增加，4 件不变" in text
    assert "35100.00 元 → 36900.00 元，+1800.00 元（+5.13%）" in text
    assert "乡镇（街道）审批额变化 -5400.00 元" in text
    assert "乡镇（街道）县级2" in "".join(text.split())
    for number in numbers[:2]:
        row = text[text.index(number) :][:300]
        assert "增加" in row
        assert "2700.00" in row
        assert "3600.00" in row
    staffed = "people_township=1&each_township=1&limit_township=1&people_county=1&each_county=1"
    queue = "".join(digits(visitor.get(f"{asked.address}?{staffed}&limit_county=2")).split())
    # Six on one day: two at the township and four at the county, then none and six; one a day.
    assert "乡镇（街道）甲镇2010100（0.0%）0（0.0%）" in queue
    assert "县级4635351（25.0%）3（50.0%）" in queue
    assert "请填1至9999的整数" in "".join(
        visitor.get(f"{asked.address}?people_county=many").text.split()
    )
    raised_only = digits(visitor.get(f"{asked.address}?verdict=higher"))
    assert numbers[0] in raised_only
    assert numbers[2] not in raised_only
    table = visitor.get(f"{asked.address}/lines.csv").text
    assert table.count("2026-03-10") == 6
    assert "900.00" in table
    assert [county.case(number).text for number in numbers] == before


def test_a_back_test_can_be_stopped_and_is_not_everybodys(county):
    county = county("2026-04-01T09:00:00+08:00")
    draft_id = raised(county)
    visitor = county.person("政策吴")
    address = f"/studio/drafts/{draft_id}/backtests/"
    wrong = visitor.fill(address, {"since": "2026-03-31", "until": "2026-01-01", "cases": "past"})
    assert wrong.status == 422
    assert "起始日须早于截止日" in wrong.text
    asked = visitor.fill(address, {"since": "2026-01-01", "until": "2026-03-31", "cases": "past"})
    forms = [one for one in asked.tree.forms if (one.get("action") or "").endswith("/cancel")]
    stopped = visitor.press(asked, forms[0], {})
    assert "已停止" in stopped.text
    assert not backtests.work(county.office.database)
    assert county.person("经办李").get(asked.address).status == 403
    assert county.person("经办李").get(address).status == 403
