"""Aims at people's accounts: let in, given and taken roles at once, shut out, all on record."""

from __future__ import annotations

import pytest

from app.cases import sign_in, users
from app.kernel.errors import AppError, NotFound, Refused
from app.store import audit
from tests.world import TOWNSHIP


def test_added_person_signs_in_and_holds_the_role(world):
    password = users.add(world.office, "Li.Na", "李娜", [("township_handler", TOWNSHIP)])
    token = sign_in.sign_in(world.office.database, "li.na", password, ip="127.0.0.1")
    resumed = sign_in.resume(world.office.database, token)
    assert resumed.actor.roles == (("township_handler", TOWNSHIP),)


def test_revoked_role_and_shut_out_act_at_once(world):
    password = users.add(world.office, "li.na", "李娜", [("township_handler", TOWNSHIP)])
    database = world.office.database
    token = sign_in.sign_in(database, "li.na", password, ip="127.0.0.1")
    users.grant(world.office, "li.na", "township_approver", TOWNSHIP)
    assert sign_in.resume(database, token).actor.holds("township_approver")
    users.revoke(world.office, "li.na", "township_approver", TOWNSHIP)
    assert sign_in.resume(database, token) is None
    users.shut_out(world.office, "li.na")
    with pytest.raises(AppError):
        sign_in.sign_in(database, "li.na", password, ip="127.0.0.1")
    with database.read() as unit:
        deeds = {row.action for row in audit.page(unit, "000000")}
    assert {"user.added", "role.granted", "role.revoked", "user.shut_out"} <= deeds


@pytest.mark.parametrize(
    ("post", "error"), [(("king", TOWNSHIP), Refused), (("auditor", "999999"), NotFound)]
)
def test_unknown_role_or_organ_is_refused_and_nobody_added(world, post, error):
    with pytest.raises(error):
        users.add(world.office, "li.na", "李娜", [post])
    assert "li.na" not in {one.login for one in users.everybody(world.office)}


def test_taken_login_is_refused(world):
    users.add(world.office, "li.na", "李娜", [])
    with pytest.raises(Refused):
        users.add(world.office, "LI.NA", "李娜二", [])
    with pytest.raises(NotFound):
        users.grant(world.office, "nobody", "auditor", TOWNSHIP)
