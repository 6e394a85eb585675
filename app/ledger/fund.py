"""What may be done with a township's reserve: each deed answers an entry or refuses.

The reserve never goes below zero (济民字〔2018〕94号 三(五); 赣民字〔2020〕2号 二(三): when it is
used up the township reports and asks for a supplement). What is lawful instead depends on the
locality, so the caller names the alternatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.kernel.errors import Alternative, Refused
from app.kernel.money import Money
from app.ledger.accounts import Account, Balances, Fund, Kind
from app.ledger.entry import (
    Deed,
    Entry,
    Posting,
    Source,
    Warrant,
    case_of,
    move,
    require_positive,
)

_ORIGINS = {
    Source.TOWNSHIP: Kind.RESERVE_SOURCE_OWN,
    Source.CENTRAL: Kind.RESERVE_SOURCE_ALLOTTED,
    Source.PROVINCIAL: Kind.RESERVE_SOURCE_ALLOTTED,
    Source.CITY: Kind.RESERVE_SOURCE_ALLOTTED,
    Source.COUNTY: Kind.RESERVE_SOURCE_ALLOTTED,
}


def allot(
    balances: Balances, fund: Fund, amount: Money, warrant: Warrant, *, source: Source
) -> Entry:
    """The reserve has grown by money the township raised or was sent from above.

    Raises: Refused("bad_amount" | "bad_source").  Source: 济民字〔2018〕94号 三(五).
    """
    require_positive(amount)
    if source not in _ORIGINS:
        raise Refused("bad_source", f"备用金来源不能是“{source.value}”。", source=source.value)
    giver = fund.account(_ORIGINS[source])
    return _move(fund, Deed.ALLOT, warrant, source, giver, Kind.RESERVE, amount)


def supplement(balances: Balances, fund: Fund, amount: Money, warrant: Warrant) -> Entry:
    """The reserve has grown by what the county added within the year.

    Raises: Refused("bad_amount").  Source: 赣民字〔2020〕2号 二(三) 可再酌情追加备用金.
    """
    require_positive(amount)
    giver = fund.account(Kind.RESERVE_SOURCE_SUPPLEMENT)
    return _move(fund, Deed.SUPPLEMENT, warrant, Source.COUNTY, giver, Kind.RESERVE, amount)


def hold(
    balances: Balances,
    fund: Fund,
    amount: Money,
    warrant: Warrant,
    *,
    alternatives: Sequence[Alternative] = (),
) -> Entry:
    """At approval: the amount is promised to the warrant's case and to nobody else.

    Raises: Refused("fund_exhausted", balance, shortfall) when the reserve holds less; the
    alternatives say what is lawful instead.  Source: 赣民字〔2020〕2号 二(三).
    """
    require_positive(amount)
    giver = fund.account(Kind.RESERVE)
    taker = fund.account(Kind.RESERVE_HELD, case_of(warrant))
    _covered(balances, giver, amount, alternatives)
    return move(Deed.HOLD, warrant, Source.RESERVE, giver=giver, taker=taker, amount=amount)


def pay(
    balances: Balances,
    fund: Fund,
    amount: Money,
    warrant: Warrant,
    *,
    alternatives: Sequence[Alternative] = (),
) -> Entry:
    """The case was paid out of what was promised to it.

    Raises: Refused("hold_too_small", balance, shortfall) when less was promised.
    """
    require_positive(amount)
    giver = fund.account(Kind.RESERVE_HELD, case_of(warrant))
    held = balances.get(giver, Money.zero())
    if held < amount:
        raise Refused(
            "hold_too_small",
            f"本案已预留 {held} 元，不足支付 {amount} 元，差 {amount - held} 元；请先补足预留。",
            alternatives=alternatives,
            balance=held,
            shortfall=amount - held,
        )
    return _move(fund, Deed.PAY, warrant, Source.RESERVE, giver, Kind.SPENT, amount)


def release(balances: Balances, fund: Fund, amount: Money, warrant: Warrant) -> Entry:
    """What was promised to the case and is not needed is free again.

    Raises: Refused("hold_too_small").
    """
    require_positive(amount)
    giver = fund.account(Kind.RESERVE_HELD, case_of(warrant))
    held = balances.get(giver, Money.zero())
    if held < amount:
        raise Refused(
            "hold_too_small",
            f"本案仅预留 {held} 元，不能释放 {amount} 元。",
            balance=held,
            shortfall=amount - held,
        )
    return _move(fund, Deed.RELEASE, warrant, Source.RESERVE, giver, Kind.RESERVE, amount)


def refund(
    balances: Balances, fund: Fund, amount: Money, warrant: Warrant, *, returnable: Money
) -> Entry:
    """A recipient gave money back; the reserve has it again.

    returnable: what the recipient's case received and has not returned.
    Raises: Refused("refund_too_large") above that.
    """
    require_positive(amount)
    if returnable < amount:
        raise Refused(
            "refund_too_large",
            f"退回 {amount} 元超过本案尚未退回的支出 {returnable} 元，请核对。",
            balance=returnable,
        )
    giver = fund.account(Kind.REFUND)
    return _move(fund, Deed.REFUND, warrant, Source.RECIPIENT, giver, Kind.RESERVE, amount)


def bank_return(balances: Balances, fund: Fund, amount: Money, warrant: Warrant) -> Entry:
    """The bank could not deliver a payment: the money is promised to the case as before it.

    Raises: Refused("return_too_large") above what was paid and is not written off.
    """
    require_positive(amount)
    spent = balances.get(fund.account(Kind.SPENT), Money.zero())
    if spent < amount:
        raise Refused(
            "return_too_large",
            f"银行退回 {amount} 元超过尚未销账的支出 {spent} 元，请核对回单。",
            balance=spent,
        )
    giver = fund.account(Kind.SPENT)
    taker = fund.account(Kind.RESERVE_HELD, case_of(warrant))
    deed = Deed.BANK_RETURN
    return move(deed, warrant, Source.RESERVE, giver=giver, taker=taker, amount=amount)


def write_off(balances: Balances, fund: Fund, amount: Money, warrant: Warrant) -> Entry:
    """Payments whose vouchers the county has accepted are settled (销账).

    Raises: Refused("write_off_too_large") above what was paid and is not settled.
    Source: 赣民字〔2020〕2号 二(三) 及时…上报进行销账.
    """
    require_positive(amount)
    spent = balances.get(fund.account(Kind.SPENT), Money.zero())
    if spent < amount:
        raise Refused(
            "write_off_too_large",
            f"销账 {amount} 元超过尚未销账的支出 {spent} 元，请核对。",
            balance=spent,
        )
    giver = fund.account(Kind.SPENT)
    return _move(fund, Deed.WRITE_OFF, warrant, Source.RESERVE, giver, Kind.WRITTEN_OFF, amount)


def carry_over(
    balances: Balances, fund: Fund, amount: Money, warrants: tuple[Warrant, Warrant]
) -> tuple[Entry, Entry]:
    """What is left, free or (with a case in the warrants) promised, is the next year's.

    Two entries, one in each year's book, of the same amount.
    Source: S3 加大结转结余资金的统筹使用力度.
    Raises: Refused("bad_amount") above what is there.
    """
    require_positive(amount)
    case, after = warrants[0].subject, Fund(fund.region, fund.township, fund.year + 1)
    giver = fund.account(Kind.RESERVE_HELD, case) if case else fund.account(Kind.RESERVE)
    taker = after.account(Kind.RESERVE_HELD, case) if case else after.account(Kind.RESERVE)
    _covered(balances, giver, amount, ())
    given, taken = fund.account(Kind.CARRIED_OUT), after.account(Kind.CARRIED_IN)
    reserve = Source.RESERVE
    return (
        move(Deed.CARRY_OUT, warrants[0], reserve, giver=giver, taker=given, amount=amount),
        move(Deed.CARRY_IN, warrants[1], reserve, giver=taken, taker=taker, amount=amount),
    )


def till(balances: Balances, fund: Fund) -> Money:
    """What the book says is in the till: free and promised together.

    balances: must name every held account of the fund.
    """
    free = balances.get(fund.account(Kind.RESERVE), Money.zero())
    held = (
        amount.fen
        for account, amount in balances.items()
        if account.kind is Kind.RESERVE_HELD
        and (account.region, account.township, account.year)
        == (fund.region, fund.township, fund.year)
    )
    return free + Money(sum(held))


def stock_take(balances: Balances, fund: Fund, counted: Money, warrant: Warrant) -> Entry:
    """The book asserts what was counted and names the difference; it moves nothing.

    balances: must name every held account of the fund.
    Raises: Refused("bad_amount") for less than nothing.
    """
    if counted.fen < 0:
        raise Refused("bad_amount", f"盘点金额不能小于零：{counted} 元。", amount=counted)
    expected = till(balances, fund)
    same = f"盘点 {counted} 元，与账面相符"
    differs = f"盘点 {counted} 元，账面 {expected} 元，相差 {counted - expected} 元"
    named = replace(warrant, memo=same if counted == expected else differs)
    asserted = (Posting(fund.account(Kind.RESERVE), counted),)
    return Entry(Deed.STOCK_TAKE, named, Source.RESERVE, (), asserted)


def _move(
    fund: Fund,
    deed: Deed,
    warrant: Warrant,
    source: Source,
    giver: Account,
    taker: Kind,
    amount: Money,
) -> Entry:
    return move(deed, warrant, source, giver=giver, taker=fund.account(taker), amount=amount)


def _covered(
    balances: Balances, account: Account, amount: Money, alternatives: Sequence[Alternative]
) -> None:
    balance = balances.get(account, Money.zero())
    if balance < amount:
        raise Refused(
            "fund_exhausted",
            f"备用金可用余额 {balance} 元，不足 {amount} 元，差 {amount - balance} 元；"
            "余额不变，办理时限继续计算。",
            clause="",
            alternatives=alternatives,
            balance=balance,
            shortfall=amount - balance,
        )
