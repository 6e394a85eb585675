"""Samples of inspections: from which cases, with which seed, which were drawn; append-only.

Seed and population are kept, so that anybody can draw the same sample again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped

from app.store.base import Base, IdKey, Label, RegionKey, Sha
from app.store.session import Unit


class SampleRow(Base):
    """One sample."""

    __tablename__ = "samples"
    __table_args__ = (Index("ix_samples_case", "region", "case_id"),)

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]  # the inspection
    seed: Mapped[Sha]
    criteria: Mapped[dict[str, Any]]  # what was asked: days, township, size
    population: Mapped[list[Any]]  # case numbers, sorted
    drawn: Mapped[list[Any]]  # case numbers, in the order drawn
    at: Mapped[datetime]
    by_name: Mapped[Label]


def add(
    unit: Unit,
    region: str,
    case_id: UUID,
    *,
    seed: str,
    criteria: Mapping[str, Any],
    population: Sequence[str],
    drawn: Sequence[str],
) -> SampleRow:
    """The sample stands on record."""
    row = SampleRow(
        region=region,
        id=unit.new_id(),
        case_id=case_id,
        seed=seed,
        criteria=dict(criteria),
        population=list(population),
        drawn=list(drawn),
        at=unit.now,
        by_name=unit.actor.name,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def of_case(unit: Unit, region: str, case_id: UUID) -> list[SampleRow]:
    """The samples of the inspection, oldest first."""
    query = select(SampleRow).where(SampleRow.region == region, SampleRow.case_id == case_id)
    return list(unit.session.scalars(query.order_by(SampleRow.at, SampleRow.id)))
