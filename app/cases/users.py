"""People of an installation: let in, given roles, shut out. An operator's deeds, on record."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from app.cases.office import Office
from app.cases.sign_in import hash_password
from app.kernel.errors import NotFound, Refused
from app.kernel.roles import ROLES
from app.store import people
from app.store.base import REGION_NONE
from app.store.people import UserRow
from app.store.session import SYSTEM, Unit

PASSWORD_BYTES = 9  # twelve characters to type


@dataclass(frozen=True, slots=True)
class Person:
    """One person as an operator sees them."""

    login: str
    name: str
    active: bool
    roles: tuple[tuple[str, str], ...]  # role code, organ code


def add(office: Office, login: str, name: str, roles: list[tuple[str, str]]) -> str:
    """The person may sign in with these roles; answers the first password, shown only now.

    Raises: Refused("login_taken" | "no_role"), NotFound("no_organ").
    """
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    hashed = hash_password(password)

    def body(unit: Unit) -> dict[str, Any]:
        row = people.add_user(unit, login, name, hashed)
        for role, organ in roles:
            _grant(unit, row, role, organ)
        unit.audit(REGION_NONE, None, "user.added", ("user", row.id), {"login": row.login})
        return {}

    office.database.run(SYSTEM, "user.add", None, body)
    return password


def grant(office: Office, login: str, role: str, organ: str) -> None:
    """The person holds the role in the organ, at once; raises Refused, NotFound."""

    def body(unit: Unit) -> dict[str, Any]:
        row = _known(unit, login)
        _grant(unit, row, role, organ)
        facts = {"login": row.login, "role": role, "organ": organ}
        unit.audit(REGION_NONE, None, "role.granted", ("user", row.id), facts)
        return {}

    office.database.run(SYSTEM, "user.grant", None, body)


def revoke(office: Office, login: str, role: str, organ: str) -> None:
    """The person no longer holds the role there and is signed out everywhere."""

    def body(unit: Unit) -> dict[str, Any]:
        row = _known(unit, login)
        people.revoke(unit, row.id, role, organ)
        facts = {"login": row.login, "role": role, "organ": organ}
        unit.audit(REGION_NONE, None, "role.revoked", ("user", row.id), facts)
        return {}

    office.database.run(SYSTEM, "user.revoke", None, body)


def shut_out(office: Office, login: str) -> None:
    """The person can not sign in any more and is signed out everywhere."""

    def body(unit: Unit) -> dict[str, Any]:
        row = _known(unit, login)
        row.active = False
        people.end_sessions_of(unit, row.id)
        unit.audit(REGION_NONE, None, "user.shut_out", ("user", row.id), {"login": row.login})
        return {}

    office.database.run(SYSTEM, "user.shut_out", None, body)


def everybody(office: Office) -> list[Person]:
    """All people with their roles, by log-in name."""
    with office.database.read() as unit:
        return [
            Person(row.login, row.name, row.active, people.roles_of(unit, row.id))
            for row in people.users(unit)
        ]


def _known(unit: Unit, login: str) -> UserRow:
    row = people.user_by_login(unit, login, lock=True)
    if row is None:
        raise NotFound("no_user", f"没有登录名“{login}”。", login=login)
    return row


def _grant(unit: Unit, row: UserRow, role: str, organ: str) -> None:
    if role not in ROLES:
        known = "、".join(sorted(ROLES))
        raise Refused("no_role", f"没有角色“{role}”。可用的角色：{known}。", role=role)
    if people.organ(unit, organ) is None:
        raise NotFound("no_organ", f"没有机构“{organ}”，请先在 organs.toml 中登记。", organ=organ)
    people.grant(unit, row.id, role, organ)
