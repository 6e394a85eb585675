"""What a case's forms tell about persons and households goes into the register, as it is told.

Which answer means what is said by the forms themselves (`form.dictionary`). The same ID number is
the same person; somebody without one is known within the own household by name only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.cases import advance, repeats
from app.cases.work import CaseWork, instant_argument
from app.form.describe import mask_name
from app.form.dictionary import Meant, meant
from app.kernel.clock import legal_day
from app.kernel.money import Money
from app.store import households, persons, visits
from app.store.households import HouseholdCaseRow, HouseholdRow
from app.store.persons import Identity, PersonRow
from app.store.work_items import WorkItemRow

SELF = "self"  # relation of the row that is the applicant
NO_GROUP = "other"  # answer that names no group
APPROVAL, APPROVED = "approval", "approve"  # property `step`, and the answer that decides


def learn(work: CaseWork, form_id: str, values: Mapping[str, Any]) -> None:
    """What the answers mean stands in the register, and the case is held against earlier aid."""
    if not form_id:
        return
    form = work.package.form(form_id)
    said = meant(form, values)
    if not said.top and not said.rows:
        return
    source = f"{work.case.case_no} {form.name}"
    own = [row for row in said.rows if row.get("person.relation") == SELF]
    others = [row for row in said.rows if row.get("person.relation") != SELF]
    applicant = identity_of(said.top, *own)
    entry = households.entry(work.unit, work.case.region, work.case.id)
    if entry is None:
        if not applicant.name:
            return
        entry = _enter(work, applicant, others, source)
    elif applicant != Identity():
        _learn_applicant(work, entry, applicant, source)
    household = households.get(work.unit, entry.region, entry.household_id)
    for row in others:
        _learn_member(work, household, row, source)
    _learn_aid(work, entry, household, said, source)
    repeats.look(work, entry)
    advance.carry_beside(work)


def note_decision(work: CaseWork, item: WorkItemRow, values: Mapping[str, Any]) -> None:
    """The day on which the aid was approved stands in the register."""
    if item.properties.get("step") != APPROVAL or values.get("decision") != APPROVED:
        return
    entry = households.entry(work.unit, work.case.region, work.case.id)
    if entry is not None and entry.decided_on is None:
        entry.decided_on = legal_day(work.now)


def identity_of(*told: Mapping[str, Any]) -> Identity:
    """Who is meant by those answers together; the first that says a thing counts."""

    def first(entry: str) -> str:
        return next((str(one[entry]) for one in told if one.get(entry)), "")

    return Identity(
        first("person.name"),
        first("person.id_number"),
        tuple(filter(None, (first("person.phone"),))),
        tuple(filter(None, (first("person.account"),))),
    )


def _enter(
    work: CaseWork, applicant: Identity, others: Iterable[Mapping[str, Any]], source: str
) -> HouseholdCaseRow:
    """The case is about a household: one that a person of this ID lives in, else a new one."""
    unit, case = work.unit, work.case
    known = _by_number(work, applicant)
    person = known or persons.add(
        unit, case.region, applicant, masked=mask_name(applicant.name), source=source
    )
    if known is not None:
        persons.learn(unit, known, applicant, masked=mask_name(applicant.name), source=source)
    kin = [found for row in others if (found := _by_number(work, identity_of(row))) is not None]
    lived = [
        row
        for one in (person, *kin)
        for row in households.of_persons(unit, case.region, [one.id])
        if row.until is None
    ]
    household = (
        households.get(unit, case.region, lived[0].household_id)
        if lived
        else households.open_household(
            unit,
            case.region,
            township=case.township,
            village=case.village,
            head_masked=person.masked,
        )
    )
    day = legal_day(case.reported_at)
    households.join(unit, household, person.id, relation="" if lived else SELF, since=day)
    return households.enter(unit, case, household, person.id, day)


def _learn_applicant(work: CaseWork, entry: HouseholdCaseRow, news: Identity, source: str) -> None:
    """News about the applicant; an ID number may show that it is somebody already known."""
    unit = work.unit
    person = persons.get(unit, entry.region, entry.person_id)
    known = _by_number(work, news)
    masked = mask_name(news.name) if news.name else ""
    if known is None or known.id == person.id:
        persons.learn(unit, person, news, masked=masked, source=source)
        return
    if persons.identity(unit, person).id_number:
        return _correct_applicant(work, entry, known)
    persons.learn(unit, known, persons.identity(unit, person), masked="", source=source)
    persons.learn(unit, known, news, masked=masked, source=source)
    persons.merge(unit, person, known)
    households.leave(unit, entry.region, entry.household_id, person.id, legal_day(unit.now))
    _correct_applicant(work, entry, known)
    return None


def _correct_applicant(work: CaseWork, entry: HouseholdCaseRow, known: PersonRow) -> None:
    """The case is that person's, in the household the person lives in."""
    unit = work.unit
    lived = [
        row for row in households.of_persons(unit, entry.region, [known.id]) if row.until is None
    ]
    entry.person_id = known.id
    if lived:
        entry.household_id = lived[0].household_id
    else:
        household = households.get(unit, entry.region, entry.household_id)
        households.join(unit, household, known.id, relation=SELF, since=entry.applied_on)


def _learn_member(
    work: CaseWork, household: HouseholdRow, row: Mapping[str, Any], source: str
) -> None:
    unit, news = work.unit, identity_of(row)
    if not news.name:
        return
    person = _by_number(work, news) or _namesake(work, household, news)
    if person is None:
        person = persons.add(
            unit, household.region, news, masked=mask_name(news.name), source=source
        )
    else:
        persons.learn(unit, person, news, masked=mask_name(news.name), source=source)
    relation = str(row.get("person.relation") or "")
    households.join(
        unit, household, person.id, relation=relation, since=legal_day(work.case.reported_at)
    )


def _by_number(work: CaseWork, news: Identity) -> PersonRow | None:
    if not news.id_number:
        return None
    return persons.by_id_number(work.unit, work.case.region, news.id_number)


def _namesake(work: CaseWork, household: HouseholdRow, news: Identity) -> PersonRow | None:
    """The member of that name whose ID number is not known, or not told now."""
    rows = households.members(work.unit, household.region, [household.id])
    living = persons.many(work.unit, household.region, [row.person_id for row in rows])
    for person in living.values():
        known = persons.identity(work.unit, person)
        if known.name == news.name and not (known.id_number and news.id_number):
            return person
    return None


def _learn_aid(
    work: CaseWork, entry: HouseholdCaseRow, household: HouseholdRow, said: Meant, source: str
) -> None:
    """Group, other schemes and the amount proposed."""
    top = said.top
    group = str(top.get("household.group") or "")
    if group and group != NO_GROUP:
        _certify(work, household, source, group, "certified", top, "household")
    scheme = str(top.get("scheme.code") or "")
    if scheme:
        _certify(work, household, source, scheme, "applied", top, "scheme")
    elif top.get("scheme.outcome"):
        _conclude_scheme(work, household, source, str(top["scheme.outcome"]))
    _learn_visit(work, household, top, source)
    amount = top.get("aid.amount")
    if isinstance(amount, Decimal | int) and not isinstance(amount, bool):
        entry.amount_fen = Money.from_yuan(amount)


def _learn_visit(
    work: CaseWork, household: HouseholdRow, top: Mapping[str, Any], source: str
) -> None:
    if not top.get("visit.at"):
        return
    visits.record(
        work.unit,
        household.region,
        household.id,
        at=instant_argument(top, "visit.at", work.now),
        findings=str(top.get("visit.findings") or ""),
        source=source,
    )


def _certify(
    work: CaseWork,
    household: HouseholdRow,
    source: str,
    scheme: str,
    state: str,
    top: Mapping[str, Any],
    family: str,
) -> None:
    day = top.get("household.certified_on" if family == "household" else "scheme.applied_on")
    number = top.get("household.record_no" if family == "household" else "scheme.no")
    households.certify(
        work.unit,
        household,
        scheme=scheme,
        state=state,
        record_no=str(number or ""),
        stated_on=_day(day) or legal_day(work.now),
        source=source,
        case_id=work.case.id,
    )


def _conclude_scheme(work: CaseWork, household: HouseholdRow, source: str, outcome: str) -> None:
    """What came of the application this case registered."""
    said = households.certifications(work.unit, household.region, [household.id])
    asked = [row for row in said if row.case_id == work.case.id and row.state == "applied"]
    if asked:
        households.certify(
            work.unit,
            household,
            scheme=asked[-1].scheme,
            state=outcome,
            record_no=asked[-1].record_no,
            stated_on=legal_day(work.now),
            source=source,
            case_id=work.case.id,
        )


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return legal_day(value)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None
