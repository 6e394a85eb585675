"""What a decision table leaves out, says twice, or says in vain.

Exact on decimals, dates and texts: every finding comes with a concrete example, and what could
not be judged is named. Nothing here runs a case; the closures are asked once per atom.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.gaps import gaps
from app.decision.monotone import broken_promises
from app.decision.overlap import dead_rows, overlaps, touching
from app.decision.result import Finding, Place
from app.decision.space import Space, make_space
from app.decision.table_nodes import Table


def analyse(tables: Iterable[Table]) -> list[Finding]:
    """The findings of all tables, in file order."""
    return [finding for table in tables for finding in analyse_table(table)]


def analyse_table(table: Table) -> list[Finding]:
    """The findings of one table."""
    place = Place(table.file, table.decision, table.element_id or table.decision_id)
    if not table.rows:
        return [Finding("empty_table", "warning", "此表没有规则。", "请加上规则", place)]
    space = make_space(table)
    touch = touching(space)
    return [
        *not_analysed(space, place),
        *gaps(space, place),
        *overlaps(space, touch, place),
        *dead_rows(space, touch, place),
        *unused_columns(table, place),
        *broken_promises(space, place),
    ]


def not_analysed(space: Space, place: Place) -> list[Finding]:
    """One finding per cell or column that could not be judged."""
    findings = []
    for dimension in space.dimensions:
        for cell in dimension.opaque:
            label = dimension.clause.label
            if cell.row < 0:
                where, at = f"“{label}”允许的取值", place
                element = dimension.clause.element_id
            else:
                row = space.table.rows[cell.row]
                where, at = f"第 {row.number} 行“{label}”", place
                element = row.cells[dimension.position].element_id if row.cells else ""
            number = 0 if cell.row < 0 else space.table.rows[cell.row].number
            at = Place(place.file, place.decision, element or place.element_id, number, label)
            message = f"{where}没有分析：{cell.reason}。"
            hint = "空白与重叠可能漏报，请用例子测试这一行"
            findings.append(Finding("not_analysed", "warning", message, hint, at))
    return findings


def unused_columns(table: Table, place: Place) -> list[Finding]:
    """Input columns that are all dashes, output columns that are all empty or never vary."""
    findings = []
    for position, clause in enumerate(table.inputs):
        texts = {row.cells[position].text for row in table.rows if position < len(row.cells)}
        if texts <= {"-", ""}:
            at = Place(place.file, place.decision, clause.element_id, 0, clause.label)
            message = f"输入列“{clause.label}”没有一行用到。"
            findings.append(Finding("unused_column", "warning", message, "请删去此列", at))
    for position, output in enumerate(table.outputs):
        texts = {row.outputs[position].text for row in table.rows if position < len(row.outputs)}
        if texts <= {"", "null", "-"}:
            at = Place(place.file, place.decision, output.element_id, 0, output.label)
            message = f"输出列“{output.label}”每一行都是空的。"
            findings.append(Finding("unused_output", "warning", message, "请填写或删去此列", at))
    return findings
