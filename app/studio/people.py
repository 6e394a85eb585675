"""Who edits and who publishes a locality's policy, and which roles anybody holds."""

from __future__ import annotations

from uuid import UUID

from app.kernel.errors import NotFound
from app.store import people
from app.store.people import governed
from app.store.session import SYSTEM, Actor, Database, Unit

EDITOR = "policy_editor"
PUBLISHER = "publisher"

__all__ = ["EDITOR", "PUBLISHER", "governed", "held_roles", "name_of", "person"]


def person(database: Database, login: str) -> Actor:
    """The active person of that log-in name with the roles held now; raises NotFound."""
    with database.read() as unit:
        row = people.user_by_login(unit, login)
        if row is None or not row.active:
            raise NotFound("no_user", f"没有登录名为“{login}”的人员，或者已停用。")
        return people.actor_of(unit, row)


def held_roles(database: Database) -> frozenset[str]:
    """The codes of all roles that an active person holds."""
    with database.read() as unit:
        return people.roles_held(unit)


def name_of(unit: Unit, user_id: str) -> str:
    """The person's name, 系统 for the system; what is no person is shown as it is."""
    if user_id == SYSTEM.user_id:
        return SYSTEM.name
    try:
        row = people.user(unit, UUID(user_id))
    except ValueError:
        return user_id
    return user_id if row is None else row.name
