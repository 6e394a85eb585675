"""Lists: cases found, limits overdue, public notices, the county's audit record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.cases import access
from app.cases.office import Office
from app.cases.views.lines import CaseLine, LimitLine, Names, case_line, limit_line
from app.kernel.errors import Forbidden
from app.kernel.workdays import Unit as Counted
from app.store import audit, cases, clocks, ledger, notices
from app.store.cases import CaseRow
from app.store.clocks import DeadlineRow
from app.store.session import SYSTEM, Actor, Unit


@dataclass(frozen=True, slots=True)
class LateLine:
    """One limit that was not kept."""

    case: CaseLine
    limit: LimitLine
    late_seconds: int  # beyond the limit, whole seconds rounded up
    late_workdays: int  # working days after the last lawful day, for limits in days


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """What everybody may read."""

    id: UUID
    title: str
    body: str
    fields: tuple[tuple[str, str], ...]  # label, text
    township: str
    posted_at: datetime
    take_down_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One record of the county's chains."""

    region: str
    at: datetime
    actor: str
    action: str
    object_kind: str
    object_id: str
    case_id: UUID | None
    body: Any
    hash: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The page 监督: records and whether the chains hold."""

    checked_at: datetime
    breaks: tuple[str, ...]  # Chinese sentences; empty = every chain holds
    imbalances: tuple[str, ...]  # what does not add up in the books
    records: tuple[AuditLine, ...]  # newest first


def case_list(
    office: Office, actor: Actor, *, status: str = "", text: str = ""
) -> tuple[CaseLine, ...]:
    """The cases the actor may read, newest first; by status, number or last part of a number."""
    with office.database.read(actor) as unit:
        rows = [row for row in _readable(unit, actor, status) if _fits(row, text.strip())]
        names = Names(unit)
        packages = {
            locality: office.packages.current(unit, locality)
            for locality in {row.locality for row in rows}
        }
        return tuple(case_line(names, row, packages[row.locality]) for row in rows)


def _readable(unit: Unit, actor: Actor, status: str) -> list[CaseRow]:
    scope = access.scope_of(unit, actor, access.reads_cases)
    statuses = (status,) if status else ()
    found: dict[UUID, CaseRow] = {}
    for region in sorted(scope.regions):
        found |= {row.id: row for row in cases.find(unit, region=region, statuses=statuses)}
    if scope.townships:
        rows = cases.find(unit, townships=scope.townships, statuses=statuses)
        found |= {row.id: row for row in rows}
    return sorted(found.values(), key=lambda row: (row.opened_at, row.id), reverse=True)


def _fits(row: CaseRow, text: str) -> bool:
    return not text or text in row.case_no or text in row.title or text in row.applicant_masked


def _case_line(office: Office, unit: Unit, names: Names, row: CaseRow) -> CaseLine:
    return case_line(names, row, office.packages.current(unit, row.locality))


def late_list(office: Office, actor: Actor) -> tuple[LateLine, ...]:
    """The overdue ledger of the actor's territory, newest due date first."""
    with office.database.read(actor) as unit:
        scope = access.scope_of(unit, actor, access.reads_cases)
        if not scope:
            raise Forbidden("no_late_list", "您的角色不查看超期台账。")
        names = Names(unit)
        found = []
        for row in clocks.late(unit):
            case = cases.get(unit, row.region, row.case_id)
            if access.may_see_case(unit, actor, case) and scope.covers(
                region=case.region, township=case.township, village=case.village
            ):
                line = _case_line(office, unit, names, case)
                found.append(_late_line(office, unit, line, row))
        return tuple(found)


def _late_line(office: Office, unit: Unit, case: CaseLine, row: DeadlineRow) -> LateLine:
    until = row.stopped_at or unit.now
    beyond = until - row.due_at
    days = office.calendar.workdays_late(row.due_at, until)
    return LateLine(
        case=case,
        limit=limit_line(row, unit.now),
        late_seconds=-(-beyond // timedelta(seconds=1)),
        late_workdays=0 if row.unit == Counted.HOURS else days,
    )


def public_notices(office: Office, township: str = "") -> tuple[PublicNotice, ...]:
    """What the public sees now, newest first; needs no log-in."""
    with office.database.read(SYSTEM) as unit:
        names = Names(unit)
        return tuple(
            PublicNotice(
                id=row.id,
                title=str(row.fields.get("title", "")),
                body=str(row.fields.get("body", "")),
                fields=tuple(
                    (str(field["label"]), str(field["value"]))
                    for field in row.fields.get("fields", [])
                ),
                township=names.organ(row.township),
                posted_at=row.posted_at,
                take_down_at=row.take_down_at,
            )
            for row in notices.public(unit, township=township or None)
        )


def audit_page(office: Office, actor: Actor) -> AuditPage:
    """The newest records of the auditor's counties, every chain and book recomputed."""
    access.require_role(actor, "auditor", "county_handler", "county_approver", "city_approver")
    with office.database.read(actor) as unit:
        regions = sorted(access.scope_of(unit, actor, access.reads_cases).regions)
        breaks = [found for region in regions for found in audit.verify(unit, region)]
        wrong = [text for region in regions for text in ledger.imbalances(unit, region)]
        rows = [row for region in regions for row in audit.page(unit, region)]
        return AuditPage(
            checked_at=unit.now,
            breaks=tuple(f"{found.region}：{found.reason}" for found in breaks),
            imbalances=tuple(wrong),
            records=tuple(
                AuditLine(
                    row.region,
                    row.at,
                    row.signed_by,
                    row.action,
                    row.object_kind,
                    row.object_id,
                    row.case_id,
                    row.body,
                    row.hash,
                )
                for row in rows
            ),
        )
