"""People who make policy, for tests: a county with an editor, a second editor and publishers."""

from __future__ import annotations

from dataclasses import dataclass

from app.store import deployments, people
from app.store.session import SYSTEM, Actor, Database
from app.studio.localities import Package


@dataclass(frozen=True, slots=True)
class Staff:
    """Policy staff of the locality "here", and one publisher of another."""

    editor: Actor
    colleague: Actor
    publisher: Actor
    both: Actor  # may edit and publish
    stranger: Actor  # edits and publishes elsewhere


def hire(database: Database, locality: str = "here", password_hash: str = "x") -> Staff:
    """The organs and the people exist; they sign in by the names of the fields of Staff."""
    editor, publisher = ("policy_editor", "100001"), ("publisher", "100001")
    elsewhere = [("policy_editor", "200001"), ("publisher", "200001")]
    with database.begin(SYSTEM) as unit:
        people.add_organ(unit, "100000", "市局", "city", parent=None, region="100000")
        for code, parent, where in (("100001", "100000", locality), ("200001", None, "there")):
            people.add_organ(
                unit, code, "县局", "county", parent=parent, region=code, locality=where
            )
        made = []
        for login, name, posts in (
            ("editor", "政策吴", [editor]),
            ("colleague", "政策周", [editor]),
            ("publisher", "发布郑", [publisher]),
            ("both", "双职陈", [editor, publisher]),
            ("stranger", "外县冯", elsewhere),
        ):
            row = people.add_user(unit, login, name, password_hash)
            for role, organ in posts:
                people.grant(unit, row.id, role, organ)
            made.append(people.actor_of(unit, row))
    return Staff(*made)


def put_in_force(database: Database, package: Package) -> str:
    """The package is in force from now on; answers the id of its deployment."""
    with database.begin(SYSTEM) as unit:
        row = deployments.store(unit, package.locality, "测试", package.stored, prepared_by="test")
        deployments.publish(unit, row, effective_from=unit.now)
        return row.id
