"""会议: the case in one page, who was called and has voted, and what this person may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.cases import access
from app.cases.meetings import MeetingRef, waiting_item, why_not_vote
from app.cases.minutes import CAPACITY_WORDS, CHOICE_WORDS, DECISION_WORDS
from app.cases.office import Office
from app.cases.tally import Counts, count_votes, quorum_of
from app.cases.views.item import FilledForm, filled_form
from app.cases.work import CaseWork, open_view
from app.kernel.errors import Forbidden, ModelError
from app.kernel.roles import ROLES
from app.store import cases, submissions, work_items
from app.store import meeting_records as records
from app.store import meetings as store
from app.store.meetings import MeetingRow, MemberRow
from app.store.session import Actor, Unit


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting in a list."""

    region: str
    id: UUID
    meeting_no: str
    case_no: str
    applicant: str  # masked
    mode: str  # words
    round: int
    status: str  # "convened" | "noticed" | "closed"
    held_at: datetime | None
    place: str
    outcome: str  # "" until closed
    waits_for_me: bool  # the person has still to declare or to vote


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One person called, and what the page may show of the vote."""

    user_id: str
    name: str
    post: str  # organ, or head or convener
    votes: bool
    present: bool
    recused: bool
    declared: bool
    voted: bool
    choice: str  # words, "" while hidden or not voted
    opinion: str


@dataclass(frozen=True, slots=True)
class Mine:
    """This person's part at the meeting."""

    recused: bool
    declared: bool
    choice: str  # words of the person's own vote, "" before
    why_not: str  # Chinese; "" = may vote now


@dataclass(frozen=True, slots=True)
class Meter:
    """The numbers; the votes only when they may be seen."""

    quorum: int
    counts: Counts
    voted: int
    hidden: bool  # the table says: not before the closing


@dataclass(frozen=True, slots=True)
class SignLine:
    """One word of the head, the convener or the city."""

    at: datetime
    post: str
    name: str
    decision: str  # words
    opinion: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """The page of one meeting."""

    line: MeetingLine
    case_id: UUID
    sees_case: bool  # may open the case itself
    agenda: tuple[str, ...]
    materials: tuple[tuple[str, int, str], ...]  # title, version, SHA-256
    plan: FilledForm | None  # None for who is recused
    rules: dict[str, Any]
    members: tuple[MemberLine, ...]
    meter: Meter
    mine: Mine | None  # None when not called
    runs: bool  # the person runs the meeting (office) and it is open
    notices: tuple[str, ...]
    reason: str  # why the result is what it is; "" until closed
    minutes: str  # the newest version; "" until closed, or for who is recused
    signed: tuple[SignLine, ...]
    sign_item: UUID | None  # the work item in which this person signs


def meeting_list(office: Office, actor: Actor) -> tuple[MeetingLine, ...]:
    """The meetings the person is called to or may read, open ones first, newest first."""
    with office.database.read(actor) as unit:
        scope = access.scope_of(unit, actor, access.reads_cases)
        rows = {row.id: row for row in store.of_counties(unit, scope.regions)}
        rows |= {row.id: row for row in store.of_person(unit, actor.user_id)}
        lines = [_line(unit, actor, row) for row in rows.values()]
        lines.sort(key=lambda line: line.meeting_no, reverse=True)
        return tuple(sorted(lines, key=lambda line: line.status == "closed"))


def my_open_meetings(office: Office, actor: Actor) -> tuple[MeetingLine, ...]:
    """The meetings that wait for the person's declaration or vote."""
    with office.database.read(actor) as unit:
        rows = store.of_person(unit, actor.user_id, open_only=True)
        lines = (_line(unit, actor, row) for row in rows)
        return tuple(line for line in lines if line.waits_for_me)


def meeting_page(office: Office, actor: Actor, ref: MeetingRef) -> MeetingPage:
    """The meeting as the actor may see it; raises NotFound, Forbidden."""
    with office.database.read(actor) as unit:
        meeting = store.get(unit, ref.region, ref.id)
        work = open_view(office, unit, meeting.region, meeting.instance_id)
        me = store.member(unit, meeting, actor.user_id)
        items = work_items.of_case(unit, meeting.region, meeting.case_id)
        sees_case = access.may_see_case(unit, actor, work.case, items)
        if me is None and not sees_case:
            raise Forbidden("not_your_meeting", "您不在这次会议的名单里，不能查看。")
        recused = me is not None and me.recused_at is not None
        counts = count_votes(unit, meeting)
        hidden = bool(meeting.rules.get("hidden_until_close")) and meeting.status != "closed"
        item = waiting_item(unit, meeting)
        kept = records.minutes(unit, meeting)
        return MeetingPage(
            line=_line(unit, actor, meeting),
            case_id=meeting.case_id,
            sees_case=sees_case,
            agenda=tuple(one.title for one in store.agenda(unit, meeting)),
            materials=tuple(
                (one.title, one.version, one.sha256) for one in store.materials(unit, meeting)
            ),
            plan=None if recused else _plan(work, meeting),
            rules=meeting.rules,
            members=_members(unit, meeting, hidden=hidden, open_opinions=not recused),
            meter=_meter(work, meeting, counts, hidden),
            mine=_mine(unit, meeting, me),
            runs=meeting.status != "closed" and item is not None and access.may_work(actor, item),
            notices=tuple(one.text for one in records.notices(unit, meeting)),
            reason=str(meeting.result.get("reason", "")),
            minutes=records.minutes_text(unit, kept[-1]) if kept and not recused else "",
            signed=_signed(unit, meeting),
            sign_item=_sign_item(unit, actor, meeting),
        )


def open_meeting_of(office: Office, actor: Actor, region: str, case_id: UUID) -> UUID | None:
    """The id of the case's newest meeting, None when there is none."""
    with office.database.read(actor) as unit:
        held = store.of_case(unit, region, case_id)
        return held[-1].id if held else None


def _line(unit: Unit, actor: Actor, row: MeetingRow) -> MeetingLine:
    case = cases.get(unit, row.region, row.case_id)
    me = store.member(unit, row, actor.user_id)
    return MeetingLine(
        region=row.region,
        id=row.id,
        meeting_no=row.meeting_no,
        case_no=case.case_no,
        applicant=case.applicant_masked,
        mode=str(row.rules.get("mode_label", row.mode)),
        round=row.round,
        status=row.status,
        held_at=row.held_at,
        place=row.place,
        outcome=str(row.result.get("outcome", "")),
        waits_for_me=row.status == "noticed" and me is not None and _owes(unit, row, me),
    )


def _owes(unit: Unit, row: MeetingRow, me: MemberRow) -> bool:
    """True while the member has still to declare or, where the member votes, to vote."""
    if me.recused_at is not None:
        return False
    if me.user_id not in {one.user_id for one in records.declarations(unit, row)}:
        return True
    return me.votes and me.user_id not in {one.user_id for one in records.ballots(unit, row)}


def _plan(work: CaseWork, meeting: MeetingRow) -> FilledForm | None:
    laid = store.materials(work.unit, meeting)
    if not laid:
        return None
    row = submissions.get(work.unit, meeting.region, laid[-1].submission_id)
    return filled_form(work, row, mask=False)


def _members(
    unit: Unit, meeting: MeetingRow, *, hidden: bool, open_opinions: bool
) -> tuple[MemberLine, ...]:
    ballots = {one.user_id: one for one in records.ballots(unit, meeting)}
    declared = {one.user_id for one in records.declarations(unit, meeting)}
    lines = []
    for row in store.members(unit, meeting):
        ballot = ballots.get(row.user_id)
        shown = ballot is not None and not hidden
        lines.append(
            MemberLine(
                user_id=row.user_id,
                name=row.user_name,
                post=row.organ_name if row.votes else ROLES[row.capacity].label,
                votes=row.votes,
                present=row.present_at is not None,
                recused=row.recused_at is not None,
                declared=row.user_id in declared,
                voted=ballot is not None,
                choice=CHOICE_WORDS.get(ballot.choice, "") if ballot and shown else "",
                opinion=records.opinion(unit, ballot) if ballot and shown and open_opinions else "",
            )
        )
    return tuple(lines)


def _meter(work: CaseWork, meeting: MeetingRow, counts: Counts, hidden: bool) -> Meter:
    voted = counts.yes + counts.no + counts.abstain
    try:
        quorum = quorum_of(work.package, meeting, counts, work.now)
    except ModelError:
        quorum = 0
    return Meter(quorum, counts, voted, hidden)


def _mine(unit: Unit, meeting: MeetingRow, me: MemberRow | None) -> Mine | None:
    if me is None:
        return None
    ballot = next(
        (one for one in records.ballots(unit, meeting) if one.user_id == me.user_id), None
    )
    return Mine(
        recused=me.recused_at is not None,
        declared=me.user_id in {one.user_id for one in records.declarations(unit, meeting)},
        choice=CHOICE_WORDS.get(ballot.choice, "") if ballot else "",
        why_not=why_not_vote(unit, meeting, me),
    )


def _signed(unit: Unit, meeting: MeetingRow) -> tuple[SignLine, ...]:
    return tuple(
        SignLine(
            one.at,
            CAPACITY_WORDS.get(one.capacity, one.capacity),
            one.user_name,
            DECISION_WORDS.get(one.decision, one.decision),
            records.opinion(unit, one),
        )
        for one in records.signoffs(unit, meeting)
    )


def _sign_item(unit: Unit, actor: Actor, meeting: MeetingRow) -> UUID | None:
    waiting = work_items.of_case(unit, meeting.region, meeting.case_id, waiting_only=True)
    for item in waiting:
        if item.properties.get("step") == "signoff" and access.may_work(actor, item):
            return item.id
    return None
