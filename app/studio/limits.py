"""Lengths of time as models write them, made comparable.

A step may have a limit of its own: the property `limit`, such as `5 workdays`, `24 hours` or
`7 calendar_days`.
"""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Decimal

from app.decision import evaluate_expression
from app.decision.moments import DaysDuration
from app.kernel.workdays import Unit, read_limit
from app.studio.asking import asks
from app.studio.graph import Graph, Node
from app.studio.points import answers
from app.studio.subject import Subject

DEADLINE = "deadline"  # the decision that says how long each clock runs
HOURS_OF: dict[str, Decimal] = {
    Unit.HOURS: Decimal(1),
    Unit.WORKDAYS: Decimal(24 * 7) / 5,  # five working days are a week
    Unit.CALENDAR_DAYS: Decimal(24),
}
WORDS: dict[str, str] = {
    Unit.HOURS: "小时",
    Unit.WORKDAYS: "个工作日",
    Unit.CALENDAR_DAYS: "日",
}
_NANOS_OF_DAY = Decimal(86_400_000_000_000)
_MEMBER = re.compile(r"=\s*([^\W\d]\w*)\.([^\W\d]\w*)\s*")


def hours_of(limit: tuple[Decimal, str]) -> Decimal:
    """How long a limit lasts on the clock, near enough to compare limits of different units."""
    amount, unit = limit
    return amount * HOURS_OF.get(unit, Decimal(24))


def limit_words(limit: tuple[Decimal, str]) -> str:
    """A limit as people say it."""
    amount, unit = limit
    return f"{amount:f} {WORDS.get(unit, unit)}"


def in_workdays(amount: Decimal, unit: str) -> Decimal:
    """How many working days a limit can take at most; a day of any kind may be a working day."""
    days = amount / 24 if unit == Unit.HOURS else amount
    return days.to_integral_value(rounding=ROUND_CEILING)


def clock_workdays(subject: Subject, key: str) -> Decimal | None:
    """The working days the locality gives a clock today, None when it says nothing."""
    result = subject.ask(DEADLINE, {"key": key})
    value = None if result is None or result.errors else result.value
    if not isinstance(value, dict) or not isinstance(value.get("amount"), Decimal):
        return None
    return in_workdays(value["amount"], str(value.get("unit")))


def workdays_at(subject: Subject, graph: Graph, node: Node) -> Decimal:
    """The working days a step may take at most by what the models say; 0 when they say nothing."""
    element = graph.elements[node]
    limit = read_limit(element.properties.get("limit", ""))
    if limit is not None:
        return in_workdays(Decimal(limit[0]), limit[1])
    if element.call_type == "notice.publish":
        return _notice_days(subject, graph, node)
    if element.kind == "intermediateCatchEvent" and element.event is not None:
        return _waiting(element.event.text)
    return Decimal(0)


def _notice_days(subject: Subject, graph: Graph, node: Node) -> Decimal:
    """The most days a notice may stay, when something later waits until it comes down."""
    element, process = graph.elements[node], graph.processes[node]
    names = {one.target for one in element.outputs if asks(one.source, "until")}
    names |= set() if element.outputs else {"until"}
    waited = any(
        one.kind == "intermediateCatchEvent"
        and one.event is not None
        and any(asks(one.event.text, name) for name in names)
        for one in process.elements.values()
    )
    given = next((one.source for one in element.inputs if one.target == "days"), "")
    if not waited or not given:
        return Decimal(0)
    literal = evaluate_expression(given.removeprefix("="), {}).value
    if isinstance(literal, Decimal):
        return literal
    found = _MEMBER.fullmatch(given)
    if found is None:
        return Decimal(0)
    asked = [one for one in process.elements.values() if one.result_variable == found[1]]
    told = [
        one.value.get(found[2])
        for giver in asked
        for one in answers(subject, giver.decision_id, {})[0]
        if isinstance(one.value, dict)
    ]
    return max((days for days in told if isinstance(days, Decimal)), default=Decimal(0))


def _waiting(text: str) -> Decimal:
    """The days of a plain waiting time, 0 for a moment that is computed."""
    value = evaluate_expression(f'duration("{text}")', {}).value if '"' not in text else None
    if not isinstance(value, DaysDuration):
        return Decimal(0)
    days = Decimal(value.nanos) / _NANOS_OF_DAY
    return max(days.to_integral_value(rounding=ROUND_CEILING), Decimal(0))
