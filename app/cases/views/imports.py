"""名单比对: a list against the register and the cases: who was helped, who was missed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.cases import access
from app.cases.imports import EVENTS
from app.cases.office import Office
from app.cases.package import Package
from app.cases.views.lines import Names
from app.cases.watches import package_of
from app.cases.watching import WatchList, covered, lists_of
from app.kernel.clock import legal_day
from app.kernel.errors import Forbidden
from app.kernel.money import Money
from app.store import aid, households, imports, persons
from app.store.cases import CaseRow
from app.store.households import HouseholdCaseRow
from app.store.imports import ImportBatchRow, ImportLineRow
from app.store.session import Actor, Unit

AID_DAYS = 365  # "in the last twelve months" of a comparison
SHOWN = 200  # lines on one page
MAX_CASES = 20_000  # cases of all households of a batch


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch in the list of batches."""

    region: str
    id: UUID
    name: str
    kind_label: str
    source: str
    rows: int
    state: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a batch as compared now."""

    line: int
    name: str  # masked
    township: str
    happened_on: date | None
    household_id: UUID | None  # in the register
    cases: tuple[str, ...]  # numbers of the cases that answer it
    aid: Money  # given to the household within twelve months
    missed: bool  # nobody has a case for it
    state: str
    reason: str
    handled_by: str


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One batch, compared with the register and the cases."""

    batch: Batch
    reason: str
    events: bool
    rows: tuple[Row, ...]  # missed and open ones first, at most SHOWN
    known: int  # in the register
    with_case: int
    aided: int  # within twelve months
    missed_open: int  # without a case, nobody has looked


@dataclass(frozen=True, slots=True)
class BatchList:
    """The page 名单比对."""

    region: str
    kinds: tuple[WatchList, ...]
    batches: tuple[Batch, ...]


def batch_list(office: Office, actor: Actor) -> BatchList:
    """The batches of the actor's county; raises Forbidden."""
    with office.database.read(actor) as unit:
        regions = sorted(access.scope_of(unit, actor, access.reads_cases).regions)
        if not regions:
            raise Forbidden("no_lists", "名单比对由县级民政部门办理。")
        kinds = lists_of(package_of(office, unit, regions[0]), unit.now)
        found = imports.listing(unit, regions)
        return BatchList(regions[0], kinds, tuple(_batch(row, kinds) for row in found))


def batch_page(office: Office, actor: Actor, region: str, batch_id: UUID) -> BatchPage:
    """The batch line by line; a township sees its own lines; raises Forbidden, NotFound."""
    with office.database.read(actor) as unit:
        scope = access.scope_of(unit, actor, access.reads_cases)
        if region not in scope.regions and not scope.townships:
            raise Forbidden("no_lists", "这份名单不在您的办理范围内。")
        batch = imports.get(unit, region, batch_id)
        package = package_of(office, unit, region)
        lines = [
            line
            for line in imports.lines(unit, batch)
            if scope.covers(region=region, township=line.township)
        ]
        if not lines and region not in scope.regions:
            raise Forbidden("no_lists", "这份名单不在您的办理范围内。")
        rows = _compared(unit, package, batch, lines)
        rows.sort(key=lambda row: (not row.missed, row.state != "open", row.line))
        return BatchPage(
            batch=_batch(batch, lists_of(package, unit.now)),
            reason=batch.reason,
            events=batch.kind == EVENTS,
            rows=tuple(rows[:SHOWN]),
            known=sum(row.household_id is not None for row in rows),
            with_case=sum(bool(row.cases) for row in rows),
            aided=sum(bool(row.aid) for row in rows),
            missed_open=sum(row.missed and row.state == "open" for row in rows),
        )


def _batch(row: ImportBatchRow, kinds: tuple[WatchList, ...]) -> Batch:
    labels = {one.code: one.label for one in kinds} | {EVENTS: "事件名单（查遗漏）"}
    return Batch(
        row.region,
        row.id,
        row.name,
        labels.get(row.kind, row.kind),
        row.source,
        row.rows,
        row.state,
        row.at,
        row.by_name,
    )


def _compared(
    unit: Unit, package: Package, batch: ImportBatchRow, lines: list[ImportLineRow]
) -> list[Row]:
    """Four statements for the whole batch, however long it is."""
    found = persons.under(unit, batch.region, [("id", line.person_key) for line in lines])
    person_of = {row.key: row.person_id for row in found}
    homes: dict[UUID, set[UUID]] = defaultdict(set)
    for row in households.of_persons(unit, batch.region, set(person_of.values())):
        homes[row.person_id].add(row.household_id)
    every = {home for some in homes.values() for home in some}
    cases: dict[UUID, list[tuple[HouseholdCaseRow, CaseRow]]] = defaultdict(list)
    for entry, case in households.cases_of(unit, batch.region, every, limit=MAX_CASES):
        cases[entry.household_id].append((entry, case))
    given: dict[UUID, int] = defaultdict(int)
    since = legal_day(unit.now) - timedelta(days=AID_DAYS)
    ids = [case.id for some in cases.values() for _, case in some]
    for one in aid.aid_of(unit, batch.region, ids):
        if legal_day(one.paid_at) >= since:
            given[one.case_id] += one.amount.fen
    names = Names(unit)
    made = []
    for line in lines:
        person = person_of.get(line.person_key)
        live = homes.get(person, set()) if person else set()
        own = [pair for home in live for pair in cases[home]]
        answering = tuple(
            case.case_no
            for entry, case in own
            if covered(package, unit.now, line.happened_on, entry.applied_on)
        )
        made.append(
            Row(
                line.line,
                line.masked,
                names.organ(line.township),
                line.happened_on,
                next(iter(live), None),
                answering,
                Money(sum(given[case.id] for _, case in own)),
                batch.kind == EVENTS and not answering,
                line.state,
                line.reason,
                line.handled_by,
            )
        )
    return made
