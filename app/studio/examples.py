"""Worked examples of decisions: one line of a table is one question and its expected answer.

Columns: `name`, `decision`, `clause`, `in.<input>` …, and `out` or `out.<output>` …; values are
FEEL, so that "3000.01" and "date(...)" mean what they mean in the table itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.decision import evaluate_expression
from app.decision.result import Finding, Place, Result

MAX_FILE_BYTES = 1024 * 1024
MAX_LINES = 2_000

ENDING = ".cases.csv"
FIXED = ("name", "decision", "clause", "note")

Ask = Callable[[str, Mapping[str, Any]], Result | None]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came out of all examples."""

    count: int
    findings: tuple[Finding, ...]  # examples that answer otherwise, files not understood
    decisions: frozenset[str]  # ids that have an example


def try_examples(companions: Mapping[str, bytes], ask: Ask) -> Tried:
    """Every worked example asked; one that answers otherwise is an error."""
    findings: list[Finding] = []
    asked: set[str] = set()
    count = 0
    for path in sorted(path for path in companions if path.endswith(ENDING)):
        lines, problem = read_examples(companions[path])
        if problem:
            findings.append(_finding("bad_examples", path, 0, problem))
        for number, line in lines:
            count += 1
            asked.add(line.get("decision", ""))
            findings += [_finding("example_failed", path, number, t) for t in _try(line, ask)]
    return Tried(count, tuple(findings), frozenset(asked))


def read_examples(raw: bytes) -> tuple[list[tuple[int, dict[str, str]]], str]:
    """(number in the file, cells by column) of each line, and what is wrong in words."""
    if len(raw) > MAX_FILE_BYTES:
        return [], f"算例文件超过 {MAX_FILE_BYTES // 1024} KB。"
    try:
        lines = csv.reader(io.StringIO(raw.decode("utf-8-sig")), strict=True)
        numbered = [(lines.line_num, [cell.strip() for cell in row]) for row in lines]
    except (UnicodeDecodeError, csv.Error):
        return [], "算例文件不是 UTF-8 编码的逗号分隔表。"
    rows = [(number, row) for number, row in numbered if any(row)]
    if not rows or len(rows) > MAX_LINES:
        return [], f"算例须为 1 至 {MAX_LINES} 行。"
    head = rows[0][1]
    odd = [c for c in head if c not in (*FIXED, "out") and not c.startswith(("in.", "out."))]
    if odd or "decision" not in head or not any(c.startswith("out") for c in head):
        return [], f"算例的表头不对：须有 decision 和 out；不认识的列：{'、'.join(odd) or '无'}。"
    ragged = [number for number, row in rows if len(row) != len(head)]
    if ragged:
        return [], f"算例第 {ragged[0]} 行的格数与表头不同。"
    return [(number, dict(zip(head, row, strict=True))) for number, row in rows[1:]], ""


@dataclass(frozen=True, slots=True)
class Differs:
    """One output that is not as the example says."""

    column: str  # "out" or "out.<name>"
    cell: str  # FEEL text as written
    wanted: Any
    got: Any


def differences(line: Mapping[str, str], ask: Ask) -> tuple[list[Differs], str]:
    """Every output of the example that differs, or in Chinese why there is no answer."""
    given: dict[str, Any] = {}
    wanted: dict[str, tuple[str, Any]] = {}
    for column, cell in line.items():
        if not cell or column in FIXED:
            continue
        value = evaluate_expression(cell, {})
        if value.errors:
            return [], f"的 {column} 写着 {cell}，不是合格的 FEEL 值。"
        kind, _, key = column.partition(".")
        if kind == "in":
            given[key] = value.value
        else:
            wanted[column] = (cell, value.value)
    result = ask(line["decision"], given)
    if result is None:
        return [], f"问的决策“{line['decision']}”不存在。"
    if result.errors:
        return [], f"没有答案：{result.errors[0].message}"
    found = []
    for column, (cell, value) in wanted.items():
        got = _output(result.value, column.partition(".")[2])
        if got != value:
            found.append(Differs(column, cell, value, got))
    return found, ""


def _try(line: Mapping[str, str], ask: Ask) -> Iterator[str]:
    """Chinese sentences on how the answer differs."""
    name = line.get("name") or "（无名）"
    found, problem = differences(line, ask)
    if problem:
        yield f"算例“{name}”{problem}"
    for one in found:
        key = one.column.partition(".")[2]
        what = f"的 {key}" if key else ""
        yield f"算例“{name}”{what}应为 {_shown(one.wanted)}，实际为 {_shown(one.got)}。"


def _output(answer: Any, key: str) -> Any:
    """One output of an answer; an answer with a single output may be asked by its name."""
    if not key or not isinstance(answer, dict):
        return answer
    return answer.get(key)


def _shown(value: Any) -> str:
    return "空" if value is None else str(value)


def _finding(code: str, path: str, number: int, text: str) -> Finding:
    advice = "请核对是表改错了，还是算例要跟着改。"
    return Finding(code, "error", text, advice, Place(file=path, rule=number))
