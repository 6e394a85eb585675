"""Deadlines of cases: when each began, when it ends, how it was computed, when it was met.

A deed is late by `kernel.workdays.is_late`; here the same rule is written for queries.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    and_,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import NotFound
from app.kernel.workdays import Deadline, is_late
from app.kernel.workdays import Unit as Counted
from app.store.base import Base, Code, IdKey, Label, RegionKey, Words
from app.store.session import Unit

PAGE_ROWS = 500


class DeadlineRow(Base):
    """One running or stopped limit of a case."""

    __tablename__ = "deadlines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_deadlines_cases"
        ),
        UniqueConstraint("region", "case_id", "key", "seq", name="uq_deadlines_key"),
        Index("ix_deadlines_due", "region", "stopped_at", "due_at"),
        Index("ix_deadlines_provisional", "provisional", "stopped_at"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    key: Mapped[Code]  # "first_relief"
    seq: Mapped[int]  # 1 unless the same limit runs again in the case
    name: Mapped[Label]  # Chinese
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    unit: Mapped[Code]  # kernel.workdays.Unit
    amount: Mapped[int]
    reason: Mapped[Words]  # Chinese, for "怎么算的"
    provisional: Mapped[bool]
    calendar_version: Mapped[Label]
    clause: Mapped[Code] = mapped_column(default="")
    stopped_at: Mapped[datetime | None] = mapped_column(default=None)  # when the deed was done
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)  # it no longer applied
    cancel_reason: Mapped[Words] = mapped_column(default="")  # Chinese

    def deadline(self) -> Deadline:
        """The limit as the kernel's value."""
        return Deadline(
            self.due_at,
            Counted(self.unit),
            self.amount,
            self.started_at,
            self.reason,
            self.provisional,
            self.calendar_version,
        )

    def late_at(self, now: datetime) -> bool:
        """True when it was met too late, or is unmet and already too late at `now`."""
        return self.cancelled_at is None and is_late(
            self.due_at, Counted(self.unit), self.stopped_at or now
        )


def start(
    unit: Unit,
    region: str,
    case_id: UUID,
    key: str,
    name: str,
    deadline: Deadline,
    *,
    clause: str = "",
) -> DeadlineRow:
    """The limit runs; a second one of the same key gets the next number."""
    last = unit.session.scalar(
        select(func.max(DeadlineRow.seq)).where(
            DeadlineRow.region == region, DeadlineRow.case_id == case_id, DeadlineRow.key == key
        )
    )
    row = DeadlineRow(
        region=region,
        id=unit.new_id(),
        case_id=case_id,
        key=key,
        seq=(last or 0) + 1,
        name=name,
        clause=clause,
        started_at=deadline.started_at,
        due_at=deadline.due_at,
        unit=deadline.unit.value,
        amount=deadline.amount,
        reason=deadline.reason,
        provisional=deadline.provisional,
        calendar_version=deadline.calendar_version,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def running(unit: Unit, region: str, case_id: UUID, key: str) -> DeadlineRow | None:
    """The newest unmet limit of that key."""
    return unit.session.scalars(
        select(DeadlineRow)
        .where(
            DeadlineRow.region == region,
            DeadlineRow.case_id == case_id,
            DeadlineRow.key == key,
            DeadlineRow.stopped_at.is_(None),
            DeadlineRow.cancelled_at.is_(None),
        )
        .order_by(DeadlineRow.seq.desc())
        .limit(1)
    ).one_or_none()


def running_of(
    unit: Unit, region: str, case_ids: Collection[UUID]
) -> dict[tuple[UUID, str], DeadlineRow]:
    """(case, key) -> the newest unmet limit, for many cases at once."""
    found: dict[tuple[UUID, str], DeadlineRow] = {}
    wanted = list(dict.fromkeys(case_ids))
    for start in range(0, len(wanted), PAGE_ROWS):
        query = select(DeadlineRow).where(
            DeadlineRow.region == region,
            DeadlineRow.case_id.in_(wanted[start : start + PAGE_ROWS]),
            DeadlineRow.stopped_at.is_(None),
            DeadlineRow.cancelled_at.is_(None),
        )
        rows = unit.session.scalars(query.order_by(DeadlineRow.seq))
        found |= {(row.case_id, row.key): row for row in rows}
    return found


def get(unit: Unit, region: str, case_id: UUID, key: str) -> DeadlineRow:
    """The newest limit of that key, met or not; raises NotFound."""
    row = unit.session.scalars(
        select(DeadlineRow)
        .where(DeadlineRow.region == region, DeadlineRow.case_id == case_id, DeadlineRow.key == key)
        .order_by(DeadlineRow.seq.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound("no_deadline", f"本案没有期限“{key}”。")
    return row


def by_id(unit: Unit, region: str, deadline_id: UUID) -> DeadlineRow:
    """The limit of that id; raises NotFound."""
    row = unit.session.get(DeadlineRow, (region, deadline_id))
    if row is None:
        raise NotFound("no_deadline", "没有这个期限。")
    return row


def stop(unit: Unit, row: DeadlineRow, at: datetime | None = None) -> bool:
    """The deed was done at `at` (now if not given); True when that was too late."""
    row.stopped_at = at or unit.now
    unit.session.flush()
    return row.late_at(row.stopped_at)


def cancel(unit: Unit, row: DeadlineRow, reason: str) -> None:
    """The limit no longer applies to the case; it is neither met nor late."""
    row.cancelled_at, row.cancel_reason = unit.now, reason
    unit.session.flush()


def recompute(unit: Unit, row: DeadlineRow, deadline: Deadline) -> None:
    """The limit ends as the newly published calendar says; start and key stay."""
    row.due_at, row.reason = deadline.due_at, deadline.reason
    row.provisional, row.calendar_version = deadline.provisional, deadline.calendar_version
    unit.session.flush()


def of_case(unit: Unit, region: str, case_id: UUID) -> list[DeadlineRow]:
    """The limits of the case in order of their start."""
    return list(
        unit.session.scalars(
            select(DeadlineRow)
            .where(DeadlineRow.region == region, DeadlineRow.case_id == case_id)
            .order_by(DeadlineRow.started_at, DeadlineRow.key, DeadlineRow.seq)
        )
    )


def late(unit: Unit, *, region: str | None = None) -> list[DeadlineRow]:
    """The late list: met too late, or unmet and too late by now; newest due date first."""
    query = select(DeadlineRow).where(_is_late(unit.now))
    if region is not None:
        query = query.where(DeadlineRow.region == region)
    return list(unit.session.scalars(query.order_by(DeadlineRow.due_at.desc()).limit(PAGE_ROWS)))


def provisional(unit: Unit) -> list[DeadlineRow]:
    """Unmet limits that wait for a calendar to be published."""
    return list(
        unit.session.scalars(
            select(DeadlineRow).where(
                DeadlineRow.provisional.is_(True),
                DeadlineRow.stopped_at.is_(None),
                DeadlineRow.cancelled_at.is_(None),
            )
        )
    )


def _is_late(now: datetime) -> ColumnElement[bool]:
    in_hours = DeadlineRow.unit == Counted.HOURS.value
    done_at = func.coalesce(DeadlineRow.stopped_at, now, type_=DeadlineRow.stopped_at.type)
    return and_(
        DeadlineRow.cancelled_at.is_(None),
        or_(
            and_(in_hours, done_at > DeadlineRow.due_at),
            and_(~in_hours, done_at >= DeadlineRow.due_at),
        ),
    )
