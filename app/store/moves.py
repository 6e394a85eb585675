"""Cases moved to another deployment: which, from where, to where, by whom and why; append-only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped

from app.process.step import OpenedItem
from app.store.base import Base, IdKey, Label, RegionKey, Sha, Words
from app.store.instances import InstanceRow
from app.store.session import Unit
from app.store.work_items import WorkItemRow

MAX_LISTED = 2_000  # moves of one batch


class InstanceMoveRow(Base):
    """One instance that now runs by other files."""

    __tablename__ = "instance_moves"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "instance_id"],
            ["process_instances.region", "process_instances.id"],
            name="fk_instance_moves_instances",
        ),
        Index("ix_instance_moves_batch", "region", "batch_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    batch_id: Mapped[UUID]
    case_id: Mapped[UUID]
    instance_id: Mapped[UUID]
    from_deployment: Mapped[Sha]
    to_deployment: Mapped[Sha]
    reason: Mapped[Words]
    at: Mapped[datetime]
    by_name: Mapped[Label]


def move(
    unit: Unit, instance: InstanceRow, to_deployment: str, *, batch_id: UUID, reason: str
) -> InstanceMoveRow:
    """The instance runs by the files of that deployment, which is on record."""
    row = InstanceMoveRow(
        region=instance.region,
        id=unit.new_id(),
        batch_id=batch_id,
        case_id=instance.case_id,
        instance_id=instance.id,
        from_deployment=instance.deployment_id,
        to_deployment=to_deployment,
        reason=reason,
        at=unit.now,
        by_name=unit.actor.name,
    )
    instance.deployment_id = to_deployment
    instance.changed_at = unit.now
    unit.session.add(row)
    unit.session.flush()
    return row


def retell(unit: Unit, item: WorkItemRow, opened: OpenedItem) -> None:
    """The waiting item has the name, form and properties its element has now."""
    item.name, item.form_id = opened.name, opened.form_id
    item.properties = dict(opened.properties)
    unit.session.flush()


def of_batch(unit: Unit, batch_id: UUID) -> list[InstanceMoveRow]:
    """The moves of one batch, in order."""
    query = select(InstanceMoveRow).where(InstanceMoveRow.batch_id == batch_id)
    return list(
        unit.session.scalars(
            query.order_by(InstanceMoveRow.at, InstanceMoveRow.id).limit(MAX_LISTED)
        )
    )
