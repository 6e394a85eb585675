"""Calls of the yearly review of a reserve: carry over, put in, keep the result.

Source: 赣民字〔2020〕2号 二(三) 每年1月集中…审核，原则上按不低于上年度资金使用总量的40%核定;
S3 加大结转结余资金的统筹使用力度.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.cases.calls.fund import PURPOSE_OF_RESERVE
from app.cases.calls.money import amount_argument, present_fund, warrant_for
from app.cases.work import CaseWork
from app.kernel.errors import ModelError
from app.kernel.money import Money
from app.ledger import fund as deeds
from app.ledger.accounts import Fund, Kind
from app.ledger.entry import Entry, Source, Warrant
from app.process.step import Call
from app.store import cases, fund_records, journal, ledger
from app.store.cases import MATTER
from app.store.session import Unit

_SOURCES = {source.value: source for source in Source}


def carry_over(work: CaseWork, call: Call) -> dict[str, Any]:
    """What the year before left, free and promised, stands in the year's book.

    argument year: the year that receives. Nothing happens when nothing is left.
    """
    year = _year(call)
    before = Fund(work.case.region, work.case.township, year - 1)
    return {"carried": carry(work.unit, before, f"{work.case.id}:{call.token}").yuan}


def carry(unit: Unit, fund: Fund, occasion: str) -> Money:
    """Everything the fund holds is the next year's; answers how much. Two entries for each part."""
    total = Money.zero()
    balances = ledger.all_balances(unit, fund)
    for account, amount in balances.items():
        if account.kind not in (Kind.RESERVE, Kind.RESERVE_HELD) or not amount:
            continue
        pair = _pair(fund, occasion, account.subject)
        out, into = deeds.carry_over(balances, fund, amount, pair)
        ledger.post(unit, out)
        ledger.post(unit, into)
        total = total + amount
    return total


def _pair(fund: Fund, occasion: str, subject: str) -> tuple[Warrant, Warrant]:
    def warrant(deed: str, memo: str) -> Warrant:
        key = f"{deed}:{fund.township}:{fund.year}:{subject}:{occasion}"
        return Warrant(key=key, purpose=PURPOSE_OF_RESERVE, memo=memo, subject=subject)

    return (
        warrant("carry_out", f"结转至 {fund.year + 1} 年"),
        warrant("carry_in", f"{fund.year} 年结转"),
    )


def allot(work: CaseWork, call: Call) -> dict[str, Any]:
    """The reserve has grown by the confirmed budget; the document number is booked.

    arguments: amount, origin (code of the source), document_no. Zero puts nothing in.
    """
    fund, amount = present_fund(work), amount_argument(call)
    origin = _SOURCES.get(str(call.inputs.get("origin") or ""))
    if origin is None:
        raise ModelError(f"“{call.name}”没有写明资金来源。", origin=call.inputs.get("origin"))
    number = str(call.inputs.get("document_no") or "")
    if amount:
        warrant = warrant_for(work, call, "allot", PURPOSE_OF_RESERVE, f"年度备用金 {number}")
        ledger.post(work.unit, _allotted(work.unit, fund, amount, warrant, origin))
    return {"balance": ledger.balance(work.unit, fund.account(Kind.RESERVE)).yuan}


def _allotted(unit: Unit, fund: Fund, amount: Money, warrant: Warrant, origin: Source) -> Entry:
    return deeds.allot(ledger.balances(unit, fund), fund, amount, warrant, source=origin)


def record(work: CaseWork, call: Call) -> dict[str, Any]:
    """The year's budget is on record with what it was measured against.

    arguments: year, planned, reason, document_no.
    """
    year, region, township = _year(call), work.case.region, work.case.township
    before = journal.year_of(work.unit, Fund(region, township, year - 1))
    result = work.package.decide(
        "reserve_floor", {"used_last_year": before.used.yuan}, work.now
    ).value
    if not isinstance(result, dict):
        raise ModelError("年度核定规则没有结果，请政策管理员核对“年度核定规则”表。")
    row = fund_records.add_review(
        work.unit,
        region,
        township=township,
        year=year,
        case_id=work.case.id,
        used_last_year=before.used,
        ratio=Decimal(result["ratio"]),
        floor=Money.from_yuan(Decimal(result["floor"])),
        input_last_year=before.received,
        planned=Money.from_yuan(Decimal(str(call.inputs.get("planned")))),
        reason=str(call.inputs.get("reason") or ""),
        document_no=str(call.inputs.get("document_no") or ""),
    )
    if work.case.kind == MATTER:
        cases.close(work.unit, work.case, status="closed", outcome="reviewed")
    return {"floor": row.floor_fen.yuan}


def _year(call: Call) -> int:
    try:
        return int(Decimal(str(call.inputs.get("year"))))
    except ArithmeticError:
        raise ModelError(f"“{call.name}”没有写明年度。", year=call.inputs.get("year")) from None
