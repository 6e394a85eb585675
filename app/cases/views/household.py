"""家庭: who lives together, all aid of twelve months as a strip, every case, scheme and clue."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.cases import access, alike
from app.cases.homes import require
from app.cases.households import SELF
from app.cases.office import Office
from app.cases.package import Package
from app.cases.views.households import Listed, listed
from app.cases.views.lines import Names
from app.cases.watching import WatchList, lists_of
from app.cases.wording import meaning_label
from app.form.describe import mask_id
from app.kernel.clock import legal_day
from app.kernel.money import Money
from app.store import aid, cases, households, people, persons, repeats, visits
from app.store.cases import CaseRow
from app.store.households import HouseholdCaseRow, HouseholdRow
from app.store.persons import PersonRow
from app.store.session import Actor, Unit

STRIP_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the household, masked."""

    id: UUID
    name: str
    id_number: str  # masked; "" = not known
    relation: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Month:
    """One field of the strip."""

    year: int
    month: int
    total: Money
    times: int


@dataclass(frozen=True, slots=True)
class Case:
    """One case about the household."""

    region: str
    id: UUID
    case_no: str
    title: str
    township: str
    applicant: str  # masked
    status: str
    applied_on: date
    decided_on: date | None
    paid: Money
    open_to_me: bool  # the reader may open the case itself
    linked: str  # Chinese: to which case and how; "" = to none


@dataclass(frozen=True, slots=True)
class Scheme:
    """A group or another scheme, with who says so and since when."""

    name: str
    state: str
    record_no: str
    stated_on: date
    source: str


@dataclass(frozen=True, slots=True)
class Clue:
    """One clue to repeated or divided aid."""

    kind: str
    state: str
    case_no: str
    earlier_no: str
    shared: str  # Chinese
    message: str
    reason: str
    decided_by: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What was learned of somebody, and from where."""

    at: datetime
    by: str
    person: str  # masked
    parts: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit, without what was seen."""

    at: datetime
    by: str
    source: str


@dataclass(frozen=True, slots=True)
class OnList:
    """One list on which the household stands."""

    id: UUID
    label: str
    since: date
    reason: str
    next_visit_on: date


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """The page 家庭."""

    line: Listed
    members: tuple[Member, ...]
    strip: tuple[Month, ...]
    total: Money  # of the strip
    cases: tuple[Case, ...]
    schemes: tuple[Scheme, ...]
    clues: tuple[Clue, ...]
    visits: tuple[Visit, ...]
    watched: tuple[OnList, ...]  # lists on which the household stands
    lists: tuple[WatchList, ...]  # lists of the locality
    changes: tuple[Change, ...]


def household_page(office: Office, actor: Actor, region: str, household_id: UUID) -> HouseholdPage:
    """Everything the register holds about the household, masked; raises Forbidden, NotFound."""
    with office.database.read(actor) as unit:
        row = require(unit, actor, region, household_id)
        found = households.cases_of(unit, region, [row.id])
        locality = people.locality_of(unit, region)
        package = office.packages.current(unit, locality)
        lists = lists_of(package, unit.now)
        strip = _strip(unit, region, [case.id for _, case in found])
        rows = households.members(unit, region, [row.id])
        known = persons.many(unit, region, [one.person_id for one in rows])
        return HouseholdPage(
            line=listed(unit, [row])[0],
            members=tuple(
                Member(
                    one.person_id,
                    known[one.person_id].masked,
                    _masked_number(unit, known[one.person_id]),
                    _relation(package, one.relation),
                    one.since,
                    one.until,
                )
                for one in rows
            ),
            strip=strip,
            total=Money(sum(month.total.fen for month in strip)),
            cases=_cases(unit, actor, found),
            schemes=_schemes(unit, row, package),
            clues=_clues(unit, region, [case.id for _, case in found]),
            visits=tuple(
                Visit(one.visited_at, one.by_name, one.source)
                for one in visits.of_household(unit, region, row.id)
            ),
            watched=_watched(unit, row, lists),
            lists=lists,
            changes=_changes(unit, region, known),
        )


def _masked_number(unit: Unit, row: PersonRow) -> str:
    number = persons.identity(unit, row).id_number
    return mask_id(number) if number else ""


def _strip(unit: Unit, region: str, case_ids: Collection[UUID]) -> tuple[Month, ...]:
    """The last twelve months, the present one last."""
    today = legal_day(unit.now)
    last = today.year * 12 + today.month - 1
    given: dict[int, list[Money]] = {}
    for one in aid.aid_of(unit, region, case_ids):
        day = legal_day(one.paid_at)
        given.setdefault(day.year * 12 + day.month - 1, []).append(one.amount)
    return tuple(
        Month(
            month // 12,
            month % 12 + 1,
            Money(sum(one.fen for one in given.get(month, []))),
            len(given.get(month, [])),
        )
        for month in range(last - STRIP_MONTHS + 1, last + 1)
    )


def _cases(
    unit: Unit, actor: Actor, found: list[tuple[HouseholdCaseRow, CaseRow]]
) -> tuple[Case, ...]:
    names, scope = Names(unit), access.scope_of(unit, actor, access.reads_cases)
    if not found:
        return ()
    region, ids = found[0][1].region, [case.id for _, case in found]
    paid: dict[UUID, int] = {}
    for given in aid.aid_of(unit, region, ids):
        paid[given.case_id] = paid.get(given.case_id, 0) + given.amount.fen
    numbers = {case.id: case.case_no for _, case in found}
    linked: dict[UUID, list[str]] = {}
    for link in households.links(unit, region, ids):
        for mine, other in (
            (link.case_id, link.other_case_id),
            (link.other_case_id, link.case_id),
        ):
            linked.setdefault(mine, []).append(f"{link.relation}（{numbers.get(other, '')}）")
    return tuple(
        Case(
            case.region,
            case.id,
            case.case_no,
            case.title,
            names.organ(case.township),
            case.applicant_masked,
            case.status,
            entry.applied_on,
            entry.decided_on,
            Money(paid.get(case.id, 0)),
            scope.covers(region=case.region, township=case.township, village=case.village)
            or case.opened_by == actor.user_id,
            "；".join(linked.get(case.id, [])),
        )
        for entry, case in found
    )


def _schemes(unit: Unit, row: HouseholdRow, package: Package) -> tuple[Scheme, ...]:
    return tuple(
        Scheme(
            _scheme_name(package, one.scheme), one.state, one.record_no, one.stated_on, one.source
        )
        for one in reversed(households.certifications(unit, row.region, [row.id]))
    )


def _relation(package: Package, code: str) -> str:
    """The label that a form gives the relation; the applicant is called so."""
    return "申请人" if code == SELF else meaning_label(package, "person.relation", code)


def _scheme_name(package: Package, code: str) -> str:
    """The label that a form gives the group or the scheme."""
    for entry in ("household.group", "scheme.code"):
        label = meaning_label(package, entry, code)
        if label != code:
            return label
    return code


def _watched(unit: Unit, row: HouseholdRow, lists: Collection[WatchList]) -> tuple[OnList, ...]:
    names = {one.code: one.label for one in lists}
    return tuple(
        OnList(
            one.id,
            names.get(one.list_code, one.list_code),
            one.since,
            one.reason,
            one.next_visit_on,
        )
        for one in visits.watches(unit, row.region, row.id)
    )


def _clues(unit: Unit, region: str, case_ids: Collection[UUID]) -> tuple[Clue, ...]:
    rows = repeats.of_cases(unit, region, case_ids)
    others = [row.other_case_id for row in rows]
    numbers = cases.numbers(unit, region, [*case_ids, *others])
    return tuple(
        Clue(
            row.kind,
            row.state,
            numbers.get(row.case_id, ""),
            numbers.get(row.other_case_id, ""),
            alike.words(row.evidence),
            row.message,
            row.reason,
            row.decided_by,
            row.found_at,
        )
        for row in reversed(rows)
    )


def _changes(unit: Unit, region: str, known: dict[UUID, PersonRow]) -> tuple[Change, ...]:
    return tuple(
        Change(
            row.at,
            row.by_name,
            known[row.person_id].masked,
            tuple(row.parts.split(",")),
            row.source,
        )
        for row in reversed(persons.history(unit, region, list(known)))
    )
