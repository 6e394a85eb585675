"""What a guard-rail demands after a payment comes on every way to the end (G14)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.decision.result import Finding
from app.studio.checks.base import Check
from app.studio.graph import Graph, Node, always_meeting, reachable
from app.studio.statutes import Guard
from app.studio.subject import Subject, called, falls_under, fulfils, is_demanded_of, place_of


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("followed_by"):
        found: dict[tuple[str, str], Finding] = {}
        for graph in subject.graphs:
            goals = {n for n, e in graph.elements.items() if fulfils(guard, guard.followed, e)}
            held = always_meeting(graph, goals, _excused(guard, graph))
            if guard.keys:  # a clock started on every way there runs already
                held |= set(graph.elements) - reachable(graph, [graph.start], closed=goals)
            for node, element in graph.elements.items():
                process = graph.processes[node]
                wanted = is_demanded_of(guard, element) and falls_under(guard, process)
                if wanted and node not in held:
                    found[process.id, element.id] = _finding(subject, guard, graph, node)
        yield from found.values()


def _excused(guard: Guard, graph: Graph) -> set[Node]:
    """The gateways that ask a decision of the guard-rail whether the step is owed at all."""
    answers = {
        (graph.processes[node].id, one.result_variable)
        for node, one in graph.elements.items()
        if one.decision_id in guard.excused_by and one.result_variable
    }
    return {
        node
        for node, element in graph.elements.items()
        if element.kind == "exclusiveGateway"
        and any(
            process_id == graph.processes[node].id and _asks(graph, node, name)
            for process_id, name in answers
        )
    }


def _asks(graph: Graph, node: Node, name: str) -> bool:
    flows = graph.processes[node].flows
    texts = [flows[one].condition for one in graph.elements[node].outgoing if one in flows]
    return any(re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text) for text in texts)


def _finding(subject: Subject, guard: Guard, graph: Graph, node: Node) -> Finding:
    process, element = graph.processes[node], graph.elements[node]
    return Finding(
        guard.id,
        guard.severity,
        f"“{called(element)}”之后有一条路不经过 {'、'.join(guard.followed)} 就结束："
        f"{guard.sentence}（{subject.statutes.cite(guard.clause)}）。",
        "请在它之后的每条路上补上这一步。",
        place_of(process, element.id),
    )


CHECK = Check(
    id="followed_by",
    sentence="发放之后必须做的步骤，每条路都会经过",
    because="G14：现金和实物发放要有台账和公示，事后可以查对",
    good="发放之后公示，再登记结案",
    bad="一条路从发放直接到结案",
    run=_run,
)
