"""Visits to households, the lists on which they are watched, and visiting campaigns.

A household stands on a list from a day until somebody takes it off with a reason; what a visitor
saw is sealed. Nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKeyConstraint, Index, LargeBinary, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import NotFound
from app.store.base import Base, Code, IdKey, Label, RegionKey, Words
from app.store.households import HouseholdRow
from app.store.session import Unit

MAX_LISTED = 500


class VisitRow(Base):
    """Somebody went there; append-only."""

    __tablename__ = "visits"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "household_id"],
            ["households.region", "households.id"],
            name="fk_visits_households",
        ),
        Index("ix_visits_household", "region", "household_id", "visited_at"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    household_id: Mapped[UUID]
    visited_at: Mapped[datetime]
    findings_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    source: Mapped[Label]  # in Chinese: the form or list it comes from
    recorded_at: Mapped[datetime]
    by_name: Mapped[Label]


class WatchRow(Base):
    """A household on a list, to be visited again."""

    __tablename__ = "watches"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "household_id"],
            ["households.region", "households.id"],
            name="fk_watches_households",
        ),
        Index("ix_watches_household", "region", "household_id"),
        Index("ix_watches_list", "region", "until", "next_visit_on"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    household_id: Mapped[UUID]
    list_code: Mapped[Code]  # "low_income" | "return_to_poverty" | "scattered_tekun" | ...
    reason: Mapped[Words]
    since: Mapped[date] = mapped_column(Date())
    next_visit_on: Mapped[date] = mapped_column(Date())
    by_name: Mapped[Label]
    batch_id: Mapped[UUID | None] = mapped_column(default=None)  # the import it comes from
    until: Mapped[date | None] = mapped_column(Date(), default=None)
    close_reason: Mapped[Words] = mapped_column(default="")
    closed_by: Mapped[Label] = mapped_column(default="")


class CampaignRow(Base):
    """A round of visits to everybody on a list, between two days."""

    __tablename__ = "campaigns"
    __table_args__ = (Index("ix_campaigns_region", "region", "ends_on"),)

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    name: Mapped[Label]
    list_code: Mapped[Code]
    starts_on: Mapped[date] = mapped_column(Date())
    ends_on: Mapped[date] = mapped_column(Date())
    opened_at: Mapped[datetime]
    by_name: Mapped[Label]


def record(
    unit: Unit, region: str, household_id: UUID, *, at: datetime, findings: str, source: str
) -> VisitRow:
    """The visit stands in the register; those who watch the household know of it."""
    row_id = unit.new_id()
    row = VisitRow(
        region=region,
        id=row_id,
        household_id=household_id,
        visited_at=at,
        findings_sealed=unit.vault.seal_json(
            {"findings": findings}, region=region, table="visits", row_id=row_id
        ),
        source=source,
        recorded_at=unit.now,
        by_name=unit.actor.name,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def findings(unit: Unit, row: VisitRow) -> str:
    """What was seen, in clear; who opens it records why."""
    opened: dict[str, Any] = unit.vault.unseal_json(
        row.findings_sealed, region=row.region, table="visits", row_id=row.id
    )
    return str(opened["findings"])


def of_household(unit: Unit, region: str, household_id: UUID) -> list[VisitRow]:
    """The visits to the household, newest first."""
    query = select(VisitRow).where(VisitRow.region == region, VisitRow.household_id == household_id)
    return list(unit.session.scalars(query.order_by(VisitRow.visited_at.desc()).limit(MAX_LISTED)))


def last_visits(unit: Unit, region: str, household_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When each of those households was visited last."""
    if not household_ids:
        return {}
    query = (
        select(VisitRow.household_id, func.max(VisitRow.visited_at))
        .where(VisitRow.region == region, VisitRow.household_id.in_(list(household_ids)))
        .group_by(VisitRow.household_id)
    )
    return {household_id: at for household_id, at in unit.session.execute(query)}


def watch(
    unit: Unit,
    region: str,
    household_id: UUID,
    *,
    list_code: str,
    reason: str,
    next_visit_on: date,
    since: date,
    batch_id: UUID | None = None,
) -> WatchRow | None:
    """The household stands on the list; None when it did already."""
    known = [one for one in watches(unit, region, household_id) if one.list_code == list_code]
    if known:
        return None
    row = WatchRow(
        region=region,
        id=unit.new_id(),
        household_id=household_id,
        list_code=list_code,
        reason=reason,
        since=since,
        next_visit_on=next_visit_on,
        by_name=unit.actor.name,
        batch_id=batch_id,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def watches(unit: Unit, region: str, household_id: UUID) -> list[WatchRow]:
    """The lists on which the household stands now."""
    query = select(WatchRow).where(
        WatchRow.region == region, WatchRow.household_id == household_id, WatchRow.until.is_(None)
    )
    return list(unit.session.scalars(query.order_by(WatchRow.since)))


def get_watch(unit: Unit, region: str, watch_id: UUID) -> WatchRow:
    """The line of a list; raises NotFound."""
    row = unit.session.get(WatchRow, (region, watch_id))
    if row is None:
        raise NotFound("no_watch", "名单上没有这一户。")
    return row


def of_batch(unit: Unit, region: str, batch_id: UUID) -> list[WatchRow]:
    """The lines that an import put on lists."""
    query = select(WatchRow).where(WatchRow.region == region, WatchRow.batch_id == batch_id)
    return list(unit.session.scalars(query))


def close(unit: Unit, row: WatchRow, *, until: date, reason: str) -> None:
    """The household is off the list, for that reason."""
    row.until, row.close_reason, row.closed_by = until, reason, unit.actor.name
    unit.session.flush()


def on_lists(
    unit: Unit,
    *,
    regions: Collection[str],
    townships: Collection[str],
    villages: Collection[str],
    list_code: str = "",
) -> list[tuple[WatchRow, HouseholdRow]]:
    """Who of a territory stands on lists, the visit due first on top."""
    query = (
        select(WatchRow, HouseholdRow)
        .join(
            HouseholdRow,
            (HouseholdRow.region == WatchRow.region) & (HouseholdRow.id == WatchRow.household_id),
        )
        .where(
            WatchRow.until.is_(None),
            or_(
                HouseholdRow.region.in_(regions),
                HouseholdRow.township.in_(townships),
                HouseholdRow.village.in_(villages),
            ),
        )
    )
    if list_code:
        query = query.where(WatchRow.list_code == list_code)
    rows = unit.session.execute(query.order_by(WatchRow.next_visit_on).limit(MAX_LISTED))
    return [(one, home) for one, home in rows]


def open_campaign(
    unit: Unit, region: str, *, name: str, list_code: str, starts_on: date, ends_on: date
) -> CampaignRow:
    """The round of visits is announced."""
    row = CampaignRow(
        region=region,
        id=unit.new_id(),
        name=name,
        list_code=list_code,
        starts_on=starts_on,
        ends_on=ends_on,
        opened_at=unit.now,
        by_name=unit.actor.name,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def campaigns(unit: Unit, regions: Collection[str]) -> list[CampaignRow]:
    """The rounds of those counties, the one that ends last on top."""
    query = select(CampaignRow).where(CampaignRow.region.in_(regions))
    return list(unit.session.scalars(query.order_by(CampaignRow.ends_on.desc()).limit(50)))
