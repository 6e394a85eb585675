"""Aims at ledgers: totals equal the journal, who reads what, masks, and exports on record.

What a file may say is tests/form/test_ledgers.py, the pages are tests/web/test_ledgers.py.
"""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.cases.ledgers import page as ledgers
from app.cases.ledgers.page import period_of
from app.cases.ledgers.reading import Filter, percent, quantile
from app.form.pdf import render
from app.form.sheets import Table
from app.kernel.clock import FrozenClock
from app.kernel.errors import Forbidden, Invalid, NotFound
from app.kernel.money import Money
from app.ledger.accounts import Fund, Kind
from app.store import ledger as books
from app.store.audit import AuditRow
from app.store.session import SYSTEM, Database
from app.store.vault import Vault
from app.web import ledger_cells as cells
from tests.conftest import KEY, START
from tests.form.test_pdf import texts
from tests.world import (
    ACCEPT,
    APPROVE,
    OTHER_TOWNSHIP,
    PUBLISH,
    REGION,
    TOWNSHIP,
    build,
    catchup,
    slip_cash,
    verify_light,
)

ALL = Filter(since=date(2026, 1, 1), until=date(2026, 12, 31))


def read(world, ledger_id, who="县办钱", asked=ALL):
    return ledgers.read(world.office, world.people[who], ledger_id, asked)


@pytest.fixture(scope="module")
def paid(sqlite_template, tmp_path_factory):
    """A county in which two cases were paid, on SQLite, only read by the tests that share it."""
    path = tmp_path_factory.mktemp("ledgers") / "jiuji.db"
    shutil.copyfile(sqlite_template, path)
    clock = FrozenClock(START)
    database = Database(f"sqlite:///{path}", clock=clock, vault=Vault(KEY))
    yield pay_two(build(database, clock))
    database.close()


def pay_two(county):
    """1000.00 in cash, and 500.00 in cash with 390.00 in goods, on 7 April."""
    county.allot("20000.00")
    first = county.to_payment("1000.00")
    second = county.report(applicant_name="赵六")
    county.do("经办李", second, "accept", ACCEPT)
    now = county.clock.now().isoformat()
    county.do("经办李", second, "verify", {**verify_light("500.00", now), "goods": GOODS})
    county.do("审批赵", second, "approve_township", APPROVE)
    county.do("经办李", first, "pay", slip_cash("1000.00", now))
    slip = {**slip_cash("500.00", now), "method": "cash_and_goods", "goods": GOODS}
    county.do("经办李", second, "pay", slip)
    return county


GOODS = [
    {"article": "棉被", "quantity": "2", "measure": "床", "unit_price": "120.00"},
    {"article": "大米 25 千克", "quantity": "1", "measure": "袋", "unit_price": "150.00"},
]


def test_totals_of_every_money_list_equal_the_journal(database, clock):
    paid = pay_two(build(database, clock))
    with paid.office.database.read(SYSTEM) as unit:
        totals = books.totals(unit, Fund(REGION, TOWNSHIP, 2026))
    spent = totals[Kind.SPENT]
    assert spent == Money.from_yuan("1890.00")
    payments = read(paid, "monthly_list")
    assert payments.totals["amount"] == spent
    assert payments.totals["money"] + payments.totals["goods"] == spent
    assert read(paid, "handed_over").totals["amount"] == spent
    assert read(paid, "relief").totals["paid"] == spent
    summary = read(paid, "annual_summary")
    assert summary.totals["amount"] == summary.totals["from_reserve"] == spent
    journal = read(paid, "reserve_journal")
    assert journal.totals["spent"] == spent
    book = read(paid, "reserve_book")
    assert book.totals["spent"] == spent
    assert book.totals["balance"] == journal.totals["received"] - journal.totals["spent"]
    assert book.totals["balance"] == totals[Kind.RESERVE] + totals[Kind.RESERVE_HELD]


def test_cash_and_goods_are_listed_thing_by_thing(paid):
    rows = read(paid, "handed_over").rows
    assert [(row["item"], row["quantity"], str(row["amount"])) for row in rows] == [
        ("救助金", "1 笔", "1000.00"),
        ("棉被", "2 床", "240.00"),
        ("大米 25 千克", "1 袋", "150.00"),
        ("救助金", "1 笔", "500.00"),
    ]


def test_a_period_shows_what_lies_in_it(paid):
    before = Filter(since=date(2026, 1, 1), until=date(2026, 4, 6))
    that_day = Filter(since=date(2026, 4, 7), until=date(2026, 4, 7))
    assert read(paid, "monthly_list", asked=before).rows == ()
    assert len(read(paid, "monthly_list", asked=that_day).rows) == 2
    own = ledgers.read(paid.office, paid.people["县办钱"], "monthly_list", Filter())
    assert (own.asked.since, own.asked.until) == (date(2026, 4, 1), date(2026, 4, 30))


def test_names_are_masked_until_a_purpose_is_on_record(paid):
    actor = paid.people["县办钱"]
    assert {row["applicant"] for row in read(paid, "relief").rows} == {"王*", "赵*"}
    with pytest.raises(Invalid):
        ledgers.export(paid.office, actor, "relief", ALL, purpose=" ", form="csv", opened=True)
    page = ledgers.export(
        paid.office, actor, "relief", ALL, purpose="季度检查", form="csv", opened=True
    )
    assert {row["applicant"] for row in page.rows} == {"王五", "赵六"}
    with paid.office.database.read(SYSTEM) as unit:
        query = select(AuditRow).where(AuditRow.action == "ledger.exported")
        [record] = unit.session.scalars(query).all()
        assert record.object_id == "relief"
        assert '"季度检查"' in record.body_json
        assert '"rows":2' in record.body_json


def test_each_role_reads_its_own_territory_and_kind(paid):
    assert len(read(paid, "relief", "经办李").rows) == 2
    assert read(paid, "relief", "乙镇经办").rows == ()
    assert len(read(paid, "monthly_list", "财政吴").rows) == 2
    with pytest.raises(Forbidden):
        read(paid, "relief", "财政吴")  # amounts and vouchers only
    with pytest.raises(Forbidden):
        read(paid, "relief", "热线员")
    with pytest.raises(Forbidden):
        read(paid, "relief", "经办李", Filter(township=OTHER_TOWNSHIP))
    with pytest.raises(NotFound):
        read(paid, "secrets")
    money = {one.id for one in ledgers.listing(paid.office, paid.people["财政吴"])}
    assert "monthly_list" in money
    assert "relief" not in money


def test_late_catch_up_stands_in_its_ledger(sqlite_url, clock):
    database = Database(sqlite_url, clock=clock, vault=Vault(KEY))
    world = build(database, clock)
    world.allot("20000.00")
    world.at("2026-04-29T16:20:00+08:00")
    case_id = world.to_payment()
    world.do("经办李", case_id, "pay", slip_cash("1000.00", "2026-04-29T16:20:00+08:00"))
    world.do("经办李", case_id, "publish", PUBLISH)
    world.at("2026-05-12T10:00:00+08:00")
    [row] = read(world, "catchup_late").rows
    assert (row["state"], row["late_workdays"]) == ("open", 2)
    world.do("经办李", case_id, "catchup", catchup("1000.00"))
    [row] = read(world, "catchup_late").rows
    assert (row["state"], row["late_workdays"]) == ("met", 2)
    [row] = [one for one in read(world, "timeliness").rows if one["limit"] == row["limit"]]
    assert (row["started"], row["on_time"], row["late"], row["share"]) == (1, 0, 1, Decimal("0.0"))
    database.close()


def test_every_ledger_can_be_read_opened_and_printed(paid):
    who = paid.people["县办钱"]
    found = ledgers.listing(paid.office, who)
    assert len(found) > 20
    for one in found:
        page = ledgers.export(
            paid.office, who, one.id, ALL, purpose="核对", form="pdf", opened=True
        )
        made = cells.sheet(page)
        [table] = [part for part in made.parts if isinstance(part, Table)]
        assert all(len(row) == len(table.headings) for row in table.rows)
        summed = bool(table.totals) and one.group != "export"  # a platform reads rows only
        assert len(cells.values(page)) == len(table.rows) + summed


@pytest.mark.parametrize(
    ("ledger", "title", "numbers"),
    [
        ("monthly_list", "每月发放表", ("1000.00", "890.00", "390.00", "1890.00")),
        ("annual_summary", "上年度发放汇总表", ("1890.00",)),
    ],
)
def test_the_lists_of_the_write_off_are_printed_with_their_sums(paid, ledger, title, numbers):
    page = ledgers.export(
        paid.office, paid.people["财政吴"], ledger, ALL, purpose="销账", form="pdf", opened=False
    )
    text = "".join(texts(render(cells.sheet(page))))
    for words in (title, *numbers):
        assert words in text, (words, text[:400])


def test_an_error_is_listed_from_judgement_to_conclusion(sqlite_url, clock):
    database = Database(sqlite_url, clock=clock, vault=Vault(KEY))
    world = build(database, clock)
    world.allot("20000.00")
    world.at("2026-04-29T16:20:00+08:00")
    case_id = world.to_payment()
    world.do("经办李", case_id, "pay", slip_cash("1000.00", "2026-04-29T16:20:00+08:00"))
    world.do("经办李", case_id, "publish", PUBLISH)
    world.at("2026-05-12T10:00:00+08:00")
    world.do("经办李", case_id, "catchup", {**catchup("1000.00"), "late_reason": "断网"})
    [row] = read(world, "error_cases").rows
    assert (row["state"], row["class"], row["judged_by"]) == ("open", "", "")
    judged = {
        "facts_found": "补登晚两个工作日",
        "loss": "没有损失",
        "error_class": "objective",
        "error_evidence": "network_outage",
        "evidence_note": "运营商证明",
    }
    world.do("县办钱", case_id, "classify", judged)
    [row] = read(world, "error_cases").rows
    assert (row["class"], row["judged_by"], row["loss"]) == ("客观偏差", "县办钱", "没有损失")
    assert row["facts"] == ""  # told only with a purpose on record
    database.close()


def test_reports_by_channel_and_how_soon_help_followed(paid):
    page = read(paid, "discovery")
    hotline = next(row for row in page.rows if "12349" in str(row["channel"]))
    assert (hotline["cases"], hotline["relieved"], hotline["share"]) == (2, 2, Decimal("100.0"))
    assert page.totals["cases"] == 2
    assert len(read(paid, "hotline").rows) == 2


def test_indicators_show_their_two_numbers(paid):
    found = {row["indicator"]: row for row in read(paid, "performance").rows}
    assert found["发放总额"]["value"] == "1890.00"
    assert found["件均救助金额"]["value"] == "945.00"
    assert (found["备用金使用率"]["part"], found["备用金使用率"]["whole"]) == (
        "1890.00",
        "20000.00",
    )


def test_named_periods():
    assert period_of("month", date(2026, 2, 14)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert period_of("last_month", date(2026, 1, 2)) == (date(2025, 12, 1), date(2025, 12, 31))
    assert period_of("last_year", date(2026, 1, 2)) == (date(2025, 1, 1), date(2025, 12, 31))


def test_shares_round_half_up_and_nothing_has_no_share():
    assert percent(1, 3) == Decimal("33.3")
    assert percent(1, 0) is None
    assert quantile([], Decimal("0.5")) is None
    assert quantile([1, 2, 3, 4], Decimal("0.5")) == 2
    assert quantile([1, 2, 3], Decimal("0.9")) == 3
