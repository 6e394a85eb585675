"""The door to the FEEL engine: text compiled once, evaluated with a scope and an injected moment.

An expression that fails answers None with a warning; a form never breaks on one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from app.decision import CompiledExpression, ExpressionError, compile_expression
from app.decision.result import Caution, Result
from app.form.limits import MAX_CAUTIONS, MAX_EVALUATIONS
from app.kernel.clock import as_utc

# A fixed offset, so that now() is written "+08:00" and today() is the legal day.
_WORD = re.compile(r"\w+")
CHINA = timezone(timedelta(hours=8))


@dataclass(slots=True)
class Effort:
    """What the expressions of one sending may cost, and what they complained about."""

    left: int = MAX_EVALUATIONS
    cautions: list[Caution] = field(default_factory=list)
    exhausted: set[str] = field(default_factory=set)  # texts that crossed an engine limit once

    def allows(self, text: str) -> bool:
        """Take one evaluation of `text`; False when none is left or it is known to be endless."""
        self.left -= 1
        return self.left >= 0 and text not in self.exhausted

    def note(self, text: str, result: Result) -> None:
        """Keep the warnings and errors of one evaluation of `text`."""
        if any(one.code == "limit_exceeded" for one in result.errors):
            self.exhausted.add(text)
        room = MAX_CAUTIONS - len(self.cautions)
        errors = [Caution(one.code, one.message, one.place) for one in result.errors]
        self.cautions.extend([*errors, *result.warnings][: max(room, 0)])


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled FEEL expression with its text (without the leading "=")."""

    text: str
    compiled: CompiledExpression
    reads: frozenset[str]  # words it may read; the engine converts every value it is given

    @property
    def names(self) -> frozenset[str]:
        """The free names the expression uses."""
        return self.compiled.names

    def answer(self, scope: Mapping[str, Any], now: datetime | None, effort: Effort) -> Any:
        """The value in `scope`; None when it fails, with the reason noted in `effort`."""
        if not effort.allows(self.text):
            return None
        given = {name: scope[name] for name in self.reads if name in scope}
        result = self.compiled.evaluate(given, as_utc(now).astimezone(CHINA) if now else None)
        effort.note(self.text, result)
        return plain(result.value) if result.ok else None


def compile_text(text: str, names: Iterable[str] | None) -> Expression:
    """The compiled expression; raises ExpressionError with findings.

    With `names` None every name is accepted: the facts around a form are not known to its file.
    """
    compiled = compile_expression(text, names)
    # A fact may be named like a builtin function ("ceiling"): every word of the text counts.
    return Expression(text, compiled, compiled.names | frozenset(_WORD.findall(text)))


def plain(value: Any) -> Any:
    """A FEEL value as a form keeps it: Decimal, text, truth, None, lists; temporals as ISO text."""
    if value is None or isinstance(value, str | bool | Decimal):
        return value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return str(value)


__all__ = ["CHINA", "Effort", "Expression", "ExpressionError", "compile_text", "plain"]
