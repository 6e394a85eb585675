"""Registering pilots before they begin, so that 改革创新 can point to one (S0 三(二), S3 KA10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases import access
from app.cases.office import Office
from app.kernel.errors import FieldProblem, Forbidden, Invalid
from app.store import people, pilots
from app.store.pilots import PilotRow
from app.store.session import Actor, Unit

REGISTRARS = ("county_approver",)
READERS = (*REGISTRARS, "county_handler", "auditor", "city_approver")
MAX_LABEL, MAX_PURPOSE = 80, 1_000  # characters


@dataclass(frozen=True, slots=True)
class Pilot:
    """What is registered, as typed."""

    process_id: str
    title: str
    purpose: str
    document_no: str
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class PilotPage:
    """The page 试点登记."""

    pilots: tuple[PilotRow, ...]  # newest first
    processes: tuple[tuple[str, str], ...]  # id and name of every path of the county in force
    may_register: bool


def page(office: Office, actor: Actor) -> PilotPage:
    """The pilots of the actor's counties; raises Forbidden."""
    access.require_role(actor, *READERS)
    with office.database.read(actor) as unit:
        regions = sorted(access.scope_of(unit, actor, access.reads_cases).regions)
        rows = [row for region in regions for row in pilots.newest(unit, region)]
        region = _region(unit, actor)
        return PilotPage(
            pilots=tuple(rows),
            processes=_processes(office, unit, region) if region else (),
            may_register=bool(region),
        )


def register(
    office: Office, actor: Actor, said: Pilot, *, key: str | None = None
) -> dict[str, Any]:
    """The pilot stands on record, numbered; raises Invalid, Forbidden."""
    access.require_role(actor, *REGISTRARS)
    with office.database.read(actor) as unit:
        region = _region(unit, actor)
        if not region:
            raise Forbidden("no_county", "您不在县级机构任职，不登记本县的试点。")
        known = {name for name, _ in _processes(office, unit, region)}
        starts, ends = _checked(said, known, unit.now)

    def body(unit: Unit) -> dict[str, Any]:
        row = pilots.register(
            unit,
            region,
            process_id=said.process_id,
            title=said.title.strip(),
            purpose=said.purpose.strip(),
            document_no=said.document_no.strip(),
            starts_at=starts,
            ends_at=ends,
        )
        facts = {"pilot_no": row.pilot_no, "process": row.process_id}
        unit.audit(region, None, "pilot.registered", ("pilot", row.id), facts)
        return {"pilot_no": row.pilot_no}

    return office.database.run(actor, "pilot.register", key, body, region=region)


def _region(unit: Unit, actor: Actor) -> str:
    """The county whose pilots the actor registers, "" = none."""
    for role, code in actor.roles:
        organ = people.organ(unit, code)
        if role in REGISTRARS and organ is not None:
            return organ.region
    return ""


def _processes(office: Office, unit: Unit, region: str) -> tuple[tuple[str, str], ...]:
    library = office.packages.current(unit, people.locality_of(unit, region)).library
    return tuple((one, library.definition(one).name) for one in library.process_ids)


def _checked(said: Pilot, known: set[str], now: datetime) -> tuple[datetime, datetime]:
    problems = [
        FieldProblem(key, label, f"请写明{label}。")
        for key, label, text in (
            ("title", "试点名称", said.title),
            ("purpose", "试什么、怎样算成", said.purpose),
            ("document_no", "批准文件", said.document_no),
        )
        if not text.strip()
    ]
    for key, label, text, most in (
        ("title", "试点名称", said.title, MAX_LABEL),
        ("document_no", "批准文件", said.document_no, MAX_LABEL),
        ("purpose", "试什么、怎样算成", said.purpose, MAX_PURPOSE),
    ):
        if len(text) > most:
            problems.append(FieldProblem(key, label, f"{label}不能超过 {most} 个字。"))
    if said.process_id not in known:
        problems.append(FieldProblem("process_id", "哪一个流程", "请选择试点的流程。"))
    if said.starts_at is None or said.starts_at <= now:
        words = "试点须在开始之前登记，请写今后的时间。"
        problems.append(FieldProblem("starts_at", "开始时间", words))
    if said.ends_at is None or (said.starts_at is not None and said.ends_at <= said.starts_at):
        problems.append(FieldProblem("ends_at", "结束时间", "结束时间应晚于开始时间。"))
    if problems or said.starts_at is None or said.ends_at is None:
        raise Invalid("请改正下列各项后再登记。", problems)
    return said.starts_at, said.ends_at
