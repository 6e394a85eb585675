"""协同: who was asked what about a work item, and who may still be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.cases import access
from app.cases.office import Office
from app.cases.work_items import ItemRef
from app.store import cases, people, requests, work_items
from app.store.requests import RequestRow
from app.store.session import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """One request about the item."""

    id: UUID
    kind: str  # "delegate" | "cosign" | "copy"
    from_name: str
    to_name: str
    reason: str
    asked_at: datetime
    answer: str  # "" | "done" | "agree" | "object" | "taken_back"
    comment: str
    to_me: bool
    by_me: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person who may be asked."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Teamwork:
    """What the item's page shows of working together."""

    asked: tuple[Asked, ...] = ()
    colleagues: tuple[Colleague, ...] = ()  # for 加签 and 抄送
    peers: tuple[Colleague, ...] = ()  # of the same role and organ, for 委派
    to_answer: Asked | None = None  # a consent asked of the actor
    delegated: Asked | None = None  # the actor prepares it for somebody
    may_ask: bool = False
    may_remind: bool = False


def teamwork_of(office: Office, actor: Actor, ref: ItemRef) -> Teamwork:
    """The requests about the item; raises NotFound, Forbidden."""
    with office.database.read(actor) as unit:
        item = work_items.get(unit, ref.region, ref.id)
        access.require_case(unit, actor, cases.get(unit, ref.region, item.case_id), [item])
        asked = tuple(_asked(actor, row) for row in requests.of_item(unit, ref.region, ref.id))
        if item.state not in work_items.WAITING:
            return Teamwork(asked)
        open_to_me = [one for one in asked if one.to_me and not one.answer]
        me = access.standing(actor, item)
        holds = me is not None and access.is_free(me, item)
        delegated = next((one for one in open_to_me if one.kind == "delegate"), None)
        peers = people.holders(unit, item.role, item.organ_code)
        return Teamwork(
            asked=asked,
            colleagues=_colleagues(actor, people.colleagues(unit, ref.region)) if holds else (),
            peers=_colleagues(actor, peers) if holds and delegated is None else (),
            to_answer=next((one for one in open_to_me if one.kind == "cosign"), None),
            delegated=delegated,
            may_ask=holds,
            may_remind=not holds,
        )


def _asked(actor: Actor, row: RequestRow) -> Asked:
    return Asked(
        id=row.id,
        kind=row.kind,
        from_name=row.from_name,
        to_name=row.to_name,
        reason=row.reason,
        asked_at=row.asked_at,
        answer=row.answer,
        comment=row.comment,
        to_me=row.to_user == actor.user_id,
        by_me=row.from_user == actor.user_id,
    )


def _colleagues(actor: Actor, rows: list[people.UserRow]) -> tuple[Colleague, ...]:
    return tuple(Colleague(row.id, row.name) for row in rows if str(row.id) != actor.user_id)
