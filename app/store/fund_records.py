"""What is written about a reserve beside its book: stock-takes, yearly reviews; append-only."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.money import Money
from app.store.base import Base, Code, IdKey, Label, RegionKey, Words
from app.store.session import Unit
from app.store.types import Exact


class StockTakeRow(Base):
    """One count of a reserve: what the book said, what was found."""

    __tablename__ = "stock_takes"
    __table_args__ = (Index("ix_stock_takes_fund", "region", "township", "year", "at"),)

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    township: Mapped[Code]
    year: Mapped[int]
    month: Mapped[int]
    expected_fen: Mapped[Money]  # free and held together, by the book
    counted_fen: Mapped[Money]
    difference_fen: Mapped[Money]  # counted less expected; zero when they agree
    note: Mapped[Words]  # what is known about a difference
    entry_key: Mapped[Label]  # the asserting entry
    at: Mapped[datetime]
    by_user: Mapped[Code]
    by_name: Mapped[Label]


class ReviewRow(Base):
    """The budget of one reserve for one year, as reviewed and confirmed by two."""

    __tablename__ = "reserve_reviews"
    __table_args__ = (
        UniqueConstraint("region", "township", "year", name="uq_reserve_reviews_year"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    township: Mapped[Code]
    year: Mapped[int]
    case_id: Mapped[UUID]  # the matter in which it was decided
    used_last_year_fen: Mapped[Money]
    ratio: Mapped[Decimal] = mapped_column(Exact())
    floor_fen: Mapped[Money]  # ratio x use, rounded up to the fen
    input_last_year_fen: Mapped[Money]
    planned_fen: Mapped[Money]
    reason: Mapped[Words]  # why below the floor or below last year, "" otherwise
    document_no: Mapped[Label]
    at: Mapped[datetime]


def add_stock_take(
    unit: Unit,
    region: str,
    *,
    township: str,
    year: int,
    month: int,
    expected: Money,
    counted: Money,
    note: str,
    entry_key: str,
) -> StockTakeRow:
    """The count stands on record."""
    row = StockTakeRow(
        region=region,
        id=unit.new_id(),
        township=township,
        year=year,
        month=month,
        expected_fen=expected,
        counted_fen=counted,
        difference_fen=counted - expected,
        note=note,
        entry_key=entry_key,
        at=unit.now,
        by_user=unit.actor.user_id,
        by_name=unit.actor.name,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def stock_takes(unit: Unit, region: str, township: str, year: int) -> list[StockTakeRow]:
    """The counts of that year, newest first."""
    return list(
        unit.session.scalars(
            select(StockTakeRow)
            .where(
                StockTakeRow.region == region,
                StockTakeRow.township == township,
                StockTakeRow.year == year,
            )
            .order_by(StockTakeRow.at.desc(), StockTakeRow.id.desc())
        )
    )


def add_review(
    unit: Unit,
    region: str,
    *,
    township: str,
    year: int,
    case_id: UUID,
    used_last_year: Money,
    ratio: Decimal,
    floor: Money,
    input_last_year: Money,
    planned: Money,
    reason: str,
    document_no: str,
) -> ReviewRow:
    """The year's budget is fixed; Refused("year_reviewed") the second time."""
    row = ReviewRow(
        region=region,
        id=unit.new_id(),
        township=township,
        year=year,
        case_id=case_id,
        used_last_year_fen=used_last_year,
        ratio=ratio,
        floor_fen=floor,
        input_last_year_fen=input_last_year,
        planned_fen=planned,
        reason=reason,
        document_no=document_no,
        at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def reviews(unit: Unit, region: str, *, township: str = "") -> list[ReviewRow]:
    """The county's (or one township's) reviews, newest year first."""
    query = select(ReviewRow).where(ReviewRow.region == region)
    if township:
        query = query.where(ReviewRow.township == township)
    return list(unit.session.scalars(query.order_by(ReviewRow.year.desc(), ReviewRow.township)))
