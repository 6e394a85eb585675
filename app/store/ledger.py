"""The books: accounts with their balances, entries numbered without gaps, postings.

`post` is the only way in. It locks the accounts in one fixed order, raises each balance by a
conditional UPDATE, and the table's CHECK stands behind it: three locks on "never below zero".
Database triggers refuse changes to entries and postings.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import Refused
from app.kernel.money import Money
from app.ledger.accounts import Account, Fund, Kind
from app.ledger.entry import Entry
from app.store import counters
from app.store.base import Base, Code, IdKey, Label, RegionKey, Words, insert_if_absent
from app.store.session import Unit
from app.store.types import Fen

PAGE_ROWS = 500


class AccountRow(Base):
    """One account and what it holds now."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("region", "township", "year", "kind", "subject", name="uq_accounts_name"),
        CheckConstraint("NOT floored OR balance_fen >= 0", name="floor"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    township: Mapped[Code]  # organ code, "" = the county's own
    year: Mapped[int]
    kind: Mapped[Code]  # ledger.accounts.Kind
    subject: Mapped[Code]  # case id of a held account, else ""
    floored: Mapped[bool]
    balance_fen: Mapped[Money]
    version: Mapped[int]  # raised by every posting

    def account(self) -> Account:
        """Its name as a value."""
        return Account(self.region, self.township, self.year, Kind(self.kind), self.subject)


class EntryRow(Base):
    """One movement of money; never changed."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("region", "key", name="uq_entries_key"),
        UniqueConstraint("region", "township", "year", "number", name="uq_entries_number"),
        Index("ix_entries_subject", "region", "subject"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    township: Mapped[Code]  # the book: township and year ("" = county)
    year: Mapped[int]
    number: Mapped[int]  # 1, 2, 3, ... in its book
    key: Mapped[str] = mapped_column(String(200))
    deed: Mapped[Code]  # ledger.entry.Deed
    source: Mapped[Code]  # ledger.entry.Source
    purpose: Mapped[Code]
    memo: Mapped[Words]
    clause: Mapped[Code]
    subject: Mapped[Code]  # case id, "" = none
    at: Mapped[datetime]
    by_user: Mapped[Code]
    by_name: Mapped[Label]


class PostingRow(Base):
    """One account's share of an entry; never changed."""

    __tablename__ = "postings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "entry_id"], ["entries.region", "entries.id"], name="fk_postings_entries"
        ),
        ForeignKeyConstraint(
            ["region", "account_id"],
            ["accounts.region", "accounts.id"],
            name="fk_postings_accounts",
        ),
        Index("ix_postings_account", "region", "account_id"),
    )

    region: Mapped[RegionKey]
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    amount_fen: Mapped[Money]
    balance_after_fen: Mapped[Money]  # of the account
    asserted: Mapped[bool]  # True: a counted balance, which moves nothing


def balances(
    unit: Unit, fund: Fund, *, subject: str = "", lock: bool = True
) -> dict[Account, Money]:
    """What the fund's accounts hold (with the case's held one); locked, so that it stays true.

    Accounts not opened yet hold nothing and are left out.
    """
    found = _rows(unit, fund.accounts(subject), lock=lock)
    return {row.account(): row.balance_fen for row in found}


def balances_of(
    unit: Unit, accounts: Iterable[Account], *, lock: bool = True
) -> dict[Account, Money]:
    """What these accounts of one county hold; those not opened yet are left out."""
    return {row.account(): row.balance_fen for row in _rows(unit, accounts, lock=lock)}


def held_year(unit: Unit, region: str, subject: str) -> int | None:
    """The newest year whose book still promises something to the case, None when none does."""
    return unit.session.scalar(
        select(func.max(AccountRow.year)).where(
            AccountRow.region == region,
            AccountRow.subject == subject,
            AccountRow.balance_fen > Money.zero(),
        )
    )


def all_balances(unit: Unit, fund: Fund) -> dict[Account, Money]:
    """What every account of the fund holds, all held ones included; for stock-takes."""
    rows = unit.session.scalars(
        select(AccountRow)
        .where(
            AccountRow.region == fund.region,
            AccountRow.township == fund.township,
            AccountRow.year == fund.year,
        )
        .order_by(AccountRow.kind, AccountRow.subject)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.account(): row.balance_fen for row in rows}


def balance(unit: Unit, account: Account) -> Money:
    """What one account holds now; nothing when it was never used."""
    rows = _rows(unit, (account,), lock=False)
    return rows[0].balance_fen if rows else Money.zero()


def totals(unit: Unit, fund: Fund) -> dict[Kind, Money]:
    """Kind -> what the fund's accounts of that kind hold together."""
    rows = unit.session.execute(
        select(AccountRow.kind, func.sum(AccountRow.balance_fen, type_=Fen()))
        .where(
            AccountRow.region == fund.region,
            AccountRow.township == fund.township,
            AccountRow.year == fund.year,
        )
        .group_by(AccountRow.kind)
    )
    return {kind: Money.zero() for kind in Kind} | {Kind(kind): total for kind, total in rows}


def funds(unit: Unit, region: str, year: int | None = None) -> list[Fund]:
    """The township funds that have accounts, newest year first."""
    query = (
        select(AccountRow.township, AccountRow.year)
        .where(AccountRow.region == region, AccountRow.township != "")
        .distinct()
        .order_by(AccountRow.year.desc(), AccountRow.township)
    )
    if year is not None:
        query = query.where(AccountRow.year == year)
    return [Fund(region, township, found) for township, found in unit.session.execute(query)]


def post(unit: Unit, entry: Entry) -> EntryRow:
    """The entry stands in the book and the balances have followed.

    Raises: Refused("already_posted") for a known key, Refused("fund_exhausted") when an account
    would fall below its floor.
    """
    shares = entry.postings or entry.asserted
    region, book = _region(entry), _book(entry)
    rows = {row.account(): row for row in _opened(unit, [share.account for share in shares])}
    if already(unit, region, entry.warrant.key):
        raise Refused("already_posted", "该笔款项已经记账，不能重复记账。", key=entry.warrant.key)
    made = EntryRow(
        region=region,
        id=unit.new_id(),
        township=book[0],
        year=book[1],
        number=counters.next_number(unit, region, f"entry:{book[0]}:{book[1]}"),
        key=entry.warrant.key,
        deed=entry.deed.value,
        source=entry.source.value,
        purpose=entry.warrant.purpose,
        memo=entry.warrant.memo,
        clause=entry.warrant.clause,
        subject=entry.warrant.subject,
        at=unit.now,
        by_user=unit.actor.user_id,
        by_name=unit.actor.name,
    )
    unit.session.add(made)
    unit.session.flush()
    for seq, share in enumerate(shares, start=1):
        row, moves = rows[share.account], bool(entry.postings)
        after = _raise_balance(unit, row, share.amount) if moves else share.amount
        unit.session.add(
            PostingRow(
                region=region,
                entry_id=made.id,
                seq=seq,
                account_id=row.id,
                amount_fen=share.amount,
                balance_after_fen=after,
                asserted=not moves,
            )
        )
    unit.session.flush()
    return made


def already(unit: Unit, region: str, key: str) -> EntryRow | None:
    """The entry posted under that key, None when there is none."""
    return unit.session.scalars(
        select(EntryRow).where(EntryRow.region == region, EntryRow.key == key)
    ).one_or_none()


def journal(
    unit: Unit, fund: Fund, *, after: int = 0, limit: int = PAGE_ROWS
) -> list[tuple[EntryRow, list[tuple[PostingRow, AccountRow]]]]:
    """The fund's entries in order, each with its postings and their accounts; by pages."""
    entries = unit.session.scalars(
        select(EntryRow)
        .where(
            EntryRow.region == fund.region,
            EntryRow.township == fund.township,
            EntryRow.year == fund.year,
            EntryRow.number > after,
        )
        .order_by(EntryRow.number)
        .limit(min(limit, PAGE_ROWS))
    )
    return _with_postings(unit, fund.region, list(entries))


def of_case(
    unit: Unit, region: str, case_id: UUID
) -> list[tuple[EntryRow, list[tuple[PostingRow, AccountRow]]]]:
    """The entries that concern the case, in order of time."""
    entries = unit.session.scalars(
        select(EntryRow)
        .where(EntryRow.region == region, EntryRow.subject == str(case_id))
        .order_by(EntryRow.at, EntryRow.number)
    )
    return _with_postings(unit, region, list(entries))


def imbalances(unit: Unit, region: str | None = None) -> list[str]:
    """What does not add up: entries not summing to zero, balances unlike their postings."""
    moved = select(PostingRow).where(PostingRow.asserted.is_(False)).subquery()
    total = func.sum(moved.c.amount_fen)
    unbalanced = select(moved.c.region, moved.c.entry_id).group_by(moved.c.region, moved.c.entry_id)
    books = (
        select(AccountRow.region, AccountRow.id)
        .outerjoin(
            moved, (moved.c.region == AccountRow.region) & (moved.c.account_id == AccountRow.id)
        )
        .group_by(AccountRow.region, AccountRow.id, AccountRow.balance_fen)
    )
    if region is not None:
        unbalanced = unbalanced.where(moved.c.region == region)
        books = books.where(AccountRow.region == region)
    wrong = [
        f"entry {place} {entry_id}"
        for place, entry_id in unit.session.execute(unbalanced.having(total != 0))
    ]
    off = func.coalesce(total, 0) != AccountRow.balance_fen
    return wrong + [
        f"account {place} {account_id}"
        for place, account_id in unit.session.execute(books.having(off))
    ]


def _region(entry: Entry) -> str:
    [region, *others] = {share.account.region for share in entry.postings or entry.asserted}
    if others:
        raise ValueError("money does not cross a county border in one entry")
    return region


def _book(entry: Entry) -> tuple[str, int]:
    account = max((entry.postings or entry.asserted), key=lambda share: share.account).account
    return account.township, account.year


def _raise_balance(unit: Unit, row: AccountRow, amount: Money) -> Money:
    raised = AccountRow.balance_fen + amount
    after = unit.session.execute(
        update(AccountRow)
        .where(
            AccountRow.region == row.region,
            AccountRow.id == row.id,
            or_(AccountRow.floored.is_(False), raised >= 0),
        )
        .values(balance_fen=raised, version=AccountRow.version + 1)
        .returning(AccountRow.balance_fen)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if after is None:
        raise Refused(
            "fund_exhausted",
            f"余额 {row.balance_fen} 元，不足 {-amount} 元，账户不能为负。",
            balance=row.balance_fen,
            shortfall=-amount - row.balance_fen,
        )
    unit.session.expire(row)
    return after


def _opened(unit: Unit, accounts: Iterable[Account]) -> list[AccountRow]:
    names = sorted(accounts)
    rows = _rows(unit, names, lock=True)
    if len(rows) == len(names):
        return rows
    for name in names:
        first = {
            "region": name.region,
            "id": unit.new_id(),
            "township": name.township,
            "year": name.year,
            "kind": name.kind.value,
            "subject": name.subject,
            "floored": name.floored,
            "balance_fen": Money.zero(),
            "version": 0,
        }
        insert_if_absent(unit.session, AccountRow, first)
    return _rows(unit, names, lock=True)


def _rows(unit: Unit, accounts: Iterable[Account], *, lock: bool) -> list[AccountRow]:
    names = sorted(accounts)
    query = (
        select(AccountRow)
        .where(
            AccountRow.region == names[0].region,
            tuple_(AccountRow.township, AccountRow.year, AccountRow.kind, AccountRow.subject).in_(
                [(name.township, name.year, name.kind.value, name.subject) for name in names]
            ),
        )
        .order_by(AccountRow.township, AccountRow.year, AccountRow.kind, AccountRow.subject)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(unit.session.scalars(query))


def _with_postings(
    unit: Unit, region: str, entries: list[EntryRow]
) -> list[tuple[EntryRow, list[tuple[PostingRow, AccountRow]]]]:
    shares: dict[UUID, list[tuple[PostingRow, AccountRow]]] = {row.id: [] for row in entries}
    found = unit.session.execute(
        select(PostingRow, AccountRow)
        .join(
            AccountRow,
            (AccountRow.region == PostingRow.region) & (AccountRow.id == PostingRow.account_id),
        )
        .where(PostingRow.region == region, PostingRow.entry_id.in_(shares))
        .order_by(PostingRow.entry_id, PostingRow.seq)
    )
    for posting, account in found:
        shares[posting.entry_id].append((posting, account))
    return [(row, shares[row.id]) for row in entries]
