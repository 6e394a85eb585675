"""People, the organs they serve, the roles they hold there, and their signed-in sessions.

Roles are read at every request, so a change acts at once. A session is known by the SHA-256 of a
token that only the browser has.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import NotFound
from app.store.base import Base, Code, IdKey, Label, Region, Sha, Words
from app.store.session import Actor, Unit

MAX_COLLEAGUES = 300  # people offered in one choice
MAX_ORGAN_DEPTH = 6  # province, city, county, township, village and one to spare


class OrganRow(Base):
    """One organ of the tree: city, county, township or village body."""

    __tablename__ = "organs"
    __table_args__ = (Index("ix_organs_parent", "parent"), Index("ix_organs_region", "region"))

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[Label]
    level: Mapped[Code]  # "city" | "county" | "township" | "village"
    parent: Mapped[str | None] = mapped_column(ForeignKey("organs.code"), default=None)
    region: Mapped[Region]  # county code; the city's own code for city organs
    locality: Mapped[Code] = mapped_column(default="")  # whose models run its cases


class UserRow(Base):
    """One person who may sign in."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("login", name="uq_users_login"),)

    id: Mapped[IdKey]
    login: Mapped[str] = mapped_column(String(64))  # kept in lower case
    name: Mapped[Label]
    password_hash: Mapped[Words]
    active: Mapped[bool] = mapped_column(default=True)
    failed_logins: Mapped[int] = mapped_column(default=0)  # since the last success
    locked_until: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]


class MembershipRow(Base):
    """One role a person holds in one organ."""

    __tablename__ = "memberships"
    __table_args__ = (Index("ix_memberships_organ_role", "organ_code", "role"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(64), primary_key=True)
    organ_code: Mapped[str] = mapped_column(ForeignKey("organs.code"), primary_key=True)


class SessionRow(Base):
    """One signed-in browser."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_user", "user_id"),)

    token_sha256: Mapped[Sha] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # absolute end, whatever is done
    ip: Mapped[str] = mapped_column(String(45))
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


def add_organ(
    unit: Unit,
    code: str,
    name: str,
    level: str,
    *,
    parent: str | None,
    region: str,
    locality: str = "",
) -> OrganRow:
    """The organ stands in the tree; an organ of that code is renamed and moved."""
    row = unit.session.get(OrganRow, code)
    if row is None:
        row = OrganRow(code=code, name=name, level=level, parent=parent, region=region)
        unit.session.add(row)
    row.name, row.level, row.parent, row.region = name, level, parent, region
    row.locality = locality
    unit.session.flush()
    return row


def organ(unit: Unit, code: str) -> OrganRow | None:
    """The organ of that code."""
    return unit.session.get(OrganRow, code)


def locality_of(unit: Unit, region: str) -> str:
    """The locality whose models run the county's cases; raises NotFound for an unknown county."""
    found = unit.session.scalars(
        select(OrganRow.locality).where(OrganRow.region == region, OrganRow.level == "county")
    ).first()
    if not found:
        raise NotFound("no_locality", f"没有登记区划 {region} 属于哪个政策包。", region=region)
    return found


def organs(unit: Unit, region: str | None = None) -> list[OrganRow]:
    """All organs, of one county if named, by code."""
    query = select(OrganRow).order_by(OrganRow.code)
    return list(
        unit.session.scalars(query if region is None else query.where(OrganRow.region == region))
    )


def organ_and_above(unit: Unit, code: str) -> list[OrganRow]:
    """The organ, its parent, and so on to the root; [] for an unknown code."""
    chain: list[OrganRow] = []
    row = unit.session.get(OrganRow, code)
    while row is not None and len(chain) < MAX_ORGAN_DEPTH:
        chain.append(row)
        row = unit.session.get(OrganRow, row.parent) if row.parent else None
    return chain


def organs_below(unit: Unit, code: str) -> set[str]:
    """The codes of the organ and of all that stand under it."""
    found, newest = {code}, {code}
    for _ in range(MAX_ORGAN_DEPTH):
        below = unit.session.scalars(select(OrganRow.code).where(OrganRow.parent.in_(newest)))
        newest = set(below) - found
        if not newest:
            break
        found |= newest
    return found


def add_user(unit: Unit, login: str, name: str, password_hash: str) -> UserRow:
    """The person may sign in; raises Refused("login_taken")."""
    row = UserRow(
        id=unit.new_id(),
        login=login.strip().lower(),
        name=name,
        password_hash=password_hash,
        created_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def user(unit: Unit, user_id: UUID) -> UserRow | None:
    """The person of that id."""
    return unit.session.get(UserRow, user_id)


def user_by_login(unit: Unit, login: str, *, lock: bool = False) -> UserRow | None:
    """The person of that log-in name; locked so that failed attempts are counted one by one."""
    query = select(UserRow).where(UserRow.login == login.strip().lower())
    return unit.session.scalars(query.with_for_update() if lock else query).one_or_none()


def users(unit: Unit) -> list[UserRow]:
    """Everybody, by log-in name."""
    return list(unit.session.scalars(select(UserRow).order_by(UserRow.login)))


def grant(unit: Unit, user_id: UUID, role: str, organ_code: str) -> MembershipRow:
    """The person holds the role in the organ; granted twice is granted once."""
    row = unit.session.get(MembershipRow, (user_id, role, organ_code))
    if row is None:
        row = MembershipRow(user_id=user_id, role=role, organ_code=organ_code)
        unit.session.add(row)
        unit.session.flush()
    return row


def revoke(unit: Unit, user_id: UUID, role: str, organ_code: str) -> None:
    """The person no longer holds the role there; and is signed out everywhere."""
    row = unit.session.get(MembershipRow, (user_id, role, organ_code))
    if row is not None:
        unit.session.delete(row)
        end_sessions_of(unit, user_id)


def roles_of(unit: Unit, user_id: UUID) -> tuple[tuple[str, str], ...]:
    """(role code, organ code) pairs the person holds now."""
    rows = unit.session.execute(
        select(MembershipRow.role, MembershipRow.organ_code)
        .where(MembershipRow.user_id == user_id)
        .order_by(MembershipRow.role, MembershipRow.organ_code)
    )
    return tuple((role, code) for role, code in rows)


def roles_held(unit: Unit) -> frozenset[str]:
    """The codes of all roles that an active person holds."""
    query = select(MembershipRow.role).join(UserRow, UserRow.id == MembershipRow.user_id)
    return frozenset(unit.session.scalars(query.where(UserRow.active.is_(True)).distinct()))


def governed(unit: Unit, actor: Actor, role: str) -> frozenset[str]:
    """The localities whose policy the actor edits or publishes by that role.

    They are those of the organs in which the role is held, and of the organs below them.
    """
    codes = {organ for code, organ in actor.roles if code == role}
    below: set[str] = set()
    for code in codes:
        below |= organs_below(unit, code)
    return frozenset(row.locality for row in organs(unit) if row.code in below) - {""}


def actor_of(unit: Unit, row: UserRow) -> Actor:
    """The person as an actor, with the roles held at this moment."""
    return Actor(user_id=str(row.id), name=row.name, roles=roles_of(unit, row.id))


def holders(unit: Unit, role: str, organ_code: str) -> list[UserRow]:
    """The active people who hold the role in the organ, by log-in name."""
    return list(
        unit.session.scalars(
            select(UserRow)
            .join(MembershipRow, MembershipRow.user_id == UserRow.id)
            .where(
                MembershipRow.role == role,
                MembershipRow.organ_code == organ_code,
                UserRow.active.is_(True),
            )
            .order_by(UserRow.login)
        )
    )


def colleagues(unit: Unit, region: str) -> list[UserRow]:
    """The active people with a post in the county or above it, by name; at most MAX_COLLEAGUES."""
    codes = [row.code for row in organs(unit, region)]
    codes += [row.code for row in organ_and_above(unit, region)]
    return list(
        unit.session.scalars(
            select(UserRow)
            .where(
                UserRow.active.is_(True),
                UserRow.id.in_(
                    select(MembershipRow.user_id).where(MembershipRow.organ_code.in_(codes))
                ),
            )
            .order_by(UserRow.name, UserRow.login)
            .limit(MAX_COLLEAGUES)
        )
    )


def token_digest(token: str) -> str:
    """What is stored of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def start_session(
    unit: Unit, user_id: UUID, token: str, *, expires_at: datetime, ip: str
) -> SessionRow:
    """The browser that has `token` is signed in."""
    row = SessionRow(
        token_sha256=token_digest(token),
        user_id=user_id,
        created_at=unit.now,
        last_seen_at=unit.now,
        expires_at=expires_at,
        ip=ip,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def open_session(unit: Unit, token: str) -> tuple[SessionRow, UserRow] | None:
    """The session of that token and its active user, None when ended or expired."""
    found = unit.session.execute(
        select(SessionRow, UserRow)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .where(
            SessionRow.token_sha256 == token_digest(token),
            SessionRow.ended_at.is_(None),
            SessionRow.expires_at > unit.now,
            UserRow.active.is_(True),
        )
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def touch_session(unit: Unit, token: str) -> None:
    """The session was seen now."""
    unit.session.execute(
        update(SessionRow)
        .where(SessionRow.token_sha256 == token_digest(token), SessionRow.ended_at.is_(None))
        .values(last_seen_at=unit.now)
    )


def end_session(unit: Unit, token: str) -> None:
    """The token opens nothing any more."""
    unit.session.execute(
        update(SessionRow)
        .where(SessionRow.token_sha256 == token_digest(token), SessionRow.ended_at.is_(None))
        .values(ended_at=unit.now)
    )


def end_sessions_of(unit: Unit, user_id: UUID) -> None:
    """The person is signed out everywhere."""
    unit.session.execute(
        update(SessionRow)
        .where(SessionRow.user_id == user_id, SessionRow.ended_at.is_(None))
        .values(ended_at=unit.now)
    )
