"""Outages of networks, platforms and this system: what a late case may point to as evidence.

Append-only; a wrong record is answered by a later one that says so.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped

from app.store.base import Base, Code, IdKey, Label, RegionKey, Words
from app.store.session import Unit

PAGE_ROWS = 200


class OutageRow(Base):
    """One outage, as registered."""

    __tablename__ = "outages"
    __table_args__ = (Index("ix_outages_began", "region", "began_at"),)

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    what: Mapped[Label]  # network, platform, power ... in words
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    source: Mapped[Label]  # the notice or log that proves it
    note: Mapped[Words]
    at: Mapped[datetime]
    by_user: Mapped[Code]
    by_name: Mapped[Label]


def add(
    unit: Unit,
    region: str,
    *,
    what: str,
    began_at: datetime,
    ended_at: datetime,
    source: str,
    note: str,
) -> OutageRow:
    """The outage stands on record."""
    row = OutageRow(
        region=region,
        id=unit.new_id(),
        what=what,
        began_at=began_at,
        ended_at=ended_at,
        source=source,
        note=note,
        at=unit.now,
        by_user=unit.actor.user_id,
        by_name=unit.actor.name,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def within(unit: Unit, region: str, start: datetime, end: datetime) -> list[OutageRow]:
    """Outages that touch the span, oldest first."""
    query = (
        select(OutageRow)
        .where(OutageRow.region == region, OutageRow.began_at <= end, OutageRow.ended_at >= start)
        .order_by(OutageRow.began_at, OutageRow.id)
    )
    return list(unit.session.scalars(query.limit(PAGE_ROWS)))


def newest(unit: Unit, region: str) -> list[OutageRow]:
    """The county's outages, newest first."""
    query = select(OutageRow).where(OutageRow.region == region)
    query = query.order_by(OutageRow.began_at.desc(), OutageRow.id.desc())
    return list(unit.session.scalars(query.limit(PAGE_ROWS)))
