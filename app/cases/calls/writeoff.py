"""Calls on write-off packages: open one, judge its vouchers, settle it.

Source: 赣民字〔2020〕2号 二(三) 及时将上年度发放汇总表、每月发放表、发放凭证等材料上报进行销账.
A payment without a voucher is named, never quietly settled (scenario 31).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.cases import matters
from app.cases.calls.money import warrant_for
from app.cases.package import Package
from app.cases.work import CaseWork
from app.kernel.clock import legal_day, local
from app.kernel.errors import ModelError, Refused
from app.kernel.money import Money
from app.ledger import fund as deeds
from app.ledger.accounts import Fund
from app.process.step import Call
from app.store import cases, ledger, writeoffs
from app.store.cases import MATTER
from app.store.session import Unit
from app.store.writeoffs import Payment, WriteoffLineRow, WriteoffRow

PROCESS = "writeoff"
PURPOSE = "write_off"
JANUARY = 1
SO_FAR = 0  # month of a package of everything paid until now
NAMED = 5  # payments named in full in one message


def open_package(work: CaseWork, call: Call) -> dict[str, Any]:
    """Everything paid and not settled is a package with a number; its own process has begun.

    With nothing to settle the package is empty and needs no process.
    """
    region, township = work.case.region, work.case.township
    year = legal_day(work.now).year
    found = writeoffs.unsettled(work.unit, region, township, year)
    row = collect(work.unit, region, found, work.package, (township, year, SO_FAR))
    if found:
        matter, step = matters.begin(
            work.office,
            work.unit,
            region,
            PROCESS,
            facts_of(row, len(found)),
            township=township,
            title=title_of(row),
        )
        row.case_id = matter.case.id
        work.beside.append((matter, step))
    else:
        row.status = "settled"
    return {"package_no": row.package_no, "count": len(found), "total": row.total_fen.yuan}


def collect(
    unit: Unit,
    region: str,
    payments: Sequence[Payment],
    package: Package,
    place: tuple[str, int, int],
) -> WriteoffRow:
    """A package of the payments; the table says whether last year's summary belongs to it."""
    township, year, month = place
    result = package.decide("writeoff_papers", {"month": Decimal(month)}, local(unit.now))
    wanted = isinstance(result.value, dict) and result.value.get("summary") is True
    return writeoffs.add(
        unit,
        region,
        payments,
        township=township,
        year=year,
        month=month,
        summary_year=year - 1 if wanted else 0,
    )


def facts_of(row: WriteoffRow, count: int) -> dict[str, Any]:
    """What its process starts with."""
    return {
        "package_no": row.package_no,
        "month": Decimal(row.month),
        "count": Decimal(count),
        "total": row.total_fen.yuan,
        "missing": "",
        "with_summary": bool(row.summary_year),
    }


def title_of(row: WriteoffRow) -> str:
    """Its title in lists."""
    span = f"{row.month} 月" if row.month else "截至目前"
    return f"备用金销账 {row.year} 年{span}"


def submit(work: CaseWork, call: Call) -> dict[str, Any]:
    """Accepted when every payment has its voucher, or when it is split; else what is missing.

    argument handling: "all" | "split".
    """
    row = _package(work, call)
    handling = str(call.inputs.get("handling") or "")
    if handling not in ("all", "split"):
        raise ModelError(f"“{call.name}”的上报方式“{handling}”不在目录中。", handling=handling)
    lines = writeoffs.lines(work.unit, row)
    proved = _proved(work.unit, row, lines)
    ready = [line for line in lines if line.slip_id in proved]
    missing = [line for line in lines if line.slip_id not in proved]
    if handling == "split" and not ready:
        raise Refused("nothing_ready", "没有一笔凭证齐全，无法拆分；请先补凭证。")
    accepted = not missing or handling == "split"
    row.status = "submitted" if accepted else "returned"
    return {
        "accepted": accepted,
        "missing": _named(missing),
        "ready_count": Decimal(len(ready)),
        "ready_total": _total(ready).yuan,
        "left_total": _total(missing).yuan,
    }


def settle(work: CaseWork, call: Call) -> dict[str, Any]:
    """The payments with vouchers are written off; the others stay open and age."""
    row = _package(work, call)
    lines = writeoffs.lines(work.unit, row)
    proved = _proved(work.unit, row, lines)
    ready = [line for line in lines if line.slip_id in proved]
    left = [line for line in lines if line.slip_id not in proved]
    total = _total(ready)
    if total:
        writeoffs.settle(work.unit, row, [line.slip_id for line in ready])
        fund = Fund(work.case.region, row.township, row.year)
        memo = f"销账 {row.package_no}，{len(ready)} 笔"
        warrant = warrant_for(work, call, "write_off", PURPOSE, memo)
        balances = ledger.balances(work.unit, fund)
        ledger.post(work.unit, deeds.write_off(balances, fund, total, warrant))
    row.status, row.closed_at = "settled", work.now
    row.settled_fen, row.left_fen = total, _total(left)
    if work.case.kind == MATTER:
        cases.close(work.unit, work.case, status="closed", outcome="settled")
    return {"settled_total": total.yuan, "left_total": row.left_fen.yuan}


def _package(work: CaseWork, call: Call) -> WriteoffRow:
    """The package of this matter, locked; no other matter's."""
    number = str(call.inputs.get("package_no") or "")
    row = writeoffs.get(work.unit, work.case.region, number, lock=True)
    if row.case_id not in (None, work.case.id) or row.township != work.case.township:
        raise ModelError(f"“{call.name}”的销账批次“{number}”不属于这一事项。", package_no=number)
    if row.status == "settled":
        raise Refused("package_settled", f"销账批次 {number} 已经销账。")
    return row


def _proved(unit: Unit, row: WriteoffRow, lines: Sequence[WriteoffLineRow]) -> set[UUID]:
    return set(writeoffs.vouchers(unit, row.region, [line.slip_id for line in lines]))


def _total(lines: Sequence[WriteoffLineRow]) -> Money:
    return Money(sum(line.amount_fen.fen for line in lines))


def _named(lines: Sequence[WriteoffLineRow]) -> str:
    """“凭证 …（800.00 元）” of each payment; of many, the first few and how many more."""
    named = "、".join(f"凭证 {line.voucher_no}（{line.amount_fen} 元）" for line in lines[:NAMED])
    more = len(lines) - NAMED
    return f"{named}等 {len(lines)} 笔" if more > 0 else named
