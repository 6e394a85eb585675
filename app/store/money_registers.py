"""Rows of money for ledgers and reports: slips, entries, accounts, packages, reviews.

Read whole, so that a total is the total of the books (see `registers`).
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_, select

from app.kernel.money import Money
from app.store.fund_records import ReviewRow
from app.store.ledger import AccountRow, EntryRow, PostingRow
from app.store.registers import CHUNK, Span, whole
from app.store.session import Unit
from app.store.slips import SlipLineRow, SlipRow, SlipVoidRow
from app.store.writeoffs import WriteoffLineRow, WriteoffRow


def slips_in(unit: Unit, span: Span, *, forms: Collection[str] = ()) -> list[SlipRow]:
    """The slips paid in the span, of those forms of aid if any are named."""
    query = select(SlipRow).where(*span.holds(SlipRow.region, SlipRow.township, SlipRow.paid_at))
    if forms:
        query = query.where(SlipRow.form_of_aid.in_(forms))
    return whole(unit, query.order_by(SlipRow.paid_at, SlipRow.voucher_no))


def slips_of(unit: Unit, case_ids: Collection[UUID]) -> dict[UUID, list[SlipRow]]:
    """Case id -> its slips, oldest first, whenever they were paid."""
    found: dict[UUID, list[SlipRow]] = {}
    wanted = sorted(set(case_ids))
    for start in range(0, len(wanted), CHUNK):
        query = select(SlipRow).where(SlipRow.case_id.in_(wanted[start : start + CHUNK]))
        for row in unit.session.scalars(query.order_by(SlipRow.paid_at, SlipRow.id)):
            found.setdefault(row.case_id, []).append(row)
    return found


def lines_of(unit: Unit, slips: Collection[SlipRow]) -> dict[UUID, list[SlipLineRow]]:
    """Slip id -> its lines in order."""
    found: dict[UUID, list[SlipLineRow]] = {}
    wanted = sorted(row.id for row in slips)
    for start in range(0, len(wanted), CHUNK):
        query = select(SlipLineRow).where(SlipLineRow.slip_id.in_(wanted[start : start + CHUNK]))
        for row in unit.session.scalars(query.order_by(SlipLineRow.slip_id, SlipLineRow.seq)):
            found.setdefault(row.slip_id, []).append(row)
    return found


def entries_in(unit: Unit, span: Span) -> list[EntryRow]:
    """The journal of the territory's books in the span, book by book in order of number."""
    query = select(EntryRow).where(*span.holds(EntryRow.region, EntryRow.township, EntryRow.at))
    order = (EntryRow.region, EntryRow.township, EntryRow.year, EntryRow.number)
    return whole(unit, query.order_by(*order))


def postings_of(
    unit: Unit, entries: Collection[EntryRow]
) -> dict[UUID, list[tuple[PostingRow, AccountRow]]]:
    """Entry id -> its postings with their accounts."""
    found: dict[UUID, list[tuple[PostingRow, AccountRow]]] = {}
    wanted = sorted(row.id for row in entries)
    for start in range(0, len(wanted), CHUNK):
        rows = unit.session.execute(
            select(PostingRow, AccountRow)
            .join(
                AccountRow,
                (AccountRow.region == PostingRow.region) & (AccountRow.id == PostingRow.account_id),
            )
            .where(PostingRow.entry_id.in_(wanted[start : start + CHUNK]))
            .order_by(PostingRow.entry_id, PostingRow.seq)
        )
        for posting, account in rows:
            found.setdefault(posting.entry_id, []).append((posting, account))
    return found


def accounts_in(unit: Unit, span: Span) -> list[AccountRow]:
    """The accounts of the territory's townships; the period does not bind them."""
    place = or_(AccountRow.region.in_(span.regions), AccountRow.township.in_(span.townships))
    query = select(AccountRow).where(place, AccountRow.township != "")
    order = (AccountRow.region, AccountRow.township, AccountRow.year, AccountRow.kind)
    return whole(unit, query.order_by(*order))


def sources_of(unit: Unit, slips: Collection[SlipRow]) -> dict[UUID, str]:
    """Slip id -> where its money came from, as the entry it documents says (entry.Source)."""
    found: dict[UUID, str] = {}
    wanted = sorted(slips, key=lambda row: row.id)
    for start in range(0, len(wanted), CHUNK):
        part = {(row.region, row.entry_key): row.id for row in wanted[start : start + CHUNK]}
        query = select(EntryRow.region, EntryRow.key, EntryRow.source).where(
            EntryRow.region.in_({region for region, _ in part}),
            EntryRow.key.in_([key for _, key in part]),
        )
        for region, key, source in unit.session.execute(query):
            if (region, key) in part:
                found[part[region, key]] = source
    return found


def sent_back(unit: Unit, slips: Collection[SlipRow]) -> dict[UUID, Money]:
    """Slip id -> what of it the bank sent back; slips in order are left out."""
    found: dict[UUID, Money] = {}
    wanted = sorted(row.id for row in slips)
    for start in range(0, len(wanted), CHUNK):
        query = select(SlipVoidRow).where(SlipVoidRow.slip_id.in_(wanted[start : start + CHUNK]))
        found |= {row.slip_id: row.amount_fen for row in unit.session.scalars(query)}
    return found


def writeoffs_in(unit: Unit, span: Span) -> list[WriteoffRow]:
    """The write-off packages opened in the span."""
    place = span.holds(WriteoffRow.region, WriteoffRow.township, WriteoffRow.opened_at)
    query = select(WriteoffRow).where(*place)
    return whole(unit, query.order_by(WriteoffRow.opened_at, WriteoffRow.package_no))


def payments_in(unit: Unit, packages: Collection[WriteoffRow]) -> dict[UUID, int]:
    """Package id -> how many payments it has."""
    found: dict[UUID, int] = {}
    wanted = sorted(row.id for row in packages)
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        query = select(WriteoffLineRow).where(WriteoffLineRow.writeoff_id.in_(part))
        for line in unit.session.scalars(query):
            found[line.writeoff_id] = found.get(line.writeoff_id, 0) + 1
    return found


def reviews_in(unit: Unit, span: Span) -> list[ReviewRow]:
    """The yearly reviews recorded in the span."""
    place = span.holds(ReviewRow.region, ReviewRow.township, ReviewRow.at)
    return whole(unit, select(ReviewRow).where(*place).order_by(ReviewRow.year, ReviewRow.township))
