"""Rows of a table that rest on a temporary measure say from when to when they hold (G22)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.decision.nodes import Node, RangeLiteral, UnaryTests
from app.decision.result import Finding, Place
from app.decision.table_nodes import Row, Table
from app.studio.checks.base import Check, violation
from app.studio.guardrails import Guard
from app.studio.points import asks_the_day
from app.studio.subject import Subject, listed

CLAUSE = "条款"  # the annotation column that names the clauses of a row


def _run(subject: Subject) -> Iterable[Finding]:
    files = {model.file: model for model, _ in subject.decisions.values()}
    for guard in subject.guards("dated"):
        for file, model in files.items():
            for table in model.tables():
                for row in _without_dates(guard, table):
                    yield violation(
                        subject,
                        guard,
                        f"决策“{table.decision}”第 {row.number} 行没有写明起止日期",
                        '请在日期列写明起止，例如 [date("2026-07-01")..date("2026-07-31")]。',
                        Place(file=file, decision=table.decision_id, rule=row.number),
                    )


def _without_dates(guard: Guard, table: Table) -> Iterator[Row]:
    """The rows that cite one of the clauses and hold without an end or a beginning."""
    days = [number for number, one in enumerate(table.inputs) if asks_the_day(one.node)]
    for row in table.rows:
        cited = set(listed(row.annotations.get(CLAUSE, "")))
        if cited & set(guard.rows) and not any(_closed(row.cells[day].node) for day in days):
            yield row


def _closed(node: Node | None) -> bool:
    """True when every alternative of the cell is a range with two ends."""
    return (
        isinstance(node, UnaryTests)
        and not node.negated
        and bool(node.tests)
        and all(isinstance(one, RangeLiteral) for one in node.tests)
    )


CHECK = Check(
    id="dated",
    sentence="按地区、按时间启用的措施，每一行都写明起止日期",
    because="G22：没有截止日期的措施不会自动恢复，临时放宽会变成长期放宽",
    good="风险地区的一行写着 7 月 1 日至 7 月 31 日",
    bad="风险地区的一行只写“7 月 1 日起”",
    run=_run,
)
