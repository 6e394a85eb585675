"""Which facts surely hold a value when a step is reached, and what values they can hold."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.decision import CompiledExpression, ExpressionError, compile_expression
from app.decision.nodes import ContextLiteral
from app.form.model import (
    ChoiceQuestion,
    Component,
    NumberQuestion,
    TextQuestion,
    TickQuestion,
    walk,
)
from app.process.checks.names import ALWAYS
from app.process.model import Element
from app.studio.graph import Graph, Node, reachable
from app.studio.subject import Subject, listed

TEXTS_KEPT = 8_192  # compiled texts of diagrams that are looked at again
_JOIN = "parallelGateway"


@lru_cache(maxsize=TEXTS_KEPT)
def compiled(text: str) -> CompiledExpression | None:
    """The expression of a text that begins with "=", None for a literal or a broken one."""
    if not text.startswith("="):
        return None
    try:
        return compile_expression(text[1:].strip())
    except ExpressionError:
        return None


def written(element: Element) -> frozenset[str]:
    """The facts an element leaves behind."""
    names = {line.target for line in element.outputs}
    if element.result_variable and not element.outputs:
        names.add(element.result_variable)
    if element.kind == "scriptTask" and not element.result_variable:
        script = compiled(element.script)
        node = script.node if script is not None else None
        if isinstance(node, ContextLiteral):
            names |= {key for key, _ in node.entries}
    if element.kind == "startEvent":
        names |= set(listed(element.properties.get("facts", "")))
    if element.kind == "callActivity":
        names |= {line.target for line in element.inputs}
    return frozenset(names)


def held(graph: Graph) -> dict[Node, frozenset[str]]:
    """Step -> the facts that hold a value on every way to it; only steps that can be reached."""
    reach = reachable(graph, [graph.start])
    leaves = {node: written(graph.elements[node]) for node in reach}
    start = graph.elements[graph.start].kind if graph.start in graph.elements else ""
    arrives: dict[Node, frozenset[str]] = {graph.start: ALWAYS} if start else {}
    waiting = deque(arrives)
    before = _before(graph, reach)
    while waiting:
        node = waiting.popleft()
        for one in graph.nexts(node):
            if one not in reach:
                continue
            came = _met(graph, one, before[one], arrives, leaves)
            if came is not None and arrives.get(one) != came:
                arrives[one] = came
                waiting.append(one)
    return arrives


def _before(graph: Graph, reach: set[Node]) -> dict[Node, list[tuple[Node, bool]]]:
    """Step -> the steps before it, and whether it follows once they are done."""
    found: dict[Node, list[tuple[Node, bool]]] = {node: [] for node in reach}
    for node in reach:
        for one in graph.following[node]:
            if one in found:
                found[one].append((node, True))
        for one in (*graph.breaking[node], *graph.beside[node]):
            if one in found:
                found[one].append((node, False))
    return found


def _met(
    graph: Graph,
    node: Node,
    before: list[tuple[Node, bool]],
    arrives: Mapping[Node, frozenset[str]],
    leaves: Mapping[Node, frozenset[str]],
) -> frozenset[str] | None:
    """What surely holds on arrival, from the ways known so far; None while none is known."""
    if node == graph.start:
        return arrives[node]
    came = [
        arrives[one] | leaves[one] if done else arrives[one]
        for one, done in before
        if one in arrives
    ]
    if not came:
        return None
    if graph.elements[node].kind == _JOIN:
        return frozenset.union(*came)
    return frozenset.intersection(*came)


@dataclass(frozen=True, slots=True)
class Values:
    """What one source can make of a fact."""

    kind: str  # "number" | "string" | "boolean" | "" when it is not known
    listed: frozenset[str] | None = None  # texts it can be, None when they are not listed


UNKNOWN = Values("")


def sources(subject: Subject) -> dict[str, list[Values]]:
    """Fact -> what each place that writes it can make of it."""
    found: dict[str, list[Values]] = {}
    for _, element in subject.elements():
        for name, values in _sources(subject, element):
            found.setdefault(name, []).append(values)
    return found


def _sources(subject: Subject, element: Element) -> Iterator[tuple[str, Values]]:
    form = subject.forms.get(element.form_id)
    asked = {} if form is None else {one.name: one for one in walk(form.components)}
    if element.kind == "startEvent":
        for name in listed(element.properties.get("facts", "")):
            yield name, _of_question(asked.get(name))
        return
    lines = {line.target: line.source for line in element.outputs}
    for name in written(element):
        key = lines.get(name, "").removeprefix("=").strip()
        people = element.kind == "userTask" and key in asked
        yield name, _of_question(asked[key]) if people else _of_text(lines.get(name, ""))


def _of_question(question: Component | None) -> Values:
    if isinstance(question, NumberQuestion):
        return Values("number")
    if isinstance(question, TickQuestion):
        return Values("boolean")
    if isinstance(question, ChoiceQuestion) and not question.multiple:
        if question.options_from is not None:
            return Values("string")
        return Values("string", frozenset(one.value for one in question.options))
    return Values("string") if isinstance(question, TextQuestion) else UNKNOWN


def _of_text(text: str) -> Values:
    """What a computed text can be: only plain values are known."""
    expression = compiled(text)
    if expression is None or expression.names:
        return UNKNOWN
    value = expression.evaluate({}).value
    if isinstance(value, bool):
        return Values("boolean")
    if isinstance(value, str):
        return Values("string", frozenset({value}))
    return UNKNOWN
