"""Aims at the panel 资格与金额: states, figures, what-ifs, and that records are not rewritten."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.cases.views import panel as panel_view
from app.cases.work_items import ItemRef
from app.form import Submission
from app.kernel.clock import FrozenClock
from app.store import decisions
from app.store.session import Database
from tests.world import ACCEPT, REGION, World, build, verify_light

NOW = "2026-04-07T10:05:00+08:00"


@pytest.fixture
def world(database: Database, clock: FrozenClock) -> World:
    made = build(database, clock)
    made.at(NOW)
    made.allot("20000.00")
    return made


def to_verify(world: World) -> tuple[Any, ItemRef]:
    case_id = world.report()
    world.do("经办李", case_id, "accept", ACCEPT)
    return case_id, world.item("经办李", case_id, "verify")


def shown(world: World, ref: ItemRef, answers: dict[str, Any]) -> panel_view.Panel:
    form = world.page("经办李", ref).form
    assert form is not None
    typed = Submission(form.parse_json(answers).raw)
    return panel_view.panel_of(world.office, world.people["经办李"], ref, typed)


def test_panel_follows_what_is_typed(world: World) -> None:
    _, ref = to_verify(world)
    [part] = shown(world, ref, {}).parts
    assert [one.state for one in part.conditions] == ["missing", "missing"]
    heavy = {
        **verify_light("2700.00", NOW),
        "degree": "heavy",
        "basis": "medical",
        "self_paid_cost": "9999.99",
        "persons": "1",
    }
    [part] = shown(world, ref, heavy).parts
    assert [one.state for one in part.conditions] == ["met", "failed"]
    assert "不低于 10000.00 元" in part.nearest[0]
    [part] = shown(world, ref, {**heavy, "self_paid_cost": "45000.00"}).parts
    assert [one.state for one in part.conditions] == ["met", "met"]
    assert part.amount is not None
    figures = (part.amount.low, part.amount.high, part.amount.standard)
    assert figures == ("2700.00 元", "10800.00 元", "5400.00 元")
    assert part.amount.within is True
    assert all("空值" not in text and "2018" not in text for text in part.nearest)
    quoted = [clause.text for one in part.conditions for clause in one.clauses]
    assert all(quoted)


def test_a_later_correction_does_not_rewrite_the_evidence(world: World) -> None:
    case_id, _ = to_verify(world)
    world.do("经办李", case_id, "verify", verify_light("800.00", NOW))
    back = {"relative_declaration": "none", "decision": "return", "opinion": "请补照片"}
    world.do("审批赵", case_id, "approve_township", back)
    world.do("经办李", case_id, "verify", verify_light("900.00", NOW))
    with world.office.database.read() as unit:
        kept = [
            decisions.inputs(unit, row)["amount"]
            for row in decisions.of_case(unit, REGION, case_id)
            if row.decision_id == "authority"
        ]
    assert [Decimal(str(one)) for one in kept] == [Decimal("800.00"), Decimal("900.00")]
