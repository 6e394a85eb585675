"""The call that records a payment: out of what was held, or by the county, with its papers.

Money never moves here by itself: a person paid, and the slip says when, by whom, to whom
(S1 二(四): complete papers, a working ledger).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.cases.calls.money import (
    RESERVE,
    Use,
    amount_argument,
    fund_of,
    pool_argument,
    use_of,
    warrant_for,
)
from app.cases.work import CaseWork, instant_argument
from app.kernel.clock import SHANGHAI
from app.kernel.errors import ModelError, Refused
from app.kernel.money import Money
from app.ledger import fund as deeds
from app.ledger import pools
from app.ledger.accounts import Fund, Kind
from app.ledger.entry import Entry, Warrant
from app.ledger.pools import POOLS
from app.process.step import Call
from app.store import cases, ledger, slips, transfers, writeoffs
from app.store.slips import MONEY_ITEM, Line, SlipRow

BY_BANK = frozenset({"bank", "bank_and_goods"})  # forms of aid whose money the bank transfers


def pay(work: CaseWork, call: Call) -> dict[str, Any]:
    """The payment is booked and its slip kept; the answer names the voucher."""
    slip_form = str(call.inputs.get("slip") or "")
    slip = work.answers(slip_form)
    if not slip:
        raise ModelError(f"“{call.name}”找不到发放单。", element_id=call.element_id)
    return _pay(work, call, slip_form, slip)


def again(work: CaseWork, call: Call) -> dict[str, Any]:
    """What the bank sent back is transferred once more, whole, to the account as mended.

    By bank only: cash and goods owe a publication (S1 二(四)) that this call does not see to.
    """
    slip_form = str(call.inputs.get("slip") or "")
    mended = work.answers(slip_form)
    if not mended.get("bank_account"):
        raise ModelError(f"“{call.name}”找不到核对后的账号。", element_id=call.element_id)
    slip = {**mended, "method": "bank", "cash_amount": amount_argument(call).yuan}
    return _pay(work, call, slip_form, slip)


def _pay(work: CaseWork, call: Call, slip_form: str, slip: Mapping[str, Any]) -> dict[str, Any]:
    amount = amount_argument(call)
    paid_at = _paid_at(work, slip)
    lines = _lines(slip)
    total = Money(sum(line.value.fen for line in lines))
    if total != amount:
        raise Refused(
            "slip_differs",
            f"发放单各项合计 {total} 元，与批准的 {amount} 元不符，请核对现金和实物。",
            total=total,
            amount=amount,
        )
    use = use_of(work, call, pool_argument(call))
    warrant = warrant_for(work, call, "pay", use.purpose)
    fund, entry = _entry(work, use, amount, warrant)
    ledger.post(work.unit, entry)
    row = slips.record(
        work.unit,
        work.case.region,
        work.case.id,
        township=work.case.township,
        form_of_aid=str(slip.get("method") or ""),
        lines=lines,
        paid_at=paid_at,
        payers=(str(slip.get("payer_1") or ""), str(slip.get("payer_2") or "")),
        receiver=_receiver(work, slip_form, slip),
        entry_key=warrant.key,
    )
    if row.form_of_aid in BY_BANK:
        money = Money(sum(one.value.fen for one in lines if _is_money(one)))
        _order_transfer(work, row, slip, money, use.pool)
    elif slip.get("photo"):
        writeoffs.add_voucher(work.unit, row.region, row.id, "签收照片")
    free = ledger.balance(work.unit, fund.account(Kind.RESERVE))
    return {
        "paid_at": paid_at.astimezone(SHANGHAI).isoformat(),
        "voucher_no": row.voucher_no,
        "balance": free.yuan,
    }


def _entry(work: CaseWork, use: Use, amount: Money, warrant: Warrant) -> tuple[Fund, Entry]:
    """Out of what was promised; out of a pool directly when nothing was."""
    fund = fund_of(work)
    if use.pool == RESERVE:
        balances = ledger.balances(work.unit, fund, subject=warrant.subject)
        return fund, deeds.pay(balances, fund, amount, warrant)
    pool = POOLS[use.pool]
    balances = ledger.balances_of(work.unit, pool.accounts(fund, warrant.subject))
    promised = balances.get(pool.held_for(fund, warrant.subject), Money.zero())
    pay_out = pools.pay if promised else pools.pay_directly
    return fund, pay_out(balances, fund, pool, amount, warrant, use.source)


def _paid_at(work: CaseWork, slip: Mapping[str, Any]) -> datetime:
    paid_at = instant_argument(slip, "paid_at", work.now)
    if paid_at > work.now:
        raise Refused("paid_in_future", "实际发放时间晚于现在，请核对。")
    if paid_at < work.case.reported_at:
        raise Refused("paid_before_report", "实际发放时间早于报告时间，请核对。")
    return paid_at


def _lines(slip: Mapping[str, Any]) -> list[Line]:
    """The slip's goods row by row, then its cash or transfer as one line of money."""
    lines = [_goods_line(row) for row in slip.get("goods") or []]
    cash = Money.from_yuan(slip.get("cash_amount") or Decimal(0))
    if cash:
        lines.append(Line(MONEY_ITEM, Decimal(1), "笔", cash))
    return lines


def _goods_line(row: Mapping[str, Any]) -> Line:
    quantity = Decimal(row["quantity"])
    value = Money.from_yuan(quantity * Decimal(row["unit_price"]))
    return Line(str(row["article"]), quantity, str(row.get("measure") or "件"), value)


def _receiver(work: CaseWork, slip_form: str, slip: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of the slip that say who received or witnessed."""
    elsewhere = ("payer_1", "payer_2", "method", "paid_at")
    kept = work.package.form(slip_form).dump(slip)
    return {key: value for key, value in kept.items() if key not in elsewhere}


def _is_money(line: Line) -> bool:
    return line.item == MONEY_ITEM


def _order_transfer(
    work: CaseWork, row: SlipRow, slip: Mapping[str, Any], amount: Money, pool: str
) -> None:
    """The transfer waits for the county's next batch; whom it is for is sealed."""
    holder = slip.get("account_name") or cases.applicant(work.unit, work.case).get("applicant_name")
    transfers.order(
        work.unit,
        row.region,
        case_id=work.case.id,
        slip_id=row.id,
        township=row.township,
        voucher_no=row.voucher_no,
        amount=amount,
        payee={
            "name": str(holder or ""),
            "bank": str(slip.get("bank_name") or ""),
            "account": str(slip.get("bank_account") or ""),
        },
        entry_key=row.entry_key,
        pool=pool,
    )
