"""The minutes of a meeting, written from its records and from nothing else (F-minutes)."""

from __future__ import annotations

from datetime import datetime

from app.kernel.clock import SHANGHAI
from app.kernel.roles import ROLES
from app.store import meeting_records as records
from app.store import meetings as store
from app.store.cases import CaseRow
from app.store.meeting_records import MinutesRow
from app.store.meetings import MeetingRow, MemberRow
from app.store.session import Unit

CHOICE_WORDS = {"yes": "赞成", "no": "反对", "abstain": "弃权"}
DECISION_WORDS = {"agree": "同意", "return": "退回修改", "recuse": "回避"}
CAPACITY_WORDS = {"head": "组长", "convener": "召集人", "city": "市级民政审批人"}
SHA_SHOWN = 12  # characters of a paper's hash that the minutes show


def write(unit: Unit, case: CaseRow, meeting: MeetingRow) -> MinutesRow:
    """The minutes have a version that says what the records say now."""
    return records.keep_minutes(unit, meeting, text_of(unit, case, meeting))


def text_of(unit: Unit, case: CaseRow, meeting: MeetingRow) -> str:
    """The minutes as plain text, a heading line before each part."""
    members = store.members(unit, meeting)
    parts = [
        ("会议纪要", _head(unit, case, meeting)),
        ("议题", [f"{one.seq}. {one.title}" for one in store.agenda(unit, meeting)]),
        ("材料", _papers(unit, meeting)),
        ("应到、实到与回避", _people(members, meeting)),
        ("表决（记名）", _votes(unit, meeting, members)),
        ("结果", [str(meeting.result.get("reason", "会议尚未结束。"))]),
        ("签批", _signatures(unit, meeting)),
    ]
    return "\n\n".join("\n".join([title, *lines]) for title, lines in parts)


def _head(unit: Unit, case: CaseRow, meeting: MeetingRow) -> list[str]:
    told = [
        f"通知：{_when(one.sent_at)} 由{one.sent_by}发出，定于 {_when(one.held_at)}，{one.place}"
        for one in records.notices(unit, meeting)
    ]
    closed = f"{_when(meeting.closed_at)}，{meeting.closed_by}" if meeting.closed_at else "未结束"
    return [
        f"会议编号：{meeting.meeting_no}（第 {meeting.round} 次）",
        f"会议方式：{meeting.rules.get('mode_label', meeting.mode)}",
        f"个案：{case.case_no}，{case.applicant_masked}",
        *(told or ["通知：未发出"]),
        f"结束：{closed}",
    ]


def _papers(unit: Unit, meeting: MeetingRow) -> list[str]:
    return [
        f"{one.seq}. {one.title}，第 {one.version} 版，校验码 {one.sha256[:SHA_SHOWN]}"
        for one in store.materials(unit, meeting)
    ]


def _people(members: list[MemberRow], meeting: MeetingRow) -> list[str]:
    eligible = [row for row in members if row.votes and not row.recused_at]
    others = [row for row in members if not row.votes]
    lines = [
        _list("应到", eligible),
        _list("实到", [row for row in eligible if row.present_at]),
        _list("回避", [row for row in members if row.recused_at]),
    ]
    if others:
        lines.append(_list("负责人", others))
    if "quorum" in meeting.result:
        lines.append(f"法定人数：{meeting.result['quorum']} 人")
    return lines


def _list(label: str, rows: list[MemberRow]) -> str:
    names = "、".join(f"{row.user_name}（{_post(row)}）" for row in rows)
    return f"{label} {len(rows)} 人" + (f"：{names}" if names else "")


def _post(row: MemberRow) -> str:
    if row.votes or row.capacity not in ROLES:
        return row.organ_name
    return ROLES[row.capacity].label


def _votes(unit: Unit, meeting: MeetingRow, members: list[MemberRow]) -> list[str]:
    recused = {row.user_id for row in members if row.recused_at}
    lines = []
    for one in records.ballots(unit, meeting):
        said = records.opinion(unit, one)
        void = "（后已回避，不计票）" if one.user_id in recused else ""
        words = CHOICE_WORDS.get(one.choice, one.choice)
        lines.append(f"{one.user_name}：{words}{void}" + (f"。意见：{said}" if said else ""))
    voted = {one.user_id for one in records.ballots(unit, meeting)}
    silent = [row for row in members if row.votes and not row.recused_at]
    missing = [row.user_name for row in silent if row.user_id not in voted]
    if missing:
        lines.append(f"未表决：{'、'.join(missing)}")
    return lines


def _signatures(unit: Unit, meeting: MeetingRow) -> list[str]:
    lines = []
    for one in records.signoffs(unit, meeting):
        said = records.opinion(unit, one)
        words = DECISION_WORDS.get(one.decision, one.decision)
        post = CAPACITY_WORDS.get(one.capacity, one.capacity)
        lines.append(
            f"{_when(one.at)}，{post}{one.user_name}：{words}" + (f"。{said}" if said else "")
        )
    return lines or ["尚未签批，不得发放。"]


def _when(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
