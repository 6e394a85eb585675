"""Who investigated does not approve (G16): approving tasks name the tasks to keep apart from."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding
from app.process.model import Element
from app.studio.checks.base import Check, violation
from app.studio.graph import Graph, Node, reachable
from app.studio.guardrails import Guard
from app.studio.subject import Subject, called, falls_under, is_meant, listed, place_of


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("separated"):
        found: set[tuple[str, str]] = set()
        for graph in subject.graphs:
            for node, element in graph.elements.items():
                process = graph.processes[node]
                if not (_approves(guard, element) and falls_under(guard, process)):
                    continue
                if not _decides(guard, graph, node):
                    continue
                text = _fault(guard, graph, node)
                if text and (process.id, element.id) not in found:
                    found.add((process.id, element.id))
                    yield violation(
                        subject,
                        guard,
                        text,
                        "请在这一步的属性 not_done_by 里写上调查步骤的编号。",
                        place_of(process, element.id),
                    )


def _approves(guard: Guard, element: Element) -> bool:
    return element.kind == "userTask" and (
        element.role in guard.roles or element.properties.get("step", "") == "approval"
    )


def _decides(guard: Guard, graph: Graph, node: Node) -> bool:
    """True when a deed named by the guard-rail can follow; without names every approval counts."""
    after = reachable(graph, [node])
    return not guard.before or any(graph.elements[one].call_type in guard.before for one in after)


def _fault(guard: Guard, graph: Graph, node: Node) -> str:
    """What the approving task forgets, "" when nothing."""
    apart = listed(graph.elements[node].properties.get("not_done_by", ""))
    label = called(graph.elements[node])
    if not apart:
        return f"“{label}”没有写明要避开谁"
    forgotten = [
        called(one)
        for other, one in graph.elements.items()
        if one.kind == "userTask"
        and one.id not in apart
        and not _approves(guard, one)
        and is_meant(guard, one)
        and node in reachable(graph, [other])
    ]
    return f"“{label}”没有避开“{'”“'.join(dict.fromkeys(forgotten))}”" if forgotten else ""


CHECK = Check(
    id="separated",
    sentence="审批人不是调查人",
    because="G16：自己调查、自己审批，没有人能发现差错",
    good="审批步骤写明避开入户核实步骤的办理人",
    bad="审批步骤没有写 not_done_by",
    run=_run,
)
