"""Aims at papers as PDF: text to be extracted, breaks between the right characters, same bytes."""

from __future__ import annotations

from datetime import UTC, datetime

import pypdfium2
import pytest

from app.form.pdf import render
from app.form.sheets import Facts, Sheet, Signatures, Table, Text, dump_parts, load_parts
from app.form.typeset import wrap

AT = datetime(2026, 4, 7, 2, 5, tzinfo=UTC)
PARTS = (
    Text((("决定给予救助 1000.00 元（大写：壹仟元整）。", False), ("甲镇人民政府", True))),
    Facts("基本情况", (("姓名", "王五"), ("身份证号", "370881199001010013"))),
    Table("明细", ("凭证编号", "金额"), (("370881-V2026-000001", "890.00"),), (False, True)),
    Signatures(("经办人", "单位（盖章）")),
)


def sheet(**changes) -> Sheet:
    given = {
        "title": "临时救助决定书",
        "number": "370881-L2026-000001",
        "subtitle": "",
        "parts": PARTS,
    }
    return Sheet(made_at=AT, **{**given, **changes})


def texts(raw: bytes) -> list[str]:
    """The text of each page, line ends and spaces taken out."""
    document = pypdfium2.PdfDocument(raw)
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    return ["".join(text.split()) for text in pages]


def test_all_words_and_numbers_can_be_extracted():
    [page] = texts(render(sheet()))
    for words in ("临时救助决定书", "370881-L2026-000001", "1000.00元", "壹仟元整", "王五"):
        assert words in page
    for words in ("370881199001010013", "370881-V2026-000001", "890.00", "单位（盖章）"):
        assert words in page
    assert "第1页，共1页" in page


def test_a_long_table_has_its_headings_and_number_on_every_page():
    rows = tuple((f"V{number:06d}", f"{number}.00") for number in range(120))
    table = Table("", ("凭证编号", "金额"), rows, (False, True), ("合计", "7140.00"))
    pages = texts(render(sheet(parts=(table,))))
    assert len(pages) > 2
    assert all("凭证编号" in page and "370881-L2026-000001" in page for page in pages)
    assert [f"第{n}页，共{len(pages)}页" in page for n, page in enumerate(pages, 1)].count(
        True
    ) == len(pages)
    assert all(f"V{number:06d}" in "".join(pages) for number in range(120))
    assert "7140.00" in pages[-1]


def test_the_same_sheet_is_the_same_file():
    assert render(sheet()) == render(sheet())


def test_parts_survive_being_kept():
    assert load_parts(dump_parts(PARTS)) == PARTS


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("甲乙丙丁", ["甲乙丙", "丁"]),
        ("甲乙丙，丁", ["甲乙", "丙，丁"]),  # no mark begins a line
        ("甲乙（丙丁", ["甲乙", "（丙丁"]),  # none that opens ends one
        ("甲12.50", ["甲", "12.50"]),  # a number stays whole
        ("1234567", ["1234", "567"]),  # unless it is longer than a line
        ("", [""]),
    ],
)
def test_lines_break_where_they_may(text, lines):
    narrow = {"甲12.50": 5, "1234567": 4}.get(text, 3)
    assert wrap(text, narrow, len) == lines
