"""Pilots: versions of a process tried out, registered before they begin; append-only.

改革创新 may be found of an error only where such a registration can be named (S0 三(二), S3 KA10).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped

from app.kernel.clock import legal_day
from app.store import counters
from app.store.base import Base, Code, IdKey, Label, RegionKey, Words
from app.store.session import Unit

PAGE_ROWS = 200


class PilotRow(Base):
    """One pilot, as registered."""

    __tablename__ = "pilots"
    __table_args__ = (
        UniqueConstraint("region", "pilot_no", name="uq_pilots_pilot_no"),
        Index("ix_pilots_starts", "region", "starts_at"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    pilot_no: Mapped[Code]
    process_id: Mapped[Code]  # the path that is tried out
    title: Mapped[Label]
    purpose: Mapped[Words]  # what is tried, and how its success is judged
    document_no: Mapped[Label]  # the paper that orders it
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    registered_at: Mapped[datetime]  # before starts_at
    by_user: Mapped[Code]
    by_name: Mapped[Label]


def register(
    unit: Unit,
    region: str,
    *,
    process_id: str,
    title: str,
    purpose: str,
    document_no: str,
    starts_at: datetime,
    ends_at: datetime,
) -> PilotRow:
    """The pilot stands on record, numbered."""
    year = legal_day(unit.now).year
    number = counters.next_number(unit, region, f"pilot:{year}")
    row = PilotRow(
        region=region,
        id=unit.new_id(),
        pilot_no=f"{region}-S{year}-{number:04d}",
        process_id=process_id,
        title=title,
        purpose=purpose,
        document_no=document_no,
        starts_at=starts_at,
        ends_at=ends_at,
        registered_at=unit.now,
        by_user=unit.actor.user_id,
        by_name=unit.actor.name,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def running_at(unit: Unit, region: str, at: datetime) -> list[PilotRow]:
    """The pilots that ran at that instant, by number."""
    query = select(PilotRow).where(
        PilotRow.region == region, PilotRow.starts_at <= at, PilotRow.ends_at >= at
    )
    return list(unit.session.scalars(query.order_by(PilotRow.pilot_no).limit(PAGE_ROWS)))


def newest(unit: Unit, region: str) -> list[PilotRow]:
    """The county's pilots, newest first."""
    query = select(PilotRow).where(PilotRow.region == region)
    query = query.order_by(PilotRow.starts_at.desc(), PilotRow.pilot_no.desc())
    return list(unit.session.scalars(query.limit(PAGE_ROWS)))
