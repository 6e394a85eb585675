"""Out-of-office delegation (外出委托): who fills whose posts, from which day to which day.

It begins and ends by itself: what is lent is asked anew at each request. A post that the absent
person no longer holds is not lent.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Index, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import legal_day
from app.kernel.errors import NotFound
from app.store import people
from app.store.base import Base, Code, IdKey, Label, RegionKey, Words
from app.store.session import Lent, Unit

PAGE_ROWS = 100


class AbsenceRow(Base):
    """One person is away and one deputy fills some of the posts."""

    __tablename__ = "absences"
    __table_args__ = (
        Index("ix_absences_deputy", "deputy_id", "ends_on"),
        Index("ix_absences_user", "user_id", "ends_on"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    user_id: Mapped[Code]  # who is away
    user_name: Mapped[Label]
    deputy_id: Mapped[Code]
    deputy_name: Mapped[Label]
    posts: Mapped[list[Any]]  # [[role, organ], ...]
    starts_on: Mapped[date] = mapped_column(Date())  # legal day, included
    ends_on: Mapped[date] = mapped_column(Date())  # legal day, included
    reason: Mapped[Words]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


def add(
    unit: Unit,
    region: str,
    *,
    deputy: people.UserRow,
    posts: list[tuple[str, str]],
    starts_on: date,
    ends_on: date,
    reason: str,
) -> AbsenceRow:
    """The actor's posts are the deputy's from day to day."""
    row = AbsenceRow(
        region=region,
        id=unit.new_id(),
        user_id=unit.actor.user_id,
        user_name=unit.actor.name,
        deputy_id=str(deputy.id),
        deputy_name=deputy.name,
        posts=[list(post) for post in posts],
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        made_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def get(unit: Unit, region: str, absence_id: UUID, *, lock: bool = False) -> AbsenceRow:
    """The delegation; raises NotFound."""
    query = select(AbsenceRow).where(AbsenceRow.region == region, AbsenceRow.id == absence_id)
    row = unit.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound("no_absence", "没有这项外出委托。")
    return row


def revoke(unit: Unit, row: AbsenceRow) -> None:
    """The posts are lent no longer, from this instant."""
    row.revoked_at = unit.now
    unit.session.flush()


def concerning(unit: Unit, user_id: str) -> list[AbsenceRow]:
    """The delegations of and to the person, newest first; at most PAGE_ROWS."""
    return list(
        unit.session.scalars(
            select(AbsenceRow)
            .where(or_(AbsenceRow.user_id == user_id, AbsenceRow.deputy_id == user_id))
            .order_by(AbsenceRow.starts_on.desc(), AbsenceRow.id.desc())
            .limit(PAGE_ROWS)
        )
    )


def away(unit: Unit, user_id: str, *, starts_on: date, ends_on: date) -> list[AbsenceRow]:
    """The delegations by which the person is away on one of these days."""
    return list(
        unit.session.scalars(
            select(AbsenceRow).where(
                AbsenceRow.user_id == user_id,
                AbsenceRow.revoked_at.is_(None),
                AbsenceRow.starts_on <= ends_on,
                AbsenceRow.ends_on >= starts_on,
            )
        )
    )


def lent_to(unit: Unit, user_id: str) -> tuple[Lent, ...]:
    """The posts the person fills today for absent colleagues who still hold them."""
    today = legal_day(unit.now)
    rows = unit.session.scalars(
        select(AbsenceRow)
        .where(
            AbsenceRow.deputy_id == user_id,
            AbsenceRow.revoked_at.is_(None),
            AbsenceRow.starts_on <= today,
            AbsenceRow.ends_on >= today,
        )
        .order_by(AbsenceRow.made_at, AbsenceRow.id)
        .limit(PAGE_ROWS)
    )
    found = []
    for row in rows:
        absent = people.user(unit, UUID(row.user_id))
        held = people.roles_of(unit, absent.id) if absent is not None and absent.active else ()
        found += [
            Lent(role, organ, row.user_id, row.user_name)
            for role, organ in row.posts
            if (role, organ) in held
        ]
    return tuple(found)
