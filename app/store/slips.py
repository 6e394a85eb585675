"""Papers of money and goods handed over: one slip per handing-over, one line per thing.

Cash and goods in urgency need complete papers and a working ledger (济民字〔2018〕94号 二(四)):
two payers, and the recipient or a witness.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import legal_day
from app.kernel.errors import NotFound
from app.kernel.money import Money
from app.store import counters
from app.store.base import Base, Code, IdKey, Label, RegionKey
from app.store.session import Unit
from app.store.types import Exact, Fen

PAGE_ROWS = 500
MONEY_ITEM = "救助金"  # item of a line that is money, not goods


class SlipRow(Base):
    """One handing-over or bank payment."""

    __tablename__ = "slips"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_slips_cases"
        ),
        UniqueConstraint("region", "voucher_no", name="uq_slips_voucher_no"),
        Index("ix_slips_case", "region", "case_id"),
        Index("ix_slips_township", "region", "township", "paid_at"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    township: Mapped[Code]
    voucher_no: Mapped[Code]  # gap-free per county and year
    form_of_aid: Mapped[Code]  # "cash" | "goods" | "bank" | "cash_and_goods"
    paid_at: Mapped[datetime]
    payer_1: Mapped[Label]
    payer_2: Mapped[Label]  # "" only for a bank payment
    receiver_sealed: Mapped[bytes] = mapped_column(LargeBinary())  # who took it, or the witness
    total_fen: Mapped[Money]
    entry_key: Mapped[Label]  # the ledger entry it documents
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[Code]


class SlipLineRow(Base):
    """One line of the cash and goods ledger."""

    __tablename__ = "slip_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "slip_id"], ["slips.region", "slips.id"], name="fk_slip_lines_slips"
        ),
    )

    region: Mapped[RegionKey]
    slip_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[Label]  # "棉被", "现金"
    quantity: Mapped[Decimal] = mapped_column(Exact())
    measure: Mapped[Label]  # "床", "袋", "元"
    value_fen: Mapped[Money]  # of the whole line


class SlipVoidRow(Base):
    """A slip whose money never arrived: the bank sent it back; the slip itself stays as it was."""

    __tablename__ = "slip_voids"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "slip_id"], ["slips.region", "slips.id"], name="fk_slip_voids_slips"
        ),
    )

    region: Mapped[RegionKey]
    slip_id: Mapped[UUID] = mapped_column(primary_key=True)
    amount_fen: Mapped[Money]  # the transfer in it; goods on the same slip did arrive
    reason: Mapped[Label]
    at: Mapped[datetime]
    by_user: Mapped[Code]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing handed over."""

    item: str  # Chinese name
    quantity: Decimal  # up to three places
    measure: str  # Chinese unit
    value: Money  # of the whole line


def record(
    unit: Unit,
    region: str,
    case_id: UUID,
    *,
    township: str,
    form_of_aid: str,
    lines: Sequence[Line],
    paid_at: datetime,
    payers: tuple[str, str],
    receiver: Mapping[str, Any],
    entry_key: str,
    voucher_no: str = "",
) -> SlipRow:
    """The slip stands in the ledger under its voucher number (given, or the next one).

    receiver: who received or witnessed, sealed. Raises Refused("voucher_taken").
    """
    slip_id = unit.new_id()
    row = SlipRow(
        region=region,
        id=slip_id,
        case_id=case_id,
        township=township,
        voucher_no=voucher_no or _next_voucher_no(unit, region, paid_at),
        form_of_aid=form_of_aid,
        paid_at=paid_at,
        payer_1=payers[0],
        payer_2=payers[1],
        receiver_sealed=unit.vault.seal_json(
            dict(receiver), region=region, table="slips", row_id=slip_id
        ),
        total_fen=Money(sum(line.value.fen for line in lines)),
        entry_key=entry_key,
        recorded_at=unit.now,
        recorded_by=unit.actor.user_id,
    )
    unit.session.add(row)
    unit.session.flush()
    _add_lines(unit, row, lines)
    return row


def of_case(unit: Unit, region: str, case_id: UUID) -> list[tuple[SlipRow, list[SlipLineRow]]]:
    """The case's slips with their lines, oldest first."""
    slips = unit.session.scalars(
        select(SlipRow)
        .where(SlipRow.region == region, SlipRow.case_id == case_id)
        .order_by(SlipRow.paid_at, SlipRow.id)
    )
    return _with_lines(unit, region, list(slips))


def ledger(
    unit: Unit, region: str, *, township: str | None = None, since: datetime | None = None
) -> list[tuple[SlipRow, list[SlipLineRow]]]:
    """The cash and goods ledger of the county or township, oldest first."""
    query = select(SlipRow).where(SlipRow.region == region)
    if township is not None:
        query = query.where(SlipRow.township == township)
    if since is not None:
        query = query.where(SlipRow.paid_at >= since)
    rows = unit.session.scalars(query.order_by(SlipRow.paid_at, SlipRow.id).limit(PAGE_ROWS))
    return _with_lines(unit, region, list(rows))


def paid_total(unit: Unit, region: str, case_id: UUID) -> Money:
    """What the case has received by all its slips; what a bank sent back does not count."""
    of_it = (SlipRow.region == region, SlipRow.case_id == case_id)
    total = unit.session.scalar(select(func.sum(SlipRow.total_fen, type_=Fen())).where(*of_it))
    back = unit.session.scalar(
        select(func.sum(SlipVoidRow.amount_fen, type_=Fen()))
        .join(SlipRow, (SlipRow.region == SlipVoidRow.region) & (SlipRow.id == SlipVoidRow.slip_id))
        .where(*of_it)
    )
    return (total or Money.zero()) - (back or Money.zero())


def void(unit: Unit, row: SlipRow, amount: Money, reason: str) -> None:
    """The slip's transfer never arrived; the slip stays, marked so."""
    made = SlipVoidRow(
        region=row.region,
        slip_id=row.id,
        amount_fen=amount,
        reason=reason,
        at=unit.now,
        by_user=unit.actor.user_id,
    )
    unit.session.add(made)
    unit.session.flush()


def voided(unit: Unit, region: str, slip_ids: Collection[UUID]) -> dict[UUID, str]:
    """Slip -> why its money never arrived; slips in order are left out."""
    rows = unit.session.scalars(
        select(SlipVoidRow).where(SlipVoidRow.region == region, SlipVoidRow.slip_id.in_(slip_ids))
    )
    return {row.slip_id: row.reason for row in rows}


def get(unit: Unit, region: str, slip_id: UUID) -> SlipRow:
    """The slip; raises NotFound."""
    row = unit.session.get(SlipRow, (region, slip_id))
    if row is None:
        raise NotFound("no_slip", "没有这张发放单。")
    return row


def by_voucher(unit: Unit, region: str, voucher_no: str) -> SlipRow | None:
    """The slip of that number, None when there is none."""
    return unit.session.scalars(
        select(SlipRow).where(SlipRow.region == region, SlipRow.voucher_no == voucher_no)
    ).one_or_none()


def receiver(unit: Unit, row: SlipRow) -> dict[str, Any]:
    """Who received or witnessed, in clear."""
    opened: dict[str, Any] = unit.vault.unseal_json(
        row.receiver_sealed, region=row.region, table="slips", row_id=row.id
    )
    return opened


def _next_voucher_no(unit: Unit, region: str, paid_at: datetime) -> str:
    year = legal_day(paid_at).year
    return f"{region}-V{year}-{counters.next_number(unit, region, f'voucher:{year}'):06d}"


def _add_lines(unit: Unit, row: SlipRow, lines: Sequence[Line]) -> None:
    unit.session.add_all(
        SlipLineRow(
            region=row.region,
            slip_id=row.id,
            seq=seq,
            item=line.item,
            quantity=line.quantity,
            measure=line.measure,
            value_fen=line.value,
        )
        for seq, line in enumerate(lines, start=1)
    )
    unit.session.flush()


def _with_lines(
    unit: Unit, region: str, slips: list[SlipRow]
) -> list[tuple[SlipRow, list[SlipLineRow]]]:
    lines: dict[UUID, list[SlipLineRow]] = {row.id: [] for row in slips}
    found = unit.session.scalars(
        select(SlipLineRow)
        .where(SlipLineRow.region == region, SlipLineRow.slip_id.in_(lines))
        .order_by(SlipLineRow.slip_id, SlipLineRow.seq)
    )
    for line in found:
        lines[line.slip_id].append(line)
    return [(row, lines[row.id]) for row in slips]
