"""Aims at people: log-in names, roles read fresh, sessions that end when they should."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.kernel.clock import FrozenClock
from app.kernel.errors import Refused
from app.store import people
from app.store.session import SYSTEM, Database


def _tree(database: Database) -> people.UserRow:
    with database.begin(SYSTEM) as unit:
        people.add_organ(unit, "370800", "济宁市民政局", "city", parent=None, region="370800")
        people.add_organ(unit, "370881", "曲阜市民政局", "county", parent="370800", region="370881")
        for code, name in (("370881001", "甲镇"), ("370881002", "乙镇")):
            people.add_organ(unit, code, name, "township", parent="370881", region="370881")
        people.add_organ(
            unit, "370881001201", "丁村", "village", parent="370881001", region="370881"
        )
        user = people.add_user(unit, " Li ", "经办李", "hash")
        people.grant(unit, user.id, "township_handler", "370881001")
        people.grant(unit, user.id, "township_handler", "370881001")
        return user


def test_tree_is_walked_up_and_down(database: Database) -> None:
    _tree(database)
    with database.read() as unit:
        above = people.organ_and_above(unit, "370881001201")
        assert [row.name for row in above] == ["丁村", "甲镇", "曲阜市民政局", "济宁市民政局"]
        assert people.organs_below(unit, "370881") == {
            "370881", "370881001", "370881002", "370881001201",
        }  # fmt: skip
        assert people.organ_and_above(unit, "nowhere") == []
        assert len(people.organs(unit, "370881")) == 4


def test_log_in_name_is_one_persons_whatever_its_case(database: Database) -> None:
    _tree(database)
    with pytest.raises(Refused) as caught, database.begin(SYSTEM) as unit:
        people.add_user(unit, "LI", "另一李", "hash")
    assert caught.value.code == "login_taken"
    with database.read() as unit:
        found = people.user_by_login(unit, "lI ")
        assert found is not None
        assert found.name == "经办李"
        assert people.users(unit) == [found]
        assert people.user(unit, found.id) is found
        assert people.organ(unit, "370881001") is not None


def test_change_of_roles_acts_at_once_and_signs_out(database: Database, clock: FrozenClock) -> None:
    user = _tree(database)
    with database.begin(SYSTEM) as unit:
        actor = people.actor_of(unit, user)
        assert actor.holds("township_handler", "370881001")
        assert not actor.holds("township_handler", "370881002")
        later = clock.now() + timedelta(hours=8)
        people.start_session(unit, user.id, "token", expires_at=later, ip="127.0.0.1")
        people.revoke(unit, user.id, "township_handler", "370881001")
    with database.read() as unit:
        assert people.roles_of(unit, user.id) == ()
        assert people.open_session(unit, "token") is None
        assert people.holders(unit, "township_handler", "370881001") == []


def test_session_opens_by_its_token_until_it_ends(database: Database, clock: FrozenClock) -> None:
    user = _tree(database)
    later = clock.now() + timedelta(hours=8)
    with database.begin(SYSTEM) as unit:
        people.start_session(unit, user.id, "token", expires_at=later, ip="::1")
        assert "token" not in repr(unit.session.execute(text("SELECT * FROM sessions")).all())
    clock.advance(timedelta(minutes=5))
    with database.begin(SYSTEM) as unit:
        people.touch_session(unit, "token")
        found = people.open_session(unit, "token")
        assert found is not None
        assert (found[0].last_seen_at, found[1].id) == (clock.now(), user.id)
        assert people.open_session(unit, "other") is None
    clock.set(later)
    with database.read() as unit:
        assert people.open_session(unit, "token") is None


@pytest.mark.parametrize("how", ["ended", "inactive"])
def test_session_of_a_gone_person_opens_nothing(
    database: Database, clock: FrozenClock, how: str
) -> None:
    user = _tree(database)
    with database.begin(SYSTEM) as unit:
        later = clock.now() + timedelta(hours=8)
        people.start_session(unit, user.id, "token", expires_at=later, ip="::1")
        if how == "ended":
            people.end_session(unit, "token")
        else:
            locked = people.user_by_login(unit, "li", lock=True)
            assert locked is not None
            locked.active = False
    with database.read() as unit:
        assert people.open_session(unit, "token") is None
