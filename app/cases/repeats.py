"""Holding a case against earlier aid of the same household: shown, routed, never refused silently.

The locality's table `repeat_rule` says what a likeness means (window, same cause), `splitting_rule`
whether several small sums are one occasion divided. What is to be reviewed goes to the county as
the process `repeat_review`; until a person there has given a reason, nothing is approved or paid.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.cases import alike, branches
from app.cases.alike import Likeness
from app.cases.work import CaseWork
from app.kernel.clock import legal_day
from app.kernel.errors import Alternative, Refused
from app.kernel.money import Money
from app.store import aid, households, people, repeats
from app.store.aid import Aid
from app.store.cases import CaseRow
from app.store.households import HouseholdCaseRow
from app.store.repeats import RepeatRow
from app.store.session import Unit
from app.store.work_items import WorkItemRow

REVIEW = "repeat_review"  # process the machines start by name
RULE, SPLIT_RULE = "repeat_rule", "splitting_rule"  # decisions asked by name
APPROVAL, APPROVED = "approval", "approve"
LOCKED = "repeat_open"  # code of the refusal while the county has not answered
LOCKING = ("open", "repeat")  # states of a clue in which nothing is approved or paid
MAX_TOLD = 5  # earlier cases named in one review


@dataclass(frozen=True, slots=True)
class Earlier:
    """One other case of the same people, as tables are asked about it."""

    case: CaseRow
    entry: HouseholdCaseRow
    evidence: frozenset[str]  # keys of alike.LABELS
    on: date  # when it was decided, or asked for while nothing is decided
    decided: bool
    amount: Money | None  # paid, or proposed


def look(work: CaseWork, entry: HouseholdCaseRow) -> None:
    """Every clue the register holds about the case stands; the county is asked where it must be."""
    rules = work.package.library.decision_ids
    own = [entry.case_id]
    if RULE not in rules or entry.case_id in _other_schemes(work.unit, entry.region, own):
        return
    found = earlier_of(work.unit, entry)
    for one in found:
        facts = rule_facts(work.case.cause, entry.applied_on, one)
        _note(work, one, "repeat", work.package.decide(RULE, facts, work.now).value)
    if SPLIT_RULE in rules and entry.amount_fen:
        verdict = work.package.decide(SPLIT_RULE, split_facts(work.case, entry, found), work.now)
        for one in found[:1]:
            _note(work, one, "split", verdict.value)
    _ask_county(work)


def earlier_of(unit: Unit, entry: HouseholdCaseRow) -> list[Earlier]:
    """The other cases of the household, of its people elsewhere and of whoever is like them."""
    region = entry.region
    members = households.members(unit, region, [entry.household_id])
    own = {row.person_id for row in members} | {entry.person_id}
    found = found_among(unit, region, own, alike.kin_of(unit, region, own), {entry.person_id})
    return [one for one in found if one.case.id != entry.case_id]


def found_among(
    unit: Unit,
    region: str,
    own: Collection[UUID],
    near: Collection[Likeness],
    applicants: Collection[UUID],
) -> list[Earlier]:
    """Cases that gave or may give aid to the households of `own` persons and of those `near` them.

    applicants: whose own earlier case shares the ID number, not only the household.
    """
    evidence: dict[UUID, set[str]] = {}
    for row in households.of_persons(unit, region, own):
        evidence.setdefault(row.household_id, set()).add("household")
    told: dict[UUID, set[str]] = {}
    for one in near:
        told.setdefault(one.person_id, set()).add(one.evidence)
    for row in households.of_persons(unit, region, list(told)):
        evidence.setdefault(row.household_id, set()).update(told[row.person_id])
    rows = households.cases_of(unit, region, list(evidence))
    elsewhere = _other_schemes(unit, region, [case.id for _, case in rows])
    paid: dict[UUID, list[Aid]] = {}
    for one_aid in aid.aid_of(unit, region, [case.id for _, case in rows]):
        paid.setdefault(one_aid.case_id, []).append(one_aid)
    return [
        _earlier(entry, case, evidence[entry.household_id], applicants, paid.get(case.id, []))
        for entry, case in rows
        if case.id not in elsewhere and (case.closed_at is None or case.id in paid)
    ]  # refused, withdrawn or passed on, and nothing given: nothing to repeat


def _earlier(
    entry: HouseholdCaseRow,
    case: CaseRow,
    shared: Collection[str],
    applicants: Collection[UUID],
    given: list[Aid],
) -> Earlier:
    evidence = frozenset(shared) | ({"id"} if entry.person_id in applicants else frozenset())
    on = entry.decided_on or (legal_day(given[0].paid_at) if given else None)
    total = Money(sum(one.amount.fen for one in given)) if given else entry.amount_fen
    return Earlier(case, entry, evidence, on or entry.applied_on, on is not None, total)


def _other_schemes(unit: Unit, region: str, case_ids: list[UUID]) -> set[UUID]:
    """Which of the cases were opened beside another (`case.branch`): they give no aid."""
    return {row.other_case_id for row in households.links(unit, region, case_ids)}


def rule_facts(cause: str, applied_on: date, one: Earlier) -> dict[str, Any]:
    """What `repeat_rule` is asked."""
    return {
        "cause": cause,
        "earlier_cause": one.case.cause,
        "applied_on": applied_on,
        "earlier_on": one.on,
        "decided": one.decided,
        "strong": bool(one.evidence & alike.STRONG),
    }


def split_facts(case: CaseRow, entry: HouseholdCaseRow, found: list[Earlier]) -> dict[str, Any]:
    """What `splitting_rule` is asked: the sum now proposed and the earlier ones, in yuan."""
    return {
        "route": case.route,
        "township": case.township,
        "village": case.village,
        "amount": entry.amount_fen.yuan if entry.amount_fen else None,
        "applied_on": entry.applied_on,
        "earlier": [
            {"given": one.amount.yuan, "given_on": one.on, "given_cause": one.case.cause}
            for one in found
            if one.amount and one.evidence & alike.STRONG
        ],
    }


def _note(work: CaseWork, one: Earlier, kind: str, verdict: object) -> None:
    said = verdict if isinstance(verdict, Mapping) else {}
    if said.get("verdict") not in ("review", "information"):
        return
    row = repeats.add(
        work.unit,
        work.case.region,
        work.case.id,
        one.case.id,
        kind=kind,
        evidence=one.evidence,
        verdict=str(said["verdict"]),
        earlier_on=one.on,
        message=str(said.get("message") or ""),
        clause=str(said.get("clause") or ""),
    )
    if row is not None:
        work.audit(
            "repeat.found",
            ("repeat", row.id),
            {"kind": kind, "verdict": row.verdict, "earlier": one.case.case_no},
        )


def _ask_county(work: CaseWork) -> None:
    """The review runs while a clue is open; it is begun once, and again for later clues."""
    clues = [
        row
        for row in repeats.of_case(work.unit, work.case.region, work.case.id)
        if row.state == "open"
    ]
    if not clues or not branches.ships(work, REVIEW) or branches.running(work, REVIEW):
        return
    branches.begin(work, REVIEW, {"clues": told(work.unit, clues)})


def told(unit: Unit, clues: list[RepeatRow]) -> str:
    """The clues in Chinese, one line each: which case, when, where, how much, what is shared."""
    lines = []
    for row in clues[:MAX_TOLD]:
        line = line_of(unit, row)
        if line not in lines:
            lines.append(line)
    return "\n".join(lines)


def line_of(unit: Unit, row: RepeatRow) -> str:
    """One clue in a sentence, without personal data."""
    entry = households.entry(unit, row.region, row.other_case_id)
    found = households.cases_of(unit, row.region, [entry.household_id]) if entry else []
    case = next((case for _, case in found if case.id == row.other_case_id), None)
    if case is None or entry is None:
        return row.message
    paid = Money(sum(s.amount.fen for s in aid.aid_of(unit, row.region, [case.id])))
    organ = people.organ(unit, case.township)
    amount = f"{paid} 元" if paid else "尚未发放"
    return (
        f"{case.case_no}（{organ.name if organ else case.township}，{row.earlier_on:%Y-%m-%d}，"
        f"{case.title}，{amount}）：{alike.words(row.evidence)}。{row.message}"
    )


def require_free_to_approve(work: CaseWork, item: WorkItemRow, values: Mapping[str, Any]) -> None:
    """Raises Refused when aid is approved while a clue is open or found to be a repeat."""
    if item.properties.get("step") == APPROVAL and values.get("decision") == APPROVED:
        require_free(work)


def require_free(work: CaseWork) -> None:
    """Raises Refused while a clue to repeated aid is open, or was found true."""
    rows = repeats.of_case(work.unit, work.case.region, work.case.id)
    locking = [row for row in rows if row.state in LOCKING]
    if not locking:
        return
    confirmed = [row for row in locking if row.state == "repeat"]
    message = (
        f"县级已认定为重复救助，不能批准或发放。理由：{confirmed[0].reason}"
        if confirmed
        else "发现疑似重复救助，县级核对并写明理由以前，不能批准或发放。"
    )
    raise Refused(
        "repeat_confirmed" if confirmed else LOCKED,
        message,
        clause=locking[0].clause,
        alternatives=[Alternative(line_of(work.unit, row)) for row in locking[:MAX_TOLD]],
    )
