"""Bank transfers and their batches: waiting, sent, answered. Names and accounts are masked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.cases import access
from app.cases.office import Office
from app.cases.views.lines import Names
from app.form.describe import mask_name
from app.kernel.errors import Forbidden
from app.kernel.money import Money
from app.store import cases, transfers
from app.store.session import Actor, Unit
from app.store.transfers import BatchRow, ResultRow, TransferRow

SHOWN_DIGITS = 4  # of an account number


@dataclass(frozen=True, slots=True)
class TransferLine:
    """One transfer."""

    voucher_no: str
    case_id: UUID
    case_no: str
    township_name: str
    name: str  # masked
    account: str  # masked but its last digits
    amount: Money
    status: str
    reason: str
    ordered_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch with its reconciliation."""

    row: BatchRow
    paid: int
    paid_total: Money
    failed: int
    failed_total: Money
    open: int
    open_total: Money


@dataclass(frozen=True, slots=True)
class TransfersPage:
    """The page 银行代发."""

    region: str
    county_name: str
    waiting: tuple[TransferLine, ...]
    waiting_total: Money
    batches: tuple[BatchLine, ...]  # newest first


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One batch."""

    line: BatchLine
    transfers: tuple[TransferLine, ...]
    results: tuple[ResultRow, ...]


def transfers_page(office: Office, actor: Actor) -> TransfersPage:
    """The county's transfers; raises Forbidden for who does not read a county's books."""
    with office.database.read(actor) as unit:
        region = _region(unit, actor)
        names = Names(unit)
        waiting = transfers.waiting(unit, region)
        return TransfersPage(
            region=region,
            county_name=names.organ(region),
            waiting=tuple(_lines(unit, names, waiting)),
            waiting_total=_sum(waiting),
            batches=tuple(_batch_line(unit, row) for row in transfers.batches(unit, region)),
        )


def batch_page(office: Office, actor: Actor, batch_id: UUID) -> BatchPage:
    """One batch of the county; raises Forbidden, NotFound."""
    with office.database.read(actor) as unit:
        region = _region(unit, actor)
        row = transfers.batch(unit, region, batch_id)
        rows = transfers.of_batch(unit, region, batch_id)
        return BatchPage(
            line=_batch_line(unit, row),
            transfers=tuple(_lines(unit, Names(unit), rows)),
            results=tuple(transfers.results(unit, region, batch_id)),
        )


def _region(unit: Unit, actor: Actor) -> str:
    scope = access.scope_of(unit, actor, access.reads_money)
    if not scope.regions:
        raise Forbidden("no_transfers", "您的角色不查看银行代发。")
    return min(scope.regions)


def _batch_line(unit: Unit, row: BatchRow) -> BatchLine:
    rows = transfers.of_batch(unit, row.region, row.id)
    count = Counter(one.status for one in rows)
    return BatchLine(
        row=row,
        paid=count["paid"],
        paid_total=_sum([one for one in rows if one.status == "paid"]),
        failed=count["failed"],
        failed_total=_sum([one for one in rows if one.status == "failed"]),
        open=count["sent"],
        open_total=_sum([one for one in rows if one.status == "sent"]),
    )


def _lines(unit: Unit, names: Names, rows: list[TransferRow]) -> list[TransferLine]:
    if not rows:
        return []
    numbers = cases.numbers(unit, rows[0].region, {row.case_id for row in rows})
    return [_line(unit, names, row, numbers.get(row.case_id, "")) for row in rows]


def _line(unit: Unit, names: Names, row: TransferRow, case_no: str) -> TransferLine:
    payee = transfers.payee(unit, row)
    account = str(payee.get("account") or "")
    return TransferLine(
        voucher_no=row.voucher_no,
        case_id=row.case_id,
        case_no=case_no,
        township_name=names.organ(row.township),
        name=mask_name(str(payee.get("name") or "未")),
        account="*" * max(len(account) - SHOWN_DIGITS, 0) + account[-SHOWN_DIGITS:],
        amount=row.amount_fen,
        status=row.status,
        reason=row.reason,
        ordered_at=row.ordered_at,
        settled_at=row.settled_at,
    )


def _sum(rows: list[TransferRow]) -> Money:
    return Money(sum(row.amount_fen.fen for row in rows))
