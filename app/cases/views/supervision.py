"""监督: complaints, audit issues, inspections the reader may see, and every error case.

Who is complained of is left out of the reader's list as of everything else (`access`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.cases import access
from app.cases.office import Office
from app.cases.views.lines import Names
from app.kernel.errors import Forbidden
from app.store import cases, clocks, samples, submissions, work_items, workload
from app.store.cases import SUPERVISION, CaseRow
from app.store.session import Actor, Unit
from app.store.work_items import WorkItemRow

ERRORS = "accountability"  # id of the process in which a locality judges errors
CLASS, OUTCOME = "error_class", "error_outcome"  # answers of that process's forms


@dataclass(frozen=True, slots=True)
class Matter:
    """One complaint, audit issue or inspection."""

    region: str
    id: UUID
    case_no: str
    title: str
    status: str
    outcome: str
    reported_at: datetime
    closed_at: datetime | None
    step: str  # what waits now, "" when nothing does
    due_at: datetime | None  # of the running limit
    late: bool  # the running limit is over, or a limit was not kept
    has_sample: bool  # cases were drawn for it


@dataclass(frozen=True, slots=True)
class ErrorCase:
    """One error found in a relief case, with what was decided about it."""

    region: str
    case_id: UUID
    case_no: str
    township: str
    found_at: datetime
    error_class: str  # "" until somebody has chosen one
    classified_by: str
    outcome: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Supervision:
    """The page 监督."""

    matters: tuple[Matter, ...]  # newest first
    errors: tuple[ErrorCase, ...]  # newest first
    may_look: bool  # reads records of all, not only of what the reader works on


def supervision(office: Office, actor: Actor) -> Supervision:
    """What the actor may see; raises Forbidden for who neither supervises nor works in a county."""
    with office.database.read(actor) as unit:
        regions = access.scope_of(unit, actor, access.reads_cases).regions
        if not regions:
            raise Forbidden("no_supervision", "您的角色不查看监督事项。")
        names = Names(unit)
        seen = matters_seen(unit, actor, regions)
        errors = [one for region in sorted(regions) for one in _errors(unit, names, region)]
        return Supervision(
            matters=seen,
            errors=tuple(sorted(errors, key=lambda one: one.found_at, reverse=True)),
            may_look=bool(access.scope_of(unit, actor, access.supervises).regions),
        )


def matters_seen(unit: Unit, actor: Actor, regions: Iterable[str]) -> tuple[Matter, ...]:
    """The complaints, issues and inspections of those counties that the actor may see."""
    rows = [
        row
        for region in sorted(regions)
        for row in cases.find(unit, region=region, kind=SUPERVISION)
    ]
    return tuple(
        _matter(unit, row)
        for row in rows
        if access.may_see_case(unit, actor, row, work_items.of_case(unit, row.region, row.id))
    )


def _matter(unit: Unit, row: CaseRow) -> Matter:
    waiting = work_items.of_case(unit, row.region, row.id, waiting_only=True)
    limits = clocks.of_case(unit, row.region, row.id)
    running = [one for one in limits if one.stopped_at is None and one.cancelled_at is None]
    return Matter(
        region=row.region,
        id=row.id,
        case_no=row.case_no,
        title=row.title,
        status=row.status,
        outcome=row.outcome,
        reported_at=row.reported_at,
        closed_at=row.closed_at,
        step=waiting[0].name if waiting else "",
        due_at=running[-1].due_at if running else None,
        late=any(one.late_at(unit.now) for one in limits),
        has_sample=bool(samples.of_case(unit, row.region, row.id)),
    )


def _errors(unit: Unit, names: Names, region: str) -> list[ErrorCase]:
    by_case: dict[UUID, list[WorkItemRow]] = {}
    for item in workload.of_process(unit, region, ERRORS):
        by_case.setdefault(item.case_id, []).append(item)
    return [_error(unit, names, region, case_id, items) for case_id, items in by_case.items()]


def _error(
    unit: Unit, names: Names, region: str, case_id: UUID, items: list[WorkItemRow]
) -> ErrorCase:
    case = cases.get(unit, region, case_id)
    said: dict[str, tuple[str, str, datetime]] = {}  # answer -> text, by whom, when
    for item in items:
        for row in submissions.of_case(unit, region, case_id, form_id=item.form_id):
            values = submissions.values(unit, row)
            for key in (CLASS, OUTCOME):
                if row.status == "submitted" and values.get(key):
                    said[key] = str(values[key]), row.by_name, row.at
    chosen, decided = said.get(CLASS), said.get(OUTCOME)
    return ErrorCase(
        region=region,
        case_id=case_id,
        case_no=case.case_no,
        township=names.organ(case.township),
        found_at=min(item.opened_at for item in items),
        error_class=chosen[0] if chosen else "",
        classified_by=chosen[1] if chosen else "",
        outcome=decided[0] if decided else "",
        decided_by=decided[1] if decided else "",
        decided_at=decided[2] if decided else None,
    )
