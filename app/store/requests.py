"""What one person asks of another about a work item: to do it, to agree to it, to read it.

委派 delegate · 加签、会签 cosign · 抄送 copy. A request is answered once; a copy needs no answer.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import NotFound, Refused
from app.store.base import Base, Code, IdKey, Label, RegionKey, Words
from app.store.session import Unit

MAX_OPEN = 20  # requests about one work item


class RequestRow(Base):
    """One request to one person."""

    __tablename__ = "work_item_requests"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "work_item_id"],
            ["work_items.region", "work_items.id"],
            name="fk_work_item_requests_items",
        ),
        Index("ix_work_item_requests_item", "region", "work_item_id", "asked_at"),
        Index("ix_work_item_requests_case", "region", "case_id", "to_user"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    work_item_id: Mapped[UUID]
    kind: Mapped[Code]  # "delegate" | "cosign" | "copy"
    from_user: Mapped[Code]
    from_name: Mapped[Label]
    to_user: Mapped[Code]
    to_name: Mapped[Label]
    reason: Mapped[Words]
    asked_at: Mapped[datetime]
    answer: Mapped[Code] = mapped_column(
        default=""
    )  # "" | "done" | "agree" | "object" | "taken_back"
    comment: Mapped[Words] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(default=None)


def ask(
    unit: Unit,
    region: str,
    *,
    case_id: UUID,
    work_item_id: UUID,
    kind: str,
    to_user: str,
    to_name: str,
    reason: str,
) -> RequestRow:
    """The person is asked; Refused when asked the same already, or when too many are."""
    found = of_item(unit, region, work_item_id)
    if any(one.kind == kind and one.to_user == to_user and not one.answer for one in found):
        raise Refused("asked_already", f"已经请过{to_name}，不必再请。")
    if len(found) >= MAX_OPEN:
        raise Refused("too_many_requests", f"同一待办的委派、加签、抄送合计不超过 {MAX_OPEN} 次。")
    row = RequestRow(
        region=region,
        id=unit.new_id(),
        case_id=case_id,
        work_item_id=work_item_id,
        kind=kind,
        from_user=unit.actor.user_id,
        from_name=unit.actor.name,
        to_user=to_user,
        to_name=to_name,
        reason=reason,
        asked_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def of_item(unit: Unit, region: str, work_item_id: UUID) -> list[RequestRow]:
    """The requests about the work item, oldest first."""
    return list(
        unit.session.scalars(
            select(RequestRow)
            .where(RequestRow.region == region, RequestRow.work_item_id == work_item_id)
            .order_by(RequestRow.asked_at, RequestRow.id)
        )
    )


def get(unit: Unit, region: str, request_id: UUID) -> RequestRow:
    """The request; raises NotFound."""
    row = unit.session.scalars(
        select(RequestRow).where(RequestRow.region == region, RequestRow.id == request_id)
    ).one_or_none()
    if row is None:
        raise NotFound("no_request", "没有这项请求，或您无权查看。")
    return row


def answer(unit: Unit, row: RequestRow, answer: str, comment: str) -> None:
    """The request is answered; Refused the second time."""
    if row.answer:
        raise Refused("answered", "这项请求已经答复。")
    row.answer, row.comment, row.answered_at = answer, comment, unit.now
    unit.session.flush()


def names(unit: Unit, region: str, case_id: UUID, user_id: str) -> bool:
    """True when the person was asked about a work item of the case: may read it."""
    query = (
        select(RequestRow.id)
        .where(
            RequestRow.region == region,
            RequestRow.case_id == case_id,
            RequestRow.to_user == user_id,
            RequestRow.answer != "taken_back",
        )
        .limit(1)
    )
    return unit.session.scalar(query) is not None
