"""Once a person gives a certain answer, every way on leads to what is owed then (G17).

Follows the conditions that can be judged by that answer alone, so that a refusal needs its letter
and an approval does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from app.decision.result import Finding
from app.form.model import ChoiceQuestion, walk
from app.process.model import Element
from app.studio.asking import call_words
from app.studio.checks.base import Check, keep, violation
from app.studio.graph import Graph, Node, always_meeting
from app.studio.guardrails import Guard
from app.studio.subject import Subject, called, falls_under, fulfils, place_of
from app.studio.ways import places, pruned, way_out


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("after_answer"):
        found: dict[tuple[str, str], Finding] = {}
        for graph in subject.graphs:
            for node, element in graph.elements.items():
                process = graph.processes[node]
                if not falls_under(guard, process):
                    continue
                for facts in _given(subject, guard, element):
                    shown = _without(guard, graph, node, facts)
                    if shown:
                        told = _finding(subject, guard, graph, shown)
                        keep(found, (process.id, element.id), told)
        yield from found.values()


def _given(subject: Subject, guard: Guard, element: Element) -> Iterator[dict[str, str]]:
    """The facts that this answer makes of the element's form, once per question that offers it."""
    form = subject.forms.get(element.form_id)
    if element.kind != "userTask" or form is None:
        return
    for key, value in guard.when.items():
        offered = any(
            isinstance(one, ChoiceQuestion) and one.name == key and _offers(one, str(value))
            for one in walk(form.components)
        )
        facts = {line.target: str(value) for line in element.outputs if line.source == f"={key}"}
        if offered and facts:
            yield facts


def _offers(question: ChoiceQuestion, value: str) -> bool:
    """True when the value can be chosen; of computed options, when their text names it."""
    if any(option.value == value for option in question.options):
        return True
    return question.options_from is not None and f'"{value}"' in question.options_from.text


def _without(guard: Guard, graph: Graph, node: Node, facts: Mapping[str, str]) -> tuple[Node, ...]:
    """The shortest way on that never comes to what is owed; () when there is none."""
    goals = {
        one
        for one, element in graph.elements.items()
        if fulfils(guard, guard.followed, element) or _writes(element, facts)
    }
    gates = {n: facts for n, one in graph.elements.items() if one.kind == "exclusiveGateway"}
    cut = pruned(graph, gates)
    held = always_meeting(cut, goals)
    for after in cut.following[node]:
        if after not in held:
            return (node, *way_out(cut, after, goals))
    return ()


def _writes(element: Element, facts: Mapping[str, str]) -> bool:
    """True for a step at which a person may answer anew: what follows is judged from there."""
    return element.kind == "userTask" and any(line.target in facts for line in element.outputs)


def _finding(subject: Subject, guard: Guard, graph: Graph, shown: tuple[Node, ...]) -> Finding:
    process, element = graph.processes[shown[0]], graph.elements[shown[0]]
    last = called(graph.elements[shown[-1]])
    owed = call_words(guard.followed, subject.around.calls)
    return violation(
        subject,
        guard,
        f"“{called(element)}”作出这样的答复后，有一条路不经过{owed}就到了“{last}”",
        "请在这条路上补上这一步。",
        place_of(process, element.id),
        places(graph, shown),
    )


CHECK = Check(
    id="after_answer",
    sentence="人作出某种答复（如不予救助）以后，该做的事每条路都做",
    because="G17：不予救助要有告知书，写明理由和救济途径",
    good="审批选“不予救助”以后，先出具告知书再结案",
    bad="审批选“不予救助”以后，直接结束",
    run=_run,
)
