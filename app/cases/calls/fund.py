"""Calls on the money of a case: hold at approval, release, supplement by the county.

An empty reserve is an answer, not an error: the diagram offers what is lawful instead, and the
limit keeps running (scenario 29).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.cases.calls.money import (
    RESERVE,
    Use,
    amount_argument,
    fund_of,
    pool_argument,
    present_fund,
    use_of,
    warrant_for,
)
from app.cases.work import CaseWork
from app.kernel.errors import NotFound, Refused
from app.kernel.money import Money
from app.ledger import fund as deeds
from app.ledger import pools
from app.ledger.accounts import Kind
from app.ledger.pools import POOLS
from app.process.step import Call
from app.store import ledger, writeoffs

PURPOSE_OF_RESERVE = "reserve"  # money on its way into a reserve has no other use yet


def hold(work: CaseWork, call: Call) -> dict[str, Any]:
    """The amount is promised to the case, or the answer says what is missing."""
    use = use_of(work, call, pool_argument(call, RESERVE))
    if use.pool == RESERVE:
        return _hold_in_reserve(work, call, use)
    fund, amount, pool = present_fund(work), amount_argument(call), POOLS[use.pool]
    warrant = warrant_for(work, call, "hold", use.purpose)
    balances = ledger.balances_of(work.unit, (fund.county(pool.fund),))
    ledger.post(work.unit, pools.hold(balances, fund, pool, amount, warrant, use.source))
    return {"held": True, "balance": Decimal(0), "shortfall": Decimal(0)}


def _hold_in_reserve(work: CaseWork, call: Call, use: Use) -> dict[str, Any]:
    fund, amount = present_fund(work), amount_argument(call)
    warrant = warrant_for(work, call, "hold", use.purpose)
    balances = ledger.balances(work.unit, fund, subject=warrant.subject)
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
    """The amount, or all that is still promised to the case out of that pool, is free again.

    Nothing happens when nothing is promised.
    """
    fund, pool = fund_of(work), pool_argument(call, RESERVE)
    subject = str(work.case.id)
    if pool == RESERVE:
        held = fund.account(Kind.RESERVE_HELD, subject)
    else:
        held = POOLS[pool].held_for(fund, subject)
    balances = ledger.balances_of(work.unit, (held,))
    given = call.inputs.get("amount") is not None
    amount = amount_argument(call) if given else balances.get(held, Money.zero())
    if not amount:
        return {"released": Decimal(0)}
    use = use_of(work, call, pool)
    warrant = warrant_for(work, call, "release", use.purpose)
    if use.pool == RESERVE:
        entry = deeds.release(balances, fund, amount, warrant)
    else:
        entry = pools.release(balances, fund, POOLS[use.pool], amount, warrant, use.source)
    ledger.post(work.unit, entry)
    return {"released": amount.yuan}


def supplement(work: CaseWork, call: Call) -> dict[str, Any]:
    """The county has added to the reserve against a write-off package, whose number is booked.

    Raises: Refused("no_package") without a package of this township.
    """
    package_no = str(call.inputs.get("package_no") or "").strip()
    if not package_no:
        raise Refused("no_package", "追加备用金须附销账材料编号，请先登记销账材料。")
    _require_package(work, package_no)
    fund, amount = present_fund(work), amount_argument(call)
    memo = f"追加备用金，销账材料 {package_no}"
    warrant = warrant_for(work, call, "supplement", PURPOSE_OF_RESERVE, memo)
    balances = ledger.balances(work.unit, fund)
    ledger.post(work.unit, deeds.supplement(balances, fund, amount, warrant))
    free = balances.get(fund.account(Kind.RESERVE), Money.zero()) + amount
    return {"balance": free.yuan}


def _require_package(work: CaseWork, package_no: str) -> None:
    try:
        township = writeoffs.get(work.unit, work.case.region, package_no).township
    except NotFound:
        township = ""
    if township != work.case.township:
        raise Refused(
            "no_package",
            f"没有本乡镇（街道）的销账批次“{package_no}”，请先在备用金页面发起销账，再填批次号。",
            package_no=package_no,
        )
