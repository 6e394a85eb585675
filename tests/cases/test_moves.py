"""Bulk migration: looked at case by case, moved with a reason, and back; forms and tables follow."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.cases import moves
from app.kernel.errors import AppError, Forbidden, Invalid, Refused
from app.store import audit, instances, people
from app.store.session import SYSTEM, Actor
from tests import world as county
from tests.cases.meeting_world import Mechanism
from tests.cases.test_publication_pins import NOW, edited, labels
from tests.world import ACCEPT, LOCALITY, REGION, World, verify_light

AMOUNT = ("dmn/jining/emergency_amount.dmn", "<text>1000.00</text>", "<text>1200.00</text>")
LABEL = ("forms/jining/verify.form", '"label": "核实情况"', '"label": "现场看到的情况"')
TASK = '<bpmn:userTask id="verify" name="现场核实">'
NAME = ("processes/jining/emergency.bpmn", TASK, TASK.replace("现场核实", "入户核实"))


@pytest.fixture
def publisher(world: World) -> Actor:
    with world.office.database.begin(SYSTEM) as unit:
        row = people.add_user(unit, "fabu", "发布郑", "x")
        people.grant(unit, row.id, "publisher", REGION)
        return people.actor_of(unit, row)


def old_id(world: World, case_id: UUID) -> str:
    return world.case(case_id).deployment_id


def verifying(world: World) -> UUID:
    case_id = world.report()
    world.do("经办李", case_id, "accept", ACCEPT)
    return case_id


def ids(world: World, publisher: Actor, old: str, new: str) -> list[UUID]:
    return [one.instance_id for one in moves.preview(world.office, publisher, old, new)]


def test_moved_case_follows_new_forms_tables_and_diagram(world: World, publisher: Actor) -> None:
    running = verifying(world)
    old = old_id(world, running)
    new = county.publish(world.office, edited([AMOUNT, LABEL, NAME]))
    (stock,) = moves.stocks(world.office, publisher, LOCALITY)
    assert (stock.deployment_id, stock.running) == (old, 1)
    (line,) = moves.preview(world.office, publisher, old, new)
    assert (line.can_move, next(iter(line.waits_at))) == (True, "现场核实")
    batch = moves.move(
        world.office, publisher, {line.instance_id}, old, new, "统一新标准", key="m1"
    )
    (moved,) = moves.batch(world.office, publisher, batch)
    assert (moved.case_id, moved.by, moved.reason) == (running, "发布郑", "统一新标准")
    page = world.page("经办李", world.item("经办李", running, "verify"))
    assert page.line.name == "入户核实"
    assert "现场看到的情况" in labels(page)
    world.do("经办李", running, "verify", verify_light("1200.00", NOW))
    assert world.item("审批赵", running, "approve_township")
    with world.office.database.read() as unit:
        chain = audit.of_case(unit, REGION, running)
    (deed,) = [one for one in chain if one.action == "instance.moved"]
    assert (deed.body["from"], deed.body["to"], deed.body["reason"]) == (old, new, "统一新标准")
    assert moves.stocks(world.office, publisher, LOCALITY) == []


def test_batch_goes_back_while_the_old_files_still_fit(world: World, publisher: Actor) -> None:
    running = verifying(world)
    old = old_id(world, running)
    new = county.publish(world.office, edited([LABEL, NAME]))
    batch = moves.move(
        world.office, publisher, ids(world, publisher, old, new), old, new, "试一试", key="m1"
    )
    back = moves.undo(world.office, publisher, batch, "试错了", key="m2")
    assert old_id(world, running) == old
    (moved,) = moves.batch(world.office, publisher, back)
    assert (moved.from_deployment, moved.to_deployment) == (new, old)
    page = world.page("经办李", world.item("经办李", running, "verify"))
    assert (page.line.name, "核实情况" in labels(page)) == ("现场核实", True)


def test_promised_money_keeps_a_case_where_it_is(world: World, publisher: Actor) -> None:
    paid_soon, free = world.to_payment(), verifying(world)
    old = old_id(world, free)
    new = county.publish(world.office, edited([LABEL]))
    lines = {one.case_id: one for one in moves.preview(world.office, publisher, old, new)}
    assert any("预留" in reason for reason in lines[paid_soon].reasons)
    assert lines[free].can_move
    chosen = {one.instance_id for one in lines.values()}
    moves.move(world.office, publisher, chosen, old, new, "统一", key="m1")
    assert (old_id(world, paid_soon), old_id(world, free)) == (old, new)
    with pytest.raises(Refused):
        moves.move(
            world.office, publisher, {lines[paid_soon].instance_id}, old, new, "统一", key="m2"
        )


def test_open_meeting_keeps_a_case_where_it_is(world: World, publisher: Actor) -> None:
    case_id = Mechanism(world).convened()
    old = old_id(world, case_id)
    new = county.publish(world.office, edited([LABEL]))
    lines = [
        one for one in moves.preview(world.office, publisher, old, new) if one.case_id == case_id
    ]
    assert lines
    for line in lines:
        assert any("会议还没有开完" in reason for reason in line.reasons)
        with pytest.raises(Refused):
            moves.move(
                world.office, publisher, {line.instance_id}, old, new, "统一", key=str(line.case_id)
            )


def test_step_that_is_gone_keeps_the_case(world: World, publisher: Actor) -> None:
    running = verifying(world)
    old = old_id(world, running)
    files = edited([LABEL])
    text = files[NAME[0]].decode().replace('"verify"', '"look"').replace(">verify<", ">look<")
    new = county.publish(world.office, {**files, NAME[0]: text.encode()})
    (line,) = moves.preview(world.office, publisher, old, new)
    assert any("没有这一环节" in reason for reason in line.reasons), line.reasons
    with pytest.raises(Refused):
        moves.move(world.office, publisher, {line.instance_id}, old, new, "硬迁", key="m1")
    assert old_id(world, running) == old


def test_only_publishers_of_the_locality_move_and_only_with_a_reason(
    world: World, publisher: Actor
) -> None:
    running = verifying(world)
    old = old_id(world, running)
    new = county.publish(world.office, edited([LABEL]))
    chosen = ids(world, publisher, old, new)
    for who in ("经办李", "县审孙", "审计冯"):
        for deed in (
            lambda who=who: moves.stocks(world.office, world.people[who], LOCALITY),
            lambda who=who: moves.preview(world.office, world.people[who], old, new),
            lambda who=who: moves.move(
                world.office, world.people[who], chosen, old, new, "统一", key=f"k{who}"
            ),
        ):
            with pytest.raises(Forbidden):
                deed()
    for reason, some in ((" ", chosen), ("统一", [])):
        with pytest.raises(Invalid):
            moves.move(world.office, publisher, some, old, new, reason, key="k")
    with pytest.raises(AppError):
        moves.preview(world.office, publisher, old, old)


def test_same_batch_sent_twice_is_one(world: World, publisher: Actor) -> None:
    verifying(world)
    running = verifying(world)
    old = old_id(world, running)
    new = county.publish(world.office, edited([LABEL]))
    chosen = ids(world, publisher, old, new)
    first = moves.move(world.office, publisher, chosen, old, new, "统一", key="m1")
    again = moves.move(world.office, publisher, chosen, old, new, "统一", key="m1")
    assert first == again
    assert len(moves.batch(world.office, publisher, first)) == 2
    with world.office.database.read() as unit:
        assert instances.running_on(unit, old) == []
