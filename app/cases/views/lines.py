"""The lines that several pages share: a work item, a limit, a case in a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.cases.access import standing
from app.cases.package import Package
from app.cases.wording import option_label
from app.kernel.roles import ROLES
from app.kernel.workdays import Unit as Counted
from app.kernel.workdays import is_late
from app.store import people
from app.store.cases import CaseRow
from app.store.clocks import DeadlineRow
from app.store.session import Unit
from app.store.work_items import WorkItemRow

NEAR = 0.8  # share of a limit after which it is shown as 临期


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One limit of a case, with how it was computed."""

    key: str
    name: str
    started_at: datetime
    due_at: datetime
    unit: str  # "hours" | "workdays" | "calendar_days"
    amount: int
    reason: str  # "怎么算的"
    provisional: bool
    clause: str
    stopped_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    late: bool  # met too late, or unmet and too late by now
    near: bool  # running and most of it used


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One work item in a list."""

    region: str
    id: UUID
    case_id: UUID
    case_no: str
    case_title: str
    applicant: str  # masked
    township: str  # name
    name: str  # what is to be done
    role: str  # label
    hint: str  # one sentence from the diagram
    state: str  # "open" | "claimed" | "done" | "closed"
    mine: bool
    holder: str  # name of who holds it, "" = nobody
    in_stead_of: str  # the absent colleague in whose stead the reader may do it, "" = none
    opened_at: datetime
    due_at: datetime | None
    limit_name: str  # "" when no limit governs it
    limit_unit: str  # "hours" | "workdays" | "calendar_days" | ""
    late: bool
    near: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list."""

    region: str
    id: UUID
    case_no: str
    title: str
    applicant: str  # masked
    township: str  # name
    village: str  # name
    route: str  # label
    status: str  # "open" | "closed" | "refused" | "withdrawn"
    outcome: str
    reported_at: datetime
    closed_at: datetime | None
    is_demo: bool


class Names:
    """Names of organs and users, looked up once per page."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._organs: dict[str, str] = {}
        self._users: dict[str, str] = {}

    def organ(self, code: str) -> str:
        """The organ's name, its code when unknown, "" for none."""
        if code not in self._organs:
            row = people.organ(self._unit, code) if code else None
            self._organs[code] = row.name if row else code
        return self._organs[code]

    def user(self, user_id: str | None) -> str:
        """The person's name, the id when it is a part of the system, "" for none."""
        if not user_id:
            return ""
        if user_id not in self._users:
            self._users[user_id] = self._find_user(user_id)
        return self._users[user_id]

    def _find_user(self, user_id: str) -> str:
        try:
            row = people.user(self._unit, UUID(user_id))
        except ValueError:
            return user_id
        return row.name if row else user_id


def limit_line(row: DeadlineRow, now: datetime) -> LimitLine:
    """The limit as it stands at `now`."""
    running = row.stopped_at is None and row.cancelled_at is None
    used = (now - row.started_at) / max(row.due_at - row.started_at, timedelta(seconds=1))
    late = row.late_at(now)
    return LimitLine(
        key=row.key,
        name=row.name,
        started_at=row.started_at,
        due_at=row.due_at,
        unit=row.unit,
        amount=row.amount,
        reason=row.reason,
        provisional=row.provisional,
        clause=row.clause,
        stopped_at=row.stopped_at,
        cancelled_at=row.cancelled_at,
        cancel_reason=row.cancel_reason,
        late=late,
        near=running and not late and used >= NEAR,
    )


def item_line(
    unit: Unit, names: Names, item: WorkItemRow, case: CaseRow, limit: DeadlineRow | None
) -> ItemLine:
    """The work item with the limit that governs it."""
    waiting = item.state in ("open", "claimed")
    if limit and item.properties.get("limit") and item.due_at and item.due_at < limit.due_at:
        limit = None  # the step's own limit ends before that of the case
    shown = limit_line(limit, unit.now) if limit else None
    due_at = limit.due_at if limit else item.due_at
    late = shown.late if shown else bool(due_at and is_late(due_at, Counted.HOURS, unit.now))
    return ItemLine(
        region=item.region,
        id=item.id,
        case_id=case.id,
        case_no=case.case_no,
        case_title=case.title,
        applicant=case.applicant_masked,
        township=names.organ(case.township),
        name=item.name,
        role=ROLES[item.role].label if item.role in ROLES else item.role,
        hint=str(item.properties.get("hint", "")),
        state=item.state,
        mine=item.assignee == unit.actor.user_id,
        holder=names.user(item.assignee),
        in_stead_of=_in_stead_of(unit, item) if waiting else "",
        opened_at=item.opened_at,
        due_at=due_at,
        limit_name=limit.name if limit else "",
        limit_unit=limit.unit if limit else "",
        late=waiting and late,
        near=waiting and bool(shown and shown.near),
        is_demo=case.is_demo,
    )


def _in_stead_of(unit: Unit, item: WorkItemRow) -> str:
    me = standing(unit.actor, item)
    return me.behalf.name if me is not None and me.behalf is not None else ""


def case_line(names: Names, case: CaseRow, package: Package | None) -> CaseLine:
    """The case as lists show it."""
    return CaseLine(
        region=case.region,
        id=case.id,
        case_no=case.case_no,
        title=case.title,
        applicant=case.applicant_masked,
        township=names.organ(case.township),
        village=names.organ(case.village),
        route=option_label(package, "route", case.route) if package else case.route,
        status=case.status,
        outcome=case.outcome,
        reported_at=case.reported_at,
        closed_at=case.closed_at,
        is_demo=case.is_demo,
    )
