"""Notes inside the system: to the holders of a role in an organ, or to one person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Index, and_, func, or_, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, Code, IdKey, RegionKey, Words
from app.store.session import Unit

PAGE_ROWS = 100


class MessageRow(Base):
    """One note."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_role", "region", "organ_code", "role", "created_at"),
        Index("ix_messages_user", "user_id", "created_at"),
        Index("ix_messages_case", "region", "case_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID | None] = mapped_column(default=None)
    user_id: Mapped[Code | None] = mapped_column(default=None)  # to this person, or
    role: Mapped[Code] = mapped_column(default="")  # to whoever holds this role
    organ_code: Mapped[Code] = mapped_column(default="")  # in this organ
    kind: Mapped[Code]  # "escalation" | "fund_low" | ...
    text: Mapped[Words]  # Chinese, no personal data
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None] = mapped_column(default=None)
    read_by: Mapped[Code | None] = mapped_column(default=None)


def tell_role(
    unit: Unit,
    region: str,
    role: str,
    organ_code: str,
    kind: str,
    text: str,
    *,
    case_id: UUID | None = None,
) -> MessageRow:
    """The holders of the role in the organ will see the note."""
    return _put(
        unit,
        MessageRow(
            region=region,
            id=unit.new_id(),
            case_id=case_id,
            role=role,
            organ_code=organ_code,
            kind=kind,
            text=text,
            created_at=unit.now,
        ),
    )


def tell_user(
    unit: Unit, region: str, user_id: str, kind: str, text: str, *, case_id: UUID | None = None
) -> MessageRow:
    """The person will see the note."""
    return _put(
        unit,
        MessageRow(
            region=region,
            id=unit.new_id(),
            case_id=case_id,
            user_id=user_id,
            kind=kind,
            text=text,
            created_at=unit.now,
        ),
    )


def for_actor(unit: Unit, *, unread_only: bool = False) -> list[MessageRow]:
    """The actor's notes, newest first."""
    query = select(MessageRow).where(_addressed(unit))
    if unread_only:
        query = query.where(MessageRow.read_at.is_(None))
    order = (MessageRow.created_at.desc(), MessageRow.id.desc())
    return list(unit.session.scalars(query.order_by(*order).limit(PAGE_ROWS)))


def unread_count(unit: Unit) -> int:
    """How many notes the actor has not read."""
    query = select(func.count()).select_from(MessageRow)
    return unit.session.scalar(query.where(_addressed(unit), MessageRow.read_at.is_(None))) or 0


def of_case(unit: Unit, region: str, case_id: UUID) -> list[MessageRow]:
    """All notes about the case, oldest first."""
    return list(
        unit.session.scalars(
            select(MessageRow)
            .where(MessageRow.region == region, MessageRow.case_id == case_id)
            .order_by(MessageRow.created_at, MessageRow.id)
        )
    )


def mark_read(unit: Unit, region: str, message_id: UUID) -> None:
    """The actor has read the note; nothing happens when it is not the actor's."""
    row = unit.session.scalars(
        select(MessageRow).where(
            MessageRow.region == region, MessageRow.id == message_id, _addressed(unit)
        )
    ).one_or_none()
    if row is not None and row.read_at is None:
        row.read_at, row.read_by = unit.now, unit.actor.user_id
        unit.session.flush()


def _addressed(unit: Unit) -> ColumnElement[bool]:
    mine = MessageRow.user_id == unit.actor.user_id
    posts = [*unit.actor.roles, *((post.role, post.organ) for post in unit.actor.lent)]
    if not posts:
        return mine
    pair = tuple_(MessageRow.role, MessageRow.organ_code)
    return or_(mine, and_(MessageRow.user_id.is_(None), pair.in_(posts)))


def _put(unit: Unit, row: MessageRow) -> MessageRow:
    unit.session.add(row)
    unit.session.flush()
    return row
