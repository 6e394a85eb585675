"""Registering outages: what a late step may point to as evidence; never by who judges errors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases import access
from app.cases.office import Office
from app.kernel.errors import FieldProblem, Forbidden, Invalid
from app.kernel.roles import Level
from app.store import outages, people
from app.store.outages import OutageRow
from app.store.session import Actor, Unit

REGISTRARS = ("administrator", "county_approver")
READERS = (*REGISTRARS, "county_handler", "auditor", "city_approver")
MAX_LABEL, MAX_NOTE = 80, 500  # characters


@dataclass(frozen=True, slots=True)
class Outage:
    """What is registered, as typed."""

    what: str
    began_at: datetime | None
    ended_at: datetime | None
    source: str
    note: str


def listed(office: Office, actor: Actor) -> tuple[OutageRow, ...]:
    """The outages of the actor's counties, newest first; raises Forbidden."""
    access.require_role(actor, *READERS)
    with office.database.read(actor) as unit:
        regions = sorted({organ for organ in _regions(unit, actor)})
        return tuple(row for region in regions for row in outages.newest(unit, region))


def register(
    office: Office, actor: Actor, said: Outage, *, key: str | None = None
) -> dict[str, Any]:
    """The outage stands on record; raises Invalid with every field to mend, Forbidden."""
    access.require_role(actor, *REGISTRARS)
    with office.database.read(actor) as unit:
        region = next(iter(_regions(unit, actor)), "")
        began, ended = _checked(said, unit.now)
    if not region:
        raise Forbidden("no_county", "您不在县级机构任职，不登记本县的中断。")

    def body(unit: Unit) -> dict[str, Any]:
        row = outages.add(
            unit,
            region,
            what=said.what.strip(),
            began_at=began,
            ended_at=ended,
            source=said.source.strip(),
            note=said.note.strip(),
        )
        unit.audit(region, None, "outage.registered", ("outage", row.id), {"what": row.what})
        return {"outage_id": str(row.id)}

    return office.database.run(actor, "outage.register", key, body, region=region)


def _regions(unit: Unit, actor: Actor) -> list[str]:
    """The counties in whose organs the actor holds a post that reads the register."""
    found = []
    for role, code in actor.roles:
        organ = people.organ(unit, code)
        if role in READERS and organ is not None:
            if organ.level == Level.CITY:
                below = people.organs_below(unit, organ.code)
                found += [one.region for one in people.organs(unit) if one.code in below]
            else:
                found.append(organ.region)
    return list(dict.fromkeys(found))


def _checked(said: Outage, now: datetime) -> tuple[datetime, datetime]:
    problems = [
        FieldProblem(key, label, f"请写明{label}。")
        for key, label, text in (
            ("what", "什么中断了", said.what),
            ("source", "依据", said.source),
        )
        if not text.strip()
    ]
    for key, label, text, most in (
        ("what", "什么中断了", said.what, MAX_LABEL),
        ("source", "依据", said.source, MAX_LABEL),
        ("note", "说明", said.note, MAX_NOTE),
    ):
        if len(text) > most:
            problems.append(FieldProblem(key, label, f"{label}不能超过 {most} 个字。"))
    if said.began_at is None:
        problems.append(FieldProblem("began_at", "开始时间", "请写明开始时间。"))
    if said.ended_at is None:
        problems.append(FieldProblem("ended_at", "恢复时间", "请写明恢复时间。"))
    elif said.began_at is not None and said.ended_at <= said.began_at:
        problems.append(FieldProblem("ended_at", "恢复时间", "恢复时间应晚于开始时间。"))
    elif said.ended_at > now:
        problems.append(FieldProblem("ended_at", "恢复时间", "恢复以后再登记。"))
    if problems or said.began_at is None or said.ended_at is None:
        raise Invalid("请改正下列各项后再登记。", problems)
    return said.began_at, said.ended_at
