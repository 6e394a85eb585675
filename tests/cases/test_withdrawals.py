"""Aims at withdrawal and recall: what they free, who may, and when it is too late."""

from __future__ import annotations

import pytest

from app.cases import recalls, withdrawals
from app.kernel.errors import Forbidden, Invalid, Refused, Stale
from app.kernel.money import Money
from app.ledger.accounts import Fund, Kind
from app.store import ledger, letters, timers
from tests.world import REGION, TOWNSHIP, World, slip_cash

WHY = "家里另有办法"


def held(world: World, case_id: object) -> Money:
    fund = Fund(REGION, TOWNSHIP, world.clock.now().year)
    with world.office.database.read() as unit:
        return ledger.balance(unit, fund.account(Kind.RESERVE_HELD, str(case_id)))


def test_withdrawal_frees_what_was_promised_and_stops_what_ran(world: World) -> None:
    case_id = world.to_payment()
    assert held(world, case_id) == Money.from_yuan("1000.00")
    withdrawals.withdraw(world.office, world.people["经办李"], REGION, case_id, reason=WHY)
    assert held(world, case_id) == Money.zero()
    page = world.case(case_id)
    assert page.line.status == "withdrawn"
    assert page.waiting == ()
    assert all(limit.cancelled_at is not None for limit in page.limits)
    with world.office.database.read() as unit:
        (letter,) = letters.of_case(unit, REGION, case_id)
        assert WHY in letters.body(unit, letter)
        assert not [t for t in timers.of_case(unit, REGION, case_id) if t.state == "open"]


def test_withdrawal_is_refused_after_payment_and_to_others(world: World) -> None:
    case_id = world.to_payment()
    for person in ("审批赵", "乙镇经办", "县办钱"):
        with pytest.raises(Forbidden):
            withdrawals.withdraw(world.office, world.people[person], REGION, case_id, reason=WHY)
    with pytest.raises(Invalid):
        withdrawals.withdraw(world.office, world.people["经办李"], REGION, case_id, reason=" ")
    world.do("经办李", case_id, "pay", slip_cash("1000.00", world.clock.now().isoformat()))
    with pytest.raises(Refused) as caught:
        withdrawals.withdraw(world.office, world.people["经办李"], REGION, case_id, reason=WHY)
    assert caught.value.code == "already_paid"


def test_nothing_is_taken_back_where_the_diagram_does_not_offer_it(world: World) -> None:
    case_id = world.to_payment()
    offered = recalls.offered(world.office, world.people["经办李"], REGION, case_id)
    assert offered.recalls == ()
    assert offered.may_withdraw
    assert not recalls.offered(world.office, world.people["县办钱"], REGION, case_id).may_withdraw
    with pytest.raises(Stale):
        recalls.recall(
            world.office,
            world.people["经办李"],
            REGION,
            case_id,
            element_id="amount_recalled",
            reason=WHY,
        )
