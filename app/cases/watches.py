"""Watch lists, visits and campaigns: who puts a household on a list, visits it, takes it off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.cases import access
from app.cases.homes import require
from app.cases.office import Office
from app.cases.package import Package
from app.cases.watching import WatchList, lists_of
from app.kernel.clock import legal_day
from app.kernel.errors import FieldProblem, Forbidden, Invalid
from app.store import people, visits
from app.store.session import Actor, Unit

MAX_TEXT = 1_000  # characters
MAX_NAME = 60  # characters
KEEPERS = ("township_handler", "county_handler")  # keep the lists
VISITORS = (*KEEPERS, "village_worker")
COUNTY = ("county_handler",)


@dataclass(frozen=True, slots=True)
class Told:
    """What a visitor has to say."""

    visited_at: datetime
    findings: str


def put_on(
    office: Office,
    actor: Actor,
    region: str,
    household_id: UUID,
    *,
    list_code: str,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The household stands on the list and its first visit is due; Invalid, Forbidden."""
    access.require_role(actor, *KEEPERS)
    reason = _text(reason, "reason", "列入理由")

    def body(unit: Unit) -> dict[str, Any]:
        row = require(unit, actor, region, household_id)
        chosen = _list(package_of(office, unit, region), unit, list_code)
        today = legal_day(unit.now)
        made = visits.watch(
            unit,
            region,
            row.id,
            list_code=chosen.code,
            reason=reason,
            since=today,
            next_visit_on=today + timedelta(days=chosen.visit_days),
        )
        facts = {"list": chosen.code, "reason": reason, "new": made is not None}
        unit.audit(region, None, "watch.opened", ("household", row.id), facts)
        return {"new": made is not None}

    return office.database.run(actor, "watch.open", key, body, region=region)


def take_off(
    office: Office,
    actor: Actor,
    region: str,
    watch_id: UUID,
    *,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The household is off the list; the reason stays; Invalid, Forbidden, NotFound."""
    access.require_role(actor, *KEEPERS)
    reason = _text(reason, "reason", "移出理由")

    def body(unit: Unit) -> dict[str, Any]:
        row = visits.get_watch(unit, region, watch_id)
        require(unit, actor, region, row.household_id)
        visits.close(unit, row, until=legal_day(unit.now), reason=reason)
        facts = {"list": row.list_code, "reason": reason}
        unit.audit(region, None, "watch.closed", ("household", row.household_id), facts)
        return {}

    return office.database.run(actor, "watch.close", key, body, region=region)


def visit(
    office: Office,
    actor: Actor,
    region: str,
    household_id: UUID,
    told: Told,
    *,
    key: str | None = None,
) -> dict[str, Any]:
    """The visit is on record and the next one due; Invalid, Forbidden."""
    access.require_role(actor, *VISITORS)
    findings = _text(told.findings, "findings", "走访所见")

    def body(unit: Unit) -> dict[str, Any]:
        row = require(unit, actor, region, household_id)
        if told.visited_at > unit.now:
            problem = FieldProblem("visited_at", "走访时间", "走访时间晚于现在，请核对。")
            raise Invalid("走访时间晚于现在，请核对。", [problem])
        visits.record(
            unit, region, row.id, at=told.visited_at, findings=findings, source="名单走访"
        )
        days = {
            one.code: one.visit_days for one in lists_of(package_of(office, unit, region), unit.now)
        }
        day = legal_day(told.visited_at)
        for one in visits.watches(unit, region, row.id):
            one.next_visit_on = day + timedelta(days=days.get(one.list_code, 0))
        unit.audit(region, None, "visit.recorded", ("household", row.id), {"on": f"{day}"})
        return {}

    return office.database.run(actor, "visit.record", key, body, region=region)


def open_campaign(
    office: Office,
    actor: Actor,
    region: str,
    *,
    name: str,
    list_code: str,
    starts_on: date,
    ends_on: date,
    key: str | None = None,
) -> dict[str, Any]:
    """Everybody on the list is to be visited between the two days; Invalid, Forbidden."""
    access.require_role(actor, *COUNTY)
    name = _text(name, "name", "走访名称")[:MAX_NAME]
    if ends_on < starts_on:
        problem = FieldProblem("ends_on", "结束日期", "结束日期早于开始日期，请核对。")
        raise Invalid("结束日期早于开始日期，请核对。", [problem])

    def body(unit: Unit) -> dict[str, Any]:
        if region not in access.scope_of(unit, actor, access.reads_cases).regions:
            raise Forbidden("not_your_county", "集中走访由本县民政部门布置。")
        chosen = _list(package_of(office, unit, region), unit, list_code)
        row = visits.open_campaign(
            unit, region, name=name, list_code=chosen.code, starts_on=starts_on, ends_on=ends_on
        )
        unit.audit(region, None, "campaign.opened", ("campaign", row.id), {"name": name})
        return {}

    return office.database.run(actor, "campaign.open", key, body, region=region)


def package_of(office: Office, unit: Unit, region: str) -> Package:
    """What is in force in the county."""
    return office.packages.current(unit, people.locality_of(unit, region))


def _list(package: Package, unit: Unit, code: str) -> WatchList:
    for one in lists_of(package, unit.now):
        if one.code == code:
            return one
    problem = FieldProblem("list_code", "名单", "请选择一份监测名单。")
    raise Invalid("请选择一份监测名单。", [problem])


def _text(text: str, field: str, label: str) -> str:
    text = text.strip()
    if not text or len(text) > MAX_TEXT:
        said = f"请写明{label}。" if not text else f"{label}最多 {MAX_TEXT} 个字。"
        raise Invalid(said, [FieldProblem(field, label, said)])
    return text
