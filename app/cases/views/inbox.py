"""待办: what waits for this person, overdue first, then by remaining time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.cases.office import Office
from app.cases.views.lines import ItemLine, Names, item_line
from app.kernel.clock import legal_day
from app.store import bars, cases, clocks, messages, work_items
from app.store.cases import CaseRow
from app.store.clocks import DeadlineRow
from app.store.messages import MessageRow
from app.store.session import Actor, Unit
from app.store.work_items import WorkItemRow


@dataclass(frozen=True, slots=True)
class Note:
    """One message to the person or the person's group."""

    region: str
    id: str
    text: str
    kind: str
    created_at: datetime
    case_id: str  # "" = about no case


@dataclass(frozen=True, slots=True)
class Inbox:
    """The page 待办."""

    now: datetime
    late: int  # how many are overdue
    due_today: int  # due before this day's end and not yet late
    earliest: ItemLine | None  # the next one to fall due
    mine: tuple[ItemLine, ...]  # held by the person
    stead: tuple[ItemLine, ...]  # of absent colleagues, done in their stead
    group: tuple[ItemLine, ...]  # free to be taken
    notes: tuple[Note, ...]  # unread, newest first


def inbox(office: Office, actor: Actor) -> Inbox:
    """What waits for the actor now."""
    with office.database.read(actor) as unit:
        names = Names(unit)
        items = work_items.inbox(unit)
        closed = bars.closed_to(unit, {item.region for item in items}, actor.user_id)
        lines = _lines(unit, names, [item for item in items if item.case_id not in closed])
        lines.sort(key=_urgency)
        notes = messages.for_actor(unit, unread_only=True)
        today = legal_day(unit.now)
        due_today = [
            line
            for line in lines
            if line.due_at and not line.late and legal_day(line.due_at) <= today
        ]
        upcoming = [line for line in lines if line.due_at and not line.late]
        return Inbox(
            now=unit.now,
            late=sum(line.late for line in lines),
            due_today=len(due_today),
            earliest=upcoming[0] if upcoming else None,
            mine=tuple(line for line in lines if line.mine and not line.in_stead_of),
            stead=tuple(line for line in lines if line.in_stead_of),
            group=tuple(line for line in lines if not line.mine and not line.in_stead_of),
            notes=tuple(_note(row) for row in notes),
        )


def governing_limit(unit: Unit, item: WorkItemRow) -> DeadlineRow | None:
    """The running limit the item serves, None when there is none."""
    if not item.clock_key:
        return None
    return clocks.running(unit, item.region, item.case_id, item.clock_key)


def _lines(unit: Unit, names: Names, items: list[WorkItemRow]) -> list[ItemLine]:
    """The items with their cases and limits, two statements for each county."""
    known: dict[UUID, CaseRow] = {}
    limits: dict[tuple[UUID, str], DeadlineRow] = {}
    for region in {item.region for item in items}:
        ids = [item.case_id for item in items if item.region == region]
        known |= cases.many(unit, region, ids)
        limits |= clocks.running_of(unit, region, ids)
    return [
        item_line(
            unit, names, item, known[item.case_id], limits.get((item.case_id, item.clock_key))
        )
        for item in items
    ]


def _urgency(line: ItemLine) -> tuple[bool, datetime]:
    return (line.due_at is None, line.due_at or line.opened_at)


def _note(row: MessageRow) -> Note:
    return Note(row.region, str(row.id), row.text, row.kind, row.created_at, str(row.case_id or ""))
