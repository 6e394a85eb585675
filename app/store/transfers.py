"""Bank transfers of relief, the batches in which they go out, and what the bank answered.

A transfer waits, is sent in one batch, and ends as paid or failed. Who it is for is sealed; the
number of the account is opened only into the batch file, and each download is on record.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import NotFound, Stale
from app.kernel.money import Money
from app.store import counters
from app.store.base import Base, Code, IdKey, Label, RegionKey, Sha
from app.store.session import Unit

MAX_BATCH = 1000  # transfers of one file
PAGE_ROWS = 500


class BatchRow(Base):
    """One file to the bank."""

    __tablename__ = "transfer_batches"
    __table_args__ = (UniqueConstraint("region", "batch_no", name="uq_transfer_batches_batch_no"),)

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    batch_no: Mapped[Code]  # gap-free per county and year
    made_at: Mapped[datetime]
    made_by: Mapped[Code]
    made_by_name: Mapped[Label]
    count: Mapped[int]
    total_fen: Mapped[Money]
    deployment_id: Mapped[Sha]  # whose file format it has


class TransferRow(Base):
    """One transfer to one account."""

    __tablename__ = "transfers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_transfers_cases"
        ),
        ForeignKeyConstraint(
            ["region", "slip_id"], ["slips.region", "slips.id"], name="fk_transfers_slips"
        ),
        UniqueConstraint("region", "slip_id", name="uq_transfers_slip"),
        Index("ix_transfers_status", "region", "status", "ordered_at"),
        Index("ix_transfers_batch", "region", "batch_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    slip_id: Mapped[UUID]
    township: Mapped[Code]
    voucher_no: Mapped[Code]  # names the transfer to the bank and back
    amount_fen: Mapped[Money]
    payee_sealed: Mapped[bytes] = mapped_column(LargeBinary())  # name, bank, account
    entry_key: Mapped[Label]  # the entry that paid it
    pool: Mapped[Code]  # "reserve" | "county" | ...
    status: Mapped[Code]  # "waiting" | "sent" | "paid" | "failed"
    ordered_at: Mapped[datetime]
    batch_id: Mapped[UUID | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[Label] = mapped_column(default="")  # the bank's words for a failure


class ResultRow(Base):
    """One answer file of the bank; never changed. The same file again changes nothing."""

    __tablename__ = "transfer_results"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "batch_id"],
            ["transfer_batches.region", "transfer_batches.id"],
            name="fk_transfer_results_batches",
        ),
        UniqueConstraint("region", "batch_id", "sha256", name="uq_transfer_results_file"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    batch_id: Mapped[UUID]
    sha256: Mapped[Sha]
    at: Mapped[datetime]
    by_user: Mapped[Code]
    by_name: Mapped[Label]
    paid: Mapped[int]
    failed: Mapped[int]


def order(
    unit: Unit,
    region: str,
    *,
    case_id: UUID,
    slip_id: UUID,
    township: str,
    voucher_no: str,
    amount: Money,
    payee: Mapping[str, Any],
    entry_key: str,
    pool: str,
) -> TransferRow:
    """The transfer waits for the next batch. payee: `name`, `bank`, `account`, sealed at once."""
    row_id = unit.new_id()
    row = TransferRow(
        region=region,
        id=row_id,
        case_id=case_id,
        slip_id=slip_id,
        township=township,
        voucher_no=voucher_no,
        amount_fen=amount,
        payee_sealed=unit.vault.seal_json(
            dict(payee), region=region, table="transfers", row_id=row_id
        ),
        entry_key=entry_key,
        pool=pool,
        status="waiting",
        ordered_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def payee(unit: Unit, row: TransferRow) -> dict[str, Any]:
    """Whom it is for, in clear; who opens it records why."""
    opened: dict[str, Any] = unit.vault.unseal_json(
        row.payee_sealed, region=row.region, table="transfers", row_id=row.id
    )
    return opened


def waiting(unit: Unit, region: str, *, lock: bool = False) -> list[TransferRow]:
    """What goes into the next batch, oldest first, at most MAX_BATCH."""
    query = (
        select(TransferRow)
        .where(TransferRow.region == region, TransferRow.status == "waiting")
        .order_by(TransferRow.ordered_at, TransferRow.id)
        .limit(MAX_BATCH)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(unit.session.scalars(query))


def send(unit: Unit, region: str, rows: Collection[TransferRow], deployment_id: str) -> BatchRow:
    """The transfers have gone out together under one number."""
    year = unit.now.year
    number = counters.next_number(unit, region, f"batch:{year}")
    batch = BatchRow(
        region=region,
        id=unit.new_id(),
        batch_no=f"{region}-Y{year}-{number:04d}",
        made_at=unit.now,
        made_by=unit.actor.user_id,
        made_by_name=unit.actor.name,
        count=len(rows),
        total_fen=Money(sum(row.amount_fen.fen for row in rows)),
        deployment_id=deployment_id,
    )
    unit.session.add(batch)
    unit.session.flush()
    for row in rows:
        row.status, row.batch_id = "sent", batch.id
    unit.session.flush()
    return batch


def batch(unit: Unit, region: str, batch_id: UUID, *, lock: bool = False) -> BatchRow:
    """The batch; raises NotFound. `lock` makes other imports of its answer wait."""
    query = select(BatchRow).where(BatchRow.region == region, BatchRow.id == batch_id)
    if lock:
        query = query.with_for_update()
    row = unit.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("no_batch", "没有这个代发批次。")
    return row


def batches(unit: Unit, region: str) -> list[BatchRow]:
    """The county's batches, newest first."""
    query = select(BatchRow).where(BatchRow.region == region)
    return list(unit.session.scalars(query.order_by(BatchRow.made_at.desc()).limit(PAGE_ROWS)))


def of_batch(unit: Unit, region: str, batch_id: UUID, *, lock: bool = False) -> list[TransferRow]:
    """The transfers of the batch, in the order of its file."""
    query = (
        select(TransferRow)
        .where(TransferRow.region == region, TransferRow.batch_id == batch_id)
        .order_by(TransferRow.ordered_at, TransferRow.id)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(unit.session.scalars(query))


def of_county(unit: Unit, region: str, *, statuses: Collection[str]) -> list[TransferRow]:
    """The county's transfers in one of these states, oldest first."""
    query = (
        select(TransferRow)
        .where(TransferRow.region == region, TransferRow.status.in_(statuses))
        .order_by(TransferRow.ordered_at, TransferRow.id)
        .limit(PAGE_ROWS)
    )
    return list(unit.session.scalars(query))


def of_case(unit: Unit, region: str, case_id: UUID) -> list[TransferRow]:
    """The case's transfers, oldest first."""
    query = select(TransferRow).where(TransferRow.region == region, TransferRow.case_id == case_id)
    return list(unit.session.scalars(query.order_by(TransferRow.ordered_at, TransferRow.id)))


def settle(unit: Unit, row: TransferRow, *, paid: bool, reason: str = "") -> None:
    """The bank has said how it ended; raises Stale when that was known already."""
    if row.status != "sent":
        raise Stale("transfer_settled", f"凭证 {row.voucher_no} 的转账结果已登记过。")
    row.status, row.settled_at, row.reason = "paid" if paid else "failed", unit.now, reason
    unit.session.flush()


def results(unit: Unit, region: str, batch_id: UUID) -> list[ResultRow]:
    """The answers that were read for the batch, oldest first."""
    query = select(ResultRow).where(ResultRow.region == region, ResultRow.batch_id == batch_id)
    return list(unit.session.scalars(query.order_by(ResultRow.at)))


def keep_result(
    unit: Unit, region: str, batch_id: UUID, *, sha256: str, paid: int, failed: int
) -> ResultRow:
    """The answer file is on record."""
    row = ResultRow(
        region=region,
        id=unit.new_id(),
        batch_id=batch_id,
        sha256=sha256,
        at=unit.now,
        by_user=unit.actor.user_id,
        by_name=unit.actor.name,
        paid=paid,
        failed=failed,
    )
    unit.session.add(row)
    unit.session.flush()
    return row
