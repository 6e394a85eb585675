"""Nothing that a guard-rail forbids stands before the first payment (G05)."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding, Place
from app.studio.checks.base import Check, violation
from app.studio.graph import Graph, Node, reachable
from app.studio.guardrails import Guard
from app.studio.subject import Subject, called, falls_under, is_meant, place_of
from app.studio.ways import places, way


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("not_before"):
        found: set[tuple[str, str]] = set()
        for graph in subject.graphs:
            for node in _too_early(guard, graph):
                process, element = graph.processes[node], graph.elements[node]
                if (process.id, element.id) in found:
                    continue
                found.add((process.id, element.id))
                yield violation(
                    subject,
                    guard,
                    f"“{called(element)}”可能走在发放之前",
                    "请把这一步移到发放之后，或改走其他路径。",
                    place_of(process, element.id),
                    _shown(guard, graph, node),
                )


def _shown(guard: Guard, graph: Graph, node: Node) -> tuple[Place, ...]:
    """The shortest way over the step to a payment."""
    goals = {one for one, e in graph.elements.items() if e.call_type in guard.before}
    there = way(graph, [graph.start], {node}, closed=goals)
    return places(graph, there + way(graph, [node], goals)[1:])


def _too_early(guard: Guard, graph: Graph) -> list[Node]:
    """Forbidden steps that come up before any payment and from which one can still be made."""
    every = [node for node, one in graph.elements.items() if one.call_type in guard.before]
    goals = {node for node in every if falls_under(guard, graph.processes[node])}
    first = reachable(graph, [graph.start], closed=every)
    return [
        node
        for node in graph.elements
        if node in first
        and node not in every
        and is_meant(guard, graph.elements[node])
        and reachable(graph, [node]) & goals
    ]


CHECK = Check(
    id="not_before",
    sentence="法律不许前置的步骤不会走在发放之前",
    because="G05：急难型救助先行救助，简化核对、评议和公示，事后补齐",
    good="核实、审批、发放之后再公示",
    bad="发放之前先做家庭经济状况核对",
    run=_run,
)
