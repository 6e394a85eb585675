"""Decisions answer what a guard-rail demands, for whatever else is asked and on later days too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.decision.result import Finding, Place
from app.decision.values import literal_text
from app.kernel.clock import legal_day
from app.studio.checks.base import Check, violation
from app.studio.guardrails import Guard
from app.studio.points import Answered, answers
from app.studio.subject import Subject, exact


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("answers"):
        found = subject.decisions.get(guard.decision)
        if found is None:  # a package without the question does not break the rule
            continue
        given = {key: exact(value) for key, value in guard.when.items()}
        told, _ = answers(subject, guard.decision, given)
        place = Place(file=found[1], decision=guard.decision, element_id=guard.decision)
        name = found[0].element(guard.decision, "decision").label
        for text in (*_faults(subject, guard, told), *_alike(subject, guard, told)):
            advice = "请改正决策表中的这一行。"
            yield violation(subject, guard, f"决策“{name}”{text}", advice, place)


def _faults(subject: Subject, guard: Guard, told: list[Answered]) -> Iterator[str]:
    """What is answered otherwise, each demand once, with the first situation where it is."""
    for word, bounds, holds in (
        ("应为", guard.wants, _same),
        ("不得超过", guard.at_most, _at_most),
        ("不得低于", guard.at_least, _at_least),
    ):
        for name, bound in bounds.items():
            asked = [one for one in told if not _is_lifted(guard, one.value)]
            given = [(one, _output(one.value, name)) for one in asked]
            if not any(value is not None for _, value in given):
                if not told or asked:
                    yield f"没有给出{_named(name)}，{word} {_shown(bound)}"
                continue
            for one, value in given:
                if value is not None and not holds(value, exact(bound)):
                    where = _situation(subject, one)
                    yield f"{where}给出{_named(name)} {_shown(value)}，{word} {_shown(bound)}"
                    break


def _alike(subject: Subject, guard: Guard, told: list[Answered]) -> Iterator[str]:
    """The first situation in which the answer does not depend on what it must depend on."""
    if not guard.unlike:
        return
    other = {key: exact(value) for key, value in guard.unlike.items()}
    for one in told:
        result = subject.ask(guard.decision, {**one.inputs, **other}, one.at)
        if result is not None and result.value == one.value:
            asked = "、".join(f"{key} 为 {_shown(value)}" for key, value in guard.when.items())
            otherwise = "、".join(f"{key} 为 {_shown(value)}" for key, value in other.items())
            yield f"在 {asked} 时和 {otherwise} 时答复相同"
            return


def _is_lifted(guard: Guard, value: Any) -> bool:
    """True when an output that lifts the demand is given: a county's own document, say."""
    return any(_output(value, name) not in (None, "", False) for name in guard.unless)


def _output(value: Any, name: str) -> Any:
    """An output of an answer; a table with one output answers without its name."""
    return value.get(name) if isinstance(value, Mapping) else value


def _named(name: str) -> str:
    return f" {name}" if name else ""


def _situation(subject: Subject, one: Answered) -> str:
    asked = "、".join(f"{key} 为 {_shown(value)}" for key, value in one.inputs.items())
    later = legal_day(one.at) > legal_day(subject.around.now)
    day = f"从 {legal_day(one.at)} 起" if later else ""
    return f"在 {asked} 时{day}" if asked else day


def _same(given: Any, bound: Any) -> bool:
    return type(given) is type(bound) and bool(given == bound)


def _at_most(given: Any, bound: Any) -> bool:
    numbers = isinstance(given, Decimal) and isinstance(bound, Decimal)
    return numbers and bound.is_finite() and bool(given <= bound)


def _at_least(given: Any, bound: Any) -> bool:
    numbers = isinstance(given, Decimal) and isinstance(bound, Decimal)
    return numbers and bound.is_finite() and bool(given >= bound)


def _shown(value: Any) -> str:
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value) if isinstance(value, str | int | Decimal) else literal_text(value)


CHECK = Check(
    id="answers",
    sentence="护栏指定的问题，决策表给出护栏要求的答案",
    because="流程照表走：表里一格改错，法定步骤就会被绕过",
    good="现金发放时，公示表回答“须公示”",
    bad="现金发放时，公示表回答“不须公示”",
    run=_run,
)
