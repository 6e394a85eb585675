"""Facts that a condition or a decision reads hold a value on every way there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.decision.result import Finding
from app.process.model import ProcessDefinition
from app.studio.checks.base import Check, keep
from app.studio.facts import compiled, held, written
from app.studio.graph import Graph, Node
from app.studio.subject import Subject, called, place_of
from app.studio.ways import places, way

WARNING = "warning"


def _run(subject: Subject) -> Iterable[Finding]:
    everywhere = {name for _, element in subject.elements() for name in written(element)}
    found: dict[tuple[str, str], Finding] = {}
    for graph in subject.doors:
        for node, there in sorted(held(graph).items()):
            process = graph.processes[node]
            for where, name, severity in _read(subject, graph, node, process):
                if name in there or name not in everywhere:  # never written: the lint says so
                    continue
                givers = {n for n, one in graph.elements.items() if name in written(one)}
                shown = way(graph, [graph.start], {node}, closed=givers)
                if shown:
                    told = _finding(graph, node, where, name, shown, severity)
                    keep(found, (process.id, f"{where} {name}"), told)
    yield from found.values()


def _read(
    subject: Subject, graph: Graph, node: Node, process: ProcessDefinition
) -> Iterator[tuple[str, str, str]]:
    """(id of the flow or element, fact, severity) of what must hold a value to go on here.

    A text that speaks of null knows that the fact may be missing; a table may answer for it, so
    that is only told.
    """
    element = graph.elements[node]
    if element.kind in ("exclusiveGateway", "inclusiveGateway"):
        for flow_id in element.outgoing:
            flow = process.flows.get(flow_id)
            if flow is not None:
                yield from ((flow_id, name, WARNING) for name in _names(flow.condition))
    if element.event is not None and element.event.kind == "timer":
        yield from ((element.id, name, WARNING) for name in _names(element.event.text))
    if element.call_type:
        for line in element.inputs:
            yield from ((element.id, name, WARNING) for name in _names(line.source))
    if element.decision_id in subject.decisions:
        own = {line.target for line in element.inputs}
        asked = subject.decisions[element.decision_id][0].inputs_of(element.decision_id)
        yield from ((element.id, name, "info") for name in asked if name not in own)


def _names(text: str) -> frozenset[str]:
    expression = compiled(text)
    if expression is None or re.search(r"\bnull\b|\bif\b", text):
        return frozenset()
    return expression.names


def _finding(
    graph: Graph, node: Node, where: str, name: str, shown: tuple[Node, ...], severity: str
) -> Finding:
    process, element = graph.processes[node], graph.elements[node]
    return Finding(
        "unset_fact",
        severity,
        f"“{called(element)}”要用事实“{name}”，可是有一条路到这里还没有人填写它。",
        "请在这条路上补上填写它的步骤；允许为空的，请在表达式里写明为空时怎样。",
        place_of(process, where),
        path=places(graph, shown),
    )


CHECK = Check(
    id="unset",
    sentence="条件、定时和系统动作用到的事实，每条路上都已经有值",
    because="空值会让条件悄悄不成立，个案走错路，或停在半路",
    good="网关问“审批意见”，前面每条路都经过审批",
    bad="有一条路绕过了审批，网关仍问“审批意见”",
    run=_run,
)
