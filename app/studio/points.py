"""The situations a decision distinguishes: one value inside every span its tables cut.

Asking a decision at all of them, today and on each later day on which a table changes, says what
it can answer at all. Where the situations are too many the answer says that it is not complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, product
from typing import Any

from app.decision import Model
from app.decision.expressions import free_names
from app.decision.moments import Date
from app.decision.nodes import Call, Name, Node
from app.decision.space import make_dimension
from app.decision.table_nodes import Table
from app.kernel.clock import legal_day, local
from app.studio.subject import Subject

MAX_POINTS = 2_000  # situations asked of one decision on one day
MAX_DAYS = 24  # days on which tables change, the nearest first
DAYS = ("today", "now")


@dataclass(frozen=True, slots=True)
class Answered:
    """One situation and what the decision says there."""

    inputs: Mapping[str, Any]
    at: datetime  # aware; the moment it was asked for
    value: Any  # never None


def answers(
    subject: Subject, decision_id: str, given: Mapping[str, Any]
) -> tuple[list[Answered], bool]:
    """Every answer the decision can give when these inputs are fixed, and whether that is all.

    Situations without an answer are left out: a case stops there, it does not go on.
    """
    found = subject.decisions.get(decision_id)
    if found is None:
        return [], True
    situations = list(islice(_situations(found[0], decision_id, given), MAX_POINTS + 1))
    told = []
    for at in days(subject, decision_id):
        for inputs in situations[:MAX_POINTS]:
            result = subject.ask(decision_id, inputs, at)
            if result is not None and not result.errors and result.value is not None:
                told.append(Answered(inputs, at, result.value))
    return told, len(situations) <= MAX_POINTS


def days(subject: Subject, decision_id: str) -> list[datetime]:
    """Now, and the days to come on which a table of the decision's file changes, in order."""
    now = local(subject.around.now)
    found = subject.decisions.get(decision_id)
    today = legal_day(now)
    later = set()
    for table in found[0].tables() if found else ():
        for position, clause in enumerate(table.inputs):
            if not asks_the_day(clause.node):
                continue
            for cut in make_dimension(table, position).axis.cuts:
                if isinstance(cut, Date):
                    later |= {_after(now, cut, 0), _after(now, cut, 1)}
    coming = sorted(day for day in later if day is not None and legal_day(day) > today)
    return [now, *coming[: MAX_DAYS - 1]]


def asks_the_day(node: Node | None) -> bool:
    """True for a column that asks what day it is."""
    return isinstance(node, Call) and isinstance(node.function, Name) and node.function.name in DAYS


def _after(now: datetime, cut: Date, more: int) -> datetime | None:
    """The same time of day on a date of a table, some days later; None outside the calendar."""
    try:
        day = date(cut.year, cut.month, cut.day) + timedelta(days=more)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(day, now.timetz())


def _situations(
    model: Model, decision_id: str, given: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """The given inputs with every combination of values for the others."""
    values = _values(model.tables())
    names = [one for one in model.inputs_of(decision_id) if one not in given and one in values]
    for chosen in product(*(values[name] for name in names)):
        yield {**given, **dict(zip(names, chosen, strict=True))}


def _values(tables: list[Table]) -> dict[str, list[Any]]:
    """Input -> the values that columns about it tell apart."""
    found: dict[str, list[Any]] = {}
    for table in tables:
        for position, clause in enumerate(table.inputs):
            name, path = _asked(clause.node, clause.text)
            if not name or asks_the_day(clause.node):
                continue
            dimension = make_dimension(table, position)
            for atom in dimension.every:
                value = dimension.point(atom)
                if value is not None:
                    shaped = _shaped(path, value)
                    if shaped not in found.setdefault(name, []):
                        found[name].append(shaped)
    return found


def _asked(node: Node | None, text: str) -> tuple[str, list[str]]:
    """The one input a column is about and the members it goes through; "" for none or several."""
    names = free_names(node) if node is not None else frozenset()
    if len(names) != 1:
        return "", []
    (name,) = names
    dotted = text.strip().split(".")
    return name, dotted[1:] if dotted[0] == name else []


def _shaped(path: list[str], value: Any) -> Any:
    for member in reversed(path):
        value = {member: value}
    return value
