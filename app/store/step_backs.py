"""Steps back: the engine's state before each completed step, and every step that was taken back.

Both only grow: a state that is gone back to becomes the next state, and what was done in between
stays on record.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.audit import digest
from app.store.base import Base, Code, IdKey, Label, RegionKey, Sha, Words
from app.store.instances import InstanceRow, PassedRow
from app.store.session import Unit
from app.store.work_items import WorkItemRow

MAX_STEPS = 500  # completed steps of one instance that are looked at


class StepStateRow(Base):
    """The instance as it stood before one work item was completed."""

    __tablename__ = "step_states"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "instance_id"],
            ["process_instances.region", "process_instances.id"],
            name="fk_step_states_instances",
        ),
    )

    region: Mapped[RegionKey]
    instance_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)  # 1, 2, 3, ...
    work_item_id: Mapped[UUID]
    passed_seq: Mapped[int]  # elements passed before the step, see passed_elements
    codec_version: Mapped[int]
    state: Mapped[bytes] = mapped_column(LargeBinary())
    at: Mapped[datetime]


class StepBackRow(Base):
    """One step taken back: by who did it (撤回), or by who came after (退回)."""

    __tablename__ = "step_backs"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_step_backs_cases"
        ),
        Index("ix_step_backs_case", "region", "case_id", "at"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    instance_id: Mapped[UUID]
    kind: Mapped[Code]  # "recall" | "return"
    work_item_id: Mapped[UUID]  # the completed item that is to be done again
    from_element: Mapped[Code]  # where the case stood
    to_element: Mapped[Code]
    reason: Mapped[Words]
    state_sha256: Mapped[Sha]  # of the state gone back to
    left_sha256: Mapped[Sha]  # of the state that was left
    at: Mapped[datetime]
    by_user: Mapped[Code]
    by_name: Mapped[Label]


def keep(unit: Unit, instance: InstanceRow, item: WorkItemRow) -> None:
    """The state before the item is completed is kept; call it before the engine moves."""
    here = (StepStateRow.region == instance.region, StepStateRow.instance_id == instance.id)
    last = unit.session.scalar(select(func.max(StepStateRow.seq)).where(*here))
    unit.session.add(
        StepStateRow(
            region=instance.region,
            instance_id=instance.id,
            seq=(last or 0) + 1,
            work_item_id=item.id,
            passed_seq=_passed(unit, instance),
            codec_version=instance.codec_version,
            state=instance.state,
            at=unit.now,
        )
    )
    unit.session.flush()


def states(unit: Unit, instance: InstanceRow) -> list[StepStateRow]:
    """The kept states, newest first; at most MAX_STEPS."""
    return list(
        unit.session.scalars(
            select(StepStateRow)
            .where(StepStateRow.region == instance.region, StepStateRow.instance_id == instance.id)
            .order_by(StepStateRow.seq.desc())
            .limit(MAX_STEPS)
        )
    )


def record(
    unit: Unit,
    instance: InstanceRow,
    *,
    kind: str,
    back_to: StepStateRow,
    from_element: str,
    to_element: str,
    reason: str,
) -> StepBackRow:
    """The step back stands on record; call it before the instance is saved."""
    row = StepBackRow(
        region=instance.region,
        id=unit.new_id(),
        case_id=instance.case_id,
        instance_id=instance.id,
        kind=kind,
        work_item_id=back_to.work_item_id,
        from_element=from_element,
        to_element=to_element,
        reason=reason,
        state_sha256=digest(back_to.state),
        left_sha256=digest(instance.state),
        at=unit.now,
        by_user=unit.actor.user_id,
        by_name=unit.actor.name,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def of_case(unit: Unit, region: str, case_id: UUID) -> list[StepBackRow]:
    """The steps back of the case, oldest first."""
    return list(
        unit.session.scalars(
            select(StepBackRow)
            .where(StepBackRow.region == region, StepBackRow.case_id == case_id)
            .order_by(StepBackRow.at, StepBackRow.id)
        )
    )


def _passed(unit: Unit, instance: InstanceRow) -> int:
    last = unit.session.scalar(
        select(func.max(PassedRow.seq)).where(
            PassedRow.region == instance.region, PassedRow.instance_id == instance.id
        )
    )
    return last or 0
