"""How much lay on somebody's desk at a moment, and what was judged: counts over work items."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.store.session import Unit
from app.store.work_items import PAGE_ROWS, WorkItemRow


def of_process(unit: Unit, region: str, process_id: str) -> list[WorkItemRow]:
    """The newest work items of that process in the county's cases, in order of opening."""
    query = (
        select(WorkItemRow)
        .where(WorkItemRow.region == region, WorkItemRow.process_id == process_id)
        .order_by(WorkItemRow.opened_at.desc(), WorkItemRow.id.desc())
        .limit(PAGE_ROWS)
    )
    return list(reversed(unit.session.scalars(query).all()))


def held_by(unit: Unit, region: str, user_id: str, at: datetime) -> int:
    """How many items were open at that instant that the person has or completed later."""
    whose = or_(WorkItemRow.done_by == user_id, WorkItemRow.assignee == user_id)
    return _count(unit, and_(WorkItemRow.region == region, whose, _open_at(at)))


def open_in_group(unit: Unit, region: str, role: str, organ_code: str, at: datetime) -> int:
    """How many items of that role in that organ were open at that instant, whoever held them."""
    group = and_(WorkItemRow.role == role, WorkItemRow.organ_code == organ_code)
    return _count(unit, and_(WorkItemRow.region == region, group, _open_at(at)))


def done_within(unit: Unit, region: str, user_id: str, start: datetime, end: datetime) -> int:
    """How many items that person completed in the span, its end excluded."""
    span = and_(WorkItemRow.done_at >= start, WorkItemRow.done_at < end)
    return _count(unit, and_(WorkItemRow.region == region, WorkItemRow.done_by == user_id, span))


def _open_at(at: datetime) -> ColumnElement[bool]:
    later = or_(WorkItemRow.done_at.is_(None), WorkItemRow.done_at > at)
    return and_(WorkItemRow.opened_at <= at, later)


def _count(unit: Unit, which: ColumnElement[bool]) -> int:
    return int(unit.session.scalar(select(func.count()).select_from(WorkItemRow).where(which)) or 0)
