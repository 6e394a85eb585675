"""Aims at 催办, 抄送, 委派, 加签: who may, what waits for it, what stands on record."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.cases import teamwork, work_items
from app.cases.views import inbox as inbox_view
from app.cases.views.teamwork import Teamwork, teamwork_of
from app.cases.work_items import ItemRef
from app.kernel.clock import FrozenClock
from app.kernel.errors import Forbidden, Invalid, Refused, Stale
from app.store import audit
from app.store.session import Database
from tests.world import ACCEPT, REGION, World, build, verify_light

NOW = "2026-04-07T10:05:00+08:00"


@pytest.fixture
def world(database: Database, clock: FrozenClock) -> World:
    made = build(database, clock)
    made.at(NOW)
    made.allot("20000.00")
    return made


def at_verify(world: World) -> tuple[UUID, ItemRef]:
    case_id = world.report()
    world.do("经办李", case_id, "accept", ACCEPT)
    return case_id, world.item("经办李", case_id, "verify")


def uid(world: World, name: str) -> UUID:
    return UUID(world.people[name].user_id)


def team(world: World, who: str, ref: ItemRef) -> Teamwork:
    return teamwork_of(world.office, world.people[who], ref)


def deeds(world: World, case_id: UUID) -> list[str]:
    with world.office.database.read() as unit:
        return [row.action for row in audit.of_case(unit, REGION, case_id)]


def test_a_reminder_reaches_the_group_and_is_logged(world: World) -> None:
    case_id, ref = at_verify(world)
    with pytest.raises(Invalid):
        teamwork.remind(world.office, world.people["县办钱"], ref, reason=" ")
    teamwork.remind(world.office, world.people["县办钱"], ref, reason="孩子等药")
    notes = inbox_view.inbox(world.office, world.people["经办李"]).notes
    assert any("县办钱催办" in note.text and "孩子等药" in note.text for note in notes)
    assert "work_item.reminded" in deeds(world, case_id)


def test_a_copy_lets_read_and_nothing_more(world: World) -> None:
    case_id, ref = at_verify(world)
    with pytest.raises(Forbidden):
        world.case(case_id, "财政吴")
    reader = uid(world, "财政吴")
    teamwork.copy(world.office, world.people["经办李"], ref, to_user=reader, reason="知悉")
    assert world.case(case_id, "财政吴").forms == ()  # what others filled in stays theirs
    with pytest.raises(Forbidden):
        work_items.claim(world.office, world.people["财政吴"], ref)
    assert "work_item.copy_asked" in deeds(world, case_id)


def test_a_delegate_prepares_and_the_delegator_confirms(world: World) -> None:
    case_id, ref = at_verify(world)
    li, wang = world.people["经办李"], world.people["调查王"]
    with pytest.raises(Refused):
        teamwork.delegate(world.office, li, ref, to_user=uid(world, "审批赵"), reason="外出")
    teamwork.delegate(world.office, li, ref, to_user=uid(world, "调查王"), reason="外出")
    assert team(world, "调查王", ref).delegated is not None
    form = world.page("调查王", ref).form
    assert form is not None
    answers = form.parse_json(verify_light("700.00", NOW))
    with pytest.raises(Refused, match="委派"):
        work_items.complete(world.office, wang, ref, answers)
    with pytest.raises(Stale):
        work_items.complete(world.office, li, ref, answers)  # it is in the delegate's hands
    work_items.save_draft(world.office, wang, ref, answers)
    teamwork.hand_back(world.office, wang, ref, comment="已到场")
    page = world.page("经办李", ref)
    assert page.has_draft
    assert page.submission is not None
    assert page.submission.raw["cash_amount"] == answers.raw["cash_amount"]
    work_items.complete(world.office, li, ref, page.submission)
    assert {"work_item.delegate_asked", "work_item.handed_back"} <= set(deeds(world, case_id))


def test_nothing_is_completed_before_every_co_signer_agrees(world: World) -> None:
    case_id, ref = at_verify(world)
    li = world.people["经办李"]
    for name in ("调查王", "县办钱"):  # 会签: several
        teamwork.cosign(world.office, li, ref, to_user=uid(world, name), reason="请核对")
    form = world.page("经办李", ref).form
    assert form is not None
    answers = form.parse_json(verify_light("700.00", NOW))
    with pytest.raises(Refused, match="还没有会签"):
        work_items.complete(world.office, li, ref, answers)
    for name, said in (("调查王", "agree"), ("县办钱", "object")):
        mine = team(world, name, ref).to_answer
        assert mine is not None
        actor = world.people[name]
        teamwork.answer(world.office, actor, ref, mine.id, said=said, comment="看过")
    with pytest.raises(Refused, match="不同意"):
        work_items.complete(world.office, li, ref, answers)
    objected = next(one for one in team(world, "经办李", ref).asked if one.answer == "object")
    other = world.people["县办钱"]
    with pytest.raises(Forbidden):
        teamwork.take_back(world.office, other, ref, objected.id, reason="重来")
    teamwork.take_back(world.office, li, ref, objected.id, reason="已当面说明")
    work_items.complete(world.office, li, ref, answers)
    assert deeds(world, case_id).count("work_item.cosigned") == 2
