"""Decision tables that run: match the rows, apply the hit policy, keep the reasons.

A row matches only when every cell is true; null is not true. Where the policy forbids what the
rows did (two rows under UNIQUE), there is no answer and an error, never a silent first match.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.decision.closures import Closure, Env, Test
from app.decision.index import ASK_CLOSURES, Index, make_index
from app.decision.nodes import AnyTest, Literal, Name, Node, UnaryTests
from app.decision.result import MatchedRule, Place, TableTrace, Value
from app.decision.runtime import Runtime
from app.decision.site import Site, is_plain
from app.decision.table_hits import HIT_POLICIES, Hit
from app.decision.table_nodes import InputClause, OutputClause, Row, Table
from app.decision.table_steps import Ask, collect, make_steps
from app.decision.types import ANY, Type, coerce, python_type

INDEX_AFTER = 3  # questions answered by closures before the index is built


@dataclass(frozen=True, slots=True)
class Column:
    """One compiled input column."""

    clause: InputClause
    value: Closure  # the input expression, coerced to its type
    allowed: Test | None  # the allowed values, None when unrestricted


@dataclass(frozen=True, slots=True)
class CompiledRow:
    """One compiled rule; dashes are left out of `asks`."""

    row: Row
    asks: tuple[Ask, ...]
    outputs: tuple[Closure, ...]
    fixed: Hit | None  # the hit itself when every output is a literal of the right kind


class CompiledTable:
    """A table ready to run."""

    __slots__ = (
        "_asked", "_index", "_names", "_policy", "_restricted", "columns", "defaults", "place",
        "priorities", "rows", "steps", "syntax",
    )  # fmt: skip

    def __init__(self, syntax: Table, site: Site) -> None:
        self.syntax = syntax
        self.place: Place = site.place
        self.columns = tuple(_column(clause, site) for clause in syntax.inputs)
        self.rows = tuple(_row(row, syntax, site) for row in syntax.rows)
        self.steps = make_steps([row.asks for row in self.rows])
        self.defaults = tuple(_default(clause, site) for clause in syntax.outputs)
        self.priorities = tuple(_priority(clause, site) for clause in syntax.outputs)
        self._policy = HIT_POLICIES[syntax.policy_text]
        self._names = tuple(clause.name for clause in syntax.outputs)
        self._asked = 0
        self._index: Index | None = None
        self._restricted = any(column.allowed is not None for column in self.columns)

    def __call__(self, rt: Runtime, env: Env) -> Value:
        """Return the table's answer and leave a trace of how it came about."""
        outer, rt.place = rt.place, self.place
        values = [column.value(rt, env) for column in self.columns]
        if self._restricted:
            self._check_allowed(rt, env, values)
        answer, hits = self.answer(rt, env, self.match(rt, env, values))
        self._trace(rt, values, hits)
        rt.place = outer
        return answer

    def answer(self, rt: Runtime, env: Env, rows: list[int]) -> tuple[Value, list[Hit]]:
        """Return the table's value when these rows match, and the rows with their outputs."""
        hits = [self.hit(rt, env, index) for index in rows]
        return (self._policy(rt, self, hits) if hits else self._no_hit(rt, env)), hits

    def reference(self, rt: Runtime, env: Env) -> tuple[Value, list[Hit]]:
        """Return the answer by closures alone, without trace: what index and batch must equal."""
        values = [column.value(rt, env) for column in self.columns]
        return self.answer(rt, env, self.match_by_closures(rt, env, values))

    def match(self, rt: Runtime, env: Env, values: list[Value]) -> list[int]:
        """Return the indexes of the matching rows, only the first under FIRST.

        The index answers once the table was asked often enough to pay for it.
        """
        rt.spend(1 + len(self.rows) // 16)
        index = self.index()
        if index is not None:
            mask = index.mask(values)
            if mask != ASK_CLOSURES:
                found = index.rows(mask)
                return found[:1] if self.syntax.hit_policy == "FIRST" else found
        return self.match_by_closures(rt, env, values)

    def index(self, *, now: bool = False) -> Index | None:
        """Return the rule bitmasks, None when there are none or (unless `now`) not yet."""
        if self._asked <= INDEX_AFTER:
            self._asked = INDEX_AFTER + 1 if now else self._asked + 1
            if self._asked > INDEX_AFTER:
                self._index = make_index(self.syntax)
        return self._index

    def match_by_closures(self, rt: Runtime, env: Env, values: list[Value]) -> list[int]:
        """Return the same by asking every row: the reference for index and batch."""
        found: list[int] = []
        first = self.syntax.hit_policy == "FIRST"
        collect(self.steps, rt, env, values or [None], found, first)
        return found

    def hit(self, rt: Runtime, env: Env, index: int) -> Hit:
        """Return one matching row with its output values."""
        row = self.rows[index]
        if row.fixed is not None:
            return row.fixed
        outputs = tuple(output(rt, env) for output in row.outputs)
        return Hit(row.row, outputs)

    def value_of(self, outputs: tuple[Value, ...]) -> Value:
        """Return one row's outputs as the table's value: alone, or as a context."""
        if len(outputs) == 1:
            return outputs[0]
        return dict(zip(self._names, outputs, strict=True))

    def _check_allowed(self, rt: Runtime, env: Env, values: list[Value]) -> None:
        for column, value in zip(self.columns, values, strict=True):
            if column.allowed is not None and column.allowed(rt, env, value) is not True:
                rt.warn("input_not_allowed", f"输入“{column.clause.label}”的值不在允许的取值中")

    def _no_hit(self, rt: Runtime, env: Env) -> Value:
        if any(default is not None for default in self.defaults):
            return self.value_of(
                tuple(None if default is None else default(rt, env) for default in self.defaults)
            )
        rt.warn("no_rule_matched", f"决策表“{self.syntax.decision}”没有一行符合")
        return None

    def _trace(self, rt: Runtime, values: list[Value], hits: list[Hit]) -> None:
        syntax = self.syntax
        inputs = {c.label: value for c, value in zip(syntax.inputs, values, strict=True)}
        matched = tuple(self._matched(hit) for hit in hits)
        rt.traces.append(
            TableTrace(syntax.decision, syntax.decision_id, syntax.policy_text, inputs, matched)
        )

    def _matched(self, hit: Hit) -> MatchedRule:
        outputs = {
            clause.name or clause.label or "结果": value
            for clause, value in zip(self.syntax.outputs, hit.outputs, strict=True)
        }
        row = hit.row
        return MatchedRule(
            self.syntax.decision, row.element_id, row.number, outputs, row.annotations
        )


def _column(clause: InputClause, site: Site) -> Column:
    here = site.at(None, column=clause.label, element_id=clause.element_id)
    value = typed(here.node_closure(clause.node), clause.type, clause.label)
    if isinstance(clause.node, Name):
        value = _variable(clause.node.name, python_type(clause.type), value)
    allowed = here.cell(clause.values) if clause.values is not None else None
    return Column(clause, value, allowed)


def typed(closure: Closure, kind: Type, label: str) -> Closure:
    """Return `closure` with its value coerced to `kind`."""
    if kind is ANY:
        return closure
    usual = python_type(kind)

    def run(rt: Runtime, env: Env) -> Value:
        value = closure(rt, env)
        if type(value) is usual:
            return value
        return coerce(rt, value, kind, label)

    return run


def _variable(name: str, usual: type | None, general: Closure) -> Closure:
    """A column that asks for a variable: nearly all do, and nearly always the type is right."""

    def run(rt: Runtime, env: Env) -> Value:
        value = env.get(name)
        return value if type(value) is usual else general(rt, env)

    return run


def _row(row: Row, syntax: Table, site: Site) -> CompiledRow:
    here = site.at(None, rule=row.number, element_id=row.element_id)
    asks: list[Ask] = []
    for index, (cell, clause) in enumerate(zip(row.cells, syntax.inputs, strict=False)):
        if _is_dash(cell.node):
            continue
        at = here.at(None, column=clause.label, element_id=cell.element_id or row.element_id)
        share = cell.text if cell.node is not None and is_plain(cell.node) else ""
        asks.append(Ask(index, at.cell(cell.node), share))
    outputs: list[Closure] = []
    for cell, output in zip(row.outputs, syntax.outputs, strict=False):
        at = here.at(None, column=output.label, element_id=cell.element_id or row.element_id)
        outputs.append(_output(cell.node, cell.text, output, at))
    missing = len(syntax.outputs) - len(outputs)
    closures = (*outputs, *[_null] * missing)
    fixed = not missing and all(
        _is_fixed(cell.node, output)
        for cell, output in zip(row.outputs, syntax.outputs, strict=False)
    )
    hit = Hit(row, tuple(closure(Runtime(), {}) for closure in closures)) if fixed else None
    return CompiledRow(row, tuple(asks), closures, hit)


def _is_fixed(node: Node | None, clause: OutputClause) -> bool:
    """Whether an output cell is a literal that needs no conversion."""
    return isinstance(node, Literal) and (
        node.value is None or clause.type is ANY or type(node.value) is python_type(clause.type)
    )


def _null(rt: Runtime, env: Env) -> Value:
    return None


def _output(node: Node | None, text: str, clause: OutputClause, site: Site) -> Closure:
    if node is None and not text:
        return _null
    closure = site.node_closure(node)
    if _is_fixed(node, clause):
        return closure
    return typed(closure, clause.type, clause.label)


def _is_dash(node: Node | None) -> bool:
    return isinstance(node, UnaryTests) and isinstance(node.tests[0], AnyTest)


def _default(clause: OutputClause, site: Site) -> Closure | None:
    if clause.default is None:
        return None
    return site.at(None, column=clause.label).node_closure(clause.default)


Priority = Callable[[Runtime, Value], int]


def _priority(clause: OutputClause, site: Site) -> Priority | None:
    """Return the rank of an output value in the listed output values, best 0."""
    if not isinstance(clause.values, UnaryTests):
        return None
    tests = tuple(site.book.compiler.test(test) for test in clause.values.tests)

    def rank(rt: Runtime, value: Value) -> int:
        for index, test in enumerate(tests):
            if test(rt, {"?": value}, value) is True:
                return index
        return len(tests)

    return rank
