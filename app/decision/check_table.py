"""Findings about the cells of a decision table that their columns make visible.

A text in a number column, or a word that is not among the allowed values, never matches and
never warns; here it is an error before anybody is decided by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.decision.check import nearest_name
from app.decision.nodes import Literal, Node, OpTest, RangeLiteral, UnaryTests
from app.decision.result import Finding, Place
from app.decision.table_nodes import Cell, InputClause, OutputClause, Row, Table
from app.decision.temporal import parse_date
from app.decision.types import BASIC
from app.decision.values import KIND_LABELS, feel_type_name, kind_label, literal_text, to_text

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

MAX_LISTED = 8  # allowed values named in a sentence


def table_findings(table: Table) -> list[Finding]:
    """Return what is wrong with the cells of a table, in row order."""
    found = list(_policy_findings(table))
    for row in table.rows:
        for cell, clause in zip(row.cells, table.inputs, strict=False):
            found.extend(_cell_findings(table, row, cell, clause))
        for cell, output in zip(row.outputs, table.outputs, strict=False):
            found.extend(_cell_findings(table, row, cell, output))
    return found


def _policy_findings(table: Table) -> Iterator[Finding]:
    place = Place(table.file, table.decision, table.element_id)
    if table.hit_policy in {"PRIORITY", "OUTPUT ORDER"} and all(
        clause.values is None for clause in table.outputs
    ):
        message = "此表按输出值的先后取结果，却没有列出输出值。"
        yield Finding("no_priorities", "error", message, "请在输出列列出输出值，先者优先", place)
    names = [clause.name for clause in table.outputs]
    for name in sorted({name for name in names if names.count(name) > 1}):
        message = f"有两个输出列都叫“{name}”。"
        yield Finding("repeated_output", "error", message, "请改名", place)


def _cell_findings(
    table: Table, row: Row, cell: Cell, clause: InputClause | OutputClause
) -> Iterator[Finding]:
    if cell.node is None:
        return
    for literal in _literals(cell.node):
        start, end = literal.span
        place = Place(
            table.file, table.decision, cell.element_id or row.element_id, row.number,
            clause.label, start, end - start,
        )  # fmt: skip
        problem = _wrong_kind(literal, clause, place) or _not_allowed(literal, clause, place)
        if problem is not None:
            yield problem


def _literals(node: Node) -> Iterator[Literal]:
    """Yield the literals a cell compares with, or answers."""
    if isinstance(node, UnaryTests):
        for test in node.tests:
            yield from _literals(test)
    elif isinstance(node, OpTest):
        yield from _literals(node.operand)
    elif isinstance(node, RangeLiteral):
        yield from _literals(node.low)
        yield from _literals(node.high)
    elif isinstance(node, Literal) and node.value is not None:
        yield node


def _wrong_kind(
    literal: Literal, clause: InputClause | OutputClause, place: Place
) -> Finding | None:
    wanted = clause.type.basic
    if wanted not in BASIC or feel_type_name(literal.value) == wanted:
        return None
    if wanted == "date and time" and feel_type_name(literal.value) == "date":
        return None
    shown = literal_text(literal.value)
    message = f"“{clause.label}”列是{KIND_LABELS[wanted]}，{shown} 是{kind_label(literal.value)}。"
    meant = _as_kind(literal, wanted)
    hint = f"请改为 {meant}" if meant else "请改单元格或列的类型"
    return Finding("type_mismatch", "error", message, hint, place)


def _as_kind(literal: Literal, wanted: str) -> str:
    """Return the literal rewritten for the wanted kind when that is obvious."""
    text = to_text(literal.value)
    if wanted == "string":
        return f'"{text}"'
    if wanted == "number" and _NUMBER.fullmatch(text):
        return text
    if wanted == "date" and parse_date(text) is not None:
        return f'@"{text}"'
    if wanted == "boolean" and text in {"true", "false"}:
        return text
    if wanted == "boolean" and text in {"是", "否"}:
        return "true" if text == "是" else "false"
    return ""


def _not_allowed(
    literal: Literal, clause: InputClause | OutputClause, place: Place
) -> Finding | None:
    allowed = listed_texts(clause.values)
    value = literal.value
    if not allowed or value in allowed or type(value) is not str:
        return None
    nearest = nearest_name(value, allowed)
    listed = "、".join(allowed[:MAX_LISTED]) + ("…" if len(allowed) > MAX_LISTED else "")
    message = f"“{value}”不在“{clause.label}”允许的取值中：{listed}。"
    hint = f'您是不是想写 "{nearest}"？' if nearest else "请改为允许的取值，或把它加入允许的取值"
    return Finding("unknown_value", "error", message, hint, place)


def listed_texts(values: Node | None) -> list[str]:
    """Return the allowed texts when the column lists texts only."""
    if not isinstance(values, UnaryTests) or values.negated:
        return []
    found = [test.value for test in values.tests if isinstance(test, Literal)]
    complete = len(found) == len(values.tests) and all(type(value) is str for value in found)
    return found if complete else []
