"""Sheets as PDF: A4, an embedded Chinese font, room for seals, number and page on every page.

The same sheet gives the same bytes: the file carries the moment of the sheet and no other. The
font is Noto Serif SC (SIL Open Font Licence), of which only the used characters are embedded.
Never call it inside a unit of work: it takes tenths of a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import pylopdf_fonts_zh_cn
from fpdf import FPDF

from app.form.sheets import Facts, Sheet, Signatures, Table, Text
from app.form.typeset import widest_piece, wrap

FONT = "serif"
MARGIN_MM, FOOT_MM = 20.0, 18.0
TITLE_PT, BODY_PT, SMALL_PT = 20.0, 12.0, 9.0
CELL_PTS = (9.5, 8.5, 7.5, 6.5)  # the first at which no number of a table is cut in two
LEADING = 1.7  # line height as a multiple of the size of letters
MM_PER_PT = 25.4 / 72
CELL_PAD_MM = 1.2
SEAL_MM = 32.0  # height of a box for a hand and a seal
BOXES_PER_ROW = 3
SHORT_FACT = 16  # characters up to which two pairs share a row
LABEL_MM = 32.0
MAX_NATURAL_MM = 60.0  # a column asks for no more before the page is shared out
MIN_COLUMN_MM = 9.0
SPARE_MM = 0.3  # against rounding in the measures of a font
NO_ROWS = "没有"
_TOTAL_SHADE, _HEAD_SHADE = 245, 232


def render(sheet: Sheet) -> bytes:
    """The sheet as a PDF file."""
    page = _Page(sheet)
    page.head()
    for part in sheet.parts:
        match part:
            case Text():
                page.draw_text(part)
            case Facts():
                page.draw_facts(part)
            case Table():
                page.draw_table(part)
            case Signatures():
                page.draw_signatures(part)
    return bytes(page.output())


@dataclass(frozen=True, slots=True)
class _Cell:
    """One box of a row."""

    text: str
    width: float  # mm
    right: bool = False
    shade: int = 255  # grey of the ground


class _Page(FPDF):
    """The paper being written on, from top to bottom."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(orientation="landscape" if sheet.wide else "portrait", format="A4")
        self._sheet = sheet
        self.set_creation_date(sheet.made_at)
        self.set_title(sheet.title)
        self.set_lang("zh-CN")
        self._cell_pt = CELL_PTS[0]
        self.c_margin = 0
        self.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(False)  # every part looks for room itself
        self.add_font(FONT, fname=str(pylopdf_fonts_zh_cn.serif_path()))
        self.set_font(FONT, size=BODY_PT)
        self.add_page()

    def footer(self) -> None:
        """Number of the paper on the left, page of pages on the right."""
        self.set_y(-FOOT_MM + 4)
        self.set_font(FONT, size=SMALL_PT)
        self.cell(self.epw / 2, 5, self._sheet.number)
        self.cell(self.epw / 2, 5, f"第 {self.page_no()} 页，共 {{nb}} 页", align="R")

    def head(self) -> None:
        """Title, number, and where and when."""
        self._line(self._sheet.title, TITLE_PT, align="C")
        if self._sheet.number:
            self._line(f"编号：{self._sheet.number}", SMALL_PT, align="C")
        if self._sheet.subtitle:
            self._line(self._sheet.subtitle, BODY_PT, align="C")
        self.ln(3)

    def draw_text(self, part: Text) -> None:
        """Paragraphs; an empty one is a gap."""
        self.set_font(FONT, size=BODY_PT)
        for words, right in part.lines:
            for line in wrap(words, self.epw, self.get_string_width):
                self._line(line, BODY_PT, align="R" if right else "L")
            self.ln(1.5)

    def draw_facts(self, part: Facts) -> None:
        """Labels on grey, values beside them."""
        self._cell_pt = CELL_PTS[0]
        self._heading(part.heading)
        whole, half = self.epw, self.epw / 2
        waiting: tuple[str, str] | None = None
        for pair in part.pairs:
            if len(pair[1]) > SHORT_FACT or len(pair[0]) > SHORT_FACT:
                self._pairs([waiting] if waiting else [], whole)
                self._pairs([pair], whole)
                waiting = None
            elif waiting:
                self._pairs([waiting, pair], half)
                waiting = None
            else:
                waiting = pair
        self._pairs([waiting] if waiting else [], whole)
        self.ln(3)

    def _pairs(self, pairs: list[tuple[str, str]], width: float) -> None:
        cells = []
        for label, value in pairs:
            cells += [_Cell(label, LABEL_MM, shade=_HEAD_SHADE), _Cell(value, width - LABEL_MM)]
        if cells:
            self._row(cells)

    def draw_table(self, part: Table) -> None:
        """Rows under headings that come again on every page."""
        self._heading(part.heading)
        widths = self._widths(part)
        head = [
            _Cell(text, width, shade=_HEAD_SHADE)
            for text, width in zip(part.headings, widths, strict=True)
        ]
        self._row(head)
        if not part.rows:
            self._row([_Cell(NO_ROWS, self.epw)])
        for row in part.rows:
            self._row(self._cells(row, widths, part.right), again=head)
        if part.totals:
            self._row(self._cells(part.totals, widths, part.right, _TOTAL_SHADE), again=head)
        self.ln(3)

    def _cells(
        self,
        row: tuple[str, ...],
        widths: list[float],
        right: tuple[bool, ...],
        shade: int = 255,
    ) -> list[_Cell]:
        return [
            _Cell(text, width, at_right, shade)
            for text, width, at_right in zip(row, widths, right, strict=True)
        ]

    def _widths(self, part: Table) -> list[float]:
        """Millimetres per column: its longest number at least, the rest shared as texts ask."""
        columns = [
            [heading, *(row[number] for row in (*part.rows, part.totals) if row)]
            for number, heading in enumerate(part.headings)
        ]
        least: list[float] = []
        for self._cell_pt in CELL_PTS:
            self.set_font(FONT, size=self._cell_pt)
            least = [self._least(texts) for texts in columns]
            if sum(least) <= self.epw:
                break
        asked = [
            max(least[number], min(self._padded(max(texts, key=len)), MAX_NATURAL_MM))
            for number, texts in enumerate(columns)
        ]
        over, wish = self.epw - sum(least), sum(asked) - sum(least)
        if over <= 0:
            return [width * self.epw / sum(least) for width in least]
        if wish <= over:
            return [width * self.epw / sum(asked) for width in asked]
        return [low + (high - low) * over / wish for low, high in zip(least, asked, strict=True)]

    def _least(self, texts: list[str]) -> float:
        widest = max(widest_piece(text, self.get_string_width) for text in texts)
        return max(widest + 2 * CELL_PAD_MM + SPARE_MM, MIN_COLUMN_MM)

    def _padded(self, text: str) -> float:
        return float(self.get_string_width(text)) + 2 * CELL_PAD_MM + SPARE_MM

    def draw_signatures(self, part: Signatures) -> None:
        """Boxes side by side, never cut by the end of a page."""
        self._cell_pt = CELL_PTS[0]
        for start in range(0, len(part.labels), BOXES_PER_ROW):
            row = part.labels[start : start + BOXES_PER_ROW]
            self._need(SEAL_MM)
            width, top = self.epw / len(row), self.get_y()
            for number, label in enumerate(row):
                left = self.l_margin + number * width
                self.rect(left, top, width, SEAL_MM)
                self.set_xy(left + 2, top + 2)
                self.set_font(FONT, size=self._cell_pt)
                self.cell(width - 4, 5, label)
                self.set_xy(left + 2, top + SEAL_MM - 7)
                self.cell(width - 4, 5, "年    月    日", align="R")
            self.set_xy(self.l_margin, top + SEAL_MM)

    def _heading(self, text: str) -> None:
        if text:
            self._need(14)
            self._line(text, BODY_PT)
            self.ln(1)

    def _line(self, text: str, size: float, align: str = "L") -> None:
        height = size * MM_PER_PT * LEADING
        self._need(height)
        self.set_font(FONT, size=size)
        self.cell(0, height, text, align=align, new_x="LMARGIN", new_y="NEXT")

    def _row(self, cells: list[_Cell], again: list[_Cell] | None = None) -> None:
        """The boxes in one row, as high as the longest text needs."""
        self.set_font(FONT, size=self._cell_pt)
        step = self._cell_pt * MM_PER_PT * 1.45
        inner = [cell.width - 2 * CELL_PAD_MM for cell in cells]
        lines = [
            wrap(cell.text, width, self.get_string_width)
            for cell, width in zip(cells, inner, strict=True)
        ]
        height = max(map(len, lines)) * step + 2 * CELL_PAD_MM
        if self._need(height) and again:
            self._row(again)
            self.set_font(FONT, size=self._cell_pt)
        left, top = self.l_margin, self.get_y()
        for cell, texts in zip(cells, lines, strict=True):
            self.set_fill_color(cell.shade)
            self.rect(left, top, cell.width, height, style="DF")
            for number, text in enumerate(texts):
                self.set_xy(left + CELL_PAD_MM, top + CELL_PAD_MM + number * step)
                align = "R" if cell.right else "L"
                self.cell(cell.width - 2 * CELL_PAD_MM, step, text, align=align)
            left += cell.width
        self.set_xy(self.l_margin, top + height)

    def _need(self, height: float) -> bool:
        """True when a new page was begun, because that much did not fit on this one."""
        if self.get_y() + height <= self.h - FOOT_MM:
            return False
        if self.get_y() <= self.t_margin + 1:
            return False  # higher than a page: it is cut, not put off for ever
        self.add_page()
        return True
