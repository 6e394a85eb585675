"""Decision tables from XML to `table_nodes`, with every finding placed on its cell."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.items import type_of_text
from app.decision.lexer import canonical_name
from app.decision.nodes import Node
from app.decision.site import Site
from app.decision.table_hits import HIT_POLICIES
from app.decision.table_nodes import Cell, InputClause, OutputClause, Row, Table
from app.decision.types import ANY, Type
from app.decision.xml import Element, attribute, child, children, text_of

MAX_ROWS = 5_000  # rows of one table
MAX_COLUMNS = 100  # columns of one table


def read_table(element: Element, site: Site) -> Table:
    """Return the table; what is wrong with it is recorded at the site."""
    site = site.at(element)
    policy = attribute(element, "hitPolicy") or "UNIQUE"
    aggregation = attribute(element, "aggregation") if policy == "COLLECT" else ""
    if f"{policy} {aggregation}".strip() not in HIT_POLICIES:
        site.report("unknown_hit_policy", f"没有命中策略“{policy} {aggregation}”。")
        policy, aggregation = "UNIQUE", ""
    inputs = tuple(_read_input(part, site) for part in children(element, "input"))
    output_elements = tuple(children(element, "output"))
    several = len(output_elements) > 1
    outputs = tuple(_read_output(part, site, several) for part in output_elements)
    labels = tuple(attribute(part, "name") for part in children(element, "annotation"))
    rules = tuple(children(element, "rule"))
    if len(rules) > MAX_ROWS or len(inputs) + len(outputs) > MAX_COLUMNS:
        site.report("table_too_large", f"一张表最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列。")
        rules = ()
    if not outputs:
        site.report("no_output", "决策表没有输出列。", "请加上一个输出列")
    rows = tuple(
        _read_row(rule, number, site, inputs, outputs, labels)
        for number, rule in enumerate(rules, 1)
    )
    return Table(
        decision=site.place.decision,
        decision_id=site.element_id,
        element_id=attribute(element, "id"),
        hit_policy=policy,
        aggregation=aggregation,
        inputs=inputs,
        outputs=outputs,
        rows=rows,
        file=site.book.file,
        annotations=labels,
    )


def _read_input(element: Element, site: Site) -> InputClause:
    expression = child(element, "inputExpression")
    text = text_of(expression)
    label = " ".join((attribute(element, "label") or text).split())
    here = site.at(element, column=label)
    node: Node | None = None
    if text:
        node = here.parse(text).node
    else:
        here.report("empty_expression", f"输入列“{label}”没有写取哪个数据。", "请填写输入表达式")
    kind = type_of_text(attribute(expression, "typeRef"), here)
    values = _values(child(element, "inputValues"), here)
    return InputClause(label, text, node, attribute(element, "id"), kind, values)


def _values(element: Element | None, site: Site) -> Node | None:
    text = text_of(element)
    return site.parse(text, form="tests").node if text else None


def _read_output(element: Element, site: Site, several: bool) -> OutputClause:
    name = canonical_name(attribute(element, "name"))
    label = " ".join((attribute(element, "label") or name).split())
    here = site.at(element, column=label)
    if several and not name:
        name = canonical_name(label)
        if not name:
            here.report("output_without_name", "有多个输出列时，每列都要有名称。")
    default_text = text_of(child(element, "defaultOutputEntry"))
    default = here.parse(default_text).node if default_text else None
    kind = type_of_text(attribute(element, "typeRef"), here)
    values = _values(child(element, "outputValues"), here)
    if values is None and kind.allowed:
        values = kind.allowed[0]
    return OutputClause(
        name if several else "", label, attribute(element, "id"), kind, values, default
    )


def _read_row(
    element: Element,
    number: int,
    site: Site,
    inputs: tuple[InputClause, ...],
    outputs: tuple[OutputClause, ...],
    labels: tuple[str, ...],
) -> Row:
    site = site.at(element, rule=number)
    entries = tuple(children(element, "inputEntry"))
    answers = tuple(children(element, "outputEntry"))
    if len(entries) != len(inputs) or len(answers) != len(outputs):
        site.report("wrong_cell_count", f"第 {number} 行的单元格数与列数不一致。")
    cells = tuple(
        _cell(part, site, clause.label, clause.type, tests=True)
        for part, clause in zip(entries, inputs, strict=False)
    )
    results = tuple(
        _cell(part, site, clause.label, clause.type, tests=False)
        for part, clause in zip(answers, outputs, strict=False)
    )
    notes = (text_of(part) for part in children(element, "annotationEntry"))
    annotations = _annotations(labels, notes)
    return Row(number, attribute(element, "id"), cells, results, annotations)


def _annotations(labels: tuple[str, ...], notes: Iterable[str]) -> dict[str, str]:
    found = {}
    for index, note in enumerate(notes):
        label = labels[index] if index < len(labels) and labels[index] else f"备注{index + 1}"
        found[label] = note
    return found


def _cell(element: Element, site: Site, label: str, kind: Type, *, tests: bool) -> Cell:
    here = site.at(element, column=label)
    here.text_expected = kind.basic == "string" or kind is ANY
    text = text_of(element)
    if not text and not tests:
        here.report("empty_output", "输出单元格是空的，结果将为空值。", "请填写结果", error=False)
        return Cell("", None, attribute(element, "id"))
    # An empty input cell is what editors write for "any".
    node = here.parse(text or "-", form="tests" if tests else "expression", implicit=False).node
    return Cell(text or "-", node, attribute(element, "id"))
