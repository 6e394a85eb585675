"""SCENARIO 21 (Jining data) through HTTP: the city decides, the limits still run.

Nothing here calls the product's Python: people sign in, read pages, fill forms.
"""

from __future__ import annotations

from tests.acceptance.test_emergency import (
    ACCEPT,
    APPROVE,
    PUBLISH,
    REPORT,
    digits,
    slip,
    succeeded,
)
from tests.acceptance.test_staged import plan

SPECIAL = {
    **ACCEPT,
    "cause": "major_illness",
    "special_city": "yes",
    "special_reason": "跨县抢救，费用特别大",
}


def test_21_city_decides_directly(county):
    county = county("2026-03-09T09:00:00+08:00")
    case_no = county.report(**{**REPORT, "cause": "major_illness"})
    refused = county.do("经办李", case_no, "受理与分办", {**SPECIAL, "special_reason": ""})
    assert refused.status == 422
    assert "特殊在哪里" in refused.text
    succeeded(county.do("经办李", case_no, "受理与分办", SPECIAL))

    silent = {"city_takes": "yes", "special_reason": ""}
    refused = county.do("市审周", case_no, "认定特殊情形", silent)
    assert refused.status == 422
    assert "特殊在哪里" in refused.text
    named = {"city_takes": "yes", "special_reason": "跨县抢救，市级办理更快"}
    succeeded(county.do("市审周", case_no, "认定特殊情形", named))

    county.at("2026-03-09T12:00:00+08:00")
    found = plan("2026-03-09T12:00:00+08:00", "120000.00", ["10800.00"])
    found.pop("stages")
    succeeded(county.do("经办李", case_no, "现场核实（市级办理）", found))
    page = county.case(case_no, "市审周")
    assert "2026-03-10 09:00:00" in page.text  # 24 hours run from the report
    for who in ("审批赵", "县审孙"):
        assert not county.has_item(who, case_no, "审批")
    visitor, address = county.item("市审周", case_no, "市级审批")
    asked = visitor.get(address)
    assert "10800.00" in digits(asked)
    assert "还剩" in asked.text
    succeeded(visitor.fill(address, APPROVE))

    for told in ("县办钱", "审批赵"):  # record copies
        inbox = county.person(told).get("/inbox/").text
        assert "备案" in inbox
        assert "10800" in inbox
        assert not county.has_item(told, case_no, "审批")
    assert not county.has_item("县审孙", case_no, "审批")

    county.at("2026-03-09T16:00:00+08:00")
    handed = slip("2026-03-09T16:00:00+08:00", cash_amount="10800.00")
    succeeded(county.do("经办李", case_no, "发放（市级批准）", handed))
    page = county.case(case_no)
    assert "7 小时" in page.text
    assert "2026-03-16 24:00" in page.text  # five working days run
    assert "10800.00" in digits(page)
    assert "20000.00" in digits(county.fund())  # the reserve is untouched
    succeeded(county.do("经办李", case_no, "发布公示（市级）", PUBLISH))
    county.at("2026-03-17T00:00:00+08:00")
    assert case_no in county.person("县办钱").get("/deadlines/").text
