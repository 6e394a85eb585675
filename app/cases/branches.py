"""A second process beside the one that runs: in the same case, or in a case linked to it.

A command has one instance in hand (`CaseWork`); what it does to others is queued in `beside` and
carried by `advance.carry` before the commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cases.work import CaseWork, open_work
from app.cases.work import begin as work_of
from app.kernel.clock import local
from app.kernel.errors import ModelError
from app.store import cases, instances
from app.store.cases import CaseRow

MAX_TITLE = 60  # characters
MAX_DEPTH = 3  # processes that one command starts one out of the other


def ships(work: CaseWork, process_id: str) -> bool:
    """True when the case's package has a process of that id."""
    return process_id in work.package.library.process_ids


def running(work: CaseWork, process_id: str) -> bool:
    """True when an instance of that process runs in the case."""
    rows = instances.of_case(work.unit, work.case.region, work.case.id)
    return any(row.process_id == process_id and row.ended_at is None for row in rows)


def begin(work: CaseWork, process_id: str, facts: Mapping[str, Any]) -> None:
    """An instance of the process runs beside, in the same case and the same package."""
    _start(work, work.case, process_id, facts)


def stop(work: CaseWork, process_id: str) -> None:
    """Every running instance of that process in the case has ended, by no end event."""
    for row in instances.of_case(work.unit, work.case.region, work.case.id):
        if row.process_id == process_id and row.ended_at is None and row.id != work.instance.id:
            other = open_work(work.office, work.unit, row.region, row.id)
            work.beside.append((other, other.run.cancel(now=local(work.now))))


def open_linked(work: CaseWork, process_id: str, facts: Mapping[str, Any]) -> CaseRow:
    """A new case of the same applicant, at the same place, whose process has begun."""
    case, unit = work.case, work.unit
    applicant = cases.applicant(unit, case)
    opened = cases.open_case(
        unit,
        case.region,
        locality=case.locality,
        township=case.township,
        village=case.village,
        cause=case.cause,
        title=work.package.library.definition(process_id).name[:MAX_TITLE],
        applicant_masked=case.applicant_masked,
        applicant=applicant,
        id_number=str(applicant.get("applicant_id_number") or ""),
        reported_at=unit.now,
        channel=case.channel,
        organ_code=case.township,
        is_demo=case.is_demo,
    )
    body = {"channel": case.channel, "township": case.township, "deployment": work.package.id}
    unit.audit(case.region, opened.id, "case.reported", ("case", opened.id), body)
    _start(work, opened, process_id, facts)
    return opened


def _start(work: CaseWork, case: CaseRow, process_id: str, facts: Mapping[str, Any]) -> None:
    if work.depth >= MAX_DEPTH:
        raise ModelError(f"流程“{process_id}”又启动了别的流程，层数过多。", process_id=process_id)
    placed = {"channel": case.channel, **facts}
    begun, step = work_of(work.office, work.unit, work.package, case, process_id, placed)
    begun.depth = work.depth + 1
    work.beside.append((begun, step))
