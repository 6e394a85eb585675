"""Short ways to write FEEL values and call builtins; shared by the tests of this folder."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.decision.builtins import BUILTINS
from app.decision.runtime import Runtime
from app.decision.temporal import parse_at_literal
from app.decision.values import Range


def feel(value: Any) -> Any:
    """Ints become numbers, `@...` texts become temporals, lists and dicts are walked."""
    if type(value) is int:
        return Decimal(value)
    if isinstance(value, str) and value.startswith("@"):
        found = parse_at_literal(value[1:])
        assert found is not None, value
        return found
    if isinstance(value, list):
        return [feel(item) for item in value]
    if isinstance(value, dict):
        return {key: feel(item) for key, item in value.items()}
    return value


def call(name: str, *arguments: Any, **kwargs: Any) -> Any:
    """The answer of a builtin to positional arguments."""
    return ask(name, *arguments, **kwargs)[0]


def ask(name: str, *arguments: Any, rt: Runtime | None = None) -> tuple[Any, list[str]]:
    """The answer and the codes of the warnings."""
    rt = rt or Runtime()
    body = BUILTINS[name].pick_positional(len(arguments))
    assert body is not None, f"{name} takes no {len(arguments)} arguments"
    answer = body(rt, *[feel(argument) for argument in arguments])
    return answer, [warning.code for warning in rt.warnings]


def interval(text: str) -> Range:
    """A range of whole numbers such as "[1..5)"."""
    low, high = text[1:-1].split("..")
    return Range(Decimal(low), Decimal(high), text[0] == "[", text[-1] == "]")
