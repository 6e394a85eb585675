"""Stops that wait for a person: try again after the cause was mended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.cases import access, advance
from app.cases.office import Office
from app.cases.work import open_work
from app.kernel.clock import local
from app.store import instances
from app.store.session import Actor, Unit


def retry(
    office: Office, actor: Actor, region: str, incident_id: UUID, *, key: str | None = None
) -> dict[str, Any]:
    """The stopped element was tried again; it goes on, or stops again with a new incident."""
    access.require_role(actor, "township_handler", "county_handler", "county_approver")

    def body(unit: Unit) -> dict[str, Any]:
        row = instances.incident(unit, region, incident_id)
        work = open_work(office, unit, region, row.instance_id)
        access.require_case(unit, actor, work.case)
        instances.resolve_incident(unit, row, "重试")
        work.audit("incident.retried", ("incident", row.id), {"element": row.element_id})
        advance.carry(work, work.run.retry(row.token, now=local(unit.now)))
        return {"case_id": str(work.case.id)}

    return office.database.run(actor, "incident.retry", key, body, region=region)
