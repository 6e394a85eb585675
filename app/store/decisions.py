"""Decision records: what a table was asked, which rows answered, and on which clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, Code, IdKey, Label, RegionKey, Sha
from app.store.session import Unit


class DecisionRow(Base):
    """One evaluation of one decision for one case; never changed."""

    __tablename__ = "decision_records"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_decision_records_cases"
        ),
        Index("ix_decision_records_case", "region", "case_id", "at"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    instance_id: Mapped[UUID]
    process_id: Mapped[Code]
    element_id: Mapped[Code]
    name: Mapped[Label]  # label of the business rule task
    decision_id: Mapped[Code]
    deployment_id: Mapped[Sha]
    file: Mapped[Label]  # path inside the deployment
    file_sha256: Mapped[Sha]
    inputs_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    output: Mapped[dict[str, Any]]  # {"value": ...}
    matched: Mapped[list[Any]]  # [{decision, rule_id, number, outputs, annotations}]
    clauses: Mapped[list[Any]]  # clause ids cited by the rows
    warnings: Mapped[list[Any]]
    errors: Mapped[list[Any]]  # why there is no answer; [] when there is one
    at: Mapped[datetime]


def record(
    unit: Unit,
    region: str,
    case_id: UUID,
    instance_id: UUID,
    *,
    process_id: str,
    element_id: str,
    name: str,
    decision_id: str,
    deployment_id: str,
    file: str,
    file_sha256: str,
    inputs: Mapping[str, Any],
    value: Any,
    matched: Sequence[Mapping[str, Any]],
    clauses: Sequence[str],
    warnings: Sequence[Any] = (),
    errors: Sequence[Any] = (),
) -> DecisionRow:
    """The evaluation is on record; its inputs are sealed, for they tell about a person."""
    row_id = unit.new_id()
    row = DecisionRow(
        region=region,
        id=row_id,
        case_id=case_id,
        instance_id=instance_id,
        process_id=process_id,
        element_id=element_id,
        name=name,
        decision_id=decision_id,
        deployment_id=deployment_id,
        file=file,
        file_sha256=file_sha256,
        inputs_sealed=unit.vault.seal_json(
            dict(inputs), region=region, table="decision_records", row_id=row_id
        ),
        output={"value": value},
        matched=[dict(rule) for rule in matched],
        clauses=list(clauses),
        warnings=list(warnings),
        errors=list(errors),
        at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def of_case(unit: Unit, region: str, case_id: UUID) -> list[DecisionRow]:
    """The decisions of the case, oldest first."""
    return list(
        unit.session.scalars(
            select(DecisionRow)
            .where(DecisionRow.region == region, DecisionRow.case_id == case_id)
            .order_by(DecisionRow.at, DecisionRow.id)
        )
    )


def inputs(unit: Unit, row: DecisionRow) -> dict[str, Any]:
    """What was asked, in clear."""
    opened: dict[str, Any] = unit.vault.unseal_json(
        row.inputs_sealed, region=row.region, table="decision_records", row_id=row.id
    )
    return opened
