"""Aims at what money is for and whose it is: every route and pool of both localities, by their tables.

The tables' own examples lie beside them; here the call that pays asks them, and refuses.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest

from app.cases.calls.money import use_of
from app.cases.package import Package
from app.kernel.errors import ModelError, Refused
from app.process.step import Call
from app.store import ledger
from app.studio.localities import resolve
from tests.world import ROOT, World

NOW = datetime(2026, 4, 7, 8, tzinfo=UTC)


@cache
def shipped(locality: str) -> Package:
    return Package(locality, locality, resolve(ROOT, locality).files)


def call() -> Call:
    return SimpleNamespace(token="t", name="登记发放", process_id="p", properties={})  # type: ignore[return-value]


def work(locality: str, route: str, package: Package | None = None) -> Any:
    run = SimpleNamespace(facts_at=lambda token: {"route": route})
    office = SimpleNamespace(packages=SimpleNamespace(current=lambda unit, name: shipped(name)))
    return SimpleNamespace(
        package=package or shipped(locality),
        office=office,
        unit=None,
        now=NOW,
        case=SimpleNamespace(route="", locality=locality),
        run=run,
    )


@pytest.mark.parametrize(
    ("locality", "route", "pool", "purpose", "source"),
    [
        ("jining", "emergency", "reserve", "emergency_relief", "reserve"),
        ("jining", "emergency_small", "reserve", "emergency_relief", "reserve"),
        ("jining", "emergency", "county", "emergency_relief", "county"),
        ("jining", "expenditure", "county", "expenditure_relief", "county"),  # scenario 12
        ("jining", "city_direct", "city", "special_relief", "city"),
        ("jining", "major", "county", "major_relief", "county"),  # scenario 33
        ("jining", "major", "charity", "major_relief", "charity"),
        ("jiangxi", "bridging", "reserve", "emergency_relief", "reserve"),
        ("jiangxi", "epidemic", "county", "epidemic_relief", "county"),
        ("jiangxi", "staged", "county", "staged_relief", "county"),
    ],
)
def test_purpose_and_source_follow_the_route(
    locality: str, route: str, pool: str, purpose: str, source: str
) -> None:
    use = use_of(work(locality, route), call(), pool)
    assert (use.purpose, use.source.value) == (purpose, source)


@pytest.mark.parametrize(
    ("locality", "route", "pool"),
    [
        ("jining", "expenditure", "reserve"),
        ("jining", "major", "reserve"),
        ("jining", "referral", "county"),
        ("jining", "", "county"),
        ("jining", "no_such_route", "county"),
        ("jiangxi", "staged", "reserve"),
    ],
)
def test_what_the_table_does_not_allow_is_not_paid(locality: str, route: str, pool: str) -> None:
    with pytest.raises(Refused, match="不用于这一办理路径") as caught:
        use_of(work(locality, route), call(), pool)
    assert caught.value.code == "purpose_not_allowed"


def test_a_case_older_than_the_table_is_judged_by_the_one_in_force() -> None:
    files = {
        path: raw
        for path, raw in resolve(ROOT, "jining").files.items()
        if not path.endswith("/fund_use.dmn")
    }
    older = work("jining", "emergency", Package("older", "jining", files))
    assert use_of(older, call(), "reserve").purpose == "emergency_relief"


def test_a_table_without_a_source_is_broken_not_guessed() -> None:
    path = next(p for p in resolve(ROOT, "jining").files if p.endswith("/fund_use.dmn"))
    files = dict(resolve(ROOT, "jining").files)
    files[path] = files[path].replace(b", origin: fund_origin}", b"}")
    broken = work("jining", "emergency", Package("broken", "jining", files))
    with pytest.raises(ModelError, match="没有写明来源级次"):
        use_of(broken, call(), "reserve")


def test_the_journal_says_purpose_and_source(world: World) -> None:
    """The entries of a real case carry them."""
    world.allot("5000.00")
    case_id = world.to_payment("1000.00")
    with world.office.database.read() as unit:
        [(held, _)] = ledger.of_case(unit, "370881", case_id)
    assert (held.deed, held.purpose, held.source) == ("hold", "emergency_relief", "reserve")
    assert held.clause
