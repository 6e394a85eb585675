"""Calls about the coordination meeting: convene it on the newest papers, and put a signature to it.

Who is called is data: whoever holds a mechanism role in an organ of the county.
"""

from __future__ import annotations

from typing import Any

from app.cases import minutes
from app.cases.plain import plain
from app.cases.separation import words
from app.cases.tally import CONVENER, HEAD, MEMBER
from app.cases.work import CaseWork
from app.kernel.errors import ModelError, Refused
from app.kernel.roles import Level
from app.process.step import Call
from app.store import meeting_records as records
from app.store import meetings as store
from app.store import people, submissions
from app.store.meetings import Called, Material, MeetingRow
from app.store.submissions import SubmissionRow

DECISIONS = ("agree", "return", "recuse")


def convene(work: CaseWork, call: Call) -> dict[str, Any]:
    """A meeting of the next round stands, its people called, its papers laid; not yet noticed."""
    mode = str(call.inputs.get("mode") or "")
    rules = plain(work.decide("voting_rules", call.token, {"meeting_mode": mode}).value)
    if not isinstance(rules, dict):
        raise ModelError(f"“{call.name}”的会议方式“{mode}”没有表决规则。", mode=mode)
    called = _called(work)
    if not any(person.votes for person in called):
        raise Refused("no_members", "还没有登记协调机制成员，不能召开会议。请先登记成员。")
    papers = [
        paper
        for form_id in words(str(call.inputs.get("materials") or ""))
        for paper in _papers(work, form_id)
    ]
    title = f"审议 {work.case.case_no} 综合救助方案"
    row = store.convene(
        work.unit,
        work.case.region,
        work.case.id,
        work.instance.id,
        mode=mode,
        rules=rules,
        agenda=[("plan", title)],
        materials=papers,
        called=called,
    )
    facts = {"meeting_no": row.meeting_no, "round": row.round, "called": len(called)}
    work.audit("meeting.convened", ("meeting", row.id), facts)
    return {"meeting_no": row.meeting_no, "round": row.round}


def sign(work: CaseWork, call: Call) -> dict[str, Any]:
    """The actor's word on the passed plan is on record and in the minutes; Refused if recused."""
    decision = str(call.inputs.get("decision") or "")
    if decision not in DECISIONS:
        raise ModelError(f"“{call.name}”的签批意见“{decision}”不在目录中。", decision=decision)
    meeting = _newest(work)
    me = store.member(work.unit, meeting, work.unit.actor.user_id)
    if me is not None and me.recused_at is not None and decision != "recuse":
        raise Refused(
            "recused", "您在这次会议上已经回避，不能签批，请由他人签批。", clause="s4-fraud"
        )
    if me is not None and decision == "recuse":
        store.mark_recused(work.unit, me)
    papers = store.materials(work.unit, meeting)
    answers = work.answers(str(call.inputs.get("form") or ""))
    row = records.sign(
        work.unit,
        meeting,
        capacity=str(call.inputs.get("capacity") or ""),
        decision=decision,
        opinion=str(answers.get("opinion") or ""),
        materials_sha256=papers[-1].sha256 if papers else "",
    )
    minutes.write(work.unit, work.case, meeting)
    facts = {"meeting_no": meeting.meeting_no, "decision": decision, "capacity": row.capacity}
    work.audit("meeting.signed", ("meeting", meeting.id), facts)
    return {"signed": decision == "agree", "signed_at": row.at.isoformat()}


def _newest(work: CaseWork) -> MeetingRow:
    held = store.of_case(work.unit, work.case.region, work.case.id)
    if not held or not held[-1].result.get("passed"):
        raise Refused("not_passed", "方案还没有经会议通过，不能签批。", clause="x-meeting")
    return held[-1]


def _papers(work: CaseWork, form_id: str) -> list[Material]:
    """The newest submission of the form as the paper to be laid, with its version."""
    rows: list[SubmissionRow] = [
        row
        for row in submissions.of_case(work.unit, work.case.region, work.case.id, form_id=form_id)
        if row.status == "submitted"
    ]
    if not rows:
        raise ModelError(f"会议材料“{form_id}”还没有人填写。", form_id=form_id)
    newest = rows[-1]
    name = work.package.form(form_id).name or form_id
    return [Material(name, form_id, len(rows), newest.id, newest.values_sha256)]


def _called(work: CaseWork) -> list[Called]:
    """Holders of a mechanism role in the county's organs; who is head or convener is called so."""
    unit = work.unit
    found: dict[str, Called] = {}
    organs = [o for o in people.organs(unit, work.case.region) if o.level == Level.COUNTY]
    voting = {str(user.id) for organ in organs for user in people.holders(unit, MEMBER, organ.code)}
    for capacity in (HEAD, CONVENER, MEMBER):
        for organ in organs:
            for user in people.holders(unit, capacity, organ.code):
                user_id = str(user.id)
                person = Called(
                    user_id, user.name, organ.code, organ.name, capacity, user_id in voting
                )
                found.setdefault(user_id, person)
    return list(found.values())
