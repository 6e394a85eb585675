"""Aims at identifiers ordered by time and at the audit link."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.kernel.audit import GENESIS, canonical, link
from app.kernel.clock import FrozenClock, parse_instant
from app.kernel.ids import uuid7
from app.kernel.roles import ROLES, Level, role

NOW = datetime(2026, 4, 7, 2, 5, tzinfo=UTC)


def test_uuid7_is_version_7_and_sorts_by_time():
    first, second = uuid7(NOW), uuid7(NOW + timedelta(milliseconds=1))
    assert first.version == second.version == 7
    assert str(first) < str(second)
    several = [uuid7(NOW) for _ in range(1000)]
    assert sorted(several) == several
    assert len(set(several)) == 1000
    assert {one.version for one in several} == {7}
    assert {one.variant for one in several} == {first.variant}


def test_link_depends_on_everything():
    body = {"at": NOW, "amount": Decimal("1000.00")}
    base = link(GENESIS, body, b"k")
    assert base == link(GENESIS, dict(reversed(body.items())), b"k")
    assert base != link("1" * 64, body, b"k")
    assert base != link(GENESIS, {**body, "amount": Decimal("1000.01")}, b"k")
    assert base != link(GENESIS, body, b"other")


def test_canonical_refuses_what_it_cannot_say_exactly():
    with pytest.raises(TypeError):
        canonical({"x": object()})


def test_frozen_clock_moves_only_when_told():
    clock = FrozenClock(NOW)
    assert clock.now() == NOW
    clock.advance(timedelta(hours=1))
    assert clock.now() == NOW + timedelta(hours=1)
    with pytest.raises(ValueError):
        parse_instant("2026-04-07T10:05:00")


def test_roles_are_named_once():
    assert role("township_handler").level is Level.TOWNSHIP
    assert len({item.label for item in ROLES.values()}) == len(ROLES)
    with pytest.raises(KeyError):
        role("king")
