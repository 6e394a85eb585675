"""What a guard-rail demands before a payment has come on every way there (G01)."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding
from app.process.model import Element
from app.studio.asking import asking, call_words, deciding, step_words
from app.studio.checks.base import Check, keep, violation
from app.studio.draws import draws_on
from app.studio.graph import Graph, Node, always_meeting
from app.studio.guardrails import Guard
from app.studio.subject import Subject, called, falls_under, fulfils, is_demanded_of, place_of
from app.studio.ways import missing, places, way


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("preceded_by"):
        found: dict[tuple[str, str], Finding] = {}
        # Money may have been promised before a process began that goes on with a case.
        for graph in subject.doors if guard.sources else subject.graphs:
            goals = {
                node
                for node, element in graph.elements.items()
                if (
                    fulfils(guard, guard.preceded, element)
                    and draws_on(subject, graph.processes[node], element, guard.sources)
                )
                or _is_done_by(guard, element)
            }
            goals |= _excused(guard, graph, goals)
            for node in sorted(missing(graph, goals)):
                process, element = graph.processes[node], graph.elements[node]
                if not (is_demanded_of(guard, element) and falls_under(guard, process)):
                    continue
                if not draws_on(subject, process, element, guard.sources):
                    continue
                told = violation(
                    subject,
                    guard,
                    f"有一条路没有经过{_demanded(subject, guard)}就到了“{called(element)}”",
                    "请在它之前的每条路上补上这一步。",
                    place_of(process, element.id),
                    places(graph, way(graph, [graph.start], {node}, closed=goals)),
                )
                keep(found, (process.id, element.id), told)
        yield from found.values()


def _is_done_by(guard: Guard, element: Element) -> bool:
    """True for a person's step that the guard-rail demands, done by a role it names."""
    step = element.properties.get("step", "")
    return (
        element.kind == "userTask"
        and bool(step)
        and step in guard.steps
        and (not guard.roles or element.role in guard.roles)
    )


def _excused(guard: Guard, graph: Graph, goals: set[Node]) -> set[Node]:
    """Gateways that ask a decision whether the step is owed, with the step on another way."""
    if not guard.excused_by:
        return set()
    leads = always_meeting(graph, goals, asking(graph, deciding(graph, guard.excused_by)))
    return {
        node
        for node in asking(graph, deciding(graph, guard.excused_by))
        if any(one in leads for one in graph.following[node])
    }


def _demanded(subject: Subject, guard: Guard) -> str:
    words = call_words(guard.preceded, subject.around.calls) if guard.preceded else ""
    return words or step_words(guard.steps, guard.roles)


CHECK = Check(
    id="preceded_by",
    sentence="发放或结案之前必须做的步骤，每条路都已经过",
    because="G01：没有启动时限就不知道是否按时发放；G17：不予救助要有告知书；G09：一事一议要有签批",
    good="接到报告就启动先行救助时限，再核实、审批、发放",
    bad="一条路没有启动时限就发放",
    run=_run,
)
