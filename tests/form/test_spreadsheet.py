"""Aims at files for spreadsheets: Chinese intact, money exact, nothing carried out as a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest

from app.form.spreadsheet import csv_bytes, xlsx_bytes
from app.kernel.money import Money

AT = datetime(2026, 4, 7, 2, 5, tzinfo=UTC)
HEAD = ("姓名", "金额（元）", "日期", "时间")
ROWS = [["王*", Money(89000), date(2026, 4, 7), AT], ["合计", Money(89000), None, None]]
NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=HYPERLINK("x")']


def cells(raw: bytes):
    """(type, text) of each cell of the only sheet, texts looked up."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        known = ["".join(one.itertext()) for one in strings.findall("m:si", NS)]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert sheet.findall(".//m:f", NS) == []
    return [
        (cell.get("t", "n"), known[int(value)] if cell.get("t") == "s" else value)
        for cell in sheet.findall(".//m:c", NS)
        if (value := cell.findtext("m:v", None, NS)) is not None
    ]


def test_csv_opens_with_chinese_intact():
    raw = csv_bytes(HEAD, ROWS)
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert lines[1] == ["王*", "890.00", "2026-04-07", "2026-04-07 10:05"]
    assert lines[2] == ["合计", "890.00", "", ""]


def test_xlsx_holds_numbers_as_numbers():
    found = cells(xlsx_bytes("台账", HEAD, ROWS, made_at=AT))
    assert ("s", "王*") in found
    assert ("n", "890") in [(kind, value.removesuffix(".00")) for kind, value in found]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_stays_a_text(text):
    line = list(csv.reader(io.StringIO(csv_bytes(("a",), [[text]]).decode("utf-8-sig"))))[1]
    assert line[0].startswith("'")
    assert cells(xlsx_bytes("t", ("a",), [[text]], made_at=AT))[1][0] == "s"


def test_the_same_table_is_the_same_file():
    assert xlsx_bytes("台账", HEAD, ROWS, made_at=AT) == xlsx_bytes("台账", HEAD, ROWS, made_at=AT)


def test_a_title_that_is_no_name_of_a_sheet_is_mended():
    assert xlsx_bytes("a/b[c]:*?" + "长" * 40, HEAD, ROWS, made_at=AT)
