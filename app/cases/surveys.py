"""The county's sweep for repeated and divided aid: every case of a period held against the others.

The same tables judge here as at intake; what was flagged then, and what nobody could see then
(numbers corrected later), stands side by side. One pass over the keys, never everything with
everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.cases import access, alike
from app.cases.office import Office
from app.cases.package import Package
from app.cases.repeats import RULE, SPLIT_RULE, Earlier, rule_facts, split_facts
from app.kernel.clock import legal_day
from app.kernel.errors import Forbidden
from app.kernel.money import Money
from app.store import aid, people, repeats
from app.store.aid import Aid
from app.store.cases import CaseRow
from app.store.households import HouseholdCaseRow
from app.store.session import Actor, Unit

SPAN_DAYS = 730  # applications looked at; longer than any window a table may sensibly set
MAX_SHARED = 50  # cases of one circle of households that are held against one another


@dataclass(frozen=True, slots=True)
class Finding:
    """Two cases that the tables would have the county look at."""

    kind: str  # "repeat" | "split"
    case: CaseRow
    earlier: Earlier
    message: str
    state: str  # of the clue at intake: "open", "allowed", …; "" = nobody was asked


@dataclass(frozen=True, slots=True)
class _Known:
    entry: HouseholdCaseRow
    case: CaseRow
    given: tuple[Aid, ...]

    @property
    def day(self) -> date:
        return self.entry.decided_on or (
            legal_day(self.given[0].paid_at) if self.given else self.entry.applied_on
        )

    def earlier(self, evidence: frozenset[str]) -> Earlier:
        total = (
            Money(sum(one.amount.fen for one in self.given))
            if self.given
            else self.entry.amount_fen
        )
        decided = self.entry.decided_on is not None or bool(self.given)
        return Earlier(self.case, self.entry, evidence, self.day, decided, total)


def survey(office: Office, actor: Actor) -> tuple[Finding, ...]:
    """What the sweep over the actor's counties finds, newest application first; Forbidden."""
    with office.database.read(actor) as unit:
        regions = access.scope_of(unit, actor, access.reads_cases).regions
        if not regions:
            raise Forbidden("no_survey", "重复救助排查由县级办理。")
        found: list[Finding] = []
        for region in sorted(regions):
            package = office.packages.current(unit, people.locality_of(unit, region))
            found += sweep(unit, package, region)
        return tuple(sorted(found, key=lambda one: one.case.reported_at, reverse=True))


def sweep(unit: Unit, package: Package, region: str) -> list[Finding]:
    """Every pair of the county's cases that its tables call for review."""
    if RULE not in package.library.decision_ids:
        return []
    known = _known(unit, region)
    homes = _by_home(known)
    near = _near(unit, region, known)
    said = _States(unit, region)
    found: list[Finding] = []
    for one in known.values():
        others = sorted(_others(one, homes, near), key=lambda other: other.on)
        found += _repeats(unit, package, one, others, said)
        found += _splits(unit, package, one, others, said)
    return found


def _known(unit: Unit, region: str) -> dict[UUID, _Known]:
    since = legal_day(unit.now) - timedelta(days=SPAN_DAYS)
    rows = aid.cases_since(unit, region, since)
    given: dict[UUID, list[Aid]] = defaultdict(list)
    for one in aid.aid_since(unit, region, since):
        given[one.case_id].append(one)
    elsewhere = aid.linked_since(unit, region)
    return {
        case.id: _Known(entry, case, tuple(given[case.id]))
        for entry, case in rows
        if case.id not in elsewhere and (case.closed_at is None or given[case.id])
    }


def _near(
    unit: Unit, region: str, known: Mapping[UUID, _Known]
) -> dict[UUID, dict[UUID, set[str]]]:
    """Household -> households that share a person or are alike -> why."""
    lives: dict[UUID, list[UUID]] = defaultdict(list)
    for row in aid.all_members(unit, region):
        lives[row.person_id].append(row.household_id)
    near: dict[UUID, dict[UUID, set[str]]] = defaultdict(lambda: defaultdict(set))
    for homes in lives.values():
        for one in homes:
            for other in homes:
                near[one][other].add("household")
    for first, second, evidence in alike.all_pairs(unit, region):
        for one in lives[first]:
            for other in lives[second]:
                near[one][other].add(evidence)
                near[other][one].add(evidence)
    for case in known.values():
        near[case.entry.household_id][case.entry.household_id].add("household")
    return near


def _others(
    one: _Known,
    homes: Mapping[UUID, list[_Known]],
    near: Mapping[UUID, Mapping[UUID, set[str]]],
) -> Iterator[Earlier]:
    """Cases asked for before this one in its own and in near households."""
    for home, evidence in near[one.entry.household_id].items():
        for other in homes.get(home, [])[:MAX_SHARED]:
            if (other.entry.applied_on, other.case.id) < (one.entry.applied_on, one.case.id):
                same = {"id"} if other.entry.person_id == one.entry.person_id else set()
                yield other.earlier(frozenset(evidence | same))


def _by_home(known: Mapping[UUID, _Known]) -> dict[UUID, list[_Known]]:
    found: dict[UUID, list[_Known]] = defaultdict(list)
    for one in known.values():
        found[one.entry.household_id].append(one)
    return found


class _States:
    """What became of the clues that were raised at intake."""

    def __init__(self, unit: Unit, region: str) -> None:
        self._states = repeats.states(unit, region)

    def of(self, kind: str, case_id: UUID, other: UUID) -> str:
        return self._states.get((kind, case_id, other), "")


def _repeats(
    unit: Unit, package: Package, one: _Known, others: Iterable[Earlier], said: _States
) -> Iterator[Finding]:
    for other in others:
        facts = rule_facts(one.case.cause, one.entry.applied_on, other)
        verdict = _verdict(package, RULE, facts, unit)
        if verdict.get("verdict") == "review":
            state = said.of("repeat", one.case.id, other.case.id)
            yield Finding("repeat", one.case, other, str(verdict.get("message") or ""), state)


def _splits(
    unit: Unit, package: Package, one: _Known, others: list[Earlier], said: _States
) -> Iterator[Finding]:
    if SPLIT_RULE not in package.library.decision_ids or not others or not one.entry.amount_fen:
        return
    verdict = _verdict(package, SPLIT_RULE, split_facts(one.case, one.entry, others), unit)
    if verdict.get("verdict") == "review":
        state = said.of("split", one.case.id, others[-1].case.id)
        yield Finding("split", one.case, others[-1], str(verdict.get("message") or ""), state)


def _verdict(
    package: Package, decision: str, facts: Mapping[str, Any], unit: Unit
) -> Mapping[str, Any]:
    value = package.decide(decision, facts, unit.now).value
    return value if isinstance(value, Mapping) else {}
