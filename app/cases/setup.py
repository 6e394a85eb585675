"""Organs and people out of a locality's files, for a new installation and its demonstration.

Organs are the locality's data; demonstration people are invented and marked as such in
`demo.toml`. Running it twice changes nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cases.office import Office
from app.cases.sign_in import hash_password
from app.kernel.errors import ModelError
from app.kernel.roles import ROLES, Level
from app.store import people
from app.store.base import REGION_NONE
from app.store.session import SYSTEM, Unit

COUNTY_DIGITS = 6  # a county's code leads the codes of its organs


@dataclass(frozen=True, slots=True)
class Login:
    """One demonstration log-in, for the operator to read out."""

    login: str
    name: str
    role: str  # labels, comma separated
    password: str


def read_toml(models_dir: Path, locality: str, name: str) -> dict[str, Any]:
    """`processes/<locality>/<name>.toml`, {} when there is none; raises ModelError."""
    path = models_dir / "processes" / locality / f"{name}.toml"
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{path.name} 读不懂：{error}", file=path.name) from None


def import_organs(office: Office, models_dir: Path, locality: str) -> int:
    """The locality's organs stand in the tree; answers how many."""
    organs = read_toml(models_dir, locality, "organs").get("organs", [])
    with office.database.begin(SYSTEM) as unit:
        regions: dict[str, str] = {}
        for organ in organs:
            regions[organ["code"]] = _region(organ, regions)
            people.add_organ(
                unit,
                organ["code"],
                organ["name"],
                organ["level"],
                parent=organ.get("parent") or None,
                region=regions[organ["code"]],
                locality="" if organ["level"] == Level.CITY else locality,
            )
    return len(organs)


def _region(organ: Mapping[str, str], known: Mapping[str, str]) -> str:
    if organ["level"] in (Level.CITY, Level.COUNTY):
        return organ["code"][:COUNTY_DIGITS]
    if organ.get("parent") not in known:
        raise ModelError(f"机构“{organ['name']}”的上级没有列在它前面。", code=organ["code"])
    return known[organ["parent"]]


def import_users(office: Office, models_dir: Path, locality: str) -> list[Login]:
    """The demonstration people of the locality may sign in; answers their log-ins."""
    data = read_toml(models_dir, locality, "demo")
    password = str(data.get("password", ""))
    users = data.get("users", [])
    if not users:
        return []
    hashed = hash_password(password)
    with office.database.begin(SYSTEM) as unit:
        return [_import_user(unit, user, hashed, password) for user in users]


def _import_user(unit: Unit, user: Mapping[str, Any], hashed: str, password: str) -> Login:
    row = people.user_by_login(unit, user["login"])
    if row is None:
        row = people.add_user(unit, user["login"], user["name"], hashed)
        unit.audit(REGION_NONE, None, "user.imported", ("user", row.id), {"login": row.login})
    labels = []
    for post in user["roles"]:
        if post["role"] not in ROLES:
            raise ModelError(f"演示人员“{user['name']}”的角色“{post['role']}”不在目录中。")
        people.grant(unit, row.id, post["role"], post["organ"])
        labels.append(ROLES[post["role"]].label)
    return Login(row.login, row.name, "、".join(labels), password)
