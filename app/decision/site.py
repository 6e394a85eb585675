"""Where in a file an expression is being compiled: its place, its names, its list of findings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.decision.builtins import BUILTINS
from app.decision.check import findings_of, nearest_name
from app.decision.closures import Closure, Compiler, Env, Test
from app.decision.compile import compile_cell
from app.decision.compile_tests import is_number_range
from app.decision.lexer import canonical_name
from app.decision.nodes import AnyTest, Literal, Node, OpTest, RangeLiteral, UnaryTests
from app.decision.parser import Parsed, parse_expression, parse_iteration, parse_unary_tests
from app.decision.parser_base import UnknownName, Vocabulary
from app.decision.result import Finding, Place, Value
from app.decision.runtime import Runtime
from app.decision.scope import Names, Scope
from app.decision.table_nodes import Table
from app.decision.types import Type
from app.decision.xml import Element, attribute

ROOT = Scope(BUILTINS)
_READERS = {
    "expression": parse_expression,
    "tests": parse_unary_tests,
    "iteration": parse_iteration,
}


@dataclass(slots=True)
class Book:
    """What all expressions of one document share."""

    file: str  # as given by the caller
    findings: list[Finding]  # of the whole file, in document order
    members: Names  # names that may follow a dot anywhere in the model
    types: dict[str, Type]  # item definitions by name, imported ones with their prefix
    type_names: Names  # the keys of `types`
    compiler: Compiler
    drawn: dict[str, str] = field(default_factory=dict)  # element name -> kind


@dataclass(slots=True)
class Site:
    """A place of compilation; `implicit` collects undeclared names where they are allowed."""

    book: Book
    place: Place
    scope: Scope
    implicit: set[str] | None = None  # None: an undeclared name is an error
    text_expected: bool = False  # True: an unknown word is probably a text without quotes
    element_id: str = ""  # XML id of the decision, BKM or service all this belongs to
    tables: list[Table] | None = None  # collects the tables met on the way, for analysis

    def at(self, element: Element | None = None, **changes: object) -> Site:
        """Return this site at another element, rule or column."""
        identity = attribute(element, "id")
        if identity:
            changes["element_id"] = identity
        return replace(self, place=replace(self.place, **changes))  # type: ignore[arg-type]

    def inside(self, *names: str) -> Site:
        """Return this site with more names in scope."""
        return replace(self, scope=self.scope.child(canonical_name(name) for name in names))

    def filtering(self) -> Site:
        """Return this site inside a boxed filter: `item` and its members are in scope."""
        scope = self.scope.child(("item",), is_filter=True)
        scope.names.add_all(self.book.members)
        return replace(self, scope=scope)

    def report(self, code: str, message: str, suggestion: str = "", *, error: bool = True) -> None:
        """Record a finding at this place."""
        severity = "error" if error else "warning"
        self.book.findings.append(Finding(code, severity, message, suggestion, self.place))

    def parse(self, text: str, *, form: str = "expression", implicit: bool = True) -> Parsed:
        """Return the nodes of `text`; what is wrong with it is recorded.

        `form` is expression, tests or iteration. With `implicit` false undeclared names are errors
        even where the decision accepts them.
        """
        vocabulary = Vocabulary(self.scope, self.book.members, self.book.type_names)
        parsed = _READERS[form](text, vocabulary)
        if parsed.node is not None and parsed.unknown:
            parsed = self._settle_unknown(parsed, self.implicit if implicit else None)
        found = findings_of(parsed, self.place, text_expected=self.text_expected)
        self.book.findings.extend(found)
        return parsed

    def _settle_unknown(self, parsed: Parsed, implicit: set[str] | None) -> Parsed:
        """Name missing arrows; with `implicit`, leave what the caller gives to the caller."""
        kept: list[UnknownName] = []
        for unknown in parsed.unknown:
            start, end = unknown.span
            here = replace(self, place=replace(self.place, offset=start, length=end - start))
            drawn = self.book.drawn.get(unknown.name, "")
            if drawn and not (drawn == "input" and implicit is not None):
                message = f"“{unknown.name}”画在决策图里，却没有连线到这里。"
                here.report("not_connected", message, "请画一条连线")
            elif implicit is None or unknown.called or unknown.in_filter:
                kept.append(unknown)
            else:
                implicit.add(unknown.name)
                self.scope.names.add(unknown.name)
                here.note_undrawn(unknown.name)
        return replace(parsed, unknown=tuple(kept))

    def note_undrawn(self, name: str) -> None:
        """Record a name left to the caller: lawful, but suspicious when a drawn one is close."""
        message = f"“{name}”没有连线，将由调用方给出。"
        nearest = nearest_name(name, (drawn for drawn in self.book.drawn if drawn != name))
        severity = "warning" if nearest else "info"
        hint = f"您是不是想写 {nearest}？" if nearest else "请画成输入数据并连线"
        finding = Finding("undrawn_input", severity, message, hint, self.place)
        self.book.findings.append(finding)

    def expression(self, text: str) -> Closure:
        """Return the closure of an expression; a broken one answers null and says why."""
        return self.closure(self.parse(text))

    def closure(self, parsed: Parsed) -> Closure:
        """Return the closure of parsed text, reporting this place while it runs."""
        return self.node_closure(parsed.node)

    def node_closure(self, node: Node | None) -> Closure:
        """Return the closure of nodes read here; a broken text answers null and says why."""
        if node is None:
            return self.broken()
        closure = self.book.compiler(node)
        return closure if isinstance(node, Literal) else placed(closure, self.place)

    def cell(self, node: Node | None) -> Test:
        """Return the test of a table cell; a broken cell never matches and says why."""
        if node is None:
            broken = self.broken()
            return lambda rt, env, value: broken(rt, env)
        test = compile_cell(self.book.compiler, node)
        return test if is_plain(node) else placed_test(test, self.place)

    def broken(self) -> Closure:
        """Return a closure for text that could not be read."""
        place = self.place

        def refuse(rt: Runtime, env: Env) -> Value:
            rt.place = place
            rt.fail("broken_expression", "这里的表达式写错了。", "请先改正模型检查中的错误")
            return None

        return refuse


def is_plain(node: Node) -> bool:
    """True for a cell of literals and comparisons with literals: it can warn about nothing."""
    return isinstance(node, UnaryTests) and all(
        isinstance(test, AnyTest | Literal)
        or (isinstance(test, OpTest) and isinstance(test.operand, Literal))
        or (isinstance(test, RangeLiteral) and is_number_range(test))
        for test in node.tests
    )


def placed(closure: Closure, place: Place) -> Closure:
    """Return `closure` recording its warnings at `place`."""

    def run(rt: Runtime, env: Env) -> Value:
        outer, rt.place = rt.place, place
        value = closure(rt, env)
        rt.place = outer
        return value

    return run


def placed_test(test: Test, place: Place) -> Test:
    """Return `test` recording its warnings at `place`."""

    def run(rt: Runtime, env: Env, value: Value) -> bool | None:
        outer, rt.place = rt.place, place
        answer = test(rt, env, value)
        rt.place = outer
        return answer

    return run
