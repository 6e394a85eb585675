"""The door to the FEEL engine: text compiled once, evaluated with a scope and an injected moment.

An expression that fails answers None with a warning; a form never breaks on one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from app.decision import CompiledExpression, ExpressionError, compile_expression
from app.decision.result import Caution
from app.kernel.clock import as_utc

# A fixed offset, so that now() is written "+08:00" and today() is the legal day.
CHINA = timezone(timedelta(hours=8))
MAX_CAUTIONS = 100  # warnings kept of one round over a form


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled FEEL expression with its text (without the leading "=")."""

    text: str
    compiled: CompiledExpression

    @property
    def names(self) -> frozenset[str]:
        """The free names the expression uses."""
        return self.compiled.names

    def answer(
        self, scope: Mapping[str, Any], now: datetime | None, cautions: list[Caution]
    ) -> Any:
        """The value in `scope`; None when it fails, with the reason added to `cautions`."""
        result = self.compiled.evaluate(scope, as_utc(now).astimezone(CHINA) if now else None)
        if len(cautions) < MAX_CAUTIONS:
            cautions.extend(result.warnings)
            cautions.extend(Caution(one.code, one.message, one.place) for one in result.errors)
        return plain(result.value) if result.ok else None


def compile_text(text: str, names: Iterable[str] | None) -> Expression:
    """The compiled expression; raises ExpressionError with findings.

    With `names` None every name is accepted: the facts around a form are not known to its file.
    """
    return Expression(text, compile_expression(text, names))


def plain(value: Any) -> Any:
    """A FEEL value as a form keeps it: Decimal, text, truth, None, lists; temporals as ISO text."""
    if value is None or isinstance(value, str | bool | Decimal):
        return value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return str(value)


__all__ = ["Expression", "ExpressionError", "compile_text", "plain"]
