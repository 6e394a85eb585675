"""Letters issued in a case: numbered, sealed, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import legal_day
from app.kernel.errors import NotFound
from app.store import counters
from app.store.base import Base, Code, IdKey, Label, RegionKey
from app.store.session import Unit


class LetterRow(Base):
    """One letter as it went out."""

    __tablename__ = "letters"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_letters_cases"
        ),
        UniqueConstraint("region", "letter_no", name="uq_letters_letter_no"),
        Index("ix_letters_case", "region", "case_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    letter_no: Mapped[Code]  # gap-free per county and year
    template_id: Mapped[Code]
    title: Mapped[Label]
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    issued_at: Mapped[datetime]
    issued_by: Mapped[Label]


def issue(
    unit: Unit,
    region: str,
    case_id: UUID,
    *,
    template_id: str,
    title: str,
    body: str,
    parts: Sequence[Mapping[str, Any]] = (),
) -> LetterRow:
    """The letter has its number and is kept, sealed; parts: what stands below its body."""
    row_id = unit.new_id()
    year = legal_day(unit.now).year
    number = counters.next_number(unit, region, f"letter:{year}")
    row = LetterRow(
        region=region,
        id=row_id,
        case_id=case_id,
        letter_no=f"{region}-L{year}-{number:06d}",
        template_id=template_id,
        title=title,
        body_sealed=unit.vault.seal_json(
            {"body": body, "parts": list(parts)}, region=region, table="letters", row_id=row_id
        ),
        issued_at=unit.now,
        issued_by=unit.actor.name,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def of_case(unit: Unit, region: str, case_id: UUID) -> list[LetterRow]:
    """The case's letters, oldest first."""
    return list(
        unit.session.scalars(
            select(LetterRow)
            .where(LetterRow.region == region, LetterRow.case_id == case_id)
            .order_by(LetterRow.issued_at, LetterRow.id)
        )
    )


def get(unit: Unit, region: str, letter_id: UUID) -> LetterRow:
    """The letter; raises NotFound."""
    row = unit.session.get(LetterRow, (region, letter_id))
    if row is None:
        raise NotFound("no_letter", "没有这份文书。")
    return row


def body(unit: Unit, row: LetterRow) -> str:
    """The letter's text in clear."""
    return str(_opened(unit, row)["body"])


def parts(unit: Unit, row: LetterRow) -> list[dict[str, Any]]:
    """What stands below its body, in clear; [] for a plain letter."""
    return list(_opened(unit, row).get("parts", ()))


def _opened(unit: Unit, row: LetterRow) -> dict[str, Any]:
    opened: dict[str, Any] = unit.vault.unseal_json(
        row.body_sealed, region=row.region, table="letters", row_id=row.id
    )
    return opened
