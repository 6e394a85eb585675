"""Many single answers from one table, without traces: for simulations and what-if pages.

Values go in as FEEL values. A set of matching rows whose outputs are constants is worked out once
and remembered; anything else, and any value of an unforeseen kind, goes through the closures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.decision.boxes import NotBoxError, constant
from app.decision.closures import Env
from app.decision.index import MAX_REMEMBERED
from app.decision.nodes import Name, Node
from app.decision.overlap import outputs_of
from app.decision.result import Finding, Value
from app.decision.runtime import Runtime
from app.decision.table import CompiledTable
from app.decision.types import ANY, Type, coerce

_UNKNOWN: Any = object()


class NoAnswerError(Exception):
    """The table has no answer for these inputs; `findings` say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("；".join(finding.message for finding in findings))
        self.findings = tuple(findings)


class QuickTable:
    """One table decision, asked with a mapping of input values."""

    __slots__ = ("_answers", "_finders", "_result_type", "_table", "_types")

    def __init__(
        self, table: CompiledTable, types: Mapping[str, Type], result_type: Type = ANY
    ) -> None:
        self._table = table
        self._types = dict(types)
        self._result_type = result_type
        self._finders = _finders(table, types)
        self._answers: dict[int, Value] = {}

    def __call__(self, values: Mapping[str, Value]) -> Value:
        """The table's value; raises NoAnswerError where it has none."""
        if self._finders is not None:
            mask = -1
            for name, find in self._finders:
                found = find(values.get(name))
                if found < 0:
                    return self._ask(values)
                mask &= found
            answer = self._answers.get(mask, _UNKNOWN)
            if answer is not _UNKNOWN:
                return answer
            return self._remember(mask, values)
        return self._ask(values)

    def _remember(self, mask: int, values: Mapping[str, Value]) -> Value:
        answer = self._ask(values)
        syntax = self._table.syntax
        rows = [row for i, row in enumerate(syntax.rows) if mask >> i & 1]
        fixed = all(outputs_of(row, syntax.outputs) is not None for row in rows) and (
            bool(rows) or all(_is_fixed(clause.default) for clause in syntax.outputs)
        )
        if fixed and len(self._answers) < MAX_REMEMBERED:
            self._answers[mask] = answer
        return answer

    def _ask(self, values: Mapping[str, Value]) -> Value:
        rt = Runtime()
        env: Env = dict.fromkeys(self._types)
        env.update(values)
        for name, kind in self._types.items():
            env[name] = coerce(rt, env[name], kind, name)
        value, _ = self._table.reference(rt, env)
        if rt.errors:
            raise NoAnswerError(rt.errors)
        return coerce(rt, value, self._result_type)


def _is_fixed(node: Node | None) -> bool:
    try:
        return node is None or constant(node) is not None
    except NotBoxError:
        return False


def _finders(
    table: CompiledTable, types: Mapping[str, Type]
) -> list[tuple[str, Callable[[Value], int]]] | None:
    """Per column that matters its input's name and its mask finder; None without an index."""
    index = table.index(now=True)
    if index is None:
        return None
    found = []
    for (position, find), kind in zip(index.finders, index.kinds, strict=True):
        clause = table.columns[position].clause
        name = clause.node.name if isinstance(clause.node, Name) else ""
        if not name or not all(_passes(t, kind) for t in (clause.type, types.get(name, ANY))):
            return None
        found.append((name, find))
    return found


def _passes(declared: Type, kind: str) -> bool:
    """Whether values of `kind` pass the declared type unchanged."""
    return not declared.checks and (declared.kind == "any" or declared.basic == kind)
