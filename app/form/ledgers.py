"""Ledgers and reports as files: which columns of a declared query a locality shows, and how.

A query and its columns are fixed in `ledger_columns`; the file says title, headings, order and
signatures. A file can reach no other data, so a heading never shows more than its column says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.form.ledger_columns import PARAMETERS, QUERIES
from app.form.ledger_shapes import Column, Query
from app.kernel.errors import ModelError

MAX_LEDGER_BYTES = 32 * 1024
MAX_COLUMNS = 40
GROUPS: Mapping[str, str] = {"ledger": "台账", "report": "报表", "export": "上报接口"}
PERIODS: Mapping[str, str] = {
    "": "不限",
    "month": "本月",
    "last_month": "上月",
    "year": "本年",
    "last_year": "上年",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a ledger as the locality shows it."""

    column: Column
    text: str  # the heading; the column's own when the file gives none


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger, report or export of a locality."""

    id: str
    query: str  # name out of ledger_columns.QUERIES
    group: str  # one of GROUPS
    title: str
    note: str  # one Chinese sentence under the title
    headings: tuple[Heading, ...]
    period: str  # one of PERIODS: what is shown when nobody asks for another
    params: Mapping[str, tuple[str, ...]]  # name out of PARAMETERS -> codes
    signatures: tuple[str, ...]  # who signs the printed sheet
    clauses: tuple[str, ...]  # clause ids
    order: int  # place in the list
    file: str = field(compare=False)


def load_ledger(raw: bytes, *, file: str) -> Ledger:
    """The ledger of a `.ledger.toml` file; raises ModelError naming everything that is wrong."""
    if len(raw) > MAX_LEDGER_BYTES:
        raise ModelError(f"{file}：台账文件超过 {MAX_LEDGER_BYTES // 1024} KB", file=file)
    try:
        data = tomllib.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"{file}：台账文件读不懂（{error}）", file=file) from None
    if problems := _problems(data):
        raise ModelError(f"{file}：{'；'.join(problems)}", file=file)
    query = QUERIES[data["query"]]
    return Ledger(
        id=data["id"],
        query=data["query"],
        group=data["group"],
        title=data["title"],
        note=data.get("note", ""),
        headings=_headings(data["columns"], query),
        period=data.get("period", ""),
        params={name: tuple(codes) for name, codes in data.get("params", {}).items()},
        signatures=tuple(data.get("signatures", ())),
        clauses=tuple(data.get("clauses", ())),
        order=data.get("order", 0),
        file=file,
    )


def _problems(data: Mapping[str, object]) -> list[str]:
    found = [
        f"缺少 {name}（应为文字）"
        for name in ("id", "query", "group", "title")
        if not isinstance(data.get(name), str) or not data[name]
    ]
    found += [
        f"{name} 应为文字" for name in ("note", "period") if not isinstance(data.get(name, ""), str)
    ]
    found += [
        f"{name} 应为文字的清单"
        for name in ("signatures", "clauses")
        if not _texts(data.get(name, []))
    ]
    if type(data.get("order", 0)) is not int:
        found.append("order 应为整数")
    return found or [
        *_unknown_words(data),
        *_column_problems(data.get("columns"), str(data["query"])),
        *_param_problems(data.get("params", {}), str(data["query"])),
    ]


def _unknown_words(data: Mapping[str, object]) -> list[str]:
    found = []
    if data["query"] not in QUERIES:
        found.append(f"没有查询“{data['query']}”，可用：{'、'.join(QUERIES)}")
    if data["group"] not in GROUPS:
        found.append(f"group 只能是 {'、'.join(GROUPS)}")
    if data.get("period", "") not in PERIODS:
        found.append(f"period 只能是 {'、'.join(filter(None, PERIODS))}")
    return found


def _column_problems(columns: object, query: str) -> list[str]:
    if not isinstance(columns, list) or not 0 < len(columns) <= MAX_COLUMNS:
        return [f"columns 应列出 1 至 {MAX_COLUMNS} 栏"]
    known = {column.key for column in QUERIES[query].columns} if query in QUERIES else None
    found, seen = [], set()
    for number, one in enumerate(columns, start=1):
        key = one if isinstance(one, str) else one.get("key") if isinstance(one, dict) else None
        heading = one.get("heading", "x") if isinstance(one, dict) else "x"
        if not isinstance(key, str) or not isinstance(heading, str) or not heading:
            found.append(f"第 {number} 栏应写明 key，可以另写 heading")
        elif known is not None and key not in known:
            found.append(f"第 {number} 栏“{key}”不在该查询的可用栏目之列")
        elif key in seen:
            found.append(f"栏目“{key}”列了两次")
        seen.add(key if isinstance(key, str) else "")
    return found


def _param_problems(params: object, query: str) -> list[str]:
    if not isinstance(params, dict):
        return ["params 应为一组参数"]
    allowed = QUERIES[query].params if query in QUERIES else tuple(PARAMETERS)
    found = [f"参数“{name}”不适用于该查询" for name in params if name not in allowed]
    found += [f"参数“{name}”应为代码的清单" for name, codes in params.items() if not _texts(codes)]
    return found


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _headings(columns: list[object], query: Query) -> tuple[Heading, ...]:
    found = []
    for one in columns:
        given = {"key": one} if isinstance(one, str) else one
        assert isinstance(given, dict)  # _column_problems saw to it
        column = query.column(given["key"])
        found.append(Heading(column, given.get("heading") or column.label))
    return tuple(found)
