"""Boxed expressions: the shapes of decision logic that DMN draws instead of writing as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.decision.boxed_loops import compile_filter, compile_for, compile_quantified
from app.decision.check_table import table_findings
from app.decision.closures import Closure, Env
from app.decision.compile_calls import external_function, invoke, make_function
from app.decision.items import type_of_text
from app.decision.lexer import canonical_name
from app.decision.result import Value
from app.decision.runtime import Runtime
from app.decision.site import Site
from app.decision.table import CompiledTable
from app.decision.table_read import read_table
from app.decision.types import ANY, Type, coerce
from app.decision.values import Function, kind_label
from app.decision.xml import Element, attribute, child, children, local, text_of


def expression_in(element: Element | None, site: Site) -> Closure:
    """Return the closure of the one boxed expression inside `element`."""
    inner = expression_element(element)
    if inner is None:
        site.report("empty_expression", "这里没有写任何逻辑。", "请补上表达式或决策表", error=False)
        return _nothing
    return compile_boxed(inner, site)


def expression_element(element: Element | None) -> Element | None:
    """Return the first child that is a boxed expression."""
    return next(children(element, *_BOXES), None) if element is not None else None


def compile_boxed(element: Element, site: Site) -> Closure:
    """Return the closure of one boxed expression."""
    site = site.at(element)
    closure = _BOXES[local(element)](element, site)
    kind = type_of_text(attribute(element, "typeRef"), site)
    if kind is ANY or local(element) == "functionDefinition":
        return closure
    return lambda rt, env: coerce(rt, closure(rt, env), kind)


def _nothing(rt: Runtime, env: Env) -> Value:
    rt.warn("no_logic", "决策没有逻辑，按空值处理")
    return None


def _literal(element: Element, site: Site) -> Closure:
    language = attribute(element, "expressionLanguage")
    if language.lower() not in {"", "feel"} and "omg.org/spec/" not in language:
        site.report("unknown_language", f"不支持表达式语言“{language}”。", "请改用 FEEL")
    text = text_of(element)
    if not text:
        site.report("empty_expression", "表达式是空的。", "请补上表达式", error=False)
        return _nothing
    return site.expression(text)


def _table(element: Element, site: Site) -> Closure:
    table = read_table(element, site)
    site.book.findings.extend(table_findings(table))
    if site.tables is not None:
        site.tables.append(table)
    return CompiledTable(table, site)


def _context(element: Element, site: Site) -> Closure:
    entries: list[tuple[str, Type, Closure]] = []
    result: Closure | None = None
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        here = site.at(entry)
        if variable is None:
            result = expression_in(entry, here)
            continue
        name = canonical_name(attribute(variable, "name"))
        closure = expression_in(entry, here)
        entries.append((name, type_of_text(attribute(variable, "typeRef"), here), closure))
        site = site.inside(name)
        site.book.members.add(name)
    return _context_closure(tuple(entries), result)


def _context_closure(
    entries: tuple[tuple[str, Type, Closure], ...], result: Closure | None
) -> Closure:
    def build(rt: Runtime, env: Env) -> Value:
        inner, made = dict(env), {}
        for name, kind, closure in entries:
            made[name] = inner[name] = coerce(rt, closure(rt, inner), kind, name)
        return made if result is None else result(rt, inner)

    return build


def _list(element: Element, site: Site) -> Closure:
    items = tuple(compile_boxed(part, site) for part in children(element, *_BOXES))
    return lambda rt, env: [item(rt, env) for item in items]


def _relation(element: Element, site: Site) -> Closure:
    columns = tuple(canonical_name(attribute(c, "name")) for c in children(element, "column"))
    rows: list[tuple[Closure, ...]] = []
    for row in children(element, "row"):
        here = site.at(row)
        cells = tuple(compile_boxed(cell, here) for cell in children(row, *_BOXES))
        if len(cells) != len(columns):
            here.report("wrong_cell_count", "关系表的一行与列数不一致。")
        rows.append(cells)

    def build(rt: Runtime, env: Env) -> Value:
        return [
            {name: cell(rt, env) for name, cell in zip(columns, cells, strict=False)}
            for cells in rows
        ]

    return build


def function_parts(
    element: Element, site: Site
) -> tuple[tuple[str, ...], tuple[Type, ...], Closure | None]:
    """Return names and types of the parameters and the body; no body for a foreign function."""
    parameters = tuple(children(element, "formalParameter"))
    names = tuple(canonical_name(attribute(part, "name")) for part in parameters)
    types = tuple(type_of_text(attribute(part, "typeRef"), site.at(part)) for part in parameters)
    if attribute(element, "kind") not in {"", "FEEL"}:
        site.report("external_function", "不执行 Java 或 PMML 函数。", "请改用 FEEL", error=False)
        return names, types, None
    return names, types, expression_in(element, site.inside(*names))


def _function(element: Element, site: Site) -> Closure:
    names, types, body = function_parts(element, site)
    if body is None:
        return lambda rt, env: external_function(names, types)
    result = type_of_text(attribute(element, "typeRef"), site)
    kind = None if result is ANY or result.kind == "function" else result
    return lambda rt, env: make_function("", names, types, body, env, kind)


def _invocation(element: Element, site: Site) -> Closure:
    function = expression_in(element, site)
    names: list[str] = []
    values: list[Closure] = []
    for binding in children(element, "binding"):
        names.append(canonical_name(attribute(child(binding, "parameter"), "name")))
        values.append(expression_in(binding, site.at(binding)))

    def call(rt: Runtime, env: Env) -> Value:
        target = function(rt, env)
        given = dict(zip(names, (value(rt, env) for value in values), strict=True))
        if type(target) is Function and set(given) <= set(target.parameters):
            # A binding that was left out passes null, as an empty cell in the editor does.
            return invoke(rt, target, [given.get(name) for name in target.parameters])
        return invoke(rt, target, list(given.values()), tuple(given))

    return call


def _conditional(element: Element, site: Site) -> Closure:
    condition = expression_in(child(element, "if"), site)
    then = expression_in(child(element, "then"), site)
    otherwise = expression_in(child(element, "else"), site)

    def choose(rt: Runtime, env: Env) -> Value:
        value = condition(rt, env)
        if value is not None and type(value) is not bool:
            rt.warn("condition_not_boolean", f"条件是{kind_label(value)}，按空值处理")
            return None
        return then(rt, env) if value is True else otherwise(rt, env)

    return choose


def _filter(element: Element, site: Site) -> Closure:
    source = expression_in(child(element, "in"), site)
    inner = site.filtering()
    return compile_filter(source, expression_in(child(element, "match"), inner))


def _for(element: Element, site: Site) -> Closure:
    name = canonical_name(attribute(element, "iteratorVariable"))
    source = _domain(child(element, "in"), site)
    body = expression_in(child(element, "return"), site.inside(name, "partial"))
    return compile_for(name, source, body)


def _domain(element: Element | None, site: Site) -> Closure:
    """What a boxed loop runs over; as text it may also be `a..b`."""
    inner = expression_element(element)
    if inner is None or local(inner) != "literalExpression" or not text_of(inner):
        return expression_in(element, site)
    here = site.at(inner)
    return here.closure(here.parse(text_of(inner), form="iteration"))


def _some(element: Element, site: Site) -> Closure:
    return _quantified(element, site, every=False)


def _every(element: Element, site: Site) -> Closure:
    return _quantified(element, site, every=True)


def _quantified(element: Element, site: Site, *, every: bool) -> Closure:
    name = canonical_name(attribute(element, "iteratorVariable"))
    source = _domain(child(element, "in"), site)
    condition = expression_in(child(element, "satisfies"), site.inside(name))
    return compile_quantified(name, source, condition, every=every)


_BOXES: Mapping[str, Callable[[Element, Site], Closure]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "invocation": _invocation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _some,
    "every": _every,
}
