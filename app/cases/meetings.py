"""The coordination meeting: notice, ties, attendance, ballots, and the closing that counts them.

A meeting is one waiting work item; everything here happens beside the engine until the closing
completes that item with the counts. How votes count is the decision `vote_result`, never code.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.cases import access, advance, guard, minutes, separation
from app.cases.office import Office
from app.cases.tally import CONVENER, HEAD, Counts, competent, count_votes, result_of
from app.cases.work import open_work
from app.kernel.clock import SHANGHAI, local
from app.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound, Refused, Stale
from app.store import meeting_records as records
from app.store import meetings as store
from app.store import messages, work_items
from app.store.meetings import MeetingRow, MemberRow
from app.store.session import Actor, Unit
from app.store.work_items import WorkItemRow

STEP = "meeting"  # property `step` of the user task that a meeting completes
MAX_TEXT = 500  # characters of an opinion, a reason or a notice's remark
MAX_PLACE = 100  # characters
SIGNERS = ("head", "convener")  # whom the office may propose to sign


@dataclass(frozen=True, slots=True)
class MeetingRef:
    """How an address names a meeting."""

    region: str
    id: UUID


Deed = Callable[[Unit, MeetingRow], dict[str, Any]]


def _at_meeting(
    office: Office, actor: Actor, ref: MeetingRef, verb: str, key: str | None, deed: Deed
) -> dict[str, Any]:
    """The deed is done at the open meeting, whose row is locked; Stale when it is closed."""

    def body(unit: Unit) -> dict[str, Any]:
        meeting = store.get(unit, ref.region, ref.id, lock=True)
        if meeting.status == "closed":
            raise Stale("meeting_closed", f"会议 {meeting.meeting_no} 已经结束，不能再办。")
        return deed(unit, meeting)

    return office.database.run(actor, verb, key, body, region=ref.region)


def waiting_item(unit: Unit, meeting: MeetingRow) -> WorkItemRow | None:
    """The work item that the meeting's closing completes, None when it waits no longer."""
    waiting = work_items.of_case(unit, meeting.region, meeting.case_id, waiting_only=True)
    for item in waiting:
        if item.instance_id == meeting.instance_id and item.properties.get("step") == STEP:
            return item
    return None


def _require_office(unit: Unit, actor: Actor, meeting: MeetingRow) -> WorkItemRow:
    item = waiting_item(unit, meeting)
    if item is None:
        raise Stale("item_not_waiting", "会议的待办已办理或已撤回，请刷新。")
    if access.require_item(actor, item).behalf is not None:
        raise Refused("own_post_only", "会议由协调机制办公室的人员本人组织，不能代办。")
    return item


def _member(unit: Unit, meeting: MeetingRow, user_id: str) -> MemberRow:
    row = store.member(unit, meeting, user_id)
    if row is None:
        raise Forbidden("not_member", "您不在这次会议的名单里。")
    return row


def notify(
    office: Office,
    actor: Actor,
    ref: MeetingRef,
    *,
    held_at: datetime,
    place: str,
    remark: str = "",
    key: str | None = None,
) -> dict[str, Any]:
    """Everybody called has been told when and where; a second notice replaces the first."""
    place = place.strip()[:MAX_PLACE]
    if not place:
        raise Invalid("请写明地点。", [FieldProblem("place", "地点", "请写明在哪里开会。")])

    def deed(unit: Unit, meeting: MeetingRow) -> dict[str, Any]:
        _require_office(unit, actor, meeting)
        if held_at < unit.now:
            problem = FieldProblem("held_at", "开会时间", "开会时间不能早于现在。")
            raise Invalid("请改正开会时间。", [problem])
        when = f"{held_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        label = meeting.rules.get("mode_label", "")
        text = f"会议 {meeting.meeting_no}（{label}）：{when}，{place}。{remark.strip()[:MAX_TEXT]}"
        records.add_notice(unit, meeting, held_at=held_at, place=place, text=text)
        for row in store.members(unit, meeting):
            messages.tell_user(unit, meeting.region, row.user_id, "meeting", text)
        _audit(unit, meeting, "meeting.noticed", {"held_at": held_at.isoformat(), "place": place})
        return {"told": len(store.members(unit, meeting))}

    return _at_meeting(office, actor, ref, "meeting.notify", key, deed)


def declare(
    office: Office,
    actor: Actor,
    ref: MeetingRef,
    *,
    related: bool,
    reason: str = "",
    key: str | None = None,
) -> dict[str, Any]:
    """The actor has said whether there are ties; who has any takes no part from now on."""
    reason = reason.strip()[:MAX_TEXT]
    if related and not reason:
        raise Invalid("请写明关系。", [FieldProblem("reason", "说明", "请写明是什么关系。")])

    def deed(unit: Unit, meeting: MeetingRow) -> dict[str, Any]:
        _recuse_or_clear(unit, meeting, _member(unit, meeting, actor.user_id), related, reason)
        return {"recused": related}

    return _at_meeting(office, actor, ref, "meeting.declare", key, deed)


def recuse(
    office: Office,
    actor: Actor,
    ref: MeetingRef,
    *,
    user_id: str,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The office has had a member take no part, with the reason on record."""
    reason = reason.strip()[:MAX_TEXT]
    if not reason:
        problem = FieldProblem("recuse_reason", "回避原因", "请写明为什么应当回避。")
        raise Invalid("请写明回避原因。", [problem])

    def deed(unit: Unit, meeting: MeetingRow) -> dict[str, Any]:
        _require_office(unit, actor, meeting)
        _recuse_or_clear(unit, meeting, _member(unit, meeting, user_id), True, reason)
        return {}

    return _at_meeting(office, actor, ref, "meeting.recuse", key, deed)


def _recuse_or_clear(
    unit: Unit, meeting: MeetingRow, row: MemberRow, related: bool, reason: str
) -> None:
    if row.recused_at is not None and not related:
        raise Refused("recused", "您已申报回避，不能改为没有关系；确有错误的请办公室处理。")
    kind = "related" if related else "none"
    records.declare(unit, meeting, row.user_id, kind=kind, reason=reason)
    if related:
        store.mark_recused(unit, row)
    _audit(unit, meeting, "meeting.declared", {"member": row.user_name, "kind": kind})


def record_attendance(
    office: Office,
    actor: Actor,
    ref: MeetingRef,
    *,
    present: Collection[str],
    key: str | None = None,
) -> dict[str, Any]:
    """Exactly these people (user ids) are there, and who has voted in any case."""

    def deed(unit: Unit, meeting: MeetingRow) -> dict[str, Any]:
        _require_office(unit, actor, meeting)
        voted = {ballot.user_id for ballot in records.ballots(unit, meeting)}
        rows = store.members(unit, meeting)
        for row in rows:
            store.mark_present(unit, row, row.user_id in voted or row.user_id in present)
        there = [row.user_name for row in rows if row.present_at]
        _audit(unit, meeting, "meeting.attended", {"present": there})
        return {"present": len(there)}

    return _at_meeting(office, actor, ref, "meeting.record_attendance", key, deed)


def cast_ballot(
    office: Office,
    actor: Actor,
    ref: MeetingRef,
    *,
    choice: str,
    opinion: str = "",
    agenda_seq: int = 1,
    key: str | None = None,
) -> dict[str, Any]:
    """The actor's vote is in the box and the actor counts as present.

    Raises: Invalid without a choice; Refused when recused, undeclared, before the notice or the
    second time; Forbidden to who does not vote; Stale after the closing. The record of deeds does
    not say what was voted: it may be read before the closing.
    """
    if choice not in records.CHOICES:
        problem = FieldProblem("choice", "我的表决", "请选择赞成、反对或者弃权。")
        raise Invalid("请选择怎样表决。", [problem])

    def deed(unit: Unit, meeting: MeetingRow) -> dict[str, Any]:
        row = _member(unit, meeting, actor.user_id)
        reason = why_not_vote(unit, meeting, row)
        if reason:
            raise Refused("may_not_vote", reason, clause="x-meeting")
        if agenda_seq not in {one.seq for one in store.agenda(unit, meeting)}:
            raise NotFound("no_agenda_item", "没有这项议题。")
        records.cast(unit, meeting, agenda_seq, choice=choice, opinion=opinion.strip()[:MAX_TEXT])
        store.mark_present(unit, row, True)
        _audit(unit, meeting, "ballot.cast", {"member": row.user_name, "item": agenda_seq})
        return {}

    return _at_meeting(office, actor, ref, "meeting.cast_ballot", key, deed)


def why_not_vote(unit: Unit, meeting: MeetingRow, row: MemberRow) -> str:
    """Chinese: what stands in the way of the member's vote, "" when nothing."""
    if not row.votes:
        return "您列席这次会议，不参加表决。"
    if row.recused_at is not None:
        return "您已回避，不参加表决，也不计入应到人数。"
    if meeting.status == "convened":
        return "会议还没有发出通知，通知以后才能表决。"
    declared = {one.user_id for one in records.declarations(unit, meeting)}
    if row.user_id not in declared:
        return "请先申报与本案有没有近亲属关系。"
    return ""


def close(
    office: Office,
    actor: Actor,
    ref: MeetingRef,
    *,
    sent_to: str = "",
    confirmed: bool = False,
    key: str | None = None,
) -> dict[str, Any]:
    """The votes are counted, the minutes written, and the case stands where its diagram leads.

    confirmed: close although somebody present has not voted.
    """
    if sent_to not in ("", *SIGNERS):
        problem = FieldProblem("sent_to", "送谁签批", "请选择组长或者召集人。")
        raise Invalid("请选择送谁签批。", [problem])

    def body(unit: Unit) -> dict[str, Any]:
        work = open_work(office, unit, ref.region, _instance_of(unit, ref))
        item = _require_office(unit, actor, store.get(unit, ref.region, ref.id))
        item = work_items.get(unit, ref.region, item.id, lock=True)
        meeting = store.get(unit, ref.region, ref.id, lock=True)
        _require_closable(meeting)
        separation.require_separate(work, item)
        counts = count_votes(unit, meeting)
        _require_time(meeting, counts, unit.now, confirmed=confirmed)
        answers = {
            **counts.facts(),
            "head_competent": competent(unit, meeting, HEAD),
            "convener_competent": competent(unit, meeting, CONVENER),
            "sent_to": sent_to or None,
        }
        result = result_of(work.package, meeting, counts, unit.now)
        answers |= {"passed": result["passed"], "outcome": result["outcome"]}
        guard.require_allowed(work, item, answers)
        store.close(unit, meeting, {**counts.facts(), **result})
        minutes.write(unit, work.case, meeting)
        work_items.finish(unit, item, str(result["outcome"]))
        _audit(unit, meeting, "meeting.closed", {**counts.facts(), "outcome": result["outcome"]})
        advance.carry(work, work.run.complete(item.token, answers, now=local(unit.now)))
        return {"outcome": result["outcome"], "case_id": str(meeting.case_id)}

    return office.database.run(actor, "meeting.close", key, body, region=ref.region)


def _instance_of(unit: Unit, ref: MeetingRef) -> UUID:
    return store.get(unit, ref.region, ref.id).instance_id


def _require_closable(meeting: MeetingRow) -> None:
    if meeting.status == "closed":
        raise Stale("meeting_closed", f"会议 {meeting.meeting_no} 已经结束。")
    if meeting.status == "convened":
        raise Refused("not_noticed", "会议还没有发出通知，不能结束。请先通知成员。")


def _require_time(meeting: MeetingRow, counts: Counts, now: datetime, *, confirmed: bool) -> None:
    """Nobody is cut off: not before the noticed moment, nor past those who are there, unasked."""
    if meeting.held_at and now < meeting.held_at and counts.silent:
        when = f"{meeting.held_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        raise Refused("too_early", f"通知的时间是 {when}，还有人没有表决，不能提前结束。")
    if counts.pending and not confirmed:
        names = "、".join(counts.pending)
        raise Refused("votes_missing", f"到会的{names}还没有表决；确要结束的，请勾选后再结束。")


def _audit(unit: Unit, meeting: MeetingRow, action: str, body: dict[str, Any]) -> None:
    facts = {"meeting_no": meeting.meeting_no, **body}
    unit.audit(meeting.region, meeting.case_id, action, ("meeting", meeting.id), facts)
