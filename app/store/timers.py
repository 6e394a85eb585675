"""Timers: moments at which the system must act by itself, kept in the business transaction.

Whoever claims a timer performs it in the same transaction, so a killed worker loses and doubles
nothing. A timer that keeps failing is parked for a person and does not hold up the others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Index, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import NotFound
from app.store.base import Base, Code, IdKey, Label, RegionKey, Words, insert_if_absent
from app.store.session import Unit

BATCH = 50  # timers claimed at once
MAX_ATTEMPTS = 10  # then parked
FIRST_BACKOFF = timedelta(minutes=1)  # doubled at each failure
LONGEST_BACKOFF = timedelta(hours=6)
MAX_ERROR = 2_000  # characters kept of the last error

_NAMESPACE = UUID("6f1d3a52-0c0e-5f0e-9a1b-7a6c1c9c7e10")


class TimerRow(Base):
    """One moment to come."""

    __tablename__ = "timers"
    __table_args__ = (
        Index(
            "ix_timers_due",
            "next_attempt_at",
            "region",
            "id",
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
        Index("ix_timers_instance", "region", "instance_id", "token"),
        Index("ix_timers_case", "region", "case_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]  # from region, instance or case, token and kind: set twice is set once
    case_id: Mapped[UUID]
    instance_id: Mapped[UUID | None] = mapped_column(default=None)
    token: Mapped[Label]
    kind: Mapped[Code]  # "bpmn" | "escalation" | ...
    payload: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]  # judged by this, whenever it is performed
    next_attempt_at: Mapped[datetime]  # due_at, later after a failure
    state: Mapped[Code]  # "open" | "done" | "cleared" | "parked"
    attempts: Mapped[int] = mapped_column(default=0)  # failed ones
    last_error: Mapped[Words] = mapped_column(default="")
    done_at: Mapped[datetime | None] = mapped_column(default=None)


def timer_id(region: str, owner: UUID, token: str, kind: str) -> UUID:
    """The id of the timer of that owner (instance or case), token and kind."""
    return uuid5(_NAMESPACE, f"{region}|{owner}|{token}|{kind}")


def set_timer(
    unit: Unit,
    region: str,
    case_id: UUID,
    *,
    token: str,
    kind: str,
    due_at: datetime,
    instance_id: UUID | None = None,
    payload: Mapping[str, Any] | None = None,
) -> UUID:
    """The timer will come due; one already there is left as it is. Answers its id."""
    row_id = timer_id(region, instance_id or case_id, token, kind)
    values = {
        "region": region,
        "id": row_id,
        "case_id": case_id,
        "instance_id": instance_id,
        "token": token,
        "kind": kind,
        "payload": dict(payload or {}),
        "due_at": due_at,
        "next_attempt_at": due_at,
        "state": "open",
        "attempts": 0,
        "last_error": "",
    }
    insert_if_absent(unit.session, TimerRow, values)
    return row_id


def clear(unit: Unit, region: str, instance_id: UUID, tokens: Collection[str]) -> None:
    """The instance's open timers of those tokens will not come due any more."""
    unit.session.execute(
        update(TimerRow)
        .where(
            TimerRow.region == region,
            TimerRow.instance_id == instance_id,
            TimerRow.token.in_(tokens),
            TimerRow.state.in_(("open", "parked")),
        )
        .values(state="cleared", done_at=unit.now)
    )


def clear_of_case(unit: Unit, region: str, case_id: UUID, *, kind: str, prefix: str = "") -> None:
    """The case's open timers of that kind, and token prefix if given, will not come due."""
    unit.session.execute(
        update(TimerRow)
        .where(
            TimerRow.region == region,
            TimerRow.case_id == case_id,
            TimerRow.kind == kind,
            TimerRow.token.startswith(prefix, autoescape=True),
            TimerRow.state.in_(("open", "parked")),
        )
        .values(state="cleared", done_at=unit.now)
    )


def claim_due(unit: Unit, limit: int = BATCH) -> list[TimerRow]:
    """Open timers due by now, oldest first, held by nobody else; ours until the unit ends."""
    query = (
        select(TimerRow)
        .where(TimerRow.state == "open", TimerRow.next_attempt_at <= unit.now)
        .order_by(TimerRow.next_attempt_at, TimerRow.region, TimerRow.id)
        .limit(min(limit, BATCH))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return list(unit.session.scalars(query))


def claim(unit: Unit, region: str, row_id: UUID) -> TimerRow | None:
    """That timer if it is open, else None; ours until the unit ends.

    Waits for whoever holds it, so that None is certain: the timer was performed, cleared or parked.
    A command that gets None should raise, so that its key is not used up by doing nothing.
    """
    return unit.session.scalars(
        select(TimerRow)
        .where(TimerRow.region == region, TimerRow.id == row_id, TimerRow.state == "open")
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def mark_done(unit: Unit, row: TimerRow) -> None:
    """The timer was performed."""
    row.state, row.done_at = "done", unit.now
    unit.session.flush()


def mark_failed(unit: Unit, row: TimerRow, error: str) -> None:
    """The timer is tried again later, or parked at the last failure. Call in a fresh unit."""
    row.attempts += 1
    row.last_error = error[:MAX_ERROR]
    if row.attempts >= MAX_ATTEMPTS:
        row.state = "parked"
    pause = min(FIRST_BACKOFF * 2 ** (row.attempts - 1), LONGEST_BACKOFF)
    row.next_attempt_at = unit.now + pause
    unit.session.flush()


def due_ids(unit: Unit, limit: int = BATCH) -> list[tuple[str, UUID]]:
    """(region, id) of open timers due by now, oldest first; to be claimed one by one."""
    rows = unit.session.execute(
        select(TimerRow.region, TimerRow.id)
        .where(TimerRow.state == "open", TimerRow.next_attempt_at <= unit.now)
        .order_by(TimerRow.next_attempt_at, TimerRow.region, TimerRow.id)
        .limit(min(limit, BATCH))
    )
    return [(region, row_id) for region, row_id in rows]


def next_due_at(unit: Unit) -> datetime | None:
    """When the next open timer wants to be tried; a worker may sleep until then."""
    return unit.session.scalars(
        select(TimerRow.next_attempt_at)
        .where(TimerRow.state == "open")
        .order_by(TimerRow.next_attempt_at)
        .limit(1)
    ).one_or_none()


def of_case(unit: Unit, region: str, case_id: UUID) -> list[TimerRow]:
    """The timers of the case, earliest first."""
    return list(
        unit.session.scalars(
            select(TimerRow)
            .where(TimerRow.region == region, TimerRow.case_id == case_id)
            .order_by(TimerRow.due_at, TimerRow.id)
        )
    )


def parked(unit: Unit) -> list[TimerRow]:
    """Timers that failed too often and wait for a person."""
    return list(
        unit.session.scalars(
            select(TimerRow).where(TimerRow.state == "parked").order_by(TimerRow.due_at)
        )
    )


def reopen(unit: Unit, region: str, row_id: UUID) -> TimerRow:
    """A parked timer is tried again at once; raises NotFound when it is not parked."""
    row = unit.session.get(TimerRow, (region, row_id))
    if row is None or row.state != "parked":
        raise NotFound("no_parked_timer", "没有这个停放的定时事项。")
    row.state, row.attempts, row.next_attempt_at = "open", 0, unit.now
    unit.session.flush()
    return row
