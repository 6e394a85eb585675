"""Objections to a public notice: who says what is locked away, that something waits is not.

The statement is sealed together with the objector, for its words may give the person away.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, IdKey, Label, RegionKey
from app.store.session import Unit


class ObjectionRow(Base):
    """One objection, open until somebody has looked into it."""

    __tablename__ = "objections"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_objections_cases"
        ),
        ForeignKeyConstraint(
            ["region", "notice_id"], ["notices.region", "notices.id"], name="fk_objections_notices"
        ),
        Index("ix_objections_case", "region", "case_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    notice_id: Mapped[UUID]
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary())  # name, phone, statement
    filed_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None] = mapped_column(default=None)
    resolved_by: Mapped[Label] = mapped_column(default="")
    valid: Mapped[bool | None] = mapped_column(default=None)  # what looking into it found


def file(
    unit: Unit, region: str, case_id: UUID, notice_id: UUID, content: Mapping[str, Any]
) -> ObjectionRow:
    """The objection is kept, sealed and open."""
    row_id = unit.new_id()
    row = ObjectionRow(
        region=region,
        id=row_id,
        case_id=case_id,
        notice_id=notice_id,
        content_sealed=unit.vault.seal_json(
            dict(content), region=region, table="objections", row_id=row_id
        ),
        filed_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def of_case(
    unit: Unit, region: str, case_id: UUID, *, open_only: bool = False
) -> list[ObjectionRow]:
    """The case's objections, oldest first."""
    query = select(ObjectionRow).where(
        ObjectionRow.region == region, ObjectionRow.case_id == case_id
    )
    if open_only:
        query = query.where(ObjectionRow.resolved_at.is_(None))
    return list(unit.session.scalars(query.order_by(ObjectionRow.filed_at, ObjectionRow.id)))


def content(unit: Unit, row: ObjectionRow) -> dict[str, Any]:
    """Name, phone and statement in clear; who opens them records it."""
    opened = unit.vault.unseal_json(
        row.content_sealed, region=row.region, table="objections", row_id=row.id
    )
    return dict(opened)


def resolve(unit: Unit, row: ObjectionRow, *, valid: bool) -> None:
    """The actor has looked into it, with this result."""
    row.resolved_at = unit.now
    row.resolved_by = unit.actor.name
    row.valid = valid
    unit.session.flush()
