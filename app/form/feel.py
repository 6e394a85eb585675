"""The door to the FEEL engine: text compiled once, evaluated with a scope and an injected moment.

An expression that fails answers None with a warning; a form never breaks on one.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.decision.result import Caution, Finding


class _Compiled(Protocol):
    @property
    def names(self) -> Iterable[str]: ...

    def evaluate(self, context: Mapping[str, Any], now: datetime | None = None) -> Any: ...


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled FEEL expression with its text (without the leading "=")."""

    text: str
    compiled: _Compiled

    @property
    def names(self) -> frozenset[str]:
        """The free names the expression uses."""
        return frozenset(self.compiled.names)

    def answer(
        self, scope: Mapping[str, Any], now: datetime | None, cautions: list[Caution]
    ) -> Any:
        """The value in `scope`; None when it fails, with the reason added to `cautions`."""
        result = self.compiled.evaluate(scope, now)
        cautions.extend(result.warnings)
        cautions.extend(Caution(found.code, found.message, found.place) for found in result.errors)
        return result.value


class BadExpressionError(Exception):
    """The text is not FEEL; `findings` say where and why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__("not a FEEL expression")
        self.findings = tuple(findings)


def compile_text(text: str, names: Iterable[str]) -> Expression:
    """The compiled expression of `text`; raises BadExpressionError."""
    decision = importlib.import_module("app.decision")
    compiled = decision.compile_expression(text, names=frozenset(names))
    errors = [found for found in getattr(compiled, "findings", ()) if found.severity == "error"]
    if errors:
        raise BadExpressionError(errors)
    return Expression(text, compiled)


def plain(value: Any) -> Any:
    """A FEEL value as a form keeps it: Decimal, text, truth, None; temporals become ISO text."""
    if value is None or isinstance(value, str | bool):
        return value
    return value
