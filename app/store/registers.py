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
from app.store.cases import RELIEF, CaseRow, HandoverRow
from app.store.clocks import DeadlineRow
from app.store.meetings import MeetingRow
from app.store.notices import NoticeRow
from app.store.objections import ObjectionRow
from app.store.session import Unit
from app.store.work_items import WAITING, WorkItemRow

MAX_ROWS = 20_000  # of one ledger; above it the period must be narrowed
CHUNK = 500  # ids in one IN list


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
    """The relief cases reported in the span, of those channels if any are named."""
    place = span.holds(CaseRow.region, CaseRow.township, CaseRow.reported_at)
    query = select(CaseRow).where(CaseRow.kind == RELIEF, *place)
    if channels:
        query = query.where(CaseRow.channel.in_(channels))
    return whole(unit, query.order_by(CaseRow.reported_at, CaseRow.id))


def cases_of(unit: Unit, ids: Collection[UUID]) -> dict[UUID, CaseRow]:
    """Id -> case, for the rows of another list."""
    found: dict[UUID, CaseRow] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        rows = unit.session.scalars(select(CaseRow).where(CaseRow.id.in_(part)))
        found |= {row.id: row for row in rows}
    return found


def notices_in(unit: Unit, span: Span) -> list[NoticeRow]:
    """The notices posted in the span, those taken down included."""
    place = span.holds(NoticeRow.region, NoticeRow.township, NoticeRow.posted_at)
    query = select(NoticeRow).where(*place)
    return whole(unit, query.order_by(NoticeRow.posted_at, NoticeRow.id))


def objections_to(unit: Unit, notices: Collection[NoticeRow]) -> dict[UUID, int]:
    """Notice id -> how many objections it met."""
    found: dict[UUID, int] = {}
    wanted = sorted(row.id for row in notices)
    for start in range(0, len(wanted), CHUNK):
        rows = unit.session.execute(
            select(ObjectionRow.notice_id, func.count())
            .where(ObjectionRow.notice_id.in_(wanted[start : start + CHUNK]))
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
    return [(meeting, case) for meeting, case in pairs(unit, query)]


def deadlines_in(
    unit: Unit, span: Span, *, keys: Collection[str] = ()
) -> list[tuple[DeadlineRow, CaseRow]]:
    """The limits of relief that began in the span, of those keys if any are named."""
    query = (
        select(DeadlineRow, CaseRow)
        .join(CaseRow, (CaseRow.region == DeadlineRow.region) & (CaseRow.id == DeadlineRow.case_id))
        .where(
            CaseRow.kind == RELIEF,
            *span.holds(CaseRow.region, CaseRow.township, DeadlineRow.started_at),
        )
        .order_by(DeadlineRow.due_at, DeadlineRow.id)
    )
    if keys:
        query = query.where(DeadlineRow.key.in_(keys))
    return [(deadline, case) for deadline, case in pairs(unit, query)]


def running_limits_in(unit: Unit, span: Span) -> list[tuple[DeadlineRow, CaseRow]]:
    """The limits of relief that run now in the territory, the next to end first."""
    query = (
        select(DeadlineRow, CaseRow)
        .join(CaseRow, (CaseRow.region == DeadlineRow.region) & (CaseRow.id == DeadlineRow.case_id))
        .where(
            CaseRow.kind == RELIEF,
            DeadlineRow.stopped_at.is_(None),
            DeadlineRow.cancelled_at.is_(None),
            *span.holds(CaseRow.region, CaseRow.township, DeadlineRow.started_at),
        )
        .order_by(DeadlineRow.due_at, DeadlineRow.id)
    )
    return [(deadline, case) for deadline, case in pairs(unit, query)]


def waiting_in(unit: Unit, span: Span) -> list[tuple[WorkItemRow, CaseRow]]:
    """The work items of relief that wait now in the territory, the longest waiting first."""
    query = (
        select(WorkItemRow, CaseRow)
        .join(CaseRow, (CaseRow.region == WorkItemRow.region) & (CaseRow.id == WorkItemRow.case_id))
        .where(
            CaseRow.kind == RELIEF,
            WorkItemRow.state.in_(WAITING),
            *span.holds(CaseRow.region, CaseRow.township, WorkItemRow.opened_at),
        )
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
    )
    return [(item, case) for item, case in pairs(unit, query)]


def answering_for(unit: Unit, case_ids: Collection[UUID]) -> dict[UUID, list[HandoverRow]]:
    """Case id -> its accepted links of responsibility, the first-asked person first."""
    found: dict[UUID, list[HandoverRow]] = {}
    wanted = sorted(set(case_ids))
    for start in range(0, len(wanted), CHUNK):
        query = (
            select(HandoverRow)
            .where(HandoverRow.case_id.in_(wanted[start : start + CHUNK]))
            .where(HandoverRow.accepted_at.is_not(None))
        )
        for row in unit.session.scalars(query.order_by(HandoverRow.case_id, HandoverRow.seq)):
            found.setdefault(row.case_id, []).append(row)
    return found


def whole(unit: Unit, query: Select[*tuple[Any, ...]]) -> list[Any]:
    """All rows of the query; raises Refused when they are more than a ledger may have."""
    rows = list(unit.session.scalars(query.limit(MAX_ROWS + 1)))
    _refuse_excess(len(rows))
    return rows


def pairs(unit: Unit, query: Select[*tuple[Any, ...]]) -> list[Any]:
    """As `whole`, for a query of several entities."""
    rows = list(unit.session.execute(query.limit(MAX_ROWS + 1)))
    _refuse_excess(len(rows))
    return rows


def _refuse_excess(number: int) -> None:
    if number > MAX_ROWS:
        raise Refused(
            "ledger_too_long", f"所选范围超过 {MAX_ROWS} 行，请缩短期间或只选一个乡镇（街道）。"
        )
