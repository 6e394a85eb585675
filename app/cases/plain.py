"""Engine and decision values as records keep them: exact numbers, temporals as FEEL text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.decision.result import Result


def plain(value: Any) -> Any:
    """The value with everything that is not JSON-like written as its canonical text."""
    if value is None or isinstance(value, bool | int | str | Decimal | datetime | date):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value)


def matched_rules(result: Result) -> list[dict[str, Any]]:
    """The rows that fired in every table asked on the way, in order."""
    return [
        {
            "decision": rule.decision,
            "rule_id": rule.rule_id,
            "number": rule.number,
            "outputs": plain(rule.outputs),
            "annotations": dict(rule.annotations),
        }
        for trace in result.traces
        for rule in trace.matched
    ]


def cited_clauses(result: Result, column: str = "条款") -> list[str]:
    """The clause ids in the annotation column of the rows that fired, each once, in order."""
    found: dict[str, None] = {}
    for trace in result.traces:
        for rule in trace.matched:
            for clause in rule.annotations.get(column, "").replace("，", ",").split(","):
                if clause.strip():
                    found[clause.strip()] = None
    return list(found)
