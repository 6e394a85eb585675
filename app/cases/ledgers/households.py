"""走访台账 and 重复救助核查表: who was visited, and which clues to repeated aid were judged how."""

from __future__ import annotations

from collections.abc import Iterator

from app.cases.ledgers.reading import Reading, Row
from app.kernel.clock import legal_day
from app.store import household_registers, registers, visits


def visits_made(reading: Reading) -> Iterator[Row]:
    """One line per visit of the period, oldest first."""
    for visit, household in household_registers.visits_in(reading.unit, reading.span()):
        yield {
            "visited_at": visit.visited_at,
            "household": household.head_masked,
            "township": reading.names.organ(household.township),
            "village": reading.names.organ(household.village),
            "source": visit.source,
            "by": visit.by_name,
            "findings": visits.findings(reading.unit, visit) if reading.opened else "",
        }


def repeats(reading: Reading) -> Iterator[Row]:
    """One line per clue found in the period; a clue shows both cases and what they share."""
    rows = household_registers.repeats_in(reading.unit, reading.span())
    earlier = registers.cases_of(reading.unit, [clue.other_case_id for clue, _ in rows])
    for clue, case in rows:
        if reading.asked.state not in ("", clue.state):
            continue
        other = earlier.get(clue.other_case_id)
        yield {
            **reading.who(case),
            "found_on": legal_day(clue.found_at),
            "kind": clue.kind,
            "earlier_no": other.case_no if other else "",
            "earlier_on": clue.earlier_on,
            "message": clue.message,
            "state": clue.state,
            "reason": clue.reason,
            "decided_by": clue.decided_by,
        }
