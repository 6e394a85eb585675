"""Decisions answer what a guard-rail demands of them, whatever else stands in the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from app.decision.result import Finding, Place
from app.studio.checks.base import Check
from app.studio.statutes import Guard
from app.studio.subject import Subject


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("answers"):
        found = subject.decisions.get(guard.decision)
        if found is None:  # a package without the question does not break the rule
            continue
        result = subject.ask(guard.decision, {k: _exact(v) for k, v in guard.when.items()})
        value = result.value if result is not None and not result.errors else None
        for text in _faults(guard, value):
            yield Finding(
                guard.id,
                guard.severity,
                f"{text}：{guard.sentence}（{subject.statutes.cite(guard.clause)}）。",
                "请改正决策表中的这一行。",
                Place(file=found[1], decision=guard.decision, element_id=guard.decision),
            )


def _faults(guard: Guard, value: Any) -> Iterator[str]:
    """What is answered otherwise; a table with one output answers without its name."""
    asked = "、".join(f"{key} 为 {_shown(one)}" for key, one in guard.when.items())
    where = f"决策“{guard.decision}”" + (f"在 {asked} 时" if asked else "")
    for word, bounds, holds in (
        ("应为", guard.wants, _same),
        ("不得超过", guard.at_most, _at_most),
        ("不得低于", guard.at_least, _at_least),
    ):
        for name, bound in bounds.items():
            given: Any = value.get(name) if isinstance(value, dict) else value
            if not holds(given, _exact(bound)):
                what = f"{name} {_shown(given)}" if isinstance(value, dict) else _shown(given)
                yield f"{where}给出 {what}，{word} {_shown(bound)}"


def _same(given: Any, bound: Any) -> bool:
    return type(given) is type(bound) and bool(given == bound)


def _at_most(given: Any, bound: Any) -> bool:
    numbers = isinstance(given, Decimal) and isinstance(bound, Decimal)
    return numbers and bound.is_finite() and bool(given <= bound)


def _at_least(given: Any, bound: Any) -> bool:
    numbers = isinstance(given, Decimal) and isinstance(bound, Decimal)
    return numbers and bound.is_finite() and bool(given >= bound)


def _exact(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def _shown(value: Any) -> str:
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


CHECK = Check(
    id="answers",
    sentence="护栏指定的问题，决策表给出护栏要求的答案",
    because="流程照表走：表里一格改错，法定步骤就会被绕过",
    good="现金发放时，公示表回答“须公示”",
    bad="现金发放时，公示表回答“不须公示”",
    run=_run,
)
