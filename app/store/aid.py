"""What reached the people of the register, and the rows a county's own sweep goes through."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.kernel.money import Money
from app.store.cases import CaseRow
from app.store.households import CaseLinkRow, HouseholdCaseRow, MemberRow
from app.store.session import Unit
from app.store.slips import SlipRow, SlipVoidRow


@dataclass(frozen=True, slots=True)
class Aid:
    """Money or goods that reached somebody."""

    case_id: UUID
    paid_at: datetime
    amount: Money


def cases_since(unit: Unit, region: str, since: date) -> list[tuple[HouseholdCaseRow, CaseRow]]:
    """Every case of the county asked for since that day, for the county's own sweep."""
    query = (
        select(HouseholdCaseRow, CaseRow)
        .join(
            CaseRow,
            (CaseRow.region == HouseholdCaseRow.region) & (CaseRow.id == HouseholdCaseRow.case_id),
        )
        .where(HouseholdCaseRow.region == region, HouseholdCaseRow.applied_on >= since)
        .order_by(HouseholdCaseRow.applied_on, HouseholdCaseRow.case_id)
    )
    return [(one, case) for one, case in unit.session.execute(query)]


def aid_since(unit: Unit, region: str, since: date) -> list[Aid]:
    """What reached people by cases of the county asked for since that day."""
    query = (
        _aid()
        .join(
            HouseholdCaseRow,
            (HouseholdCaseRow.region == SlipRow.region)
            & (HouseholdCaseRow.case_id == SlipRow.case_id),
        )
        .where(SlipRow.region == region, HouseholdCaseRow.applied_on >= since)
    )
    return _arrived(unit, query)


def all_members(unit: Unit, region: str) -> list[MemberRow]:
    """Every membership of the county, for its own sweep."""
    return list(unit.session.scalars(select(MemberRow).where(MemberRow.region == region)))


def linked_since(unit: Unit, region: str) -> set[UUID]:
    """The county's cases opened beside another: applications to other schemes."""
    query = select(CaseLinkRow.other_case_id).where(CaseLinkRow.region == region)
    return set(unit.session.scalars(query))


def aid_of(unit: Unit, region: str, case_ids: Collection[UUID]) -> list[Aid]:
    """What reached the people of those cases, oldest first; what a bank sent back did not."""
    if not case_ids:
        return []
    query = _aid().where(SlipRow.region == region, SlipRow.case_id.in_(list(case_ids)))
    return _arrived(unit, query)


def _aid() -> Select[UUID, datetime, Money, Money]:
    return (
        select(SlipRow.case_id, SlipRow.paid_at, SlipRow.total_fen, SlipVoidRow.amount_fen)
        .outerjoin(
            SlipVoidRow,
            (SlipVoidRow.region == SlipRow.region) & (SlipVoidRow.slip_id == SlipRow.id),
        )
        .order_by(SlipRow.paid_at, SlipRow.id)
    )


def _arrived(unit: Unit, query: Select[UUID, datetime, Money, Money]) -> list[Aid]:
    found = [
        Aid(case_id, paid_at, total - (back or Money.zero()))
        for case_id, paid_at, total, back in unit.session.execute(query)
    ]
    return [one for one in found if one.amount]
