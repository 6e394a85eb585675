"""The one place of this package that asks the decision engine.

Every text of a diagram is compiled when its deployment is built, never while a case runs, and
evaluating can answer only a value or a problem in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import app.decision as decision
from app.decision.builtins import BUILTINS
from app.decision.nodes import ContextLiteral
from app.decision.result import Finding, Place, Result
from app.kernel.clock import SHANGHAI
from app.kernel.errors import ModelError
from app.process.facts import copy_value

# Which facts a case has is known to `lint`, not to the reader of one text.
_NAMES_UNKNOWN_HERE = frozenset({"unknown_name", "unquoted_text"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What an expression gave: a value, or the problem that prevented one."""

    value: Any = None
    problem: str = ""  # Chinese; "" = none


class Text:
    """A text of the diagram: a literal, or FEEL when it starts with "="."""

    __slots__ = ("_compiled", "source")

    def __init__(self, source: str, compiled: decision.CompiledExpression | None) -> None:
        self.source = source
        self._compiled = compiled  # None for a literal text

    @property
    def is_feel(self) -> bool:
        """True when the text is computed rather than taken as it stands."""
        return self._compiled is not None

    @property
    def names(self) -> frozenset[str]:
        """The facts it reads."""
        return frozenset() if self._compiled is None else self._compiled.names

    @property
    def entries(self) -> frozenset[str]:
        """The keys of the context it is, when it is written as one."""
        node = None if self._compiled is None else self._compiled.node
        if not isinstance(node, ContextLiteral):
            return frozenset()
        return frozenset(key for key, _ in node.entries)

    def evaluate(self, facts: Mapping[str, Any], now: datetime) -> Answer:
        """The value over `facts` at `now`; never raises."""
        if self._compiled is None:
            return Answer(self.source)
        result = self._compiled.evaluate(needed(facts, self._compiled.names), now=local(now))
        if result.errors:
            return Answer(problem=result.errors[0].message)
        try:
            return Answer(copy_value(result.value, self.source[:40]))
        except ModelError as error:
            return Answer(problem=error.message)


def local(now: datetime) -> datetime:
    """The same instant on the Shanghai clock, as `now()` and `today()` show it."""
    return now.astimezone(SHANGHAI)


def compile_text(
    source: str, *, place: Place, names: Iterable[str] = (), findings: list[Finding]
) -> Text:
    """A text ready to evaluate; what is wrong with it is appended to `findings`."""
    if not source.startswith("="):
        return Text(source, None)
    body = source[1:].strip()
    shift = source.index(body, 1) if body else 1
    if not body:
        findings.append(
            Finding("empty_expression", "error", "表达式是空的。", "请填写 FEEL 表达式。", place)
        )
        return Text(source, None)
    parsed, problems = decision.parse_checked(body, tuple(names))
    problems = tuple(found for found in problems if found.code not in _NAMES_UNKNOWN_HERE)
    for found in problems:
        where = Place(
            file=place.file,
            element_id=place.element_id,
            column=place.column,
            offset=found.place.offset + shift if found.place.offset >= 0 else -1,
            length=found.place.length,
        )
        findings.append(Finding(found.code, found.severity, found.message, found.suggestion, where))
    if parsed.node is None or any(found.severity == "error" for found in problems):
        return Text(source, None)
    return Text(source, decision.CompiledExpression(parsed, problems))


def evaluate_decision(
    model: decision.Model, decision_id: str, inputs: Mapping[str, Any], now: datetime
) -> Result:
    """The answer of one decision."""
    given = needed(inputs, frozenset(model.inputs_of(decision_id)))
    return model.evaluate(decision_id, given, local(now))


def needed(facts: Mapping[str, Any], names: frozenset[str]) -> Mapping[str, Any]:
    """The named facts, and those that shadow a builtin, for each one costs a conversion.

    All of them when a name is missing, since the decision engine may know it by another spelling.
    """
    found = {name: facts[name] for name in facts if name in names or name in BUILTINS}
    return found if names <= found.keys() else facts


def is_empty(value: Any) -> bool:
    """True for no answer: null, an empty list or context, or a context of nulls only."""
    if value is None:
        return True
    if isinstance(value, list):
        return not value
    if isinstance(value, dict):
        return all(item is None for item in value.values())
    return False
