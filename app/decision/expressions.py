"""Single FEEL expressions: conditions of a process, rules of a form, cells tried in an editor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from app.decision.answers import answer, given_values
from app.decision.builtins import BUILTINS
from app.decision.check import findings_of
from app.decision.compile import new_compiler
from app.decision.nodes import (
    ContextLiteral,
    Filter,
    For,
    FunctionLiteral,
    Name,
    Node,
    Quantified,
    children,
)
from app.decision.parser import Parsed, parse_expression, parse_unary_tests
from app.decision.parser_base import Vocabulary
from app.decision.properties import PROPERTY_NAMES
from app.decision.result import Finding, Place, Result, Value
from app.decision.runtime import Runtime
from app.decision.scope import Names
from app.decision.site import ROOT

MAX_MEMBERS = 10_000  # names collected from one context


class ExpressionError(ValueError):
    """An expression cannot be used; `findings` says everything that is wrong with it."""

    def __init__(self, text: str, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"{text}: " + "；".join(finding.message for finding in self.findings))


class CompiledExpression:
    """A checked expression, ready to be evaluated often; shareable between threads."""

    __slots__ = ("_closure", "findings", "names", "node", "text")

    def __init__(self, parsed: Parsed, findings: tuple[Finding, ...]) -> None:
        assert parsed.node is not None
        self.text = parsed.text
        self.node = parsed.node
        self.findings = findings  # warnings only
        self.names = free_names(parsed.node)  # variables it reads, builtins left out
        self._closure = new_compiler()(parsed.node)

    def evaluate(self, context: Mapping[str, object] | None = None, now: object = None) -> Result:
        """Return the value for these variables; a missing one is null with a warning."""
        return answer(lambda rt: self._closure(rt, given_values(context or {})), now, Place())

    def value(self, values: dict[str, Value]) -> Value:
        """Return the bare value for FEEL values by canonical name: the fast way, without reasons.

        Raises OutOfFuelError beyond the limits.
        """
        return self._closure(Runtime(), values)


def parse_checked(
    text: str, names: Iterable[str] | None = None, *, tests: bool = False
) -> tuple[Parsed, tuple[Finding, ...]]:
    """Return nodes and findings; with `names` None every undeclared name is accepted.

    A dotted name declares a member: `applicant.family size` lets that name follow a dot.
    """
    members = Names(PROPERTY_NAMES)
    scope = ROOT.child(("?",) if tests else ())
    for name in names or ():
        first, *rest = name.split(".")
        scope.names.add(first)
        members.add_all(rest)
    vocabulary = Vocabulary(scope, members)
    parsed = parse_unary_tests(text, vocabulary) if tests else parse_expression(text, vocabulary)
    found = findings_of(parsed, Place())
    if names is None:
        found = [f for f in found if f.code not in {"unknown_name", "unquoted_text"}]
    return parsed, tuple(found)


def compile_expression(text: str, names: Iterable[str] | None = None) -> CompiledExpression:
    """Return the compiled expression; raises ExpressionError when an error was found."""
    parsed, found = parse_checked(text, names)
    if parsed.node is None or any(finding.severity == "error" for finding in found):
        raise ExpressionError(text, found)
    try:
        return CompiledExpression(parsed, found)
    except RecursionError:
        deep = Finding("too_deep", "error", "表达式嵌套太深。", "请拆成几个决策", Place(offset=0))
        raise ExpressionError(text, [deep]) from None


def evaluate_expression(
    text: str, context: Mapping[str, object] | None = None, now: object = None
) -> Result:
    """Return the value of an expression over the variables of `context`."""
    return _evaluate(text, dict(context or {}), now, tests=False)


def evaluate_unary_tests(
    text: str, value: object, context: Mapping[str, object] | None = None, now: object = None
) -> Result:
    """Return whether `value` passes a table cell: true, false or null."""
    return _evaluate(text, {**(context or {}), "?": value}, now, tests=True)


def _evaluate(text: str, context: dict[str, object], now: object, *, tests: bool) -> Result:
    names = [name for name in context if name != "?"]
    vocabulary = Vocabulary(ROOT.child(names), Names((*PROPERTY_NAMES, *_members(context))))
    parsed = parse_unary_tests(text, vocabulary) if tests else parse_expression(text, vocabulary)
    node = parsed.node
    if node is None:
        return Result(None, errors=tuple(findings_of(parsed, Place())))
    # An undeclared name is null here: data may lawfully lack a field. Run time says it, too.
    return answer(lambda rt: new_compiler()(node)(rt, given_values(context)), now, Place())


def _members(value: object) -> Iterator[str]:
    """Yield every key inside the values of a context."""
    stack: list[object] = [value]
    for _ in range(MAX_MEMBERS):
        if not stack:
            return
        current = stack.pop()
        if isinstance(current, Mapping):
            for key, inner in current.items():
                yield str(key)
                stack.append(inner)
        elif isinstance(current, list | tuple):
            stack.extend(current[:100])


def free_names(node: Node) -> frozenset[str]:
    """Return the variables an expression reads from outside."""
    return frozenset(_free(node)) - {"?"}


def _free(node: Node) -> set[str]:
    match node:
        case Name(name=name):
            return set() if name in BUILTINS else {name}
        case For() | Quantified():
            return _free_in_loop(node)
        case FunctionLiteral(parameters=parameters, body=body):
            return _free(body) - {parameter.name for parameter in parameters}
        case ContextLiteral(entries=entries):
            found: set[str] = set()
            bound: set[str] = set()
            for key, value in entries:
                found |= _free(value) - bound
                bound.add(key)
            return found
        case Filter(base=base, condition=condition):
            return _free(base) | (_free(condition) - {"item"})
    return {name for part in children(node) for name in _free(part)}


def _free_in_loop(node: For | Quantified) -> set[str]:
    found: set[str] = set()
    bound: set[str] = {"partial"} if isinstance(node, For) else set()
    for iterator in node.iterators:
        found |= _free(iterator.source) - bound
        if iterator.end is not None:
            found |= _free(iterator.end) - bound
        bound.add(iterator.name)
    body = node.body if isinstance(node, For) else node.condition
    return found | (_free(body) - bound)
