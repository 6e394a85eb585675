"""What a decision table leaves out, says twice, or says in vain.

Exact on decimals, dates and texts: every finding comes with a concrete example, and what could
not be judged is named. Nothing here runs a case; the closures are asked once per atom.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.boxes import NotBoxError, constant
from app.decision.gaps import gaps
from app.decision.monotone import broken_promises
from app.decision.nodes import Literal, Node, UnaryTests
from app.decision.overlap import dead_rows, outputs_of, overlaps, touching
from app.decision.result import Finding, Place, Value
from app.decision.space import Space, cell_at, make_space
from app.decision.table_nodes import Table
from app.decision.values import KINDS, feel_equal
from app.decision.wording import value_words


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
        *values_not_allowed(space, place),
        *unused_columns(table, place),
        *unused_values(table, place),
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
                element = cell_at(row, dimension.position).element_id
            number = 0 if cell.row < 0 else space.table.rows[cell.row].number
            at = Place(place.file, place.decision, element or place.element_id, number, label)
            message = f"{where}没有分析：{cell.reason}。"
            hint = "空白与重叠可能漏报，请用例子测试这一行"
            findings.append(Finding("not_analysed", "warning", message, hint, at))
    return findings


def values_not_allowed(space: Space, place: Place) -> list[Finding]:
    """Constants a cell lists although the column does not allow them; texts are found at load."""
    findings = []
    for dimension in space.dimensions:
        if not dimension.axis.ordered or dimension.axis.kind == "string":
            continue
        label = dimension.clause.label
        for row in space.table.rows:
            cell = cell_at(row, dimension.position)
            tests = cell.node.tests if isinstance(cell.node, UnaryTests) else ()
            for test in tests:
                value = _constant(test)
                if KINDS.get(type(value)) != dimension.axis.kind:
                    continue
                if dimension.axis.atom_of_value(value) in dimension.every:
                    continue
                shown = value_words(value, dimension.unit)
                at = Place(place.file, place.decision, cell.element_id, row.number, label)
                message = f"第 {row.number} 行的 {shown} 不在“{dimension.name}”允许的取值中。"
                hint = "请改为允许的取值，或改允许的取值"
                findings.append(Finding("value_not_allowed", "warning", message, hint, at))
    return findings


def _constant(node: Node) -> Value:
    try:
        return constant(node)
    except NotBoxError:
        return None


def unused_values(table: Table, place: Place) -> list[Finding]:
    """Listed output values that no row and no default gives, where all outputs are constants."""
    findings = []
    rows = [outputs_of(row, table.outputs) for row in table.rows]
    for position, clause in enumerate(table.outputs):
        if not isinstance(clause.values, UnaryTests) or any(row is None for row in rows):
            continue
        given = [row[position] for row in rows if row is not None]
        if clause.default is not None:
            if not isinstance(clause.default, Literal):
                continue
            given.append(clause.default.value)
        listed = [test.value for test in clause.values.tests if isinstance(test, Literal)]
        unused = [v for v in listed if not any(feel_equal(v, other) is True for other in given)]
        if unused:
            names = "、".join(value_words(value) for value in unused)
            at = Place(place.file, place.decision, clause.element_id, 0, clause.label)
            message = f"输出列“{clause.label}”列出的 {names} 没有一行给出。"
            findings.append(Finding("unused_output", "info", message, "请补一行，或删去此值", at))
    return findings


def unused_columns(table: Table, place: Place) -> list[Finding]:
    """Input columns that are all dashes, output columns that are all empty or never vary."""
    findings = []
    for position, clause in enumerate(table.inputs):
        texts = {cell_at(row, position).text for row in table.rows}
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
