"""Who is kept away from a case: the people a complaint is about never see it or work on it.

Append-only: who was once barred stays barred, with the reason.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped

from app.store.base import Base, Code, IdKey, Label, RegionKey, insert_if_absent
from app.store.session import Unit


class CaseBarRow(Base):
    """One person kept away from one case."""

    __tablename__ = "case_bars"
    __table_args__ = (
        UniqueConstraint("region", "case_id", "user_id", name="uq_case_bars_user"),
        Index("ix_case_bars_user", "region", "user_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    user_id: Mapped[Code]
    reason: Mapped[Label]
    at: Mapped[datetime]
    by_name: Mapped[Label]


def bar(unit: Unit, region: str, case_id: UUID, user_id: str, reason: str) -> bool:
    """The person is kept away from the case; True when this call made it so."""
    return insert_if_absent(
        unit.session,
        CaseBarRow,
        {
            "region": region,
            "id": unit.new_id(),
            "case_id": case_id,
            "user_id": user_id,
            "reason": reason,
            "at": unit.now,
            "by_name": unit.actor.name,
        },
    )


def barred(unit: Unit, region: str, case_id: UUID) -> frozenset[str]:
    """Ids of the users kept away from the case."""
    query = select(CaseBarRow.user_id).where(
        CaseBarRow.region == region, CaseBarRow.case_id == case_id
    )
    return frozenset(unit.session.scalars(query))


def closed_to(unit: Unit, regions: Collection[str], user_id: str) -> frozenset[UUID]:
    """Ids of the cases of those counties from which the user is kept away."""
    query = select(CaseBarRow.case_id).where(
        CaseBarRow.region.in_(regions), CaseBarRow.user_id == user_id
    )
    return frozenset(unit.session.scalars(query))
