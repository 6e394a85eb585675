"""Worked examples that no longer come true, and what the tables answer now, to be taken over.

Whether the table is wrong or the example is out of date is a person's to say; here the new answer
is only written where the person says so, and every other line of the file stays as it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.decision.values import feel_type_name
from app.kernel.errors import Invalid
from app.studio.examples import ENDING, Ask, differences, read_examples
from app.studio.localities import Package

MAX_SHOWN = 500  # failing examples of a draft


@dataclass(frozen=True, slots=True)
class Change:
    """One cell of an example that says otherwise now."""

    column: str  # e.g. "out.standard"
    old: str  # FEEL text as written
    new: str  # FEEL text of what the table answers


@dataclass(frozen=True, slots=True)
class Failing:
    """One example that does not come true."""

    path: str
    line: int  # of the file, counted as editors do
    name: str
    decision: str
    clause: str
    changes: tuple[Change, ...]  # () when there is no answer to take over
    problem: str = ""  # Chinese: why there is none


def failing(package: Package, ask: Ask) -> list[Failing]:
    """Every example of the draft that does not come true, in order of file and line."""
    found: list[Failing] = []
    for path, raw in sorted(package.companions.items()):
        if not path.endswith(ENDING):
            continue
        lines, problem = read_examples(raw)
        if problem:
            found.append(Failing(path, 0, path, "", "", (), problem))
        found += [one for number, line in lines if (one := _failing(path, number, line, ask))]
    return found[:MAX_SHOWN]


def _failing(path: str, number: int, line: Mapping[str, str], ask: Ask) -> Failing | None:
    found, problem = differences(line, ask)
    if not found and not problem:
        return None
    changes = tuple(Change(one.column, one.cell, feel_text(one.got)) for one in found)
    name, decision, clause = (line.get(key, "") for key in ("name", "decision", "clause"))
    return Failing(path, number, name or "（无名）", decision, clause, changes, problem)


def taken_over(raw: bytes, accepted: Sequence[Failing]) -> bytes:
    """The file with the new answers in the accepted lines; all others byte for byte as before."""
    text = raw.decode("utf-8-sig")
    mark = "\ufeff" if raw.startswith(b"\xef\xbb\xbf") else ""
    physical = text.splitlines(keepends=True)
    reader = csv.reader(io.StringIO(text), strict=True)
    changes = {one.line: {change.column: change.new for change in one.changes} for one in accepted}
    head: list[str] = []
    out: list[str] = []
    start = 0
    for row in reader:
        lines = "".join(physical[start : reader.line_num])
        start = reader.line_num
        cells = [cell.strip() for cell in row]
        if not head and any(cells):
            head = cells
        elif reader.line_num in changes and len(row) == len(head):
            new = changes[reader.line_num]
            row = [new.get(column, cell) for column, cell in zip(head, row, strict=True)]
            lines = _written(row, "\r\n" if lines.endswith("\r\n") else "\n")
        out.append(lines)
    made = (mark + "".join(out)).encode()
    if read_examples(made)[1]:
        raise Invalid("算例文件改写后读不懂，没有保存。请下载文件手工修改。")
    return made


def _written(row: Sequence[str], ending: str) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator=ending).writerow(row)
    return line.getvalue()


def feel_text(value: Any) -> str:
    """The value as FEEL text that means it again."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | int):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, list | tuple):
        return "[" + ", ".join(feel_text(one) for one in value) + "]"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)}: {feel_text(one)}" for key, one in value.items())
        return "{" + inner + "}"
    kind = feel_type_name(value)
    call = {"date and time": "date and time", "time": "time", "date": "date"}.get(kind, "duration")
    return f'{call}("{value}")'


def _key(key: object) -> str:
    text = str(key)
    return text if text.isidentifier() else f'"{text}"'
