"""Clues that aid may repeat or split earlier aid: found by the machine, judged by the county.

A clue names the earlier case, what the two share and what the locality's table says of it. It never
refuses anything by itself: while it is open nothing is approved or paid, and a person closes it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKeyConstraint, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, Code, IdKey, Label, RegionKey, Words
from app.store.session import Unit

MAX_LISTED = 200


class RepeatRow(Base):
    """One case held against one earlier case."""

    __tablename__ = "repeats"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_repeats_cases"
        ),
        UniqueConstraint("region", "case_id", "other_case_id", "kind", name="uq_repeats_pair"),
        Index("ix_repeats_state", "region", "state", "found_at"),
        Index("ix_repeats_other", "region", "other_case_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    other_case_id: Mapped[UUID]
    kind: Mapped[Code]  # "repeat" | "split"
    evidence: Mapped[list[Any]]  # what they share: "household", "id", "account", "similar_id", …
    verdict: Mapped[Code]  # answer of the table: "review" | "information"
    earlier_on: Mapped[date] = mapped_column(Date())  # when the earlier aid was decided or asked
    message: Mapped[Words]  # Chinese, from the table
    clause: Mapped[Label]
    state: Mapped[Code]  # "open" | "allowed" | "repeat" | "noted"
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[Label] = mapped_column(default="")
    reason: Mapped[Words] = mapped_column(default="")


def add(
    unit: Unit,
    region: str,
    case_id: UUID,
    other_case_id: UUID,
    *,
    kind: str,
    evidence: Collection[str],
    verdict: str,
    earlier_on: date,
    message: str,
    clause: str,
) -> RepeatRow | None:
    """The clue stands; None when the same two cases were held against each other before."""
    known = unit.session.scalars(
        select(RepeatRow).where(
            RepeatRow.region == region,
            RepeatRow.case_id == case_id,
            RepeatRow.other_case_id == other_case_id,
            RepeatRow.kind == kind,
        )
    ).one_or_none()
    if known is not None and (known.verdict == verdict or known.verdict == "review"):
        return None
    if known is None:
        known = RepeatRow(
            region=region,
            id=unit.new_id(),
            case_id=case_id,
            other_case_id=other_case_id,
            kind=kind,
            evidence=[],
            verdict=verdict,
            earlier_on=earlier_on,
            message=message,
            clause=clause,
            state="",
            found_at=unit.now,
        )
        unit.session.add(known)
    known.evidence, known.verdict, known.message = sorted(evidence), verdict, message
    known.state = "open" if verdict == "review" else "noted"
    unit.session.flush()
    return known


def of_case(unit: Unit, region: str, case_id: UUID) -> list[RepeatRow]:
    """The clues about the case, oldest first."""
    query = select(RepeatRow).where(RepeatRow.region == region, RepeatRow.case_id == case_id)
    return list(unit.session.scalars(query.order_by(RepeatRow.found_at, RepeatRow.id)))


def of_cases(unit: Unit, region: str, case_ids: Collection[UUID]) -> list[RepeatRow]:
    """The clues about those cases."""
    if not case_ids:
        return []
    query = select(RepeatRow).where(
        RepeatRow.region == region, RepeatRow.case_id.in_(list(case_ids))
    )
    return list(unit.session.scalars(query.order_by(RepeatRow.found_at, RepeatRow.id)))


def listing(unit: Unit, regions: Collection[str], *, state: str) -> list[RepeatRow]:
    """The clues of those counties in that state, newest first."""
    query = select(RepeatRow).where(RepeatRow.region.in_(regions), RepeatRow.state == state)
    return list(unit.session.scalars(query.order_by(RepeatRow.found_at.desc()).limit(MAX_LISTED)))


def decide(unit: Unit, row: RepeatRow, *, state: str, reason: str) -> None:
    """The actor has judged the clue, with that reason."""
    row.state, row.reason = state, reason
    row.decided_at, row.decided_by = unit.now, unit.actor.name
    unit.session.flush()


def states(unit: Unit, region: str) -> dict[tuple[str, UUID, UUID], str]:
    """(kind, case, earlier case) -> what became of the clue, for the whole county."""
    query = select(RepeatRow.kind, RepeatRow.case_id, RepeatRow.other_case_id, RepeatRow.state)
    rows = unit.session.execute(query.where(RepeatRow.region == region))
    return {(kind, case_id, other): state for kind, case_id, other, state in rows}
