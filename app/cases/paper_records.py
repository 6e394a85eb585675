"""What a record for the case's file shows in full: answers as they were given, slips, opinions.

Reached only through `cases.letters.issue`, which asks who may, keeps the paper sealed with the
case and puts its issuing on record. Every answer is the newest one given in this case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from app.cases.paper_answers import Given, done_items, done_on, given_in, newest, opinion, person
from app.cases.work import CaseWork
from app.form.id_card import normal_id
from app.kernel.clock import legal_day, local
from app.kernel.money import Money
from app.store import cases, clocks, decisions, meeting_records, meetings, slips

KEYS: Mapping[str, tuple[str, ...]] = {
    "appraisal": ("appraisal", "appraisal_note"),
    "attended": ("attended", "appraisers"),
    "eased_on": ("eased_on", "eased_at"),
    "findings": ("findings", "visit_facts"),
    "verified_at": ("verified_at", "visited_at"),
}
"""Field -> names of the answers it is taken from; a field that is not here is its own name."""

SEX_DIGIT = 16  # place of the digit of an identity number that is odd for men (GB 11643)
ID_LENGTH = 18
CATCHUP = "catchup"  # key of the limit for registering afterwards, as the tables have it


def values_of(work: CaseWork, names: Sequence[str]) -> dict[str, str]:
    """Field (paper_fields.RECORD_FIELDS) -> text; what is not known is ""."""
    given = given_in(work)
    found = {}
    for name in names:
        if name in _COMPUTED:
            found[name] = _COMPUTED[name](work, given)
        else:
            found[name] = newest(given, KEYS.get(name, (name,)))
    return found


def _gender(work: CaseWork, given: Sequence[Given]) -> str:
    number = normal_id(_id_number(work, given))
    if len(number) != ID_LENGTH or not number[SEX_DIGIT].isdigit():
        return ""
    return "男" if int(number[SEX_DIGIT]) % 2 else "女"


def _id_number(work: CaseWork, given: Sequence[Given]) -> str:
    return str(cases.applicant(work.unit, work.case).get("applicant_id_number") or "")


def _applicant(key: str) -> Callable[[CaseWork, Sequence[Given]], str]:
    return lambda work, _given: str(cases.applicant(work.unit, work.case).get(key) or "")


def _investigators(work: CaseWork, given: Sequence[Given]) -> str:
    names = (newest(given, ("investigator_1",)), newest(given, ("investigator_2",)))
    return "、".join(name for name in names if name)


def _reported_at(work: CaseWork, given: Sequence[Given]) -> str:
    return f"{local(work.case.reported_at):%Y-%m-%d %H:%M}"


def _opinion_of(*roles: str) -> Callable[[CaseWork, Sequence[Given]], str]:
    def said(work: CaseWork, given: Sequence[Given]) -> str:
        done = [row for row in done_items(work) if row.role in roles]
        for row in reversed(done):
            if text := opinion(row, given):
                return f"{text}（{person(work, row)}，{done_on(row)}）"
        return ""

    return said


def _aid_before(work: CaseWork, given: Sequence[Given]) -> str:
    earlier = [
        (slip.paid_at, slip.total_fen)
        for case in _same_person(work)
        if case.id != work.case.id
        for slip, _ in slips.of_case(work.unit, case.region, case.id)
    ]
    if not earlier:
        return "没有"
    last_at, last = max(earlier, key=lambda one: one[0])
    total = Money(sum(amount.fen for _, amount in earlier))
    return f"{len(earlier)} 次共 {total} 元，最近一次 {legal_day(last_at):%Y-%m-%d} {last} 元"


def _this_year(work: CaseWork) -> list[tuple[object, Money]]:
    """Case id and total of every case of the person that was paid this year, this one included."""
    year = legal_day(work.now).year
    found: dict[object, int] = {}
    for case in _same_person(work):
        for slip, _ in slips.of_case(work.unit, case.region, case.id):
            if legal_day(slip.paid_at).year == year:
                found[case.id] = found.get(case.id, 0) + slip.total_fen.fen
    return [(case_id, Money(fen)) for case_id, fen in found.items()]


def _same_person(work: CaseWork) -> list[cases.CaseRow]:
    number = _id_number(work, ())
    return cases.of_person(work.unit, number) if number else [work.case]


def _times(work: CaseWork, given: Sequence[Given]) -> str:
    paid = {case_id for case_id, _ in _this_year(work)} | {work.case.id}
    return f"第 {len(paid)} 次"


def _amount_this_year(work: CaseWork, given: Sequence[Given]) -> str:
    return str(Money(sum(amount.fen for _, amount in _this_year(work))))


def _review(work: CaseWork, given: Sequence[Given]) -> str:
    """The newest word of a decision on the conditions, one by one."""
    for row in reversed(decisions.of_case(work.unit, work.case.region, work.case.id)):
        value = row.output.get("value")
        if isinstance(value, Mapping) and isinstance(value.get("reasons"), str):
            return str(value["reasons"])
    return ""


def _route(work: CaseWork, given: Sequence[Given]) -> str:
    """The name of the path the case goes or went."""
    return work.package.library.definition(work.instance.process_id).name


def _voucher_no(work: CaseWork, given: Sequence[Given]) -> str:
    rows = slips.of_case(work.unit, work.case.region, work.case.id)
    return "、".join(slip.voucher_no for slip, _ in rows)


def _catchup_due(work: CaseWork, given: Sequence[Given]) -> str:
    rows = [
        row
        for row in clocks.of_case(work.unit, work.case.region, work.case.id)
        if row.key == CATCHUP
    ]
    if not rows:
        return ""
    due = local(rows[-1].due_at)
    if (due.hour, due.minute, due.second) == (0, 0, 0):  # the day before ends then
        return f"{due - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{due:%Y-%m-%d %H:%M}"


def _minutes(work: CaseWork, given: Sequence[Given]) -> str:
    """The newest minutes of the case's newest meeting, without their title."""
    held = meetings.of_case(work.unit, work.case.region, work.case.id)
    kept = meeting_records.minutes(work.unit, held[-1]) if held else []
    return meeting_records.minutes_text(work.unit, kept[-1]) if kept else ""


_COMPUTED: Mapping[str, Callable[[CaseWork, Sequence[Given]], str]] = {
    "applicant_gender": _gender,
    "applicant_id_number": _id_number,
    "applicant_phone": _applicant("applicant_phone"),
    "address": _applicant("address"),
    "reporter_name": _applicant("reporter_name"),
    "investigators": _investigators,
    "reported_at": _reported_at,
    "township_opinion": _opinion_of("township_approver"),
    "county_opinion": _opinion_of("county_approver", "city_approver"),
    "aid_before": _aid_before,
    "times_this_year": _times,
    "amount_this_year": _amount_this_year,
    "review": _review,
    "route": _route,
    "voucher_no": _voucher_no,
    "catchup_due": _catchup_due,
    "minutes": _minutes,
}
