"""Nothing is paid on a promise that was not kept: the answer of the call is asked first (G13)."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding
from app.studio.asking import answer_names, asking, asks, call_words
from app.studio.checks.base import Check, keep, violation
from app.studio.draws import SOURCE
from app.studio.graph import Graph, Node
from app.studio.guardrails import Guard
from app.studio.subject import Subject, argument, called, falls_under, is_demanded_of, place_of
from app.studio.ways import places, way


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("heeds"):
        found: dict[tuple[str, str], Finding] = {}
        for graph in subject.graphs:
            for node, element in graph.elements.items():
                process = graph.processes[node]
                if not (is_demanded_of(guard, element) and falls_under(guard, process)):
                    continue
                source = next((one.source for one in element.inputs if one.target == SOURCE), "")
                literal = argument(element, SOURCE) if source else guard.sources[0]
                if literal not in guard.sources:  # another money, or one that tables choose
                    continue
                shown = _unasked(guard, graph, node)
                if shown:
                    told = _finding(subject, guard, graph, shown)
                    keep(found, (process.id, element.id), told)
        yield from found.values()


def _unasked(guard: Guard, graph: Graph, node: Node) -> tuple[Node, ...]:
    """The shortest way from the call to a payment on which nobody asks its answer."""
    names = answer_names(graph.elements[node], guard.answer)
    closed = asking(graph, [node], guard.answer)
    closed |= {
        one
        for one, element in graph.elements.items()
        if any(asks(line.source, name) for line in element.inputs for name in names)
    }
    ends = {n for n, one in graph.elements.items() if one.call_type in guard.before} - closed
    return way(graph, [node], ends, closed=closed, last=True)


def _finding(subject: Subject, guard: Guard, graph: Graph, shown: tuple[Node, ...]) -> Finding:
    process, element = graph.processes[shown[0]], graph.elements[shown[0]]
    paid = call_words([graph.elements[shown[-1]].call_type], subject.around.calls)
    return violation(
        subject,
        guard,
        f"“{called(element)}”没有成功也会走到{paid}“{called(graph.elements[shown[-1]])}”",
        f"请在它后面加网关，按答复 {guard.answer} 分路。",
        place_of(process, element.id),
        places(graph, shown),
    )


CHECK = Check(
    id="heeds",
    sentence="预留资金没有成功，就走不到发放",
    because="G13：备用金设专账，余额不得为负",
    good="预留之后问“已预留”，没有预留的报县级或追加",
    bad="预留之后不问结果就发放",
    run=_run,
)
