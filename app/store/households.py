"""Households, who lives in them, which cases are about them, what else they receive.

A household belongs to the village it lives in now; its cases may lie in other townships of the
county. Nothing here is deleted: a member leaves, a certification is followed by another.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKeyConstraint, Index, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import NotFound
from app.kernel.money import Money
from app.store.base import Base, Code, IdKey, Label, RegionKey
from app.store.cases import CaseRow
from app.store.session import Unit

MAX_ROWS = 500  # members, cases, certifications of one household


class HouseholdRow(Base):
    """A family that lives and is helped together."""

    __tablename__ = "households"
    __table_args__ = (Index("ix_households_village", "region", "township", "village"),)

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    township: Mapped[Code]  # where it lives now
    village: Mapped[Code]
    head_masked: Mapped[Label]  # who was named first
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class MemberRow(Base):
    """One person in one household, from a day on, perhaps to a day."""

    __tablename__ = "household_members"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "household_id"],
            ["households.region", "households.id"],
            name="fk_household_members_households",
        ),
        ForeignKeyConstraint(
            ["region", "person_id"],
            ["persons.region", "persons.id"],
            name="fk_household_members_persons",
        ),
        Index("ix_household_members_person", "region", "person_id"),
    )

    region: Mapped[RegionKey]
    household_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    relation: Mapped[Code]  # to the applicant, as the form has it; "" = not said
    since: Mapped[date] = mapped_column(Date())
    until: Mapped[date | None] = mapped_column(Date(), default=None)


class HouseholdCaseRow(Base):
    """Which household and person a case is about, and when its aid was decided."""

    __tablename__ = "household_cases"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_household_cases_cases"
        ),
        ForeignKeyConstraint(
            ["region", "household_id"],
            ["households.region", "households.id"],
            name="fk_household_cases_households",
        ),
        Index("ix_household_cases_household", "region", "household_id"),
        Index("ix_household_cases_applied", "region", "applied_on"),
    )

    region: Mapped[RegionKey]
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    household_id: Mapped[UUID]
    person_id: Mapped[UUID]  # the applicant
    applied_on: Mapped[date] = mapped_column(Date())
    amount_fen: Mapped[Money | None] = mapped_column(default=None)  # proposed by now
    decided_on: Mapped[date | None] = mapped_column(Date(), default=None)  # approved


class CertificationRow(Base):
    """That a household belongs to a group or is in another scheme; append-only."""

    __tablename__ = "certifications"
    __table_args__ = (Index("ix_certifications_household", "region", "household_id"),)

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    household_id: Mapped[UUID]
    scheme: Mapped[Code]  # "dibao" | "tekun" | ... as forms and lists have it
    state: Mapped[Code]  # "certified" | "applied" | "admitted" | "refused"
    record_no: Mapped[Label]
    stated_on: Mapped[date] = mapped_column(Date())  # certified, applied or decided on
    source: Mapped[Label]  # in Chinese: where the register knows it from
    case_id: Mapped[UUID | None] = mapped_column(default=None)
    at: Mapped[datetime]
    by_name: Mapped[Label]


class CaseLinkRow(Base):
    """Two cases that belong together, each with a process of its own; append-only."""

    __tablename__ = "case_links"
    __table_args__ = (Index("ix_case_links_other", "region", "other_case_id"),)

    region: Mapped[RegionKey]
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    other_case_id: Mapped[UUID] = mapped_column(primary_key=True)
    relation: Mapped[Label]  # in Chinese: what the second is to the first
    at: Mapped[datetime]


def open_household(
    unit: Unit, region: str, *, township: str, village: str, head_masked: str
) -> HouseholdRow:
    """A household without members stands in the register."""
    row = HouseholdRow(
        region=region,
        id=unit.new_id(),
        township=township,
        village=village,
        head_masked=head_masked,
        opened_at=unit.now,
        changed_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def get(unit: Unit, region: str, household_id: UUID) -> HouseholdRow:
    """The household; raises NotFound."""
    row = unit.session.get(HouseholdRow, (region, household_id))
    if row is None:
        raise NotFound("no_household", "没有这个家庭的登记，或您无权查看。")
    return row


def many(unit: Unit, region: str, ids: Collection[UUID]) -> dict[UUID, HouseholdRow]:
    """The households of those ids."""
    query = select(HouseholdRow).where(HouseholdRow.region == region, HouseholdRow.id.in_(ids))
    return {row.id: row for row in unit.session.scalars(query)}


def join(
    unit: Unit, household: HouseholdRow, person_id: UUID, *, relation: str, since: date
) -> MemberRow:
    """The person lives in the household; once there, only a relation not yet said is added."""
    row = unit.session.get(MemberRow, (household.region, household.id, person_id))
    if row is None:
        row = MemberRow(
            region=household.region,
            household_id=household.id,
            person_id=person_id,
            relation=relation,
            since=since,
        )
        unit.session.add(row)
    row.until = None
    row.relation = row.relation or relation
    unit.session.flush()
    return row


def leave(unit: Unit, region: str, household_id: UUID, person_id: UUID, until: date) -> None:
    """The person lived in the household up to that day."""
    row = unit.session.get(MemberRow, (region, household_id, person_id))
    if row is None:
        raise NotFound("no_member", "这个人不在这个家庭的登记里。")
    row.until = until
    unit.session.flush()


def members(unit: Unit, region: str, household_ids: Collection[UUID]) -> list[MemberRow]:
    """Who lives or lived in those households."""
    query = select(MemberRow).where(
        MemberRow.region == region, MemberRow.household_id.in_(list(household_ids))
    )
    return list(unit.session.scalars(query.order_by(MemberRow.since, MemberRow.person_id)))


def of_persons(unit: Unit, region: str, person_ids: Collection[UUID]) -> list[MemberRow]:
    """In which households those persons live or lived, the newest membership first."""
    if not person_ids:
        return []
    query = select(MemberRow).where(
        MemberRow.region == region, MemberRow.person_id.in_(list(person_ids))
    )
    return list(unit.session.scalars(query.order_by(MemberRow.since.desc())))


def entry(unit: Unit, region: str, case_id: UUID) -> HouseholdCaseRow | None:
    """The case's line in the register, None before anything was learned."""
    return unit.session.get(HouseholdCaseRow, (region, case_id))


def enter(
    unit: Unit, case: CaseRow, household: HouseholdRow, person_id: UUID, applied_on: date
) -> HouseholdCaseRow:
    """The case is about that household and applicant."""
    row = HouseholdCaseRow(
        region=case.region,
        case_id=case.id,
        household_id=household.id,
        person_id=person_id,
        applied_on=applied_on,
    )
    unit.session.add(row)
    household.township, household.village = case.township, case.village
    household.changed_at = unit.now
    unit.session.flush()
    return row


def cases_of(
    unit: Unit, region: str, household_ids: Collection[UUID], *, limit: int = MAX_ROWS
) -> list[tuple[HouseholdCaseRow, CaseRow]]:
    """The cases about those households, newest first."""
    if not household_ids:
        return []
    query = (
        select(HouseholdCaseRow, CaseRow)
        .join(
            CaseRow,
            (CaseRow.region == HouseholdCaseRow.region) & (CaseRow.id == HouseholdCaseRow.case_id),
        )
        .where(
            HouseholdCaseRow.region == region,
            HouseholdCaseRow.household_id.in_(list(household_ids)),
        )
        .order_by(HouseholdCaseRow.applied_on.desc(), HouseholdCaseRow.case_id.desc())
        .limit(limit)
    )
    return [(one, case) for one, case in unit.session.execute(query)]


def certify(
    unit: Unit,
    household: HouseholdRow,
    *,
    scheme: str,
    state: str,
    record_no: str,
    stated_on: date,
    source: str,
    case_id: UUID | None = None,
) -> bool:
    """The statement stands; False when the newest of that scheme says the same already."""
    said = [row for row in certifications(unit, household.region, [household.id])]
    newest = next((row for row in reversed(said) if row.scheme == scheme), None)
    if newest and (newest.state, newest.record_no) == (state, record_no):
        return False
    unit.session.add(
        CertificationRow(
            region=household.region,
            id=unit.new_id(),
            household_id=household.id,
            scheme=scheme,
            state=state,
            record_no=record_no,
            stated_on=stated_on,
            source=source,
            case_id=case_id,
            at=unit.now,
            by_name=unit.actor.name,
        )
    )
    unit.session.flush()
    return True


def certifications(
    unit: Unit, region: str, household_ids: Collection[UUID]
) -> list[CertificationRow]:
    """Groups and schemes of those households, oldest first."""
    query = select(CertificationRow).where(
        CertificationRow.region == region, CertificationRow.household_id.in_(list(household_ids))
    )
    return list(unit.session.scalars(query.order_by(CertificationRow.at, CertificationRow.id)))


def link(unit: Unit, region: str, case_id: UUID, other_case_id: UUID, relation: str) -> None:
    """The two cases are linked."""
    unit.session.add(
        CaseLinkRow(
            region=region,
            case_id=case_id,
            other_case_id=other_case_id,
            relation=relation,
            at=unit.now,
        )
    )
    unit.session.flush()


def links(unit: Unit, region: str, case_ids: Collection[UUID]) -> list[CaseLinkRow]:
    """The links from or to those cases."""
    if not case_ids:
        return []
    ids = list(case_ids)
    query = select(CaseLinkRow).where(
        CaseLinkRow.region == region,
        or_(CaseLinkRow.case_id.in_(ids), CaseLinkRow.other_case_id.in_(ids)),
    )
    return list(unit.session.scalars(query.order_by(CaseLinkRow.at)))


def listing(
    unit: Unit, *, regions: Collection[str], townships: Collection[str], villages: Collection[str]
) -> list[HouseholdRow]:
    """The households of a territory changed last."""
    query = select(HouseholdRow).where(
        or_(
            HouseholdRow.region.in_(regions),
            HouseholdRow.township.in_(townships),
            HouseholdRow.village.in_(villages),
        )
    )
    query = query.order_by(HouseholdRow.changed_at.desc()).limit(MAX_LISTED)
    return list(unit.session.scalars(query))


MAX_LISTED = 100  # households on a page
