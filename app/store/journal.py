"""What can be read out of the books: figures of a year, of a case, of a span of weeks.

Every figure here is a sum over postings, so that lists and the journal cannot differ.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.kernel.clock import legal_day
from app.kernel.errors import NotFound
from app.kernel.money import Money
from app.ledger.accounts import Fund, Kind
from app.ledger.entry import Deed, Entry, Posting, Source, Warrant, in_order
from app.store import ledger
from app.store.ledger import AccountRow, EntryRow, PostingRow
from app.store.session import Unit
from app.store.types import Fen

_INPUTS = (
    Kind.RESERVE_SOURCE_OWN,
    Kind.RESERVE_SOURCE_ALLOTTED,
    Kind.RESERVE_SOURCE_SUPPLEMENT,
)
_OF_ENTRY = (PostingRow.region == EntryRow.region) & (PostingRow.entry_id == EntryRow.id)
_OF_ACCOUNT = (AccountRow.region == PostingRow.region) & (AccountRow.id == PostingRow.account_id)
_RECEIPTS = (Deed.ALLOT.value, Deed.SUPPLEMENT.value)
_PAID = (Deed.PAY.value, Deed.COUNTY_DIRECT_PAY.value)


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One reserve's year."""

    received: Money  # own, allotted and supplements; without what was carried over
    carried: Money  # from the year before
    used: Money  # paid, less what came back from banks; refunds of recipients not deducted
    refunded: Money
    written_off: Money
    left: Money  # free and promised

    @property
    def open(self) -> Money:
        """Paid and not yet written off."""
        return self.used - self.written_off


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment as the journal has it."""

    entry_key: str
    at: datetime
    amount: Money
    purpose: str
    subject: str


@dataclass(frozen=True, slots=True)
class Held:
    """One promise that is not paid."""

    region: str
    township: str  # "" = out of a pool of the county
    year: int
    kind: Kind
    subject: str  # case id
    amount: Money
    since: datetime  # of the oldest entry that promised


def year_of(unit: Unit, fund: Fund) -> YearFigures:
    """The year's figures; zero everywhere for a fund never used."""
    total = ledger.totals(unit, fund)
    return YearFigures(
        received=-Money(sum(total[kind].fen for kind in _INPUTS)),
        carried=-total[Kind.CARRIED_IN],
        used=total[Kind.SPENT] + total[Kind.WRITTEN_OFF],
        refunded=-total[Kind.REFUND],
        written_off=total[Kind.WRITTEN_OFF],
        left=total[Kind.RESERVE] + total[Kind.RESERVE_HELD],
    )


def entries_of(unit: Unit, fund: Fund) -> int:
    """How many entries the book has; they are numbered 1, 2, 3, ... without gaps."""
    number = unit.session.scalar(
        select(func.max(EntryRow.number)).where(
            EntryRow.region == fund.region,
            EntryRow.township == fund.township,
            EntryRow.year == fund.year,
        )
    )
    return number or 0


def numbered(unit: Unit, fund: Fund, number: int) -> Entry:
    """The book's entry of that number, as a value; raises NotFound."""
    for row, shares in ledger.journal(unit, fund, after=number - 1, limit=1):
        if row.number == number:
            postings = (Posting(account.account(), share.amount_fen) for share, account in shares)
            warrant = Warrant(
                key=row.key,
                purpose=row.purpose,
                memo=row.memo,
                clause=row.clause,
                subject=row.subject,
            )
            asserted = any(share.asserted for share, _ in shares)
            moved = () if asserted else in_order(postings)
            said = tuple(postings) if asserted else ()
            return Entry(Deed(row.deed), warrant, Source(row.source), moved, said)
    raise NotFound("no_entry", f"账本里没有第 {number} 号。")


def inputs(unit: Unit, fund: Fund) -> tuple[tuple[str, Money], ...]:
    """Source code -> how much money of it was put into the reserve in the year."""
    rows = unit.session.execute(
        select(EntryRow.source, func.sum(PostingRow.amount_fen, type_=Fen()))
        .join(PostingRow, _OF_ENTRY)
        .join(AccountRow, _OF_ACCOUNT)
        .where(
            AccountRow.region == fund.region,
            AccountRow.township == fund.township,
            AccountRow.year == fund.year,
            AccountRow.kind.in_([kind.value for kind in _INPUTS]),
        )
        .group_by(EntryRow.source)
        .order_by(EntryRow.source)
    )
    return tuple((source, -amount) for source, amount in rows)


def reserve_receipts(
    unit: Unit, since: datetime, until: datetime
) -> list[tuple[str, datetime, Money]]:
    """(township, when, how much) of every receipt of the townships' reserves in that time."""
    rows = unit.session.execute(
        select(AccountRow.township, EntryRow.at, PostingRow.amount_fen)
        .select_from(EntryRow)
        .join(PostingRow, _OF_ENTRY)
        .join(AccountRow, _OF_ACCOUNT)
        .where(
            AccountRow.kind == Kind.RESERVE.value,
            EntryRow.deed.in_(_RECEIPTS),
            PostingRow.asserted.is_(False),
            PostingRow.amount_fen > Money.zero(),
            EntryRow.at >= since,
            EntryRow.at < until,
        )
        .order_by(EntryRow.at)
    )
    return [(township, at, amount) for township, at, amount in rows]


def paid(unit: Unit, fund: Fund, *, since: datetime | None = None) -> list[Paid]:
    """The fund's payments, oldest first; those a bank sent back are deducted by their return."""
    query = (
        select(EntryRow.key, EntryRow.at, PostingRow.amount_fen, EntryRow.purpose, EntryRow.subject)
        .join(PostingRow, _OF_ENTRY)
        .join(AccountRow, _OF_ACCOUNT)
        .where(
            EntryRow.region == fund.region,
            EntryRow.township == fund.township,
            EntryRow.year == fund.year,
            EntryRow.deed.in_((Deed.PAY.value, Deed.BANK_RETURN.value)),
            AccountRow.kind == Kind.SPENT.value,
        )
        .order_by(EntryRow.number)
    )
    if since is not None:
        query = query.where(EntryRow.at >= since)
    return [Paid(*row) for row in unit.session.execute(query)]


def by_month(unit: Unit, fund: Fund) -> list[tuple[int, Money, int]]:
    """(month, paid, number of payments) of every month with payments: 上年度发放汇总表."""
    found: dict[int, tuple[Money, int]] = {}
    for one in paid(unit, fund):
        day = legal_day(one.at)
        month = day.month if day.year == fund.year else 1
        total, count = found.get(month, (Money.zero(), 0))
        found[month] = (total + one.amount, count + (1 if one.amount.fen > 0 else -1))
    return [(month, *found[month]) for month in sorted(found)]


def returnable(unit: Unit, region: str, case_id: UUID) -> dict[Kind, Money]:
    """Where the case was paid from -> what it received there and neither bank nor person returned.

    Keys are the kinds of the accounts that paid: SPENT and the pools' spent kinds; refunds of a
    case are taken off the kind they went back to.
    """
    back = {
        Kind.REFUND: Kind.SPENT,
        Kind.COUNTY_REFUND: Kind.COUNTY_SPENT,
        Kind.CITY_REFUND: Kind.CITY_SPENT,
        Kind.CHARITY_REFUND: Kind.CHARITY_SPENT,
    }
    wanted = {kind.value for kind in (*back, *back.values())}
    rows = unit.session.execute(
        select(AccountRow.kind, func.sum(PostingRow.amount_fen, type_=Fen()))
        .join(PostingRow, _OF_ACCOUNT)
        .join(EntryRow, _OF_ENTRY)
        .where(
            EntryRow.region == region,
            EntryRow.subject == str(case_id),
            AccountRow.kind.in_(wanted),
            EntryRow.deed.in_((*_PAID, Deed.BANK_RETURN.value, Deed.REFUND.value)),
        )
        .group_by(AccountRow.kind)
    )
    found: dict[Kind, Money] = {}
    for kind, amount in rows:
        paid_by = back.get(Kind(kind), Kind(kind))
        found[paid_by] = found.get(paid_by, Money.zero()) + amount
    return found


def held(unit: Unit, regions: Collection[str]) -> list[Held]:
    """Every promise of these counties that is not paid, the oldest first."""
    first = (
        select(PostingRow.region, PostingRow.account_id, func.min(EntryRow.at).label("since"))
        .join(EntryRow, _OF_ENTRY)
        .group_by(PostingRow.region, PostingRow.account_id)
        .subquery()
    )
    rows = unit.session.execute(
        select(AccountRow, first.c.since)
        .join(first, (first.c.region == AccountRow.region) & (first.c.account_id == AccountRow.id))
        .where(
            AccountRow.region.in_(regions),
            AccountRow.subject != "",
            AccountRow.balance_fen > Money.zero(),
        )
        .order_by(first.c.since)
    )
    return [
        Held(
            row.region,
            row.township,
            row.year,
            Kind(row.kind),
            row.subject,
            row.balance_fen,
            since,
        )
        for row, since in rows
    ]


def entry_of(unit: Unit, region: str, key: str) -> tuple[EntryRow, Fund]:
    """The entry posted under the key and the fund in whose book it stands."""
    row = ledger.already(unit, region, key)
    if row is None:
        raise LookupError(key)
    return row, Fund(region, row.township, row.year)
