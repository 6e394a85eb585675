"""What a guard-rail demands after a payment comes on every way to the end (G14)."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding
from app.studio.asking import asking, call_words, deciding
from app.studio.checks.base import Check, keep, violation
from app.studio.graph import Graph, Node, always_meeting
from app.studio.guardrails import Guard
from app.studio.subject import Subject, called, falls_under, fulfils, is_demanded_of, place_of
from app.studio.ways import missing, places, way_out


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("followed_by"):
        found: dict[tuple[str, str], Finding] = {}
        for graph in subject.graphs:
            goals = {n for n, e in graph.elements.items() if fulfils(guard, guard.followed, e)}
            held = always_meeting(graph, goals, asking(graph, deciding(graph, guard.excused_by)))
            if guard.keys:  # a clock started on every way there runs already
                held |= set(graph.elements) - missing(graph, goals)
            for node, element in graph.elements.items():
                process = graph.processes[node]
                wanted = is_demanded_of(guard, element) and falls_under(guard, process)
                if wanted and node not in held:
                    told = _finding(subject, guard, graph, node, goals)
                    keep(found, (process.id, element.id), told)
        yield from found.values()


def _finding(subject: Subject, guard: Guard, graph: Graph, node: Node, goals: set[Node]) -> Finding:
    process, element = graph.processes[node], graph.elements[node]
    owed = call_words(guard.followed, subject.around.calls)
    return violation(
        subject,
        guard,
        f"“{called(element)}”之后有一条路不经过{owed}就结束",
        "请在它之后的每条路上补上这一步。",
        place_of(process, element.id),
        places(graph, way_out(graph, node, goals)),
    )


CHECK = Check(
    id="followed_by",
    sentence="发放之后必须做的步骤，每条路都会经过",
    because="G14：现金和实物发放要有台账和公示，事后可以查对",
    good="发放之后公示，再登记结案",
    bad="一条路从发放直接到结案",
    run=_run,
)
