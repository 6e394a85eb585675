"""A write-off package as its page shows it: the monthly list, its vouchers, last year in sum.

Amounts and vouchers only: no illness, no cause, no identity (县财政 sees no medical detail).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.cases import access
from app.cases.office import Office
from app.cases.views.lines import Names
from app.kernel.clock import legal_day
from app.kernel.errors import Forbidden
from app.kernel.money import Money
from app.ledger.accounts import Fund
from app.store import cases, journal, writeoffs
from app.store.journal import YearFigures
from app.store.session import Actor
from app.store.writeoffs import WriteoffRow


@dataclass(frozen=True, slots=True)
class PackageLine:
    """One payment of the package."""

    voucher_no: str
    case_no: str
    paid_at: datetime
    amount: Money
    paper: str  # what proves it, "" when nothing does
    settled: bool
    days: int  # since it was paid


@dataclass(frozen=True, slots=True)
class PackagePage:
    """One package."""

    row: WriteoffRow
    township_name: str
    lines: tuple[PackageLine, ...]
    missing: tuple[PackageLine, ...]  # without a voucher
    summary: tuple[tuple[int, Money, int], ...]  # (month, paid, how many) of last year, January
    summary_figures: YearFigures | None
    case_id: UUID | None  # the matter that carries it


def package_page(office: Office, actor: Actor, region: str, package_no: str) -> PackagePage:
    """The package of that number; raises Forbidden outside the actor's books, NotFound."""
    with office.database.read(actor) as unit:
        scope = access.scope_of(unit, actor, access.reads_money)
        row = writeoffs.get(unit, region, package_no)
        if not scope.covers(region=row.region, township=row.township):
            raise Forbidden("not_your_fund", "这个乡镇（街道）的备用金不在您的查看范围内。")
        names, today = Names(unit), legal_day(unit.now)
        found = writeoffs.lines(unit, row)
        ids = [line.slip_id for line in found]
        papers = writeoffs.vouchers(unit, region, ids)
        settled = writeoffs.settled(unit, region, ids)
        case_of = writeoffs.cases_of(unit, region, ids)
        numbers = cases.numbers(unit, region, set(case_of.values()))
        lines = tuple(
            PackageLine(
                voucher_no=line.voucher_no,
                case_no=numbers.get(case_of[line.slip_id], ""),
                paid_at=line.paid_at,
                amount=line.amount_fen,
                paper=papers[line.slip_id].note if line.slip_id in papers else "",
                settled=line.slip_id in settled,
                days=(today - legal_day(line.paid_at)).days,
            )
            for line in found
        )
        last = Fund(region, row.township, row.summary_year) if row.summary_year else None
        return PackagePage(
            row=row,
            township_name=names.organ(row.township),
            lines=lines,
            missing=tuple(line for line in lines if not line.paper),
            summary=tuple(journal.by_month(unit, last)) if last else (),
            summary_figures=journal.year_of(unit, last) if last else None,
            case_id=row.case_id,
        )
