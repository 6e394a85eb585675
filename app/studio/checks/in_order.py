"""The steps of the law come in order on every way to the payment, none left out (G04)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.decision.result import Finding
from app.studio.asking import step_words
from app.studio.checks.base import Check, keep, violation
from app.studio.graph import Graph, Node
from app.studio.guardrails import Guard
from app.studio.subject import Subject, called, falls_under, is_demanded_of, place_of
from app.studio.ways import behind, places, progress


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("in_order"):
        found: dict[tuple[str, str], Finding] = {}
        for graph in subject.graphs:
            stages = [_doing(graph, steps) for steps in guard.order]
            done = progress(graph, stages)
            for node, came in sorted(done.items()):
                process, element = graph.processes[node], graph.elements[node]
                wanted = is_demanded_of(guard, element) and falls_under(guard, process)
                if wanted and came < len(stages):
                    told = _finding(subject, guard, graph, node, stages)
                    keep(found, (process.id, element.id), told)
        yield from found.values()


def _doing(graph: Graph, steps: Iterable[str]) -> set[Node]:
    wanted = set(steps)
    return {n for n, one in graph.elements.items() if one.properties.get("step", "") in wanted}


def _finding(
    subject: Subject, guard: Guard, graph: Graph, node: Node, stages: Sequence[set[Node]]
) -> Finding:
    process, element = graph.processes[node], graph.elements[node]
    shown, came = behind(graph, stages, node)
    order = "、".join(step_words(steps) for steps in guard.order)
    return violation(
        subject,
        guard,
        f"有一条路到“{called(element)}”之前缺少{step_words(guard.order[came])}（应依次经过{order}）",
        "请在图上补上缺少的环节，并让每条路都按这个顺序经过；环节用属性 step 写明。",
        place_of(process, element.id),
        places(graph, shown),
    )


CHECK = Check(
    id="in_order",
    sentence="法定的环节依次走过，一个也不少",
    because="G04：支出型救助要严格执行申请、受理、审核、审批程序",
    good="申请、受理、审核、审批之后再发放",
    bad="有一条路从受理直接到审批",
    run=_run,
)
