"""Finding households: by ID number, its last four, by name, and those that changed last."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.cases import access
from app.cases.homes import scope_for, sees
from app.cases.office import Office
from app.cases.views.lines import Names
from app.store import households, people, persons
from app.store.households import HouseholdRow
from app.store.persons import PersonRow
from app.store.session import Actor, Unit

MAX_QUERY_CHARS = 40
_TAIL = re.compile(r"[0-9]{3}[0-9Xx]", re.ASCII)
_ID = re.compile(r"[0-9]{17}[0-9Xx]", re.ASCII)
_NAME = re.compile(r"[^\W\d_]{2,30}(?:·[^\W\d_]{1,30})*")


@dataclass(frozen=True, slots=True)
class Listed:
    """One household in a list."""

    region: str
    id: UUID
    head: str  # masked
    members: int
    township: str
    village: str
    changed_at: datetime


def listing(office: Office, actor: Actor) -> tuple[Listed, ...]:
    """The households of the actor's territory that changed last; raises Forbidden."""
    with office.database.read(actor) as unit:
        scope = scope_for(unit, actor)
        rows = households.listing(
            unit, regions=scope.regions, townships=scope.townships, villages=scope.villages
        )
        return listed(unit, rows)


def find(office: Office, actor: Actor, text: str) -> tuple[Listed, ...]:
    """Households of who has that ID number, its last four, or exactly that name."""
    text = text.strip()[:MAX_QUERY_CHARS]
    with office.database.read(actor) as unit:
        scope = scope_for(unit, actor)
        regions = sorted({row.region for row in people.organs(unit)} & _regions(unit, actor))
        found = [row for region in regions for row in _persons(unit, region, text)]
        lived = {
            row.household_id
            for person in found
            for row in households.of_persons(unit, person.region, [person.id])
        }
        rows = [
            row
            for region in regions
            for row in households.many(unit, region, lived).values()
            if sees(unit, scope, row)
        ]
        return listed(unit, sorted(rows, key=lambda row: row.changed_at, reverse=True))


def named(office: Office, actor: Actor, text: str) -> tuple[Listed, ...]:
    """As `find`, for the search of every page: () where the words or the actor do not fit."""
    with office.database.read(actor) as unit:
        sees = bool(access.scope_of(unit, actor, access.reads_households))
    text = text.strip()
    fits = may_find(text) and not _ID.fullmatch(text)  # an address must not hold an ID number
    return find(office, actor, text) if sees and fits else ()


def may_find(text: str) -> bool:
    """True when the words could be an ID number, its last four, or a name."""
    text = text.strip()
    return any(shape.fullmatch(text) for shape in (_TAIL, _ID, _NAME))


def of_case(office: Office, actor: Actor, region: str, case_id: UUID) -> UUID | None:
    """The case's household, None when there is none or the actor may not see it."""
    with office.database.read(actor) as unit:
        entry = households.entry(unit, region, case_id)
        scope = access.scope_of(unit, actor, access.reads_households)
        if entry is None or not scope:
            return None
        row = households.get(unit, region, entry.household_id)
        return row.id if sees(unit, scope, row) else None


def _regions(unit: Unit, actor: Actor) -> set[str]:
    organs = [people.organ(unit, code) for _, code in actor.roles]
    own = {organ.region for organ in organs if organ is not None}
    return own | set(access.scope_of(unit, actor, access.reads_households).regions)


def _persons(unit: Unit, region: str, text: str) -> list[PersonRow]:
    if _ID.fullmatch(text):
        row = persons.by_id_number(unit, region, text)
        return [row] if row else []
    if _TAIL.fullmatch(text):
        return persons.by_tail(unit, region, text)
    return persons.by_name(unit, region, text) if _NAME.fullmatch(text) else []


def listed(unit: Unit, rows: Iterable[HouseholdRow]) -> tuple[Listed, ...]:
    rows = list(rows)
    names = Names(unit)
    count: dict[UUID, int] = {}
    for region in {row.region for row in rows}:
        ids = [row.id for row in rows if row.region == region]
        for one in households.members(unit, region, ids):
            if one.until is None:
                count[one.household_id] = count.get(one.household_id, 0) + 1
    return tuple(
        Listed(
            row.region,
            row.id,
            row.head_masked,
            count.get(row.id, 0),
            names.organ(row.township),
            names.organ(row.village),
            row.changed_at,
        )
        for row in rows
    )
