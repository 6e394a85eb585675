"""备用金专账 and its 明细台账: the journal of the reserves, and what every reserve holds."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.cases.ledgers.reading import Reading, Row, case_ids
from app.kernel.clock import legal_day
from app.kernel.money import Money
from app.ledger.accounts import Kind
from app.store import money_registers, registers
from app.store.ledger import AccountRow, PostingRow

HUNDRED = Decimal(100)  # per cent
_RESERVE = frozenset({Kind.RESERVE, Kind.RESERVE_HELD})
_SOURCES = {
    "own": Kind.RESERVE_SOURCE_OWN,
    "allotted": Kind.RESERVE_SOURCE_ALLOTTED,
    "supplement": Kind.RESERVE_SOURCE_SUPPLEMENT,
}


def reserve_journal(reading: Reading) -> Iterator[Row]:
    """One line per entry of the townships' books; received less spent is what a book holds."""
    entries = [
        row for row in money_registers.entries_in(reading.unit, reading.span()) if row.township
    ]
    shares = money_registers.postings_of(reading.unit, entries)
    cases = registers.cases_of(reading.unit, case_ids([row.subject for row in entries]))
    numbers = {str(row.id): row for row in cases.values()}
    for entry in entries:
        postings = shares.get(entry.id, [])
        change = _change(postings)
        case = numbers.get(entry.subject)
        free = [one for one, account in postings if account.kind == Kind.RESERVE]
        yield {
            "township": reading.names.organ(entry.township),
            "year": entry.year,
            "number": entry.number,
            "at": entry.at,
            "deed": entry.deed,
            "source": entry.source,
            "purpose": entry.purpose,
            "memo": entry.memo,
            "case_no": case.case_no if case else "",
            "received": max(change, Money.zero()),
            "spent": max(-change, Money.zero()),
            "moved": max((one.amount_fen for one, _ in postings), default=Money.zero()),
            "free_after": free[0].balance_after_fen if free else None,
            "by": entry.by_name,
            "_region": case.region if case else "",
            "_case_id": entry.subject if case else "",
        }


def _change(postings: list[tuple[PostingRow, AccountRow]]) -> Money:
    """By how much free and promised money together grew; a promise or a count moves nothing."""
    moved = [one for one, account in postings if account.kind in _RESERVE and not one.asserted]
    return Money(sum(one.amount_fen.fen for one in moved))


def reserve_book(reading: Reading) -> Iterator[Row]:
    """One line per township and year of the period: where its money came from and what is left."""
    books: dict[tuple[str, int], dict[str, Money]] = {}
    for row in money_registers.accounts_in(reading.unit, reading.span()):
        if not _in_years(reading, row.year):
            continue
        sums = books.setdefault((row.township, row.year), {})
        sums[row.kind] = sums.get(row.kind, Money.zero()) + row.balance_fen
    for (township, year), sums in sorted(books.items(), key=lambda one: (-one[0][1], one[0][0])):
        free, held = _of(sums, Kind.RESERVE), _of(sums, Kind.RESERVE_HELD)
        yield {
            "township": reading.names.organ(township),
            "year": year,
            **{name: -_of(sums, kind) for name, kind in _SOURCES.items()},
            "carried_in": -_of(sums, Kind.CARRIED_IN),
            "refund": -_of(sums, Kind.REFUND),
            "spent": _of(sums, Kind.SPENT) + _of(sums, Kind.WRITTEN_OFF),
            "written_off": _of(sums, Kind.WRITTEN_OFF),
            "carried_out": _of(sums, Kind.CARRIED_OUT),
            "held": held,
            "free": free,
            "balance": free + held,
        }


def _of(sums: dict[str, Money], kind: Kind) -> Money:
    return sums.get(kind, Money.zero())


def _in_years(reading: Reading, year: int) -> bool:
    asked = reading.asked
    first = asked.since.year if asked.since else 0
    last = asked.until.year if asked.until else legal_day(reading.unit.now).year
    return first <= year <= last


def writeoffs(reading: Reading) -> Iterator[Row]:
    """销账台账: one line per package opened in the period."""
    rows = money_registers.writeoffs_in(reading.unit, reading.span())
    counts = money_registers.payments_in(reading.unit, rows)
    for row in rows:
        if reading.asked.state not in ("", row.status):
            continue
        until = row.closed_at or reading.unit.now
        yield {
            "package_no": row.package_no,
            "township": reading.names.organ(row.township),
            "year": row.year,
            "month": f"{row.month} 月" if row.month else "全部未销",
            "payments": counts.get(row.id, 0),
            "total": row.total_fen,
            "settled": row.settled_fen,
            "left": row.left_fen,
            "state": row.status,
            "opened_on": legal_day(row.opened_at),
            "opened_by": row.opened_by,
            "closed_on": legal_day(row.closed_at) if row.closed_at else None,
            "days": (legal_day(until) - legal_day(row.opened_at)).days,
        }


def reserve_reviews(reading: Reading) -> Iterator[Row]:
    """备用金核定表: one line per township and year reviewed in the period."""
    for row in money_registers.reviews_in(reading.unit, reading.span()):
        yield {
            "township": reading.names.organ(row.township),
            "year": row.year,
            "used_last_year": row.used_last_year_fen,
            "ratio": row.ratio * HUNDRED,
            "floor": row.floor_fen,
            "input_last_year": row.input_last_year_fen,
            "planned": row.planned_fen,
            "above_floor": row.planned_fen - row.floor_fen,
            "reason": row.reason,
            "document_no": row.document_no,
            "decided_on": legal_day(row.at),
        }
