"""Process instances: the engine's state as bytes, the path already gone, and what stopped it.

A command locks the instance first, so that two never advance it at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import NotFound
from app.process.step import Incident, Passed
from app.store.base import Base, Code, IdKey, Label, RegionKey, Sha, Words
from app.store.session import Unit


class InstanceRow(Base):
    """One run of one diagram for one case."""

    __tablename__ = "process_instances"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_instances_cases"
        ),
        Index("ix_process_instances_case", "region", "case_id"),
        Index("ix_process_instances_deployment", "deployment_id", "status"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    deployment_id: Mapped[Sha]  # the files it started with, for good
    process_id: Mapped[Code]
    codec_version: Mapped[int]  # of `state`
    state: Mapped[bytes] = mapped_column(LargeBinary())
    status: Mapped[Code]  # "running" | "ended" | "incident" | "cancelled"
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    end_element_id: Mapped[Code] = mapped_column(default="")
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PassedRow(Base):
    """One element completed, in order; the picture of progress is drawn from these."""

    __tablename__ = "passed_elements"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "instance_id"],
            ["process_instances.region", "process_instances.id"],
            name="fk_passed_elements_instances",
        ),
    )

    region: Mapped[RegionKey]
    instance_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)  # 1, 2, 3, ...
    process_id: Mapped[Code]
    element_id: Mapped[Code]
    kind: Mapped[Code]  # BPMN local name
    at: Mapped[datetime]
    actor_name: Mapped[Label]


class IncidentRow(Base):
    """One stop that waits for a person."""

    __tablename__ = "incidents"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "instance_id"],
            ["process_instances.region", "process_instances.id"],
            name="fk_incidents_instances",
        ),
        Index("ix_incidents_open", "region", "resolved_at", "opened_at"),
        Index("ix_incidents_instance", "region", "instance_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    instance_id: Mapped[UUID]
    token: Mapped[Label]
    process_id: Mapped[Code]
    element_id: Mapped[Code]
    element_name: Mapped[Label]
    code: Mapped[Code]
    message: Mapped[Words]  # Chinese: what happened and what to do next
    facts: Mapped[dict[str, Any]]
    retryable: Mapped[bool]
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None] = mapped_column(default=None)
    resolved_by: Mapped[Code | None] = mapped_column(default=None)
    resolution: Mapped[Words] = mapped_column(default="")


def start(
    unit: Unit,
    region: str,
    case_id: UUID,
    *,
    deployment_id: str,
    process_id: str,
    state: bytes,
    codec_version: int,
) -> InstanceRow:
    """A running instance of the case."""
    row = InstanceRow(
        region=region,
        id=unit.new_id(),
        case_id=case_id,
        deployment_id=deployment_id,
        process_id=process_id,
        state=state,
        codec_version=codec_version,
        status="running",
        started_at=unit.now,
        changed_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def get(unit: Unit, region: str, instance_id: UUID, *, lock: bool = False) -> InstanceRow:
    """The instance; raises NotFound. With `lock` nobody else advances it until the unit ends."""
    query = select(InstanceRow).where(InstanceRow.region == region, InstanceRow.id == instance_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = unit.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("no_instance", "没有这个流程实例。")
    return row


def of_case(unit: Unit, region: str, case_id: UUID) -> list[InstanceRow]:
    """The instances of the case, oldest first."""
    return list(
        unit.session.scalars(
            select(InstanceRow)
            .where(InstanceRow.region == region, InstanceRow.case_id == case_id)
            .order_by(InstanceRow.started_at, InstanceRow.id)
        )
    )


def running_on(unit: Unit, deployment_id: str) -> list[InstanceRow]:
    """The unfinished instances that started with that deployment."""
    return list(
        unit.session.scalars(
            select(InstanceRow).where(
                InstanceRow.deployment_id == deployment_id,
                InstanceRow.status.in_(("running", "incident")),
            )
        )
    )


def save(
    unit: Unit,
    row: InstanceRow,
    *,
    state: bytes,
    codec_version: int,
    status: str,
    end_element_id: str = "",
) -> None:
    """The instance stands where the engine left it; raises Stale when somebody was faster."""
    row.state, row.codec_version, row.status = state, codec_version, status
    row.changed_at = unit.now
    if status in ("ended", "cancelled"):
        row.ended_at, row.end_element_id = unit.now, end_element_id
    unit.session.flush()


def record_passed(unit: Unit, row: InstanceRow, passed: Iterable[Passed]) -> None:
    """The elements follow those already passed, by the present actor."""
    last = unit.session.scalar(
        select(func.max(PassedRow.seq)).where(
            PassedRow.region == row.region, PassedRow.instance_id == row.id
        )
    )
    for seq, element in enumerate(passed, start=(last or 0) + 1):
        unit.session.add(
            PassedRow(
                region=row.region,
                instance_id=row.id,
                seq=seq,
                process_id=element.process_id,
                element_id=element.element_id,
                kind=element.kind,
                at=unit.now,
                actor_name=unit.actor.name,
            )
        )
    unit.session.flush()


def passed(unit: Unit, region: str, instance_id: UUID) -> list[PassedRow]:
    """The path gone, in order."""
    return list(
        unit.session.scalars(
            select(PassedRow)
            .where(PassedRow.region == region, PassedRow.instance_id == instance_id)
            .order_by(PassedRow.seq)
        )
    )


def open_incident(
    unit: Unit, row: InstanceRow, incident: Incident, *, retryable: bool = True
) -> IncidentRow:
    """The stop waits for a person in the incident list."""
    found = IncidentRow(
        region=row.region,
        id=unit.new_id(),
        case_id=row.case_id,
        instance_id=row.id,
        token=incident.token,
        process_id=incident.process_id,
        element_id=incident.element_id,
        element_name=incident.name,
        code=incident.code,
        message=incident.message,
        facts=dict(incident.facts),
        retryable=retryable,
        opened_at=unit.now,
    )
    unit.session.add(found)
    unit.session.flush()
    return found


def incident(unit: Unit, region: str, incident_id: UUID) -> IncidentRow:
    """The incident; raises NotFound."""
    row = unit.session.get(IncidentRow, (region, incident_id))
    if row is None:
        raise NotFound("no_incident", "没有这个异常记录。")
    return row


def resolve_incident(unit: Unit, row: IncidentRow, resolution: str) -> None:
    """The actor has dealt with it."""
    row.resolved_at, row.resolved_by, row.resolution = unit.now, unit.actor.user_id, resolution
    unit.session.flush()


def open_incidents(
    unit: Unit, region: str | None = None, *, case_id: UUID | None = None
) -> list[IncidentRow]:
    """What waits for a person, oldest first; of one county or case if named."""
    query = select(IncidentRow).where(IncidentRow.resolved_at.is_(None))
    if region is not None:
        query = query.where(IncidentRow.region == region)
    if case_id is not None:
        query = query.where(IncidentRow.case_id == case_id)
    return list(unit.session.scalars(query.order_by(IncidentRow.opened_at, IncidentRow.id)))
