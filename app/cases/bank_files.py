"""The file that goes to the bank and the answer that comes back, as the locality's tables say.

Pure: bytes and values in, bytes and values out. Text that begins like a formula stays a text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases.package import Package
from app.form.spreadsheet import csv_bytes, xlsx_bytes
from app.kernel.errors import FieldProblem, Invalid, ModelError
from app.kernel.money import Money

MAX_BYTES = 2_000_000  # of an answer file
MAX_ROWS = 5_000
KINDS = ("csv", "xlsx")
FIELDS = frozenset({"voucher_no", "name", "account", "bank", "amount", "purpose"})
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class FileFormat:
    """What the tables `bank_file` and `bank_result` say."""

    kind: str  # "csv" | "xlsx"
    columns: tuple[tuple[str, str], ...]  # (field, heading) in order
    voucher_no: str  # headings of the answer
    amount: str
    status: str
    reason: str
    paid_words: frozenset[str]
    failed_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answered:
    """One line of the bank's answer."""

    number: int  # line of the file, the headings being line 1
    voucher_no: str
    amount: Money
    paid: bool
    reason: str


def file_format(package: Package, now: datetime) -> FileFormat:
    """The locality's format; raises ModelError naming what is missing in the tables."""
    out = package.decide("bank_file", {}, now).value
    back = package.decide("bank_result", {}, now).value
    if not isinstance(out, Mapping) or not isinstance(back, Mapping):
        raise ModelError("银行代发文件格式表没有结果，请政策管理员核对“银行代发文件格式”。")
    columns = tuple(
        (str(one.get("field")), str(one.get("heading"))) for one in out.get("columns") or []
    )
    unknown = [name for name, _ in columns if name not in FIELDS]
    missing = {"voucher_no", "account", "amount"} - {name for name, _ in columns}
    kind = str(out.get("format"))
    if unknown or missing or kind not in KINDS:
        raise ModelError(
            "银行代发文件格式表有误：栏目须含凭证号、收款账号和金额，格式为 csv 或 xlsx。",
            unknown=unknown,
        )
    return FileFormat(
        kind=kind,
        columns=columns,
        voucher_no=str(back.get("voucher_no")),
        amount=str(back.get("amount")),
        status=str(back.get("status")),
        reason=str(back.get("reason")),
        paid_words=frozenset(map(str, back.get("paid_words") or [])),
        failed_words=frozenset(map(str, back.get("failed_words") or [])),
    )


def write_file(
    form: FileFormat, lines: Sequence[Mapping[str, Any]], title: str, made_at: datetime
) -> bytes:
    """The batch as a file; the same batch gives the same bytes."""
    head = [heading for _, heading in form.columns]
    rows = [[line.get(field) or "" for field, _ in form.columns] for line in lines]
    if form.kind == "xlsx":
        return xlsx_bytes(title, head, rows, made_at=made_at)
    return csv_bytes(head, rows)


def read_answer(form: FileFormat, content: bytes) -> list[Answered]:
    """The lines of the bank's answer.

    Raises Invalid with every line that can not be read: nothing of such a file is booked.
    """
    rows = _rows(content)
    if not rows:
        raise _unreadable("回单文件是空的。")
    head = [cell.strip() for cell in rows[0]]
    wanted = (form.voucher_no, form.amount, form.status)
    lacking = [name for name in wanted if name not in head]
    if lacking:
        raise _unreadable(f"回单文件第 1 行缺少栏目：{'、'.join(lacking)}。")
    found, problems = [], []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            found.append(_answered(form, dict(zip(head, row, strict=False)), number))
        except ValueError as fault:
            where = f"第 {number} 行"
            problems.append(FieldProblem("answer", where, f"{where}：{fault}"))
    if problems:
        raise Invalid("回单文件有错，没有导入任何一行，请核对后重新导入。", problems)
    if not found:
        raise _unreadable("回单文件里没有一行结果。")
    return found


def _answered(form: FileFormat, line: Mapping[str, str], number: int) -> Answered:
    """The line; raises ValueError with what is wrong, in Chinese."""
    voucher = line.get(form.voucher_no, "").strip().lstrip("'")
    if not voucher:
        raise ValueError("没有凭证号。")
    text = line.get(form.amount, "").strip().replace(",", "")
    try:
        amount = Money.from_yuan(text)
    except ValueError:
        raise ValueError(f"金额“{text}”不是以元为单位、最多两位小数的数。") from None
    status = line.get(form.status, "").strip()
    if status not in form.paid_words | form.failed_words:
        words = "、".join(sorted(form.paid_words | form.failed_words))
        raise ValueError(f"结果“{status}”看不懂，应为：{words}。")
    reason = line.get(form.reason, "").strip()
    return Answered(number, voucher, amount, status in form.paid_words, reason)


def _rows(content: bytes) -> list[list[str]]:
    if len(content) > MAX_BYTES:
        raise _unreadable(f"回单文件超过 {MAX_BYTES // 1_000_000} MB。")
    if b"\x00" in content:
        raise _unreadable("回单文件不是 CSV 文本；电子表格请先另存为 CSV。")
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _unreadable("回单文件的编码读不懂，请另存为 UTF-8 或 GB18030 的 CSV。")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise _unreadable("回单文件的引号或分隔不完整，请重新导出。") from None
    if len(rows) > MAX_ROWS:
        raise _unreadable(f"回单文件超过 {MAX_ROWS} 行。")
    return rows


def _unreadable(what: str) -> Invalid:
    return Invalid(what, [FieldProblem("answer", "回单文件", what)])
