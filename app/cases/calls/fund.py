"""Calls on the money of a case: hold at approval, release, supplement by the county.

An empty reserve is an answer, not an error: the diagram offers what is lawful instead, and the
limit keeps running (scenario 29).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.cases.work import CaseWork
from app.kernel.clock import legal_day
from app.kernel.errors import ModelError, Refused
from app.kernel.money import Money
from app.ledger import fund as deeds
from app.ledger.accounts import Fund, Kind
from app.ledger.entry import Warrant
from app.process.step import Call
from app.store import ledger

PURPOSE = "emergency_relief"
SOURCES = frozenset({"reserve", "county"})


def fund_of(work: CaseWork) -> Fund:
    """The reserve fund of the case's township in the present year."""
    return Fund(work.case.region, work.case.township, legal_day(work.now).year)


def amount_argument(call: Call) -> Money:
    """The argument `amount` (yuan) as money; raises ModelError when it is none."""
    value = call.inputs.get("amount")
    if isinstance(value, Decimal | int | str) and not isinstance(value, bool):
        try:
            return Money.from_yuan(value)
        except ValueError:
            pass
    raise ModelError(f"“{call.name}”的金额“{value}”不是精确到分的数。", element_id=call.element_id)


def warrant_for(work: CaseWork, call: Call, deed: str) -> Warrant:
    """Why the money moves; the key is unique per case, deed and occasion."""
    return Warrant(
        key=f"{deed}:{work.case.id}:{work.instance.id}:{call.token}",
        purpose=PURPOSE,
        memo=f"{work.case.case_no} {call.name}",
        clause=call.properties.get("clause", ""),
        subject=str(work.case.id),
    )


def source_argument(call: Call, default: str = "") -> str:
    """The argument `source`, a key of SOURCES; raises ModelError when it is none."""
    source = str(call.inputs.get("source") or default)
    if source not in SOURCES:
        raise ModelError(f"“{call.name}”的资金来源“{source}”不在目录中。", source=source)
    return source


def hold(work: CaseWork, call: Call) -> dict[str, Any]:
    """The amount is promised to the case, or the answer says what is missing."""
    fund, amount = fund_of(work), amount_argument(call)
    warrant = warrant_for(work, call, "hold")
    balances = ledger.balances(work.unit, fund, subject=warrant.subject)
    if source_argument(call, "reserve") == "county":
        ledger.post(work.unit, deeds.county_hold(balances, fund, amount, warrant))
        return {"held": True, "balance": Decimal(0), "shortfall": Decimal(0)}
    free = balances.get(fund.account(Kind.RESERVE), Money.zero())
    try:
        entry = deeds.hold(balances, fund, amount, warrant)
    except Refused as refusal:
        if refusal.code != "fund_exhausted":
            raise
        return {"held": False, "balance": free.yuan, "shortfall": (amount - free).yuan}
    ledger.post(work.unit, entry)
    return {"held": True, "balance": (free - amount).yuan, "shortfall": Decimal(0)}


def release(work: CaseWork, call: Call) -> dict[str, Any]:
    """The amount, or all that is still promised to the case out of that source, is free again.

    Nothing happens when nothing is promised.
    """
    fund = fund_of(work)
    warrant = warrant_for(work, call, "release")
    balances = ledger.balances(work.unit, fund, subject=warrant.subject)
    if source_argument(call, "reserve") == "county":
        held, free = fund.county(Kind.COUNTY_HELD, warrant.subject), deeds.county_release
    else:
        held, free = fund.account(Kind.RESERVE_HELD, warrant.subject), deeds.release
    given = call.inputs.get("amount") is not None
    amount = amount_argument(call) if given else balances.get(held, Money.zero())
    if amount:
        ledger.post(work.unit, free(balances, fund, amount, warrant))
    return {"released": amount.yuan}


def supplement(work: CaseWork, call: Call) -> dict[str, Any]:
    """The county has added to the reserve against a write-off package, whose number is booked."""
    package_no = str(call.inputs.get("package_no") or "").strip()
    if not package_no:
        raise Refused("no_package", "追加备用金须附销账材料编号，请先登记销账材料。")
    fund, amount = fund_of(work), amount_argument(call)
    memo = f"追加备用金，销账材料 {package_no}"
    warrant = replace(warrant_for(work, call, "supplement"), memo=memo)
    balances = ledger.balances(work.unit, fund)
    ledger.post(work.unit, deeds.supplement(balances, fund, amount, warrant))
    free = balances.get(fund.account(Kind.RESERVE), Money.zero()) + amount
    return {"balance": free.yuan}
