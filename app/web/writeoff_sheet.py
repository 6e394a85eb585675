"""销账汇总: a write-off package as a paper – its sum in capitals, each voucher, last year."""

from __future__ import annotations

from app.cases.views.writeoffs import PackagePage
from app.form.sheets import Facts, Part, Sheet, Signatures, Table
from app.kernel.clock import local
from app.kernel.money import Money, in_capitals

TITLE = "临时救助备用金销账汇总"
SIGNED_BY = ("制表人", "乡镇（街道）负责人（盖章）", "县级民政（盖章）", "县级财政（盖章）")
NO_PAPER = "缺凭证"


def writeoff_sheet(page: PackagePage) -> Sheet:
    """The package as it stands; the same package gives the same sheet."""
    row = page.row
    proven = Money(sum(line.amount.fen for line in page.lines if line.paper))
    facts = Facts(
        "",
        (
            ("乡镇（街道）", page.township_name),
            ("年度", str(row.year)),
            ("月份", f"{row.month} 月" if row.month else "全部未销"),
            ("笔数", f"{len(page.lines)} 笔"),
            ("申报金额（元）", str(row.total_fen)),
            ("人民币（大写）", in_capitals(row.total_fen)),
            ("有凭证（元）", str(proven)),
            ("缺凭证（元）", str(row.total_fen - proven)),
        ),
    )
    return Sheet(
        title=TITLE,
        number=row.package_no,
        subtitle="",
        parts=(facts, _lines(page), *_last_year(page), Signatures(SIGNED_BY)),
        made_at=row.closed_at or row.opened_at,
    )


def _lines(page: PackagePage) -> Table:
    rows = tuple(
        (
            line.voucher_no,
            line.case_no,
            f"{local(line.paid_at):%Y-%m-%d}",
            str(line.amount),
            line.paper or NO_PAPER,
        )
        for line in page.lines
    )
    total = Money(sum(line.amount.fen for line in page.lines))
    return Table(
        "每月发放表",
        ("凭证编号", "受理编号", "发放日期", "金额（元）", "凭证"),
        rows,
        (False, False, False, True, False),
        ("合计", "", "", str(total), ""),
    )


def _last_year(page: PackagePage) -> tuple[Part, ...]:
    """上年度发放汇总表, when the package has one."""
    if not page.row.summary_year:
        return ()
    rows = tuple((f"{month} 月", f"{count} 笔", str(paid)) for month, paid, count in page.summary)
    total = Money(sum(paid.fen for _, paid, _ in page.summary))
    heading = f"{page.row.summary_year} 年度发放汇总表"
    columns = ("月份", "笔数", "发放（元）")
    return (Table(heading, columns, rows, (False, False, True), ("合计", "", str(total))),)
