"""The cells of a ledger in words: codes by their labels, money and moments as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from app.cases.ledgers.page import LedgerPage
from app.cases.ledgers.reading import Row, Value
from app.form.ledger_columns import QUERIES
from app.form.ledger_shapes import Column, Kind
from app.form.sheets import Sheet, Signatures, Table, Text
from app.kernel.clock import local
from app.kernel.money import Money
from app.web import labels

RIGHT = frozenset({Kind.MONEY, Kind.COUNT, Kind.HOURS, Kind.PERCENT})
WIDE_FROM = 8  # columns from which a sheet is printed across
TOTAL = "合计"

_CODES: Mapping[str, Mapping[str, str]] = {
    "status": {code: words for code, (words, _) in labels.STATUS.items()},
    "outcome": labels.OUTCOME,
    "route": labels.ROUTE,
    "deed": labels.DEED,
    "aid": labels.AID,
    "source": labels.SOURCE,
    "purpose": labels.PURPOSE,
    "ledger_state": labels.LEDGER_STATE,
    "referral_outcome": labels.REFERRAL_OUTCOME,
}


def read_by(column: Column, value: Value) -> Value:
    """The value with a code turned into its words; an unknown code stays as it is."""
    if column.codes and isinstance(value, str):
        return _CODES[column.codes].get(value, value)
    return value


def text(column: Column, value: Value) -> str:
    """The cell as it is read on a screen or on paper; "" for nothing."""
    match read_by(column, value):
        case None:
            return ""
        case datetime() as instant:
            return f"{local(instant):%Y-%m-%d %H:%M}"
        case date() as day:
            return f"{day:%Y-%m-%d}"
        case Money() as amount:
            return str(amount)
        case int() | Decimal() as number:
            return str(number)
        case words:
            return words


def texts(page: LedgerPage, row: Row) -> tuple[str, ...]:
    """The cells of one row, in the order of the headings."""
    columns = [heading.column for heading in page.ledger.headings]
    return tuple(text(column, row.get(column.key)) for column in columns)


def totals(page: LedgerPage) -> tuple[str, ...]:
    """The last row, () when no column is summed."""
    if not page.totals or not page.rows:
        return ()
    columns = [heading.column for heading in page.ledger.headings]
    cells = [text(column, page.totals.get(column.key)) for column in columns]
    return (cells[0] or TOTAL, *cells[1:])


def sums(page: LedgerPage) -> tuple[tuple[str, str], ...]:
    """Heading and sum of every column of money, for the top of the page."""
    if not page.rows:
        return ()
    return tuple(
        (one.text, text(one.column, page.totals[one.column.key]))
        for one in page.ledger.headings
        if one.column.kind is Kind.MONEY and one.column.key in page.totals
    )


def values(page: LedgerPage) -> list[list[Value]]:
    """The rows as values for a spreadsheet, the totals last."""
    columns = [heading.column for heading in page.ledger.headings]
    rows = [[read_by(column, row.get(column.key)) for column in columns] for row in page.rows]
    if page.totals and page.rows and page.ledger.group != "export":
        last: list[Value] = [page.totals.get(column.key) for column in columns]
        rows.append([TOTAL if last[0] is None else last[0], *last[1:]])
    return rows


def states(page: LedgerPage) -> tuple[tuple[str, str], ...]:
    """Code and words of what the list may be narrowed to."""
    query = QUERIES[page.ledger.query]
    tables = [one.codes for one in query.columns if one.codes in ("status", "ledger_state")]
    return tuple((code, _CODES[tables[0]].get(code, code)) for code in query.states)


def head(page: LedgerPage) -> tuple[str, ...]:
    """The headings."""
    return tuple(heading.text for heading in page.ledger.headings)


def period(page: LedgerPage) -> str:
    """The asked days in words."""
    since, until = page.asked.since, page.asked.until
    if since and until:
        return f"{since:%Y-%m-%d} 至 {until:%Y-%m-%d}"
    if since:
        return f"{since:%Y-%m-%d} 起"
    return f"至 {until:%Y-%m-%d}" if until else "全部时间"


def sheet(page: LedgerPage) -> Sheet:
    """The ledger as a paper with its totals and room for signatures and seals."""
    columns = [heading.column for heading in page.ledger.headings]
    table = Table(
        "",
        head(page),
        tuple(texts(page, row) for row in page.rows),
        tuple(column.kind in RIGHT for column in columns),
        totals(page),
    )
    count = Text(((f"共 {len(page.rows)} 行。", False),))
    signed = (Signatures(page.ledger.signatures),) if page.ledger.signatures else ()
    return Sheet(
        title=page.ledger.title,
        number="",
        subtitle=f"{page.place}　{period(page)}",
        parts=(table, count, *signed),
        made_at=page.read_at,
        wide=len(columns) >= WIDE_FROM,
    )
