"""Answers to forms, sealed: one draft per person and work item, and what was submitted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, LargeBinary, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.audit import digest
from app.kernel.errors import NotFound
from app.store.base import Base, Code, IdKey, Label, RegionKey, Sha
from app.store.session import Unit
from app.store.types import dump


class SubmissionRow(Base):
    """One filled form."""

    __tablename__ = "submissions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_submissions_cases"
        ),
        Index("ix_submissions_case", "region", "case_id", "form_id"),
        Index("ix_submissions_item", "region", "work_item_id", "status"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID | None] = mapped_column(default=None)  # None: an intake draft
    work_item_id: Mapped[UUID | None] = mapped_column(default=None)  # None: intake
    form_id: Mapped[Code]
    deployment_id: Mapped[Sha]
    form_sha256: Mapped[Sha]  # of the form file that asked
    values_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    values_sha256: Mapped[Sha]  # of the canonical values, for the audit record
    status: Mapped[Code]  # "draft" | "submitted"
    by_user: Mapped[Code]
    by_name: Mapped[Label]
    at: Mapped[datetime]  # of the last change


def save_draft(
    unit: Unit,
    region: str,
    *,
    case_id: UUID | None,
    work_item_id: UUID | None,
    form_id: str,
    deployment_id: str,
    form_sha256: str,
    values: Mapping[str, Any],
) -> SubmissionRow:
    """The actor's unfinished answers to this form are kept; an earlier draft is replaced."""
    row = draft(unit, region, work_item_id=work_item_id, form_id=form_id)
    if row is None:
        row = _new(unit, region, case_id, work_item_id, form_id, "draft")
    row.deployment_id, row.form_sha256 = deployment_id, form_sha256
    _put(unit, row, values)
    unit.session.add(row)
    unit.session.flush()
    return row


def give_draft(unit: Unit, region: str, *, work_item_id: UUID, form_id: str, to_user: str) -> None:
    """The actor's draft, if there is one, is the other person's instead of theirs."""
    mine = draft(unit, region, work_item_id=work_item_id, form_id=form_id)
    if mine is None:
        return
    unit.session.execute(
        delete(SubmissionRow).where(
            SubmissionRow.region == region,
            SubmissionRow.work_item_id == work_item_id,
            SubmissionRow.form_id == form_id,
            SubmissionRow.by_user == to_user,
            SubmissionRow.status == "draft",
        )
    )
    mine.by_user = to_user
    unit.session.flush()


def submit(
    unit: Unit,
    region: str,
    *,
    case_id: UUID | None,
    work_item_id: UUID | None,
    form_id: str,
    deployment_id: str,
    form_sha256: str,
    values: Mapping[str, Any],
) -> SubmissionRow:
    """The answers are given for good, and the actor's draft is gone."""
    unit.session.execute(
        delete(SubmissionRow).where(*_is_draft(unit, region, work_item_id, form_id))
    )
    row = _new(unit, region, case_id, work_item_id, form_id, "submitted")
    row.deployment_id, row.form_sha256 = deployment_id, form_sha256
    _put(unit, row, values)
    unit.session.add(row)
    unit.session.flush()
    return row


def draft(
    unit: Unit, region: str, *, work_item_id: UUID | None, form_id: str
) -> SubmissionRow | None:
    """The actor's draft of that form for that work item (None: for intake)."""
    return unit.session.scalars(
        select(SubmissionRow)
        .where(*_is_draft(unit, region, work_item_id, form_id))
        .order_by(SubmissionRow.at.desc(), SubmissionRow.id.desc())
    ).first()


def has_draft(unit: Unit, region: str, work_item_id: UUID) -> bool:
    """True when somebody has begun to fill the work item's form."""
    query = select(SubmissionRow.id).where(
        SubmissionRow.region == region,
        SubmissionRow.work_item_id == work_item_id,
        SubmissionRow.status == "draft",
    )
    return unit.session.scalar(query.limit(1)) is not None


def get(unit: Unit, region: str, submission_id: UUID) -> SubmissionRow:
    """The submission; raises NotFound."""
    row = unit.session.get(SubmissionRow, (region, submission_id))
    if row is None:
        raise NotFound("no_submission", "没有这份表单记录。")
    return row


def of_case(
    unit: Unit, region: str, case_id: UUID, *, form_id: str | None = None
) -> list[SubmissionRow]:
    """What was submitted in the case, oldest first; of one form if named."""
    query = select(SubmissionRow).where(
        SubmissionRow.region == region,
        SubmissionRow.case_id == case_id,
        SubmissionRow.status == "submitted",
    )
    if form_id is not None:
        query = query.where(SubmissionRow.form_id == form_id)
    return list(unit.session.scalars(query.order_by(SubmissionRow.at, SubmissionRow.id)))


def values(unit: Unit, row: SubmissionRow) -> dict[str, Any]:
    """The answers in clear; who opens another's answers records it."""
    opened: dict[str, Any] = unit.vault.unseal_json(
        row.values_sealed, region=row.region, table="submissions", row_id=row.id
    )
    return opened


def _is_draft(
    unit: Unit, region: str, work_item_id: UUID | None, form_id: str
) -> tuple[ColumnElement[bool], ...]:
    return (
        SubmissionRow.region == region,
        SubmissionRow.work_item_id.is_(None)
        if work_item_id is None
        else SubmissionRow.work_item_id == work_item_id,
        SubmissionRow.form_id == form_id,
        SubmissionRow.by_user == unit.actor.user_id,
        SubmissionRow.status == "draft",
    )


def _new(
    unit: Unit,
    region: str,
    case_id: UUID | None,
    work_item_id: UUID | None,
    form_id: str,
    status: str,
) -> SubmissionRow:
    return SubmissionRow(
        region=region,
        id=unit.new_id(),
        case_id=case_id,
        work_item_id=work_item_id,
        form_id=form_id,
        deployment_id="",
        form_sha256="",
        values_sealed=b"",
        values_sha256="",
        status=status,
        by_user=unit.actor.user_id,
        by_name=unit.actor.name,
        at=unit.now,
    )


def _put(unit: Unit, row: SubmissionRow, answers: Mapping[str, Any]) -> None:
    plain = dict(answers)
    row.values_sealed = unit.vault.seal_json(
        plain, region=row.region, table="submissions", row_id=row.id
    )
    row.values_sha256 = digest(dump(plain).encode())
    row.at = unit.now
