"""What the demonstration does beside work items: a meeting is held, somebody objects to a notice.

`notice_meeting`, `hold_meeting` and `public_objection` are steps of `demo.toml`, whose head
explains them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.cases import meetings, objections
from app.cases.meetings import MeetingRef
from app.cases.objections import Objection
from app.cases.office import Office
from app.kernel.errors import ModelError
from app.store import meetings as meeting_rows
from app.store import notices, people
from app.store.session import Actor

NOTICE, HOLD, OBJECT = "notice_meeting", "hold_meeting", "public_objection"
BESIDE = (NOTICE, HOLD, OBJECT)


def do(
    office: Office, login: str, element: str, region: str, case_id: UUID, step: Mapping[str, Any]
) -> None:
    """The deed is done at the office's present moment; raises ModelError when it cannot be."""
    if element == OBJECT:
        _object(office, region, case_id, step.get("values", {}))
        return
    ref = _meeting(office, region, case_id)
    if element == NOTICE:
        place = str(step.get("place", "演示：三楼会议室"))
        held_at = datetime.fromisoformat(str(step["held_at"]))
        meetings.notify(office, _actor(office, login), ref, held_at=held_at, place=place)
        return
    _hold(office, login, ref, step)


def _hold(office: Office, login: str, ref: MeetingRef, step: Mapping[str, Any]) -> None:
    """Who has ties says so, everybody else declares none and votes; then the votes are counted."""
    for member in step.get("recused", ()):
        actor = _actor(office, member)
        meetings.declare(office, actor, ref, related=True, reason="演示：近亲属，回避")
    for choice in ("yes", "no", "abstain"):
        for member in step.get(choice, ()):
            actor = _actor(office, member)
            meetings.declare(office, actor, ref, related=False)
            meetings.cast_ballot(office, actor, ref, choice=choice)
    sent_to = str(step.get("sent_to", ""))
    meetings.close(office, _actor(office, login), ref, sent_to=sent_to, confirmed=True)


def _object(office: Office, region: str, case_id: UUID, said: Mapping[str, Any]) -> None:
    with office.database.read() as unit:
        hanging = notices.of_case(unit, region, case_id)
    if not hanging:
        raise ModelError("演示个案还没有公示，不能提异议。")
    content = Objection(str(said["name"]), str(said["phone"]), str(said["statement"]))
    objections.file(office, hanging[-1].id, content)


def _meeting(office: Office, region: str, case_id: UUID) -> MeetingRef:
    with office.database.read() as unit:
        held = meeting_rows.of_case(unit, region, case_id)
    if not held:
        raise ModelError("演示个案还没有召集会议。")
    return MeetingRef(region, held[-1].id)


def _actor(office: Office, login: str) -> Actor:
    with office.database.read() as unit:
        row = people.user_by_login(unit, login)
        if row is None:
            raise ModelError(f"演示数据里的“{login}”不在人员之列。")
        return people.actor_of(unit, row)
