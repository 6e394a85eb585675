"""Reading a list another office sent as CSV: every row checked, every fault told by its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from app.form.describe import mask_name
from app.form.id_card import id_fault, normal_id
from app.kernel.errors import Invalid
from app.store.imports import Line

MAX_BYTES = 2_000_000
MAX_LINES = 5_000
MAX_CELL = 200  # characters
MAX_FAULTS = 100  # told at once
NAME, NUMBER, TOWNSHIP, VILLAGE, DAY = "姓名", "身份证号", "乡镇", "村居", "日期"
NEEDED = (NAME, NUMBER)
KNOWN = (*NEEDED, TOWNSHIP, VILLAGE, DAY, "事由", "证号", "说明")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one line."""

    line: int  # as the file counts, the heading is 1
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file holds: sound lines, and what is wrong with the others."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Townships and villages of the county by name and by code."""

    townships: Mapping[str, str]  # name or code -> code
    villages: Mapping[str, tuple[str, str]]  # name or code -> code, its township


def read(raw: bytes, places: Places, today: date) -> ReadFile:
    """The file's lines; raises Invalid when it is no such file at all."""
    rows = list(csv.reader(io.StringIO(_text(raw))))
    if not rows or len(rows) - 1 > MAX_LINES:
        raise Invalid(f"文件是空的，或者超过 {MAX_LINES} 行，请分开导入。")
    head = [cell.strip().lstrip("\ufeff") for cell in rows[0]]
    missing = [name for name in NEEDED if name not in head]
    strange = [name for name in head if name and name not in KNOWN]
    if missing or strange:
        said = [f"缺少“{'、'.join(missing)}”列"] if missing else []
        said += [f"不认识“{'、'.join(strange)}”列"] if strange else []
        raise Invalid(f"第 1 行（表头）：{'；'.join(said)}。可以用的列：{'、'.join(KNOWN)}。")
    lines, faults, seen = [], [], dict[str, int]()
    for number, cells in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        row = {name: cell.strip() for name, cell in zip(head, cells, strict=False) if name}
        found = [*_faults(number, row, places, today)]
        key = normal_id(row.get(NUMBER, ""))
        if not found and key in seen:
            found = [Fault(number, NUMBER, f"与第 {seen[key]} 行是同一个身份证号")]
        faults += found
        if not found:
            seen[key] = number
            lines.append(_line(number, row, places))
    if not lines and not faults:
        raise Invalid("文件只有表头，没有人员。")
    return ReadFile(tuple(lines), tuple(faults[:MAX_FAULTS]))


def _text(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise Invalid(f"文件超过 {MAX_BYTES // 1_000_000} MB，请分开导入。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid("文件读不懂，请另存为 CSV（逗号分隔，UTF-8 或 GBK 编码）再导入。")


def _faults(number: int, row: Mapping[str, str], places: Places, today: date) -> Collection[Fault]:
    found = [
        Fault(number, name, f"超过 {MAX_CELL} 个字")
        for name, cell in row.items()
        if len(cell) > MAX_CELL
    ]
    if not row.get(NAME):
        found.append(Fault(number, NAME, "没有填写"))
    wrong = id_fault(normal_id(row.get(NUMBER, "")), today)
    if wrong:
        found.append(Fault(number, NUMBER, wrong))
    township, village = row.get(TOWNSHIP, ""), row.get(VILLAGE, "")
    if township and township not in places.townships:
        found.append(Fault(number, TOWNSHIP, f"“{township}”不是本县的乡镇（街道）"))
    if village and village not in places.villages:
        found.append(Fault(number, VILLAGE, f"“{village}”不是本县的村（居）"))
    day = row.get(DAY, "")
    happened = _day(day)
    if day and happened is None:
        found.append(Fault(number, DAY, f"“{day}”不是日期，请写成 2026-03-01"))
    elif happened and happened > today:
        found.append(Fault(number, DAY, f"“{day}”晚于今天"))
    return found


def _line(number: int, row: Mapping[str, str], places: Places) -> Line:
    village, of = places.villages.get(row.get(VILLAGE, ""), ("", ""))
    township = places.townships.get(row.get(TOWNSHIP, ""), "") or of
    return Line(
        number=number,
        masked=mask_name(row[NAME]),
        id_number=normal_id(row[NUMBER]),
        content=dict(row),
        township=township,
        village=village,
        happened_on=_day(row.get(DAY, "")),
    )


def _day(text: str) -> date | None:
    plain = text.replace("/", "-").replace(".", "-")
    parts = plain.split("-")
    try:
        return date(*(int(part) for part in parts)) if len(parts) == 3 else None
    except ValueError:
        return None
