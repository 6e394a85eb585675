"""Where a table spares people a step, the diagram does not lead them to it (G11).

Follows the conditions that can be judged by the table's answer alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.decision.result import Finding
from app.studio.asking import deciding
from app.studio.checks.base import Check, keep, violation
from app.studio.graph import Graph, Node, reachable
from app.studio.guardrails import Guard
from app.studio.subject import Subject, called, exact, falls_under, is_meant, place_of
from app.studio.ways import places, pruned, way


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("unreachable_when"):
        found: dict[tuple[str, str], Finding] = {}
        for graph in subject.graphs:
            cut = _as_decided(subject, guard, graph)
            for node in sorted(reachable(cut, [cut.start])):
                process, element = graph.processes[node], graph.elements[node]
                if not (is_meant(guard, element) and falls_under(guard, process)):
                    continue
                told = violation(
                    subject,
                    guard,
                    f"这些人仍会走到“{called(element)}”",
                    "请在它前面加网关，按核查办法的答复绕开这一步。",
                    place_of(process, element.id),
                    places(graph, way(cut, [cut.start], {node})),
                )
                keep(found, (process.id, element.id), told)
        yield from found.values()


def _as_decided(subject: Subject, guard: Guard, graph: Graph) -> Graph:
    """The graph as it is walked when the decision answers for the people the guard-rail means."""
    result = subject.ask(guard.decision, {key: exact(one) for key, one in guard.when.items()})
    if result is None or result.errors or result.value is None:
        return graph
    known: dict[Node, dict[str, Any]] = {}
    for giver in deciding(graph, [guard.decision]):
        facts = _facts(graph, giver, result.value)
        for node, element in graph.elements.items():
            if element.kind == "exclusiveGateway" and node[:-1] == giver[:-1]:
                known.setdefault(node, {}).update(facts)
    return pruned(graph, known)


def _facts(graph: Graph, giver: Node, value: Any) -> dict[str, Any]:
    """What the answer makes facts of: the result, or the members that are mapped by themselves."""
    element = graph.elements[giver]
    name = element.result_variable
    if not element.outputs:
        return {name: value} if name else {}
    found = {}
    for line in element.outputs:
        source = line.source.removeprefix("=").strip()
        if source == name:
            found[line.target] = value
        elif isinstance(value, dict) and source.startswith(f"{name}.") and name:
            found[line.target] = value.get(source.removeprefix(f"{name}."))
    return found


CHECK = Check(
    id="unreachable_when",
    sentence="核查办法写明免去的步骤，图上也走不到",
    because="G11：重点对象不再进行家庭收入和财产状况调查",
    good="网关按核查办法绕开收入核查",
    bad="不论核查办法怎样说，都先走收入核查",
    run=_run,
)
