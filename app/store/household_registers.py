"""Rows about households for ledgers: visits made, clues to repeated aid."""

from __future__ import annotations

from sqlalchemy import select

from app.store.cases import CaseRow
from app.store.households import HouseholdRow
from app.store.registers import Span, pairs
from app.store.repeats import RepeatRow
from app.store.session import Unit
from app.store.visits import VisitRow


def visits_in(unit: Unit, span: Span) -> list[tuple[VisitRow, HouseholdRow]]:
    """The visits made in the span, with their households, oldest first."""
    query = (
        select(VisitRow, HouseholdRow)
        .join(
            HouseholdRow,
            (HouseholdRow.region == VisitRow.region) & (HouseholdRow.id == VisitRow.household_id),
        )
        .where(*span.holds(HouseholdRow.region, HouseholdRow.township, VisitRow.visited_at))
        .order_by(VisitRow.visited_at, VisitRow.id)
    )
    return [(visit, household) for visit, household in pairs(unit, query)]


def repeats_in(unit: Unit, span: Span) -> list[tuple[RepeatRow, CaseRow]]:
    """The clues found in the span, with the later case of each, oldest first."""
    query = (
        select(RepeatRow, CaseRow)
        .join(CaseRow, (CaseRow.region == RepeatRow.region) & (CaseRow.id == RepeatRow.case_id))
        .where(*span.holds(CaseRow.region, CaseRow.township, RepeatRow.found_at))
        .order_by(RepeatRow.found_at, RepeatRow.id)
    )
    return [(clue, case) for clue, case in pairs(unit, query)]
