"""A case in sentences: its state, its money, its history, its place on the diagram.

Pure functions from the read model to words; codes that have no words here are shown as they are,
so that a new deed is never hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases.views.case import CasePage, DiagramState, Event
from app.cases.views.lines import ItemLine
from app.kernel.roles import ROLES
from app.kernel.workdays import WorkCalendar
from app.web import labels, wording
from app.web.diagram import Mark, Progress
from app.web.lines import item_row

# Deeds that only repeat what another line of the timeline already says.
QUIET_ACTIONS = frozenset({"submission.kept", "work_item.opened"})
FOLLOWING_ACTIONS = frozenset({"call.performed", "decision.taken", "case.closed", "timer.fired"})
DONE_ACTIONS = frozenset({"work_item.completed", "case.closed"})


@dataclass(frozen=True, slots=True)
class Told:
    """One moment of the timeline: who did what, and what followed of itself."""

    what: str
    who: str
    at: datetime
    why: str
    followed: tuple[str, ...]  # what the system did in the same moment
    state: str  # CSS class


def status_words(status: str) -> tuple[str, str]:
    """The status in words and its tag."""
    return labels.STATUS.get(status, (status, "ahead"))


def state_sentence(page: CasePage) -> str:
    """Where the case stands, in one sentence."""
    line = page.line
    if page.incidents:
        return f"停在“{page.incidents[0].element}”，须有人处理后才能继续。"
    if line.status != "open":
        words, outcome = status_words(line.status)[0], labels.OUTCOME.get(line.outcome, "")
        if outcome.startswith(words) or not outcome:
            return f"{outcome or words}。"
        return f"{words}：{outcome}。"
    if not page.waiting:
        return "系统正在办理，没有等人的环节。"
    return "；".join(_waiting_words(item) for item in page.waiting) + "。"


def _waiting_words(item: ItemLine) -> str:
    who = f"{item.holder}（{item.role}）办理" if item.holder else f"等{item.role}签收办理"
    row = item_row(item)
    return f"正在“{item.name}”，{who}" + (f"，{row.rest.words}" if row.rest else "")


def duty_words(page: CasePage) -> str:
    """Whose duty the case is now (首问负责): the last who accepted, and who has been asked."""
    accepted = [link for link in page.responsible if link.accepted_at is not None]
    asked = [link for link in page.responsible if link.accepted_at is None]
    now = accepted[-1] if accepted else None
    if now is None:
        return "—"
    words = f"{now.name}（{now.organ}）" if now.name != now.organ else now.name
    if asked:
        return f"{words}，已转{asked[-1].organ}，等待受理"
    return words


def first_asked_words(page: CasePage, now: datetime) -> str:
    """Who was asked first and until when that lasted."""
    first = next((link for link in page.responsible if link.first_asked), None)
    if first is None:
        return "—"
    later = [
        link.accepted_at
        for link in page.responsible
        if not link.first_asked and link.accepted_at is not None
    ]
    until = f"，负责到 {wording.dated(later[0], now)} 移交" if later else "，尚未移交"
    return f"{first.name}（{first.organ}）{until}"


def told(page: CasePage) -> list[Told]:
    """The history of the case for people, newest first; one entry per deed and moment."""
    names = _names(page)
    moments: list[list[Event]] = []
    for event in page.timeline:
        if event.action in QUIET_ACTIONS:
            continue
        last = moments[-1][0] if moments else None
        same = last is not None and (last.at, last.actor) == (event.at, event.actor)
        if same and event.action in FOLLOWING_ACTIONS:
            moments[-1].append(event)
        else:
            moments.append([event])
    return [_told(events, names) for events in reversed(moments)]


def _told(events: list[Event], names: Mapping[str, str]) -> Told:
    first, *others = events
    states = {"incident.opened": "incident", "deadline.breached": "late"}
    state = states.get(first.action, "done" if first.action in DONE_ACTIONS else "")
    body = _body(first)
    why = str(body.get("reason") or body.get("purpose") or "")
    followed = tuple(dict.fromkeys(_event_words(event, names) for event in others))
    return Told(_event_words(first, names), first.actor, first.at, why, followed, state)


def _event_words(event: Event, names: Mapping[str, str]) -> str:
    body = _body(event)
    about = names.get(str(body.get("element") or body.get("decision_id") or ""), "")
    words = labels.ACTION.get(event.action, event.action)
    if event.action in ("call.performed", "decision.taken"):
        return about or words
    if event.action in ("deadline.reminded", "deadline.breached"):
        return _reminder_words(body, names)
    if event.action == "work_item.reassigned":
        return f"{words}“{about}”给{body.get('to', '')}" if about else f"{words}给{body.get('to')}"
    return f"{words}“{about}”" if about else words


def _reminder_words(body: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """先行救助时限已用 50%，已提醒乡镇（街道）经办人."""
    code = str(body.get("role", ""))
    role = ROLES[code].label if code in ROLES else code
    name = names.get(f"limit:{body.get('key')}", str(body.get("key", "")))
    return f"{name}时限已用 {body.get('percent')}%，已通知{role}"


def _body(event: Event) -> Mapping[str, Any]:
    return event.body if isinstance(event.body, Mapping) else {}


def _names(page: CasePage) -> dict[str, str]:
    """Element id or decision id -> the label on the diagram; limit:<key> -> the limit's name."""
    found = {f"limit:{limit.key}": limit.name for limit in page.limits}
    for state in page.diagrams:
        for element in state.definition.elements.values():
            found[element.id] = element.name
            if element.decision_id:
                found[element.decision_id] = element.name
    return found


def marks(
    page: CasePage, state: DiagramState, *, now: datetime, calendar: WorkCalendar
) -> tuple[dict[str, Mark], frozenset[str]]:
    """What happened at each element of one diagram, and the flows that were taken."""
    found: dict[str, Mark] = {}
    flows = set()
    for one in state.passed:
        if one.kind == "sequenceFlow":
            flows.add(one.element_id)
        else:
            who = "" if one.actor == "系统" else one.actor
            found[one.element_id] = Mark(Progress.DONE, who, wording.dated(one.at, now))
    entered = {other.definition.id for other in page.diagrams}
    for element in state.definition.elements.values():
        inside = element.called_process in entered and element.id not in found
        if inside and element.called_process:
            found[element.id] = Mark(Progress.HERE, note="见下一张图")
    for element_id in state.here:
        name = state.definition.elements[element_id].name
        item = next((line for line in page.waiting if line.name == name), None)
        found.pop(element_id, None)  # gone through before, here again: it belongs at the end
        found[element_id] = _waiting_mark(item)
    for element_id in state.stopped:
        found.pop(element_id, None)
        found[element_id] = Mark(Progress.INCIDENT)
    return found, frozenset(flows)


def _waiting_mark(item: ItemLine | None) -> Mark:
    if item is None:
        return Mark(Progress.HERE)
    row = item_row(item)
    who = item.holder or item.role
    return Mark(
        Progress.LATE if item.late else Progress.HERE, who, note=row.rest.words if row.rest else ""
    )
