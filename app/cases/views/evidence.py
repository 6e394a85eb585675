"""证据包: what somebody who was late had before them, from the records and nothing else.

Form version, tables and rules, the rules in force, outages, the workload of the day. It accuses
and excuses nobody: the class of an error is chosen by people (S0 三(二)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.cases import access
from app.cases.office import Office
from app.cases.views.lines import CaseLine, LimitLine, Names, case_line, limit_line
from app.cases.views.supervision import ERRORS
from app.kernel.clock import SHANGHAI, as_utc, legal_day
from app.kernel.errors import Forbidden
from app.store import (
    cases,
    clocks,
    decisions,
    deployments,
    instances,
    outages,
    pilots,
    submissions,
    work_items,
    workload,
)
from app.store.clocks import DeadlineRow
from app.store.session import Actor, Unit
from app.store.work_items import WorkItemRow

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Version:
    """What the case ran on."""

    deployment_id: str
    label: str
    document_no: str  # the paper that ordered it, "" when none
    effective_from: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One decision that had been taken when the deed was done."""

    name: str
    at: datetime
    file: str
    file_sha256: str
    rules: tuple[str, ...]  # "table#row"
    value: Any


@dataclass(frozen=True, slots=True)
class Deed:
    """One step that the late limit governs."""

    name: str
    handler: str  # "" = nobody has done it
    opened_at: datetime
    claimed_at: datetime | None
    done_at: datetime | None
    form_name: str
    form_sha256: str  # of the form as it asked, "" when nothing was handed in
    shown: tuple[Shown, ...]
    held_then: int  # items on the handler's desk when the limit ended
    group_then: int  # items open for the whole group then
    done_that_day: int  # items the handler completed on that legal day


@dataclass(frozen=True, slots=True)
class LateLimit:
    """One limit that was not kept, with its steps and what was out of order meanwhile."""

    limit: LimitLine
    late_workdays: int
    deeds: tuple[Deed, ...]
    outages: tuple[outages.OutageRow, ...]
    pilots: tuple[pilots.PilotRow, ...]  # registered and running when the limit ended


@dataclass(frozen=True, slots=True)
class EvidencePack:
    """The page 证据包 of one case."""

    line: CaseLine
    version: Version
    late: tuple[LateLimit, ...]
    printed_at: datetime


def evidence_pack(office: Office, actor: Actor, region: str, case_id: UUID) -> EvidencePack:
    """The pack of a case; for supervisors and for who judges its error; raises Forbidden."""
    with office.database.read(actor) as unit:
        case = cases.get(unit, region, case_id)
        items = work_items.of_case(unit, region, case_id)
        access.require_case(unit, actor, case, items)
        _require_judge(unit, actor, region, items)
        instance = instances.of_case(unit, region, case_id)[0]
        package = office.packages.load(unit, instance.deployment_id)
        names = Names(unit)
        late = [one for one in clocks.of_case(unit, region, case_id) if one.late_at(unit.now)]
        return EvidencePack(
            line=case_line(names, case, package),
            version=_version(unit, case.locality, instance.deployment_id, instance.started_at),
            late=tuple(_late(office, unit, names, one, items) for one in late),
            printed_at=unit.now,
        )


def _require_judge(unit: Unit, actor: Actor, region: str, items: list[WorkItemRow]) -> None:
    if region in access.scope_of(unit, actor, access.supervises).regions:
        return
    if any(item.process_id == ERRORS and access.may_work(actor, item) for item in items):
        return
    raise Forbidden("no_evidence", "证据包由监督人员和差错认定人查看。")


def _version(unit: Unit, locality: str, deployment_id: str, at: datetime) -> Version:
    for publication, deployment in deployments.history(unit, locality):
        if deployment.id == deployment_id and publication.effective_from <= at:
            label = publication.label or deployment.label
            return Version(
                deployment_id, label, publication.document_no, publication.effective_from
            )
    return Version(deployment_id, "", "", None)


def _late(
    office: Office, unit: Unit, names: Names, row: DeadlineRow, items: list[WorkItemRow]
) -> LateLimit:
    until = row.stopped_at or unit.now
    governed = [item for item in items if item.clock_key == row.key and _touches(item, row)]
    return LateLimit(
        limit=limit_line(row, unit.now),
        late_workdays=office.calendar.workdays_late(row.due_at, until),
        deeds=tuple(_deed(office, unit, names, item, row) for item in governed),
        outages=tuple(outages.within(unit, row.region, row.started_at, until)),
        pilots=tuple(pilots.running_at(unit, row.region, row.due_at)),
    )


def _touches(item: WorkItemRow, row: DeadlineRow) -> bool:
    """True when the item waited at some time while the limit ran."""
    over = row.stopped_at
    return (over is None or item.opened_at <= over) and (
        item.done_at is None or item.done_at >= row.started_at
    )


def _deed(office: Office, unit: Unit, names: Names, item: WorkItemRow, row: DeadlineRow) -> Deed:
    hand = item.done_by or item.assignee
    sent = [
        one
        for one in submissions.of_case(unit, item.region, item.case_id, form_id=item.form_id)
        if one.work_item_id == item.id
    ]
    last = sent[-1] if sent else None
    form = office.packages.load(unit, last.deployment_id).form(last.form_id).name if last else ""
    morning = as_utc(datetime.combine(legal_day(row.due_at), datetime.min.time(), SHANGHAI))
    until = item.done_at or unit.now
    return Deed(
        name=item.name,
        handler=names.user(hand),
        opened_at=item.opened_at,
        claimed_at=item.claimed_at,
        done_at=item.done_at,
        form_name=form,
        form_sha256=last.form_sha256 if last else "",
        shown=tuple(
            Shown(
                name=one.name,
                at=one.at,
                file=one.file,
                file_sha256=one.file_sha256,
                rules=tuple(f"{rule['decision']}#{rule['number']}" for rule in one.matched),
                value=one.output.get("value"),
            )
            for one in decisions.of_case(unit, item.region, item.case_id)
            if one.at <= until
        ),
        held_then=workload.held_by(unit, item.region, hand, row.due_at) if hand else 0,
        group_then=workload.open_in_group(
            unit, item.region, item.role, item.organ_code, row.due_at
        ),
        done_that_day=(
            workload.done_within(unit, item.region, hand, morning, morning + DAY) if hand else 0
        ),
    )
