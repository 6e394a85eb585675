"""What was published about a case, where and how long; the fields are public by then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import NotFound, Refused
from app.store.base import Base, Code, IdKey, RegionKey
from app.store.session import Unit

PAGE_ROWS = 200


class NoticeRow(Base):
    """One public notice."""

    __tablename__ = "notices"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_notices_cases"
        ),
        Index("ix_notices_posted", "region", "township", "posted_at"),
        Index("ix_notices_case", "region", "case_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    template_id: Mapped[Code]
    township: Mapped[Code]
    village: Mapped[Code]
    fields: Mapped[dict[str, Any]]  # exactly what everybody may read
    posted_at: Mapped[datetime]
    posted_by: Mapped[Code]
    take_down_at: Mapped[datetime | None] = mapped_column(default=None)  # when it must come down
    taken_down_at: Mapped[datetime | None] = mapped_column(default=None)


def publish(
    unit: Unit,
    region: str,
    case_id: UUID,
    *,
    template_id: str,
    township: str,
    village: str,
    fields: Mapping[str, Any],
    take_down_at: datetime | None = None,
) -> NoticeRow:
    """The notice is public from now on."""
    row = NoticeRow(
        region=region,
        id=unit.new_id(),
        case_id=case_id,
        template_id=template_id,
        township=township,
        village=village,
        fields=dict(fields),
        posted_at=unit.now,
        posted_by=unit.actor.user_id,
        take_down_at=take_down_at,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def take_down(unit: Unit, region: str, notice_id: UUID) -> NoticeRow:
    """The notice is no longer public; raises NotFound, or Refused the second time."""
    row = unit.session.get(NoticeRow, (region, notice_id))
    if row is None:
        raise NotFound("no_notice", "没有这条公示。")
    if row.taken_down_at is not None:
        raise Refused("notice_down", "该公示已撤下。")
    row.taken_down_at = unit.now
    unit.session.flush()
    return row


def public(
    unit: Unit, region: str | None = None, *, township: str | None = None
) -> list[NoticeRow]:
    """What the public sees now, newest first."""
    query = select(NoticeRow).where(
        NoticeRow.taken_down_at.is_(None),
        NoticeRow.take_down_at.is_(None) | (NoticeRow.take_down_at > unit.now),
    )
    if region is not None:
        query = query.where(NoticeRow.region == region)
    if township is not None:
        query = query.where(NoticeRow.township == township)
    order = (NoticeRow.posted_at.desc(), NoticeRow.id.desc())
    return list(unit.session.scalars(query.order_by(*order).limit(PAGE_ROWS)))


def of_case(unit: Unit, region: str, case_id: UUID) -> list[NoticeRow]:
    """Every notice of the case, taken down ones included, oldest first."""
    return list(
        unit.session.scalars(
            select(NoticeRow)
            .where(NoticeRow.region == region, NoticeRow.case_id == case_id)
            .order_by(NoticeRow.posted_at, NoticeRow.id)
        )
    )
