"""Bank transfers in batches: a file out, the bank's answer back, and a person for each failure.

The columns of the file and the words of the answer are the locality's decisions `bank_file` and
`bank_result`. The same answer twice changes nothing; an answer with one wrong line is refused
whole, line by line in Chinese, so that nothing is half done.
"""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from app.cases import access, advance, matters
from app.cases.bank_files import Answered, FileFormat, file_format, read_answer, write_file
from app.cases.office import Office
from app.cases.package import Package
from app.cases.work import CaseWork
from app.kernel.errors import FieldProblem, Forbidden, Invalid, Refused
from app.ledger import fund as deeds
from app.ledger import pools
from app.ledger.accounts import Fund
from app.ledger.entry import Entry, Source, Warrant
from app.ledger.pools import POOLS
from app.process.step import Step
from app.store import cases, journal, ledger, people, slips, transfers, writeoffs
from app.store.session import Actor, Unit
from app.store.transfers import BatchRow, TransferRow

ROLES = ("county_finance", "county_handler")
RETURN_PROCESS = "bank_return"
MAX_PURPOSE = 200  # characters
MAX_REASON = 100


def send(office: Office, actor: Actor, region: str, *, key: str) -> dict[str, Any]:
    """What waits has gone into one batch; answers batch_id. Refused("nothing_waiting")."""
    access.require_role(actor, *ROLES)

    def body(unit: Unit) -> dict[str, Any]:
        _require_place(unit, actor, region)
        rows = transfers.waiting(unit, region, lock=True)
        if not rows:
            raise Refused("nothing_waiting", "没有待发的银行转账。")
        package = office.packages.current(unit, people.locality_of(unit, region))
        file_format(package, unit.now)  # a broken format is found before anything is sent
        batch = transfers.send(unit, region, rows, package.id)
        facts = {"batch_no": batch.batch_no, "count": batch.count, "total": str(batch.total_fen)}
        unit.audit(region, None, "batch.sent", ("batch", batch.id), facts)
        return {"batch_id": str(batch.id), "batch_no": batch.batch_no}

    return office.database.run(actor, "batch.send", key, body, region=region)


def download(
    office: Office, actor: Actor, region: str, batch_id: UUID, purpose: str
) -> tuple[str, bytes]:
    """The batch's file with account numbers in clear: (name, content); the download is on record.

    Raises: Forbidden; NotFound; Refused("no_purpose") without a written purpose.
    """
    access.require_role(actor, *ROLES)
    purpose = purpose.strip()[:MAX_PURPOSE]
    if not purpose:
        raise Refused("no_purpose", "文件里有完整账号，请写明下载用途。")
    with office.database.begin(actor) as unit:
        _require_place(unit, actor, region)
        batch = transfers.batch(unit, region, batch_id)
        form = _format_of(office, unit, batch)
        lines = [_line(unit, row) for row in transfers.of_batch(unit, region, batch_id)]
        facts = {"batch_no": batch.batch_no, "purpose": purpose, "count": batch.count}
        unit.audit(region, None, "batch.downloaded", ("batch", batch.id), facts)
        made_at = batch.made_at
    return f"{batch.batch_no}.{form.kind}", write_file(form, lines, batch.batch_no, made_at)


def _line(unit: Unit, row: TransferRow) -> dict[str, Any]:
    purpose = ""
    entry = ledger.already(unit, row.region, row.entry_key)
    if entry is not None:
        purpose = entry.purpose
    return {
        **transfers.payee(unit, row),
        "voucher_no": row.voucher_no,
        "amount": row.amount_fen,
        "purpose": purpose,
    }


def take_answer(
    office: Office, actor: Actor, region: str, batch_id: UUID, content: bytes, *, key: str
) -> dict[str, Any]:
    """The bank's answer is booked: paid ones proved, failed ones back with a person each.

    Answers paid, failed and again (True: this very file was read before, nothing changed).
    Raises: Invalid with every wrong line; Forbidden; NotFound.
    """
    access.require_role(actor, *ROLES)
    sha256 = hashlib.sha256(content).hexdigest()

    def body(unit: Unit) -> dict[str, Any]:
        _require_place(unit, actor, region)
        batch = transfers.batch(unit, region, batch_id, lock=True)
        if any(row.sha256 == sha256 for row in transfers.results(unit, region, batch_id)):
            return {"paid": 0, "failed": 0, "again": True}
        rows = transfers.of_batch(unit, region, batch_id, lock=True)
        answered = read_answer(_format_of(office, unit, batch), content)
        fresh = _judged(rows, answered)
        for row, line in fresh:
            if line.paid:
                _paid(unit, batch, row)
            else:
                _failed(office, unit, row, line.reason)
        paid = sum(line.paid for _, line in fresh)
        failed = len(fresh) - paid
        kept = transfers.keep_result(
            unit, region, batch_id, sha256=sha256, paid=paid, failed=failed
        )
        facts = {"batch_no": batch.batch_no, "sha256": sha256, "paid": paid, "failed": failed}
        unit.audit(region, None, "batch.answered", ("result", kept.id), facts)
        return {"paid": paid, "failed": failed, "again": False}

    return office.database.run(actor, "batch.answer", key, body, region=region)


def _judged(
    rows: list[TransferRow], answered: list[Answered]
) -> list[tuple[TransferRow, Answered]]:
    """Each line with its transfer, those already settled the same way left out.

    Raises Invalid: unknown vouchers, wrong sums, one voucher twice, a changed outcome.
    """
    known = {row.voucher_no: row for row in rows}
    seen: set[str] = set()
    fresh, problems = [], []
    for line in answered:
        row = known.get(line.voucher_no)
        fault = _fault(row, line, seen)
        seen.add(line.voucher_no)
        if fault:
            problems.append(FieldProblem("answer", f"第 {line.number} 行", fault))
        elif row is not None and row.status == "sent":
            fresh.append((row, line))
    if problems:
        raise Invalid("回单文件有错，没有导入任何一行，请核对后重新导入。", problems)
    return fresh


def _fault(row: TransferRow | None, line: Answered, seen: set[str]) -> str:
    where = f"第 {line.number} 行"
    if row is None:
        return f"{where}：凭证号“{line.voucher_no}”不在这个批次里。"
    if line.voucher_no in seen:
        return f"{where}：凭证号“{line.voucher_no}”在文件里出现了两次。"
    if line.amount != row.amount_fen:
        return f"{where}：金额 {line.amount} 元与代发的 {row.amount_fen} 元不符。"
    if row.status != "sent" and (row.status == "paid") != line.paid:
        return f"{where}：凭证号“{line.voucher_no}”先前登记的结果与此不同，请向银行核实。"
    return ""


def _paid(unit: Unit, batch: BatchRow, row: TransferRow) -> None:
    transfers.settle(unit, row, paid=True)
    writeoffs.add_voucher(unit, row.region, row.slip_id, f"银行回单 {batch.batch_no}")


def _failed(office: Office, unit: Unit, row: TransferRow, reason: str) -> None:
    """The money is promised to the case again and somebody has the matter in the inbox."""
    reason = reason[:MAX_REASON] or "银行没有写明原因"
    transfers.settle(unit, row, paid=False, reason=reason)
    slips.void(unit, slips.get(unit, row.region, row.slip_id), row.amount_fen, reason)
    ledger.post(unit, _return_entry(unit, row, reason))
    advance.carry(*_begin_return(office, unit, row, reason))


def _return_entry(unit: Unit, row: TransferRow, reason: str) -> Entry:
    paid, fund = journal.entry_of(unit, row.region, row.entry_key)
    warrant = Warrant(
        key=f"bank_return:{row.id}",
        purpose=paid.purpose,
        memo=f"银行退回 {row.voucher_no}：{reason}",
        subject=str(row.case_id),
    )
    if row.pool in POOLS:
        source = Source(paid.source)
        return pools.bank_return(fund, POOLS[row.pool], row.amount_fen, warrant, source)
    home = Fund(row.region, row.township, fund.year)
    return deeds.bank_return(ledger.balances(unit, home), home, row.amount_fen, warrant)


def _begin_return(
    office: Office, unit: Unit, row: TransferRow, reason: str
) -> tuple[CaseWork, Step]:
    case = cases.get(unit, row.region, row.case_id)
    package = office.packages.current(unit, case.locality)
    facts = {
        "returned_voucher": row.voucher_no,
        "amount": row.amount_fen.yuan,
        "bank_reason": reason,
        "source": row.pool,
    }
    return matters.start(office, unit, package, case, RETURN_PROCESS, facts)


def _format_of(office: Office, unit: Unit, batch: BatchRow) -> FileFormat:
    """The format of the deployment under which the batch was made."""
    package: Package = office.packages.load(unit, batch.deployment_id)
    return file_format(package, unit.now)


def _require_place(unit: Unit, actor: Actor, region: str) -> None:
    scope = access.scope_of(unit, actor, access.reads_money)
    if region not in scope.regions:
        raise Forbidden("not_your_county", "这个县的银行代发不在您的办理范围内。")
