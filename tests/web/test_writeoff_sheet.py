"""Aims at 销账汇总 as PDF: the numbers of scenario 31, in figures and in capitals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.cases.views.writeoffs import PackageLine, PackagePage
from app.form.pdf import render
from app.kernel.money import Money
from app.store.writeoffs import WriteoffRow
from app.web.writeoff_sheet import writeoff_sheet
from tests.form.test_pdf import texts

APRIL = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
FIRST = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def package(summary_year: int = 0) -> PackagePage:
    """March 2026: 12 payments of 800.00, the last one without a voucher."""
    row = WriteoffRow(
        region="360722",
        id=UUID(int=1),
        package_no="销-360722101-2026-001",
        township="360722101",
        year=2026,
        month=3,
        summary_year=summary_year,
        status="submitted",
        opened_at=APRIL,
        opened_by="丙经办李",
        total_fen=Money.from_yuan("9600.00"),
        settled_fen=Money.zero(),
        left_fen=Money.zero(),
    )
    lines = tuple(
        PackageLine(
            voucher_no=f"360722-V2026-{number:06d}",
            case_no=f"360722-2026-{number:06d}",
            paid_at=FIRST + timedelta(days=number),
            amount=Money.from_yuan("800.00"),
            paper="签收照片" if number < 12 else "",
            settled=False,
            days=30,
        )
        for number in range(1, 13)
    )
    summary = ((11, Money.from_yuan("1500.00"), 2), (12, Money.from_yuan("2500.00"), 3))
    return PackagePage(row, "丙镇", lines, lines[11:], summary if summary_year else (), None, None)


def test_the_package_shows_its_sum_in_capitals_and_what_is_missing():
    text = "".join(texts(render(writeoff_sheet(package()))))
    for words in ("销-360722101-2026-001", "12笔", "9600.00", "玖仟陆佰元整", "8800.00", "800.00"):
        assert words in text, words
    assert text.count("缺凭证") == 2  # the sum without, and the one payment
    assert "360722-V2026-000012" in text
    assert "年度发放汇总表" not in text


def test_the_january_package_has_last_years_summary():
    text = "".join(texts(render(writeoff_sheet(package(2025)))))
    assert "2025年度发放汇总表" in text
    for words in ("1500.00", "2500.00", "4000.00"):
        assert words in text, words
