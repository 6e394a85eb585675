"""What was said, voted and signed at a meeting: rows that are added and never changed.

Opinions and reasons may speak of a family's means or illness, so they are sealed.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.audit import digest
from app.store.base import Base, Code, IdKey, Label, RegionKey, Sha, Words
from app.store.meetings import MeetingRow
from app.store.session import Unit

CHOICES = ("yes", "no", "abstain")


def _of_meeting(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["region", "meeting_id"], ["meetings.region", "meetings.id"], name=f"fk_{table}_meetings"
    )


class MeetingNoticeRow(Base):
    """One notice of a meeting: when and where, told to everybody called."""

    __tablename__ = "meeting_notices"
    __table_args__ = (
        _of_meeting("meeting_notices"),
        Index("ix_meeting_notices_meeting", "region", "meeting_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    meeting_id: Mapped[UUID]
    held_at: Mapped[datetime]
    place: Mapped[Label]
    text: Mapped[Words]
    sent_at: Mapped[datetime]
    sent_by: Mapped[Label]


class DeclarationRow(Base):
    """One declaration of ties to the family, or a recusal ordered by the office."""

    __tablename__ = "meeting_declarations"
    __table_args__ = (
        _of_meeting("meeting_declarations"),
        Index("ix_meeting_declarations_meeting", "region", "meeting_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    meeting_id: Mapped[UUID]
    user_id: Mapped[Code]
    kind: Mapped[Code]  # "none" | "related"
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    at: Mapped[datetime]
    by_user: Mapped[Code]  # the member, or the office
    by_name: Mapped[Label]


class BallotRow(Base):
    """One vote by name; the key lets nobody vote twice on an item."""

    __tablename__ = "ballots"
    __table_args__ = (_of_meeting("ballots"),)

    region: Mapped[RegionKey]
    meeting_id: Mapped[IdKey]
    agenda_seq: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[Code] = mapped_column(primary_key=True)
    id: Mapped[UUID]
    user_name: Mapped[Label]
    choice: Mapped[Code]  # one of CHOICES
    opinion_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    cast_at: Mapped[datetime]


class MinutesRow(Base):
    """One version of the minutes, written from the records."""

    __tablename__ = "meeting_minutes"
    __table_args__ = (
        _of_meeting("meeting_minutes"),
        Index("ix_meeting_minutes_meeting", "region", "meeting_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    meeting_id: Mapped[UUID]
    version: Mapped[int]
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    sha256: Mapped[Sha]
    made_at: Mapped[datetime]
    made_by: Mapped[Label]


class SignOffRow(Base):
    """What the head, the convener or the city said to the plan the meeting passed."""

    __tablename__ = "meeting_signoffs"
    __table_args__ = (
        _of_meeting("meeting_signoffs"),
        Index("ix_meeting_signoffs_meeting", "region", "meeting_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    meeting_id: Mapped[UUID]
    user_id: Mapped[Code]
    user_name: Mapped[Label]
    capacity: Mapped[Code]  # role code in which it was signed
    decision: Mapped[Code]  # "agree" | "return" | "recuse"
    opinion_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    materials_sha256: Mapped[Sha]  # of the newest paper signed for
    at: Mapped[datetime]


def _seal(unit: Unit, region: str, table: str, row_id: UUID, text: str) -> bytes:
    return unit.vault.seal_json({"text": text}, region=region, table=table, row_id=row_id)


def _open(unit: Unit, region: str, table: str, row_id: UUID, sealed: bytes) -> str:
    opened = unit.vault.unseal_json(sealed, region=region, table=table, row_id=row_id)
    return str(opened["text"])


def add_notice(
    unit: Unit, meeting: MeetingRow, *, held_at: datetime, place: str, text: str
) -> MeetingNoticeRow:
    """The meeting is noticed for that moment and place."""
    row = MeetingNoticeRow(
        region=meeting.region,
        id=unit.new_id(),
        meeting_id=meeting.id,
        held_at=held_at,
        place=place,
        text=text,
        sent_at=unit.now,
        sent_by=unit.actor.name,
    )
    unit.session.add(row)
    meeting.status, meeting.held_at, meeting.place = "noticed", held_at, place
    unit.session.flush()
    return row


def notices(unit: Unit, meeting: MeetingRow) -> list[MeetingNoticeRow]:
    """The notices of the meeting, oldest first."""
    query = select(MeetingNoticeRow).where(
        MeetingNoticeRow.region == meeting.region, MeetingNoticeRow.meeting_id == meeting.id
    )
    return list(unit.session.scalars(query.order_by(MeetingNoticeRow.sent_at, MeetingNoticeRow.id)))


def declare(unit: Unit, meeting: MeetingRow, user_id: str, *, kind: str, reason: str) -> None:
    """The declaration is on record."""
    row_id = unit.new_id()
    unit.session.add(
        DeclarationRow(
            region=meeting.region,
            id=row_id,
            meeting_id=meeting.id,
            user_id=user_id,
            kind=kind,
            reason_sealed=_seal(unit, meeting.region, "meeting_declarations", row_id, reason),
            at=unit.now,
            by_user=unit.actor.user_id,
            by_name=unit.actor.name,
        )
    )
    unit.session.flush()


def declarations(unit: Unit, meeting: MeetingRow) -> list[DeclarationRow]:
    """The declarations, oldest first."""
    query = select(DeclarationRow).where(
        DeclarationRow.region == meeting.region, DeclarationRow.meeting_id == meeting.id
    )
    return list(unit.session.scalars(query.order_by(DeclarationRow.at, DeclarationRow.id)))


def cast(unit: Unit, meeting: MeetingRow, agenda_seq: int, *, choice: str, opinion: str) -> None:
    """The actor's ballot lies in the box; Refused("already_voted") for a second one."""
    row_id = unit.new_id()
    unit.session.add(
        BallotRow(
            region=meeting.region,
            meeting_id=meeting.id,
            agenda_seq=agenda_seq,
            user_id=unit.actor.user_id,
            id=row_id,
            user_name=unit.actor.name,
            choice=choice,
            opinion_sealed=_seal(unit, meeting.region, "ballots", row_id, opinion),
            cast_at=unit.now,
        )
    )
    unit.session.flush()


def ballots(unit: Unit, meeting: MeetingRow, agenda_seq: int = 1) -> list[BallotRow]:
    """The ballots on that item, oldest first."""
    query = select(BallotRow).where(
        BallotRow.region == meeting.region,
        BallotRow.meeting_id == meeting.id,
        BallotRow.agenda_seq == agenda_seq,
    )
    return list(unit.session.scalars(query.order_by(BallotRow.cast_at, BallotRow.id)))


def opinion(unit: Unit, row: BallotRow | SignOffRow) -> str:
    """What was written beside the vote or the signature."""
    return _open(unit, row.region, row.__tablename__, row.id, row.opinion_sealed)


def keep_minutes(unit: Unit, meeting: MeetingRow, text: str) -> MinutesRow:
    """The minutes have one version more."""
    row_id = unit.new_id()
    row = MinutesRow(
        region=meeting.region,
        id=row_id,
        meeting_id=meeting.id,
        version=len(minutes(unit, meeting)) + 1,
        text_sealed=_seal(unit, meeting.region, "meeting_minutes", row_id, text),
        sha256=digest(text.encode()),
        made_at=unit.now,
        made_by=unit.actor.name,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def minutes(unit: Unit, meeting: MeetingRow) -> list[MinutesRow]:
    """The versions of the minutes, oldest first."""
    query = select(MinutesRow).where(
        MinutesRow.region == meeting.region, MinutesRow.meeting_id == meeting.id
    )
    return list(unit.session.scalars(query.order_by(MinutesRow.version)))


def minutes_text(unit: Unit, row: MinutesRow) -> str:
    """That version in clear."""
    return _open(unit, row.region, "meeting_minutes", row.id, row.text_sealed)


def sign(
    unit: Unit,
    meeting: MeetingRow,
    *,
    capacity: str,
    decision: str,
    opinion: str,
    materials_sha256: str,
) -> SignOffRow:
    """The actor's word on the plan is on record."""
    row_id = unit.new_id()
    row = SignOffRow(
        region=meeting.region,
        id=row_id,
        meeting_id=meeting.id,
        user_id=unit.actor.user_id,
        user_name=unit.actor.name,
        capacity=capacity,
        decision=decision,
        opinion_sealed=_seal(unit, meeting.region, "meeting_signoffs", row_id, opinion),
        materials_sha256=materials_sha256,
        at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def signoffs(unit: Unit, meeting: MeetingRow) -> list[SignOffRow]:
    """The signatures and refusals to sign, oldest first."""
    query = select(SignOffRow).where(
        SignOffRow.region == meeting.region, SignOffRow.meeting_id == meeting.id
    )
    return list(unit.session.scalars(query.order_by(SignOffRow.at, SignOffRow.id)))
