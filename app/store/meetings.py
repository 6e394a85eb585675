"""Meetings of the coordination mechanism: who was called, on what papers, by which rules.

What is said and voted there stands in `store.meeting_records`, where nothing is ever changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import legal_day
from app.kernel.errors import NotFound
from app.store import counters
from app.store.base import Base, Code, IdKey, Label, RegionKey, Sha
from app.store.session import Unit

PAGE_ROWS = 200


class MeetingRow(Base):
    """One meeting about one case; a meeting held again is another one of the next round."""

    __tablename__ = "meetings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_meetings_cases"
        ),
        ForeignKeyConstraint(
            ["region", "instance_id"],
            ["process_instances.region", "process_instances.id"],
            name="fk_meetings_instances",
        ),
        UniqueConstraint("region", "meeting_no", name="uq_meetings_meeting_no"),
        UniqueConstraint("region", "case_id", "round", name="uq_meetings_round"),
        Index("ix_meetings_status", "region", "status", "convened_at"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    instance_id: Mapped[UUID]  # whose waiting item the closing completes
    meeting_no: Mapped[Code]  # gap-free per county and year
    round: Mapped[int]  # from 1, per case
    mode: Mapped[Code]  # as the decision `meeting_mode` says
    rules: Mapped[dict[str, Any]]  # the answer of `voting_rules` at the convening
    status: Mapped[Code]  # "convened" | "noticed" | "closed"
    held_at: Mapped[datetime | None] = mapped_column(default=None)  # as the newest notice says
    place: Mapped[Label] = mapped_column(default="")
    convened_at: Mapped[datetime]
    convened_by: Mapped[Label]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by: Mapped[Label] = mapped_column(default="")
    result: Mapped[dict[str, Any]]  # counts and the answer of `vote_result`; {} until closed


class AgendaRow(Base):
    """One item of the agenda; ballots are cast on it."""

    __tablename__ = "meeting_agenda"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "meeting_id"],
            ["meetings.region", "meetings.id"],
            name="fk_meeting_agenda_meetings",
        ),
    )

    region: Mapped[RegionKey]
    meeting_id: Mapped[IdKey]
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Code]  # "plan": a comprehensive plan to be voted on
    title: Mapped[Label]


class MaterialRow(Base):
    """One paper laid before the meeting, in the version that was laid."""

    __tablename__ = "meeting_materials"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "meeting_id"],
            ["meetings.region", "meetings.id"],
            name="fk_meeting_materials_meetings",
        ),
    )

    region: Mapped[RegionKey]
    meeting_id: Mapped[IdKey]
    seq: Mapped[int] = mapped_column(primary_key=True)
    agenda_seq: Mapped[int]
    title: Mapped[Label]
    form_id: Mapped[Code]
    version: Mapped[int]  # the how-manieth submission of that form in the case
    submission_id: Mapped[UUID]
    sha256: Mapped[Sha]  # of the submitted values


class MemberRow(Base):
    """One person called to the meeting."""

    __tablename__ = "meeting_members"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "meeting_id"],
            ["meetings.region", "meetings.id"],
            name="fk_meeting_members_meetings",
        ),
        Index("ix_meeting_members_user", "region", "user_id"),
    )

    region: Mapped[RegionKey]
    meeting_id: Mapped[IdKey]
    user_id: Mapped[Code] = mapped_column(primary_key=True)
    user_name: Mapped[Label]
    organ_code: Mapped[Code]
    organ_name: Mapped[Label]
    capacity: Mapped[Code]  # role code: member, head or convener
    votes: Mapped[bool]  # counted among the eligible unless recused
    present_at: Mapped[datetime | None] = mapped_column(default=None)
    recused_at: Mapped[datetime | None] = mapped_column(default=None)


@dataclass(frozen=True, slots=True)
class Called:
    """A person to be called."""

    user_id: str
    user_name: str
    organ_code: str
    organ_name: str
    capacity: str  # role code
    votes: bool


@dataclass(frozen=True, slots=True)
class Material:
    """A paper to be laid before the meeting."""

    title: str
    form_id: str
    version: int
    submission_id: UUID
    sha256: str


def convene(
    unit: Unit,
    region: str,
    case_id: UUID,
    instance_id: UUID,
    *,
    mode: str,
    rules: dict[str, Any],
    agenda: Sequence[tuple[str, str]],
    materials: Sequence[Material],
    called: Sequence[Called],
) -> MeetingRow:
    """A numbered meeting of the case's next round, its people called; not yet noticed.

    agenda: (kind, title) pairs; all materials belong to the first.
    """
    year = legal_day(unit.now).year
    number = counters.next_number(unit, region, f"meeting:{year}")
    meeting_id = unit.new_id()
    row = MeetingRow(
        region=region,
        id=meeting_id,
        case_id=case_id,
        instance_id=instance_id,
        meeting_no=f"{region}-H{year}-{number:04d}",
        round=len(of_case(unit, region, case_id)) + 1,
        mode=mode,
        rules=rules,
        status="convened",
        convened_at=unit.now,
        convened_by=unit.actor.name,
        result={},
    )
    unit.session.add(row)
    unit.session.flush()
    for seq, (kind, title) in enumerate(agenda, 1):
        unit.session.add(
            AgendaRow(region=region, meeting_id=meeting_id, seq=seq, kind=kind, title=title)
        )
    for seq, paper in enumerate(materials, 1):
        unit.session.add(_material(region, meeting_id, seq, paper))
    for person in called:
        unit.session.add(_member(region, meeting_id, person))
    unit.session.flush()
    return row


def _material(region: str, meeting_id: UUID, seq: int, paper: Material) -> MaterialRow:
    return MaterialRow(
        region=region,
        meeting_id=meeting_id,
        seq=seq,
        agenda_seq=1,
        title=paper.title,
        form_id=paper.form_id,
        version=paper.version,
        submission_id=paper.submission_id,
        sha256=paper.sha256,
    )


def _member(region: str, meeting_id: UUID, person: Called) -> MemberRow:
    return MemberRow(
        region=region,
        meeting_id=meeting_id,
        user_id=person.user_id,
        user_name=person.user_name,
        organ_code=person.organ_code,
        organ_name=person.organ_name,
        capacity=person.capacity,
        votes=person.votes,
    )


def get(unit: Unit, region: str, meeting_id: UUID, *, lock: bool = False) -> MeetingRow:
    """The meeting; raises NotFound. `lock` makes other deeds at it wait: take it after the item."""
    query = select(MeetingRow).where(MeetingRow.region == region, MeetingRow.id == meeting_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = unit.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("no_meeting", "没有这次会议，或您无权查看。")
    return row


def of_case(unit: Unit, region: str, case_id: UUID) -> list[MeetingRow]:
    """The meetings about the case, first round first."""
    return list(
        unit.session.scalars(
            select(MeetingRow)
            .where(MeetingRow.region == region, MeetingRow.case_id == case_id)
            .order_by(MeetingRow.round)
        )
    )


def of_counties(unit: Unit, regions: Collection[str]) -> list[MeetingRow]:
    """The counties' meetings, newest first."""
    query = select(MeetingRow).where(MeetingRow.region.in_(regions))
    order = (MeetingRow.convened_at.desc(), MeetingRow.id.desc())
    return list(unit.session.scalars(query.order_by(*order).limit(PAGE_ROWS)))


def of_person(unit: Unit, user_id: str, *, open_only: bool = False) -> list[MeetingRow]:
    """The meetings the person is called to, newest first; only those not closed if asked."""
    query = (
        select(MeetingRow)
        .join(
            MemberRow,
            (MemberRow.region == MeetingRow.region) & (MemberRow.meeting_id == MeetingRow.id),
        )
        .where(MemberRow.user_id == user_id)
    )
    if open_only:
        query = query.where(MeetingRow.status != "closed")
    order = (MeetingRow.convened_at.desc(), MeetingRow.id.desc())
    return list(unit.session.scalars(query.order_by(*order).limit(PAGE_ROWS)))


def agenda(unit: Unit, meeting: MeetingRow) -> list[AgendaRow]:
    """The agenda in order."""
    query = select(AgendaRow).where(
        AgendaRow.region == meeting.region, AgendaRow.meeting_id == meeting.id
    )
    return list(unit.session.scalars(query.order_by(AgendaRow.seq)))


def materials(unit: Unit, meeting: MeetingRow) -> list[MaterialRow]:
    """The papers in order."""
    query = select(MaterialRow).where(
        MaterialRow.region == meeting.region, MaterialRow.meeting_id == meeting.id
    )
    return list(unit.session.scalars(query.order_by(MaterialRow.seq)))


def members(unit: Unit, meeting: MeetingRow) -> list[MemberRow]:
    """The people called, those who vote first, by organ and name."""
    query = select(MemberRow).where(
        MemberRow.region == meeting.region, MemberRow.meeting_id == meeting.id
    )
    order = (MemberRow.votes.desc(), MemberRow.organ_code, MemberRow.user_name, MemberRow.user_id)
    return list(unit.session.scalars(query.order_by(*order)))


def member(unit: Unit, meeting: MeetingRow, user_id: str) -> MemberRow | None:
    """The person's place at the meeting, None when not called."""
    return unit.session.get(
        MemberRow, (meeting.region, meeting.id, user_id), populate_existing=True
    )


def mark_present(unit: Unit, row: MemberRow, present: bool) -> None:
    """The member is there, or is not; the first moment of being there stays."""
    row.present_at = (row.present_at or unit.now) if present else None
    unit.session.flush()


def mark_recused(unit: Unit, row: MemberRow) -> None:
    """The member takes no part; the first moment stays."""
    row.recused_at = row.recused_at or unit.now
    unit.session.flush()


def close(unit: Unit, row: MeetingRow, result: dict[str, Any]) -> None:
    """The meeting is over with that result."""
    row.status, row.closed_at, row.closed_by = "closed", unit.now, unit.actor.name
    row.result = result
    unit.session.flush()
