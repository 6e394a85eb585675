"""Write-off packages (销账): which payments a township reports, with which vouchers, and the end.

A payment of the reserve is settled at most once: the table of settled slips has the slip as its
key. What stays open is found again by the next package and ages meanwhile.
Source: 赣民字〔2020〕2号 二(三) 上年度发放汇总表、每月发放表、发放凭证…上报进行销账.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import legal_day
from app.kernel.errors import NotFound
from app.kernel.money import Money
from app.ledger.entry import Deed
from app.store import counters
from app.store.base import Base, Code, IdKey, Label, RegionKey
from app.store.ledger import EntryRow
from app.store.session import Unit
from app.store.slips import SlipRow, SlipVoidRow

MAX_LINES = 2000  # payments of one package
PAGE_ROWS = 200


class WriteoffRow(Base):
    """One package."""

    __tablename__ = "writeoffs"
    __table_args__ = (
        UniqueConstraint("region", "package_no", name="uq_writeoffs_package_no"),
        Index("ix_writeoffs_township", "region", "township", "year"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    package_no: Mapped[Code]  # gap-free per county and year
    township: Mapped[Code]
    year: Mapped[int]  # of the book
    month: Mapped[int]  # 1–12; 0 = everything paid so far, for a supplement
    summary_year: Mapped[int]  # year of the 上年度发放汇总表 in it, 0 = none
    case_id: Mapped[UUID | None] = mapped_column(default=None)  # the matter that carries it
    status: Mapped[Code]  # "open" | "submitted" | "returned" | "settled"
    opened_at: Mapped[datetime]
    opened_by: Mapped[Label]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    total_fen: Mapped[Money]
    settled_fen: Mapped[Money]  # written off at the end
    left_fen: Mapped[Money]  # stayed open at the end


class WriteoffLineRow(Base):
    """One payment of a package."""

    __tablename__ = "writeoff_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "writeoff_id"], ["writeoffs.region", "writeoffs.id"], name="fk_lines_package"
        ),
        Index("ix_writeoff_lines_slip", "region", "slip_id"),
    )

    region: Mapped[RegionKey]
    writeoff_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    slip_id: Mapped[UUID]
    voucher_no: Mapped[Code]
    paid_at: Mapped[datetime]
    amount_fen: Mapped[Money]


class SettledSlipRow(Base):
    """A payment that is written off; never changed."""

    __tablename__ = "settled_slips"

    region: Mapped[RegionKey]
    slip_id: Mapped[UUID] = mapped_column(primary_key=True)
    writeoff_id: Mapped[UUID]
    at: Mapped[datetime]


class VoucherRow(Base):
    """A paper that proves a payment: photograph, bank receipt, or handed in later."""

    __tablename__ = "vouchers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "slip_id"], ["slips.region", "slips.id"], name="fk_vouchers_slips"
        ),
        Index("ix_vouchers_slip", "region", "slip_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    slip_id: Mapped[UUID]
    attachment_id: Mapped[UUID | None]
    note: Mapped[Label]
    at: Mapped[datetime]
    by_user: Mapped[Code]
    by_name: Mapped[Label]


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment out of the reserve, as a package sees it."""

    slip: SlipRow
    has_voucher: bool
    month: int  # of the book's year in which it counts


def number(unit: Unit, region: str, township: str, year: int) -> str:
    """The next package number of the township and year."""
    count = counters.next_number(unit, region, f"writeoff:{township}:{year}")
    return f"销-{township}-{year}-{count:03d}"


def add(
    unit: Unit,
    region: str,
    payments: Sequence[Payment],
    *,
    township: str,
    year: int,
    month: int,
    summary_year: int,
) -> WriteoffRow:
    """A package of these payments."""
    row = WriteoffRow(
        region=region,
        id=unit.new_id(),
        package_no=number(unit, region, township, year),
        township=township,
        year=year,
        month=month,
        summary_year=summary_year,
        status="open",
        opened_at=unit.now,
        opened_by=unit.actor.name,
        total_fen=Money(sum(one.slip.total_fen.fen for one in payments)),
        settled_fen=Money.zero(),
        left_fen=Money.zero(),
    )
    unit.session.add(row)
    unit.session.flush()
    unit.session.add_all(
        WriteoffLineRow(
            region=region,
            writeoff_id=row.id,
            seq=seq,
            slip_id=one.slip.id,
            voucher_no=one.slip.voucher_no,
            paid_at=one.slip.paid_at,
            amount_fen=one.slip.total_fen,
        )
        for seq, one in enumerate(payments, start=1)
    )
    unit.session.flush()
    return row


def get(unit: Unit, region: str, package_no: str, *, lock: bool = False) -> WriteoffRow:
    """The package of that number; raises NotFound."""
    query = select(WriteoffRow).where(
        WriteoffRow.region == region, WriteoffRow.package_no == package_no
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = unit.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("no_package", f"没有销账批次“{package_no}”。")
    return row


def of_township(unit: Unit, region: str, township: str) -> list[WriteoffRow]:
    """The township's packages, newest first."""
    return list(
        unit.session.scalars(
            select(WriteoffRow)
            .where(WriteoffRow.region == region, WriteoffRow.township == township)
            .order_by(WriteoffRow.opened_at.desc(), WriteoffRow.id.desc())
            .limit(PAGE_ROWS)
        )
    )


def lines(unit: Unit, row: WriteoffRow) -> list[WriteoffLineRow]:
    """The package's payments in order."""
    return list(
        unit.session.scalars(
            select(WriteoffLineRow)
            .where(WriteoffLineRow.region == row.region, WriteoffLineRow.writeoff_id == row.id)
            .order_by(WriteoffLineRow.seq)
        )
    )


def settle(unit: Unit, row: WriteoffRow, slip_ids: Collection[UUID]) -> None:
    """These payments are written off; Refused("slip_settled") when one already was."""
    unit.session.add_all(
        SettledSlipRow(region=row.region, slip_id=slip_id, writeoff_id=row.id, at=unit.now)
        for slip_id in sorted(slip_ids)
    )
    unit.session.flush()


def settled(unit: Unit, region: str, slip_ids: Collection[UUID]) -> set[UUID]:
    """Which of these payments are written off."""
    return set(
        unit.session.scalars(
            select(SettledSlipRow.slip_id).where(
                SettledSlipRow.region == region, SettledSlipRow.slip_id.in_(slip_ids)
            )
        )
    )


def add_voucher(
    unit: Unit, region: str, slip_id: UUID, note: str, *, attachment_id: UUID | None = None
) -> VoucherRow:
    """The payment is proved by one paper more."""
    row = VoucherRow(
        region=region,
        id=unit.new_id(),
        slip_id=slip_id,
        attachment_id=attachment_id,
        note=note,
        at=unit.now,
        by_user=unit.actor.user_id,
        by_name=unit.actor.name,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def vouchers(unit: Unit, region: str, slip_ids: Collection[UUID]) -> dict[UUID, VoucherRow]:
    """Slip -> its newest paper; a payment without one is left out."""
    rows = unit.session.scalars(
        select(VoucherRow)
        .where(VoucherRow.region == region, VoucherRow.slip_id.in_(slip_ids))
        .order_by(VoucherRow.at)
    )
    return {row.slip_id: row for row in rows}


def cases_of(unit: Unit, region: str, slip_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Slip -> the case it was paid in."""
    rows = unit.session.execute(
        select(SlipRow.id, SlipRow.case_id).where(
            SlipRow.region == region, SlipRow.id.in_(slip_ids)
        )
    )
    return {slip_id: case_id for slip_id, case_id in rows}


def unsettled(unit: Unit, region: str, township: str, year: int) -> list[Payment]:
    """The reserve's payments of that book not written off nor in a package still under way."""
    under_way = (
        select(WriteoffLineRow.slip_id)
        .join(
            WriteoffRow,
            (WriteoffRow.region == WriteoffLineRow.region)
            & (WriteoffRow.id == WriteoffLineRow.writeoff_id),
        )
        .where(WriteoffRow.region == region, WriteoffRow.status != "settled")
    )
    taken = set(unit.session.scalars(under_way))
    return [one for one in payments(unit, region, township, year) if one.slip.id not in taken]


def payments(unit: Unit, region: str, township: str, year: int) -> list[Payment]:
    """Every payment of the reserve in that book that is not written off, oldest first."""
    gone = select(SettledSlipRow.slip_id).where(SettledSlipRow.region == region)
    void = select(SlipVoidRow.slip_id).where(SlipVoidRow.region == region)
    slips = unit.session.scalars(
        select(SlipRow)
        .join(EntryRow, (EntryRow.region == SlipRow.region) & (EntryRow.key == SlipRow.entry_key))
        .where(
            SlipRow.region == region,
            EntryRow.township == township,
            EntryRow.year == year,
            EntryRow.deed == Deed.PAY.value,
            SlipRow.id.not_in(gone),
            SlipRow.id.not_in(void),
        )
        .order_by(SlipRow.paid_at, SlipRow.id)
        .limit(MAX_LINES)
    ).all()
    proved = vouchers(unit, region, [row.id for row in slips])
    return [Payment(row, row.id in proved, _month(row.paid_at, year)) for row in slips]


def _month(paid_at: datetime, year: int) -> int:
    """The month in which it counts; a payment made late on New Year's Eve and booked after: 1."""
    day = legal_day(paid_at)
    return day.month if day.year == year else 1
