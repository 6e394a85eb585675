"""What may be done with the county's, the city's and charities' money outside a reserve.

Each pool is a set of accounts in the county's book of the year (NA5: every entry says whose money
it is). The county's and the city's balances are kept in their treasuries, so they have no floor
here; of charity's gifts never more is promised than was given.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.errors import Refused
from app.kernel.money import Money
from app.ledger.accounts import Account, Balances, Fund, Kind
from app.ledger.entry import Deed, Entry, Source, Warrant, case_of, move, require_positive


@dataclass(frozen=True, slots=True)
class Pool:
    """The kinds of account one pool has."""

    code: str  # as the models name it
    label: str  # Chinese
    source: Kind
    fund: Kind
    held: Kind
    spent: Kind
    refund: Kind
    origins: frozenset[Source]  # whose money may be put in

    def account(self, fund: Fund, kind: Kind) -> Account:
        """The pool's account in the county's book of the fund's year."""
        return fund.county(kind)

    def held_for(self, fund: Fund, subject: str) -> Account:
        """Where the case's promise stands."""
        return fund.county(self.held, subject)

    def accounts(self, fund: Fund, subject: str = "") -> tuple[Account, ...]:
        """Every account of the pool, with the case's held one when a case is named."""
        kinds = (self.source, self.fund, self.spent, self.refund)
        held = (self.held_for(fund, subject),) if subject else ()
        return (*(fund.county(kind) for kind in kinds), *held)


_PUBLIC = frozenset({Source.CENTRAL, Source.PROVINCIAL, Source.CITY, Source.COUNTY})

POOLS: dict[str, Pool] = {
    pool.code: pool
    for pool in (
        Pool(
            "county",
            "县级资金",
            Kind.COUNTY_SOURCE,
            Kind.COUNTY_FUND,
            Kind.COUNTY_HELD,
            Kind.COUNTY_SPENT,
            Kind.COUNTY_REFUND,
            _PUBLIC,
        ),
        Pool(
            "city",
            "市级资金",
            Kind.CITY_SOURCE,
            Kind.CITY_FUND,
            Kind.CITY_HELD,
            Kind.CITY_SPENT,
            Kind.CITY_REFUND,
            _PUBLIC - {Source.COUNTY},
        ),
        Pool(
            "charity",
            "慈善资金",
            Kind.CHARITY_SOURCE,
            Kind.CHARITY_FUND,
            Kind.CHARITY_HELD,
            Kind.CHARITY_SPENT,
            Kind.CHARITY_REFUND,
            frozenset({Source.CHARITY}),
        ),
    )
}


def allot(fund: Fund, pool: Pool, amount: Money, warrant: Warrant, *, source: Source) -> Entry:
    """The pool has grown by money of that source.

    Raises: Refused("bad_amount" | "bad_source").  Source: NA5 多方筹集临时救助资金.
    """
    require_positive(amount)
    if source not in pool.origins:
        raise Refused("bad_source", f"{pool.label}的来源不能是“{source.value}”。")
    giver, taker = fund.county(pool.source), fund.county(pool.fund)
    return move(Deed.ALLOT, warrant, source, giver=giver, taker=taker, amount=amount)


def hold(
    balances: Balances, fund: Fund, pool: Pool, amount: Money, warrant: Warrant, source: Source
) -> Entry:
    """At approval: the pool has promised the amount to the warrant's case.

    Raises: Refused("pool_exhausted", balance, shortfall) for a pool that has a floor.
    """
    require_positive(amount)
    giver = fund.county(pool.fund)
    _covered(balances, giver, pool, amount)
    taker = pool.held_for(fund, case_of(warrant))
    return move(Deed.HOLD, warrant, source, giver=giver, taker=taker, amount=amount)


def pay(
    balances: Balances, fund: Fund, pool: Pool, amount: Money, warrant: Warrant, source: Source
) -> Entry:
    """The case was paid out of what the pool had promised.

    Raises: Refused("hold_too_small", balance, shortfall) when less was promised.
    """
    require_positive(amount)
    giver = pool.held_for(fund, case_of(warrant))
    _promised(balances, giver, pool, amount, "不足支付")
    taker = fund.county(pool.spent)
    return move(Deed.COUNTY_DIRECT_PAY, warrant, source, giver=giver, taker=taker, amount=amount)


def pay_directly(
    balances: Balances, fund: Fund, pool: Pool, amount: Money, warrant: Warrant, source: Source
) -> Entry:
    """The pool paid the case at once; a township's reserve is untouched.

    Raises: Refused("pool_exhausted", balance, shortfall) for a pool that has a floor.
    """
    require_positive(amount)
    giver = fund.county(pool.fund)
    _covered(balances, giver, pool, amount)
    taker = fund.county(pool.spent)
    return move(Deed.COUNTY_DIRECT_PAY, warrant, source, giver=giver, taker=taker, amount=amount)


def release(
    balances: Balances, fund: Fund, pool: Pool, amount: Money, warrant: Warrant, source: Source
) -> Entry:
    """What the pool promised to the case and is not needed is free again.

    Raises: Refused("hold_too_small", balance, shortfall).
    """
    require_positive(amount)
    giver = pool.held_for(fund, case_of(warrant))
    _promised(balances, giver, pool, amount, "不能释放")
    taker = fund.county(pool.fund)
    return move(Deed.RELEASE, warrant, source, giver=giver, taker=taker, amount=amount)


def bank_return(fund: Fund, pool: Pool, amount: Money, warrant: Warrant, source: Source) -> Entry:
    """The bank could not deliver a payment: the money is promised to the case."""
    require_positive(amount)
    giver, taker = fund.county(pool.spent), pool.held_for(fund, case_of(warrant))
    return move(Deed.BANK_RETURN, warrant, source, giver=giver, taker=taker, amount=amount)


def refund(fund: Fund, pool: Pool, amount: Money, warrant: Warrant, *, returnable: Money) -> Entry:
    """A recipient gave money back to the pool that had paid.

    Raises: Refused("refund_too_large") above what the case received and has not returned.
    """
    require_positive(amount)
    if amount > returnable:
        raise Refused(
            "refund_too_large",
            f"退回 {amount} 元超过本案尚未退回的支出 {returnable} 元，请核对。",
            balance=returnable,
        )
    giver, taker = fund.county(pool.refund), fund.county(pool.fund)
    return move(Deed.REFUND, warrant, Source.RECIPIENT, giver=giver, taker=taker, amount=amount)


def _promised(balances: Balances, giver: Account, pool: Pool, amount: Money, verb: str) -> None:
    held = balances.get(giver, Money.zero())
    if held < amount:
        raise Refused(
            "hold_too_small",
            f"本案已承诺{pool.label} {held} 元，{verb} {amount} 元，差 {amount - held} 元。",
            balance=held,
            shortfall=amount - held,
        )


def _covered(balances: Balances, giver: Account, pool: Pool, amount: Money) -> None:
    balance = balances.get(giver, Money.zero())
    if giver.floored and balance < amount:
        raise Refused(
            "pool_exhausted",
            f"{pool.label}可用余额 {balance} 元，不足 {amount} 元，差 {amount - balance} 元；"
            "请先登记到账，或改用其他资金。",
            balance=balance,
            shortfall=amount - balance,
        )
