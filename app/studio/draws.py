"""Which money a step may draw on, as far as the diagram and the tables say."""

from __future__ import annotations

from collections.abc import Collection

from app.process.model import Element, ProcessDefinition
from app.studio.points import answers
from app.studio.subject import Subject, argument

SOURCE = "source"  # the argument that names the money
RESERVE = "reserve"  # what a call means when it names none


def draws_on(
    subject: Subject, process: ProcessDefinition, element: Element, sources: Collection[str]
) -> bool:
    """False when the element can not draw on one of these sources; no sources = no question."""
    if not sources:
        return True
    given = next((line.source for line in element.inputs if line.target == SOURCE), "")
    if not given:
        return RESERVE in sources
    literal = argument(element, SOURCE)
    if literal is not None:
        return literal in sources
    return _may_answer(subject, process, given.removeprefix("=").strip(), sources)


def _may_answer(
    subject: Subject, process: ProcessDefinition, name: str, sources: Collection[str]
) -> bool:
    """False only when every decision that gives that fact here never answers one of them."""
    givers = [
        one.decision_id
        for one in process.elements.values()
        if one.result_variable == name or name in {line.target for line in one.outputs}
    ]
    if not givers or not all(one in subject.decisions for one in givers):
        return True
    route = process.properties.get("route", process.id)
    for decision in givers:
        told, complete = answers(subject, decision, {"route": route})
        if not complete or any(one.value in sources for one in told):
            return True
    return False
