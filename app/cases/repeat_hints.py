"""Earlier aid of the household somebody is about to register for: shown before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.cases import alike
from app.cases.households import identity_of
from app.cases.intake import Door
from app.cases.office import Office
from app.cases.repeats import RULE, Earlier, found_among, rule_facts
from app.cases.views.lines import Names
from app.form import Submission
from app.form.dictionary import meant
from app.kernel.clock import legal_day, local
from app.kernel.money import Money
from app.store.persons import Identity
from app.store.session import Actor

MAX_HINTS = 5


@dataclass(frozen=True, slots=True)
class Hint:
    """One earlier case, without personal data."""

    case_no: str
    township: str
    title: str
    on: date
    decided: bool
    amount: Money | None  # given, or proposed
    shared: str  # Chinese: what the two have in common
    message: str  # what the locality's table says of it
    review: bool  # the county will be asked


def hints(office: Office, actor: Actor, door: Door, submission: Submission) -> tuple[Hint, ...]:
    """Earlier cases of who is named in the answers so far, those for the county first."""
    with office.database.read(actor) as unit:
        values = door.form.settle(submission, door.context, local(unit.now)).values
        identity = identity_of(meant(door.form, values).top)
        package = office.packages.current(unit, door.locality)
        if RULE not in package.library.decision_ids or identity == Identity():
            return ()
        like = alike.like(unit, door.region, identity)
        same = {one.person_id for one in like if one.evidence == "id"}
        near = [one for one in like if one.person_id not in same]
        today, names, found = legal_day(unit.now), Names(unit), []
        for one in found_among(unit, door.region, same, near, same):
            facts = rule_facts(str(values.get("cause") or ""), today, one)
            verdict = package.decide(RULE, facts, unit.now).value
            if isinstance(verdict, Mapping) and verdict.get("verdict") in ("review", "information"):
                found.append(_hint(names, one, verdict))
        return tuple(sorted(found, key=lambda hint: not hint.review)[:MAX_HINTS])


def _hint(names: Names, one: Earlier, verdict: Mapping[str, object]) -> Hint:
    return Hint(
        one.case.case_no,
        names.organ(one.case.township),
        one.case.title,
        one.on,
        one.decided,
        one.amount,
        alike.words(one.evidence),
        str(verdict.get("message") or ""),
        verdict.get("verdict") == "review",
    )
