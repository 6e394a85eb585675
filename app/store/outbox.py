"""What must leave the machine: written with the deed, sent afterwards, known by its key.

A sender claims with a lease in a short transaction, sends outside any, then marks. The receiver
gets the key, so that sending twice after a crash does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import NotFound, Stale
from app.store.base import Base, Code, IdKey, RegionKey, Words
from app.store.session import Unit

BATCH = 20
LEASE = timedelta(minutes=2)  # a sender silent for longer is taken for dead
MAX_ATTEMPTS = 10  # then parked
FIRST_BACKOFF = timedelta(minutes=1)
LONGEST_BACKOFF = timedelta(hours=6)
MAX_ERROR = 2_000  # characters


class OutboxRow(Base):
    """One message to the outside."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("region", "key", name="uq_outbox_key"),
        Index(
            "ix_outbox_due",
            "next_attempt_at",
            "region",
            "id",
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID | None] = mapped_column(default=None)
    kind: Mapped[Code]  # which sender: "payment.order", "sms"
    key: Mapped[str] = mapped_column(String(200))  # the receiver refuses it twice
    payload_sealed: Mapped[bytes] = mapped_column(LargeBinary())  # a bank account may be in it
    state: Mapped[Code]  # "open" | "done" | "parked"
    attempts: Mapped[int] = mapped_column(default=0)  # claims so far
    next_attempt_at: Mapped[datetime]  # while claimed: the end of the lease
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    answer: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    last_error: Mapped[Words] = mapped_column(default="")


def put(
    unit: Unit,
    region: str,
    kind: str,
    key: str,
    payload: Mapping[str, Any],
    *,
    case_id: UUID | None = None,
) -> OutboxRow:
    """The message will be sent once this transaction is kept; Refused("already_queued") twice."""
    row_id = unit.new_id()
    row = OutboxRow(
        region=region,
        id=row_id,
        case_id=case_id,
        kind=kind,
        key=key,
        payload_sealed=unit.vault.seal_json(
            dict(payload), region=region, table="outbox", row_id=row_id
        ),
        state="open",
        next_attempt_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def opened(unit: Unit, row: OutboxRow) -> dict[str, Any]:
    """What is to be sent, in clear; for its sender only."""
    payload: dict[str, Any] = unit.vault.unseal_json(
        row.payload_sealed, region=row.region, table="outbox", row_id=row.id
    )
    return payload


def claim_due(unit: Unit, limit: int = BATCH) -> list[OutboxRow]:
    """Messages to send now, leased to the caller until `LEASE` is over; end the unit, then send."""
    rows = list(
        unit.session.scalars(
            select(OutboxRow)
            .where(OutboxRow.state == "open", OutboxRow.next_attempt_at <= unit.now)
            .order_by(OutboxRow.next_attempt_at, OutboxRow.region, OutboxRow.id)
            .limit(min(limit, BATCH))
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    )
    for row in rows:
        row.attempts += 1
        row.next_attempt_at = unit.now + LEASE
    unit.session.flush()
    return rows


def mark_done(
    unit: Unit, region: str, row_id: UUID, answer: Mapping[str, Any] | None = None
) -> OutboxRow:
    """The message arrived; raises Stale when it was already marked."""
    row = _locked(unit, region, row_id)
    if row.state != "open":
        raise Stale("already_sent", "该消息已登记为送达。")
    row.state, row.done_at, row.last_error = "done", unit.now, ""
    row.answer = None if answer is None else dict(answer)
    unit.session.flush()
    return row


def mark_failed(unit: Unit, region: str, row_id: UUID, error: str) -> OutboxRow:
    """The message is sent again later, or parked for a person after the last attempt."""
    row = _locked(unit, region, row_id)
    row.last_error = error[:MAX_ERROR]
    if row.state == "open" and row.attempts >= MAX_ATTEMPTS:
        row.state = "parked"
    pause = min(FIRST_BACKOFF * 2 ** max(row.attempts - 1, 0), LONGEST_BACKOFF)
    row.next_attempt_at = unit.now + pause
    unit.session.flush()
    return row


def of_case(unit: Unit, region: str, case_id: UUID) -> list[OutboxRow]:
    """The case's messages to the outside, oldest first."""
    return list(
        unit.session.scalars(
            select(OutboxRow)
            .where(OutboxRow.region == region, OutboxRow.case_id == case_id)
            .order_by(OutboxRow.created_at, OutboxRow.id)
        )
    )


def waiting(unit: Unit) -> list[OutboxRow]:
    """What has not arrived yet, parked ones included, oldest first."""
    return list(
        unit.session.scalars(
            select(OutboxRow)
            .where(OutboxRow.state.in_(("open", "parked")))
            .order_by(OutboxRow.created_at)
        )
    )


def _locked(unit: Unit, region: str, row_id: UUID) -> OutboxRow:
    row = unit.session.scalars(
        select(OutboxRow)
        .where(OutboxRow.region == region, OutboxRow.id == row_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound("no_message", "没有这条待发消息。")
    return row
