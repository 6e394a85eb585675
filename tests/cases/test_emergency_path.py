"""Aims at the emergency path's turns that the scenarios do not take: refusals, returns, stops.

The scenarios of SCENARIOS.md are tests/acceptance, through HTTP.
"""

from __future__ import annotations

import pytest

from app.cases import incidents, reveal, work_items
from app.cases.views import fund as fund_view
from app.kernel.errors import Forbidden, Invalid, Refused, Stale
from app.kernel.money import Money
from tests.world import ACCEPT, APPROVE, REGION, TOWNSHIP, catchup, slip_cash, verify_light

NOW = "2026-04-07T10:05:00+08:00"


def at_approval(world, amount="1000.00"):
    case_id = world.report()
    world.do("经办李", case_id, "accept", ACCEPT)
    world.do("经办李", case_id, "verify", verify_light(amount, NOW))
    return case_id


@pytest.mark.parametrize("amount", ["1000.01", "1500.00", "2699.99"])
def test_amount_in_the_gap_is_refused_with_both_neighbours(world, amount):
    case_id = world.report()
    world.do("经办李", case_id, "accept", ACCEPT)
    with pytest.raises(Refused) as refusal:
        world.do("经办李", case_id, "verify", verify_light(amount, NOW))
    assert amount in refusal.value.message
    offered = " ".join(one.label for one in refusal.value.alternatives)
    assert "1000.00" in offered
    assert "2700.00" in offered
    assert world.item("经办李", case_id, "verify")  # nothing moved


def test_investigator_may_not_approve(world):
    world.people["经办李"] = type(world.people["经办李"])(
        user_id=world.people["经办李"].user_id,
        name="经办李",
        roles=(("township_handler", TOWNSHIP), ("township_approver", TOWNSHIP)),
    )
    case_id = at_approval(world)
    with pytest.raises(Refused, match="须由另一人"):
        world.do("经办李", case_id, "approve_township", APPROVE)
    ref = world.item("审批赵", case_id, "approve_township")
    with pytest.raises(Refused):
        work_items.claim(world.office, world.people["经办李"], ref)


def test_refusal_has_a_letter_with_reasons_and_remedies(world):
    case_id = at_approval(world)
    world.do(
        "审批赵",
        case_id,
        "approve_township",
        {
            "relative_declaration": "none",
            "decision": "refuse",
            "reasons": "经核实系锅具老化，未影响基本生活",
            "clauses": "济民字〔2018〕94号 二（一）1",
            "referral": "可向县慈善总会求助",
        },
    )
    page = world.case(case_id)
    assert (page.line.status, page.line.outcome) == ("refused", "refused")
    assert page.waiting == ()
    assert page.money == ()
    letter = reveal.letter(world.office, world.people["县办钱"], REGION, page.letters[0].id)
    for words in ("锅具老化", "二（一）1", "慈善总会", "行政复议", "行政诉讼", "王五"):
        assert words in letter["body"]
    assert page.limits[0].cancelled_at is not None


def test_return_goes_back_to_verification_and_on(world):
    case_id = at_approval(world)
    returned = {"relative_declaration": "none", "decision": "return", "opinion": "补照片"}
    world.do("审批赵", case_id, "approve_township", returned)
    world.do("经办李", case_id, "verify", verify_light("800.00", NOW))
    world.do("审批赵", case_id, "approve_township", APPROVE)
    funds = fund_view.fund_page(world.office, world.people["经办李"]).funds
    assert funds[0].held == Money.from_yuan("800.00")


def test_case_can_not_close_before_the_notice(world):
    case_id = world.to_payment()
    world.do("经办李", case_id, "pay", slip_cash("1000.00", NOW))
    world.do("经办李", case_id, "catchup", catchup("1000.00"))
    assert world.case(case_id).line.status == "open"
    assert [line.name for line in world.case(case_id).waiting] == ["发布公示"]


def test_slip_must_add_up_to_what_was_approved(world):
    case_id = world.to_payment()
    with pytest.raises((Refused, Invalid)):
        world.do("经办李", case_id, "pay", slip_cash("999.99", NOW))
    same = {**slip_cash("1000.00", NOW), "payer_2": "经办李"}
    with pytest.raises(Invalid, match="改正"):
        world.do("经办李", case_id, "pay", same)
    funds = fund_view.fund_page(world.office, world.people["经办李"]).funds
    assert funds[0].balance == Money.from_yuan("20000.00")


def test_same_key_is_done_once_and_another_hand_is_stale(world):
    case_id = world.to_payment()
    ref = world.item("经办李", case_id, "pay")
    form = world.page("经办李", ref).form
    sent = form.parse_json(slip_cash("1000.00", NOW))
    li = world.people["经办李"]
    first = work_items.complete(world.office, li, ref, sent, key="once")
    assert work_items.complete(world.office, li, ref, sent, key="once") == first
    with pytest.raises(Stale):
        work_items.complete(world.office, world.people["调查王"], ref, sent, key="other")
    assert len(world.case(case_id).slips) == 1


def test_other_township_sees_and_does_nothing(world):
    case_id = world.report()
    ref = world.item("经办李", case_id, "accept")
    stranger = "乙镇经办"
    with pytest.raises(Forbidden):
        world.page(stranger, ref)
    with pytest.raises(Forbidden):
        world.case(case_id, who=stranger)
    with pytest.raises(Forbidden):
        work_items.claim(world.office, world.people[stranger], ref)


def test_claim_release_reassign_leave_their_reasons(world):
    case_id = world.report()
    ref = world.item("经办李", case_id, "accept")
    li, wang = world.people["经办李"], world.people["调查王"]
    work_items.claim(world.office, li, ref)
    with pytest.raises(Stale):
        work_items.claim(world.office, wang, ref)
    with pytest.raises(Invalid):
        work_items.reassign(world.office, li, ref, to_user=_id(wang), reason=" ")
    with pytest.raises(Refused):
        work_items.reassign(
            world.office, li, ref, to_user=_id(world.people["审批赵"]), reason="出差"
        )
    work_items.reassign(world.office, li, ref, to_user=_id(wang), reason="出差")
    assert world.page("调查王", ref).line.mine
    work_items.release(world.office, wang, ref, reason="不在辖区")
    actions = [(event.action, event.body.get("reason")) for event in world.case(case_id).timeline]
    assert ("work_item.reassigned", "出差") in actions
    assert ("work_item.released", "不在辖区") in actions


def test_personal_data_are_revealed_with_a_purpose_on_record(world):
    case_id = world.report(applicant_id_number="370881199001010013")
    page = world.case(case_id)
    assert page.applicant == {"applicant_name": "王*"}
    assert all("370881199001010013" not in str(form.fields) for form in page.forms)
    li = world.people["经办李"]
    with pytest.raises(Invalid):
        reveal.applicant(world.office, li, REGION, case_id, " ")
    shown = reveal.applicant(world.office, li, REGION, case_id, "电话核实")
    assert shown["applicant_id_number"] == "370881199001010013"
    last = world.case(case_id).timeline[-1]
    assert (last.action, last.body) == ("personal.revealed", {"purpose": "电话核实"})


def test_id_number_with_a_wrong_digit_is_stopped(world):
    with pytest.raises(Invalid):
        world.report(applicant_id_number="370881199001010014")


def test_incident_list_is_empty_on_the_shipped_path(world):
    case_id = world.to_payment()
    assert world.case(case_id).incidents == ()
    with pytest.raises(Forbidden):
        incidents.retry(world.office, world.people["审计冯"], REGION, case_id)


def _id(actor):
    from uuid import UUID

    return UUID(actor.user_id)
