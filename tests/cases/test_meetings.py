"""The meeting's own rules on both databases: who counts, who may vote, what follows, who signs.

How many votes carry is the table's (dmn examples); scenario 33 is in tests/acceptance.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.cases import meetings as verbs
from app.kernel.errors import Forbidden, Invalid, Refused, Stale
from app.store import meeting_records, meetings
from tests.cases.meeting_world import SLIP_BANK, Mechanism
from tests.world import World


@pytest.fixture
def mechanism(world: World) -> Mechanism:
    return Mechanism(world)


def sees(world: World, who: str, case_id, element: str) -> bool:
    try:
        world.item(who, case_id, element)
    except AssertionError:
        return False
    return True


SIGN = {"relative_declaration": "none", "signoff": "agree", "opinion": "同意"}


def test_recused_members_leave_the_eligible_number(world: World, mechanism: Mechanism) -> None:
    case_id = mechanism.convened()
    ref = mechanism.notify(case_id)
    mechanism.declare(ref, ["成员01", "成员02"], related=True)
    mechanism.votes(ref, yes=3, no=2)
    assert mechanism.close(ref) == "passed"
    result = mechanism.rows(case_id)[0].result
    assert [result[key] for key in ("eligible", "present", "yes", "no", "quorum")] == [
        7,
        5,
        3,
        2,
        5,
    ]


def test_a_recused_member_cannot_vote_and_cannot_take_it_back(
    world: World, mechanism: Mechanism
) -> None:
    ref = mechanism.notify(mechanism.convened())
    mechanism.declare(ref, ["成员01"], related=True)
    with pytest.raises(Refused, match="已回避"):
        verbs.cast_ballot(world.office, world.people["成员01"], ref, choice="yes")
    with pytest.raises(Refused, match="回避"):
        verbs.declare(world.office, world.people["成员01"], ref, related=False)


def test_a_ballot_cast_before_the_recusal_is_kept_and_not_counted(
    world: World, mechanism: Mechanism
) -> None:
    case_id = mechanism.convened()
    ref = mechanism.notify(case_id)
    mechanism.votes(ref, yes=7)
    verbs.recuse(
        world.office,
        world.people["会办韩"],
        ref,
        user_id=world.people["成员01"].user_id,
        reason="群众反映是亲属",
    )
    assert mechanism.close(ref) == "passed"
    row = mechanism.rows(case_id)[0]
    assert (row.result["eligible"], row.result["present"], row.result["yes"]) == (8, 6, 6)
    with world.office.database.read() as unit:
        assert len(meeting_records.ballots(unit, row)) == 7
        text = meeting_records.minutes_text(unit, meeting_records.minutes(unit, row)[-1])
    assert "后已回避，不计票" in text


def test_nobody_votes_twice(world: World, mechanism: Mechanism) -> None:
    ref = mechanism.notify(mechanism.convened())
    mechanism.vote(ref, {"成员01": "yes"})
    with pytest.raises(Refused, match="一人一票") as caught:
        verbs.cast_ballot(world.office, world.people["成员01"], ref, choice="no")
    assert caught.value.code == "already_voted"


def test_only_called_members_vote_after_notice_and_declaration(
    world: World, mechanism: Mechanism
) -> None:
    case_id = mechanism.convened()
    ref = mechanism.ref(case_id)
    member, office = world.people["成员01"], world.people["会办韩"]
    with pytest.raises(Refused, match="还没有发出通知"):
        verbs.cast_ballot(world.office, member, ref, choice="yes")
    mechanism.notify(case_id)
    with pytest.raises(Refused, match="请先申报"):
        verbs.cast_ballot(world.office, member, ref, choice="yes")
    with pytest.raises(Forbidden):
        verbs.cast_ballot(world.office, office, ref, choice="yes")
    mechanism.declare(ref, ["组长朱"])
    with pytest.raises(Refused, match="列席"):
        verbs.cast_ballot(world.office, world.people["组长朱"], ref, choice="yes")
    with pytest.raises(Invalid):
        verbs.cast_ballot(world.office, member, ref, choice="maybe")
    with pytest.raises(Forbidden):
        verbs.close(world.office, member, ref)


def test_a_tie_sends_the_plan_back_and_the_next_meeting_is_a_new_round(
    world: World, mechanism: Mechanism
) -> None:
    case_id = mechanism.convened()
    ref = mechanism.notify(case_id)
    mechanism.votes(ref, yes=4, no=4)
    assert mechanism.close(ref) == "tie"
    assert not sees(world, "组长朱", case_id, "sign_head")
    from tests.cases.meeting_world import PLAN

    world.do("县办钱", case_id, "draft_plan", {**PLAN, "relief_amount": "25000.00"})
    rows = mechanism.rows(case_id)
    assert [row.round for row in rows] == [1, 2]
    with world.office.database.read() as unit:
        versions = [meetings.materials(unit, row)[0].version for row in rows]
        shas = {meetings.materials(unit, row)[0].sha256 for row in rows}
    assert versions == [1, 2]
    assert len(shas) == 2


def test_without_a_quorum_the_meeting_is_called_again_and_at_last_the_county_decides(
    world: World, mechanism: Mechanism
) -> None:
    case_id = mechanism.convened()
    for number in (1, 2, 3):
        ref = mechanism.notify(case_id)
        mechanism.votes(ref, yes=5)
        assert mechanism.close(ref) == "no_quorum"
        assert len(mechanism.rows(case_id)) == min(number + 1, 3)
    failed = {"reasons": "三次未达法定人数", "clauses": "二（三）3", "referral": "转医疗救助"}
    world.do("县审孙", case_id, "decide_failed", failed)
    page = world.case(case_id)
    assert page.line.status == "refused"
    assert page.letters


def test_silence_in_a_written_vote_is_not_consent(world: World, mechanism: Mechanism) -> None:
    case_id = mechanism.convened(undisputed="yes")
    assert mechanism.rows(case_id)[0].mode == "written"
    ref = mechanism.notify(case_id)
    everybody = [world.people[name].user_id for name in mechanism.members]
    verbs.record_attendance(world.office, world.people["会办韩"], ref, present=everybody)
    mechanism.votes(ref, yes=5)
    assert mechanism.close(ref) == "no_quorum"
    assert mechanism.rows(case_id)[0].result["present"] == 5


def test_who_is_there_without_voting_is_named_before_the_closing(
    world: World, mechanism: Mechanism
) -> None:
    case_id = mechanism.convened()
    ref = mechanism.notify(case_id)
    there = [world.people[name].user_id for name in mechanism.members[:8]]
    verbs.record_attendance(world.office, world.people["会办韩"], ref, present=there)
    mechanism.votes(ref, yes=4)
    with pytest.raises(Refused, match="成员08"):
        mechanism.close(ref)
    assert mechanism.close(ref, confirmed=True) == "not_passed"
    assert mechanism.rows(case_id)[0].result["present"] == 8


def test_the_meeting_is_not_closed_before_its_time_while_somebody_may_still_vote(
    world: World, mechanism: Mechanism
) -> None:
    ref = mechanism.notify(mechanism.convened())
    mechanism.votes(ref, yes=8)
    world.clock.advance(timedelta(minutes=-2))
    with pytest.raises(Refused, match="不能提前结束"):
        mechanism.close(ref)
    mechanism.vote(ref, {"成员09": "yes"})
    assert mechanism.close(ref) == "passed"


def test_votes_after_the_closing_and_a_second_closing_come_too_late(
    world: World, mechanism: Mechanism
) -> None:
    ref = mechanism.notify(mechanism.convened())
    mechanism.declare(ref, ["成员09"])
    mechanism.votes(ref, yes=6)
    mechanism.close(ref)
    with pytest.raises(Stale):
        verbs.cast_ballot(world.office, world.people["成员09"], ref, choice="yes")
    with pytest.raises(Stale):
        mechanism.close(ref)


def test_the_waiting_item_cannot_be_completed_past_the_meeting(
    world: World, mechanism: Mechanism
) -> None:
    from app.cases import work_items
    from app.form import Submission

    case_id = mechanism.convened()
    ref = world.item("会办韩", case_id, "hold_meeting")
    with pytest.raises(Refused, match="会议页面"):
        work_items.complete(world.office, world.people["会办韩"], ref, Submission({}))


def passed(world: World, mechanism: Mechanism, recused: list[str]) -> tuple:
    case_id = mechanism.convened()
    ref = mechanism.notify(case_id)
    mechanism.declare(ref, recused, related=True)
    mechanism.votes(ref, yes=6)
    assert mechanism.close(ref) == "passed"
    return case_id, ref


def test_the_convener_signs_when_the_head_is_recused(world: World, mechanism: Mechanism) -> None:
    case_id, _ = passed(world, mechanism, ["组长朱"])
    assert not sees(world, "组长朱", case_id, "sign_head")
    world.do("召集秦", case_id, "sign_convener", SIGN)
    assert sees(world, "县办钱", case_id, "pay_major")


def test_the_city_signs_when_neither_may(world: World, mechanism: Mechanism) -> None:
    case_id, _ = passed(world, mechanism, ["组长朱", "召集秦"])
    world.do("市审周", case_id, "sign_city", SIGN)
    assert sees(world, "县办钱", case_id, "pay_major")


def test_a_signer_with_ties_hands_on_instead_of_signing(world: World, mechanism: Mechanism) -> None:
    case_id, ref = passed(world, mechanism, [])
    related = {**SIGN, "relative_declaration": "related"}
    with pytest.raises(Refused, match="应当回避"):
        world.do("组长朱", case_id, "sign_head", related)
    world.do("组长朱", case_id, "sign_head", {**related, "signoff": "recuse"})
    assert not sees(world, "县办钱", case_id, "pay_major")
    world.do("召集秦", case_id, "sign_convener", SIGN)
    with world.office.database.read() as unit:
        row = meetings.get(unit, ref.region, ref.id)
        said = [(one.capacity, one.decision) for one in meeting_records.signoffs(unit, row)]
    assert said == [("head", "recuse"), ("convener", "agree")]


def test_money_comes_from_the_county_and_the_measures_are_followed(
    world: World, mechanism: Mechanism
) -> None:
    case_id, _ = passed(world, mechanism, [])
    before = world.office
    assert not sees(world, "县办钱", case_id, "pay_major")
    world.do("组长朱", case_id, "sign_head", SIGN)
    world.do(
        "县办钱", case_id, "pay_major", {**SLIP_BANK, "paid_at": world.clock.now().isoformat()}
    )
    assert sees(world, "县办钱", case_id, "follow_medical")
    assert not sees(world, "县办钱", case_id, "conclude_major")
    assert before is world.office
