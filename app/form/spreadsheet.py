"""Tables as files for spreadsheets: CSV with a byte-order mark, and xlsx; safe against formulas.

A text that begins like a formula stays a text: in CSV by an apostrophe before it, in xlsx by its
type. The same table gives the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from app.kernel.clock import SHANGHAI
from app.kernel.money import Money

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Value = str | int | Money | date | datetime | Decimal | None
MAX_SHEET_NAME = 31  # characters, by the format
_WIDTH = 16  # characters of a column


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """The table as UTF-8 CSV that spreadsheets open with Chinese intact."""
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow([_safe(text) for text in head])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return ("\ufeff" + sink.getvalue()).encode("utf-8")


def xlsx_bytes(
    title: str, head: Sequence[str], rows: Iterable[Sequence[Value]], *, made_at: datetime
) -> bytes:
    """The table as an xlsx workbook of one sheet; numbers and days are numbers and days."""
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(
        sink,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties(
        {"title": title, "created": made_at.astimezone(SHANGHAI).replace(tzinfo=None)}
    )
    formats = {
        "head": book.add_format({"bold": True, "border": 1, "text_wrap": True}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    page = book.add_worksheet(_sheet_name(title))
    page.freeze_panes(1, 0)
    page.set_column(0, max(len(head) - 1, 0), _WIDTH)
    for column, text in enumerate(head):
        page.write_string(0, column, text, formats["head"])
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(page, line, column, value, formats)
    book.close()
    return sink.getvalue()


def _write(page: Any, line: int, column: int, value: Value, formats: Mapping[str, Any]) -> None:
    match value:
        case None:
            return
        case Money():
            page.write_number(line, column, value.yuan, formats["money"])
        case datetime():
            wall = value.astimezone(SHANGHAI).replace(tzinfo=None)
            page.write_datetime(line, column, wall, formats["moment"])
        case date():
            page.write_datetime(line, column, value, formats["day"])
        case int() | Decimal():
            page.write_number(line, column, value)
        case str():
            page.write_string(line, column, value)


def _csv_cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        case str():
            return _safe(value)
    return str(value)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _sheet_name(title: str) -> str:
    """The title without the marks that a sheet's name may not have."""
    return "".join(char for char in title if char not in "[]:*?/\\'")[:MAX_SHEET_NAME] or "Sheet1"
