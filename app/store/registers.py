"""Rows for ledgers and reports: a territory, a period, oldest first, never more than a bound.

Lists for work stay with their aggregates; here are the long ones, read whole so that their totals
are the totals of the books.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.kernel.errors import Refused
from app.store.cases import CaseRow, HandoverRow
from app.store.clocks import DeadlineRow
from app.store.ledger import AccountRow, EntryRow, PostingRow
from app.store.meetings import MeetingRow
from app.store.notices import NoticeRow
from app.store.objections import ObjectionRow
from app.store.session import Unit
from app.store.slips import SlipLineRow, SlipRow

MAX_ROWS = 20_000  # of one ledger; above it the period must be narrowed
_CHUNK = 500  # ids in one IN list


@dataclass(frozen=True, slots=True)
class Span:
    """Where and when: counties and townships, and instants from (inclusive) and to (exclusive)."""

    regions: Collection[str] = ()
    townships: Collection[str] = ()
    start: datetime | None = None
    end: datetime | None = None

    def holds(self, region: Any, township: Any, at: Any) -> list[ColumnElement[bool]]:
        """The conditions on those three columns."""
        found: list[ColumnElement[bool]] = [
            or_(region.in_(self.regions), township.in_(self.townships))
        ]
        if self.start is not None:
            found.append(at >= self.start)
        if self.end is not None:
            found.append(at < self.end)
        return found


def cases_in(unit: Unit, span: Span, *, channels: Collection[str] = ()) -> list[CaseRow]:
    """The cases reported in the span, of those channels if any are named."""
    query = select(CaseRow).where(
        *span.holds(CaseRow.region, CaseRow.township, CaseRow.reported_at)
    )
    if channels:
        query = query.where(CaseRow.channel.in_(channels))
    return _all(unit, query.order_by(CaseRow.reported_at, CaseRow.id))


def cases_of(unit: Unit, ids: Collection[UUID]) -> dict[UUID, CaseRow]:
    """Id -> case, for the rows of another list."""
    found: dict[UUID, CaseRow] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        rows = unit.session.scalars(select(CaseRow).where(CaseRow.id.in_(part)))
        found |= {row.id: row for row in rows}
    return found


def slips_in(unit: Unit, span: Span, *, forms: Collection[str] = ()) -> list[SlipRow]:
    """The slips paid in the span, of those forms of aid if any are named."""
    query = select(SlipRow).where(*span.holds(SlipRow.region, SlipRow.township, SlipRow.paid_at))
    if forms:
        query = query.where(SlipRow.form_of_aid.in_(forms))
    return _all(unit, query.order_by(SlipRow.paid_at, SlipRow.voucher_no))


def slips_of(unit: Unit, case_ids: Collection[UUID]) -> dict[UUID, list[SlipRow]]:
    """Case id -> its slips, oldest first, whenever they were paid."""
    found: dict[UUID, list[SlipRow]] = {}
    wanted = sorted(set(case_ids))
    for start in range(0, len(wanted), _CHUNK):
        query = select(SlipRow).where(SlipRow.case_id.in_(wanted[start : start + _CHUNK]))
        for row in unit.session.scalars(query.order_by(SlipRow.paid_at, SlipRow.id)):
            found.setdefault(row.case_id, []).append(row)
    return found


def lines_of(unit: Unit, slips: Collection[SlipRow]) -> dict[UUID, list[SlipLineRow]]:
    """Slip id -> its lines in order."""
    found: dict[UUID, list[SlipLineRow]] = {}
    wanted = sorted(row.id for row in slips)
    for start in range(0, len(wanted), _CHUNK):
        query = select(SlipLineRow).where(SlipLineRow.slip_id.in_(wanted[start : start + _CHUNK]))
        for row in unit.session.scalars(query.order_by(SlipLineRow.slip_id, SlipLineRow.seq)):
            found.setdefault(row.slip_id, []).append(row)
    return found


def entries_in(unit: Unit, span: Span) -> list[EntryRow]:
    """The journal of the territory's books in the span, book by book in order of number."""
    query = select(EntryRow).where(*span.holds(EntryRow.region, EntryRow.township, EntryRow.at))
    order = (EntryRow.region, EntryRow.township, EntryRow.year, EntryRow.number)
    return _all(unit, query.order_by(*order))


def postings_of(
    unit: Unit, entries: Collection[EntryRow]
) -> dict[UUID, list[tuple[PostingRow, AccountRow]]]:
    """Entry id -> its postings with their accounts."""
    found: dict[UUID, list[tuple[PostingRow, AccountRow]]] = {}
    wanted = sorted(row.id for row in entries)
    for start in range(0, len(wanted), _CHUNK):
        rows = unit.session.execute(
            select(PostingRow, AccountRow)
            .join(
                AccountRow,
                (AccountRow.region == PostingRow.region) & (AccountRow.id == PostingRow.account_id),
            )
            .where(PostingRow.entry_id.in_(wanted[start : start + _CHUNK]))
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
    return _all(unit, query.order_by(*order))


def notices_in(unit: Unit, span: Span) -> list[NoticeRow]:
    """The notices posted in the span, those taken down included."""
    place = span.holds(NoticeRow.region, NoticeRow.township, NoticeRow.posted_at)
    query = select(NoticeRow).where(*place)
    return _all(unit, query.order_by(NoticeRow.posted_at, NoticeRow.id))


def objections_to(unit: Unit, notices: Collection[NoticeRow]) -> dict[UUID, int]:
    """Notice id -> how many objections it met."""
    found: dict[UUID, int] = {}
    wanted = sorted(row.id for row in notices)
    for start in range(0, len(wanted), _CHUNK):
        rows = unit.session.execute(
            select(ObjectionRow.notice_id, func.count())
            .where(ObjectionRow.notice_id.in_(wanted[start : start + _CHUNK]))
            .group_by(ObjectionRow.notice_id)
        )
        found |= {notice_id: number for notice_id, number in rows}
    return found


def meetings_in(unit: Unit, span: Span) -> list[tuple[MeetingRow, CaseRow]]:
    """The meetings convened in the span, with their cases."""
    query = (
        select(MeetingRow, CaseRow)
        .join(CaseRow, (CaseRow.region == MeetingRow.region) & (CaseRow.id == MeetingRow.case_id))
        .where(*span.holds(CaseRow.region, CaseRow.township, MeetingRow.convened_at))
        .order_by(MeetingRow.convened_at, MeetingRow.meeting_no)
    )
    return [(meeting, case) for meeting, case in _pairs(unit, query)]


def deadlines_in(
    unit: Unit, span: Span, *, keys: Collection[str] = ()
) -> list[tuple[DeadlineRow, CaseRow]]:
    """The limits that began in the span, of those keys if any are named, with their cases."""
    query = (
        select(DeadlineRow, CaseRow)
        .join(CaseRow, (CaseRow.region == DeadlineRow.region) & (CaseRow.id == DeadlineRow.case_id))
        .where(*span.holds(CaseRow.region, CaseRow.township, DeadlineRow.started_at))
        .order_by(DeadlineRow.due_at, DeadlineRow.id)
    )
    if keys:
        query = query.where(DeadlineRow.key.in_(keys))
    return [(deadline, case) for deadline, case in _pairs(unit, query)]


def answering_for(unit: Unit, case_ids: Collection[UUID]) -> dict[UUID, list[HandoverRow]]:
    """Case id -> its accepted links of responsibility, the first-asked person first."""
    found: dict[UUID, list[HandoverRow]] = {}
    wanted = sorted(set(case_ids))
    for start in range(0, len(wanted), _CHUNK):
        query = (
            select(HandoverRow)
            .where(HandoverRow.case_id.in_(wanted[start : start + _CHUNK]))
            .where(HandoverRow.accepted_at.is_not(None))
        )
        for row in unit.session.scalars(query.order_by(HandoverRow.case_id, HandoverRow.seq)):
            found.setdefault(row.case_id, []).append(row)
    return found


def _all(unit: Unit, query: Select[*tuple[Any, ...]]) -> list[Any]:
    rows = list(unit.session.scalars(query.limit(MAX_ROWS + 1)))
    _refuse_excess(len(rows))
    return rows


def _pairs(unit: Unit, query: Select[*tuple[Any, ...]]) -> list[Any]:
    rows = list(unit.session.execute(query.limit(MAX_ROWS + 1)))
    _refuse_excess(len(rows))
    return rows


def _refuse_excess(number: int) -> None:
    if number > MAX_ROWS:
        raise Refused(
            "ledger_too_long", f"所选范围超过 {MAX_ROWS} 行，请缩短期间或只选一个乡镇（街道）。"
        )
