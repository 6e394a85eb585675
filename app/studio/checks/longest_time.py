"""The limits one after another on any way do not add up to more than the law gives (G03).

Counted are the limits of steps (property `limit`), the days a notice stays and plain waiting
times, from where the clock starts to where it stops; a way back for correction counts once.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from app.decision.result import Finding
from app.studio.checks.base import Check, keep, violation
from app.studio.graph import Graph, Node, reachable
from app.studio.guardrails import Guard
from app.studio.limits import clock_workdays, workdays_at
from app.studio.longest import heaviest
from app.studio.subject import Subject, argument, called, falls_under, place_of
from app.studio.ways import places

STARTS, STOPS = "clock.start", ("clock.stop", "clock.cancel")
BOUND = "workdays"


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("longest_time"):
        found: dict[tuple[str, str], Finding] = {}
        for graph in subject.graphs:
            for node, element in graph.elements.items():
                process = graph.processes[node]
                starts = element.call_type == STARTS and falls_under(guard, process)
                key = argument(element, "key")
                if not starts or key is None or key not in guard.keys:
                    continue
                for bound in _bounds(subject, guard, key)[:1]:
                    total, shown = _longest(subject, graph, node, key)
                    if total > bound:
                        told = _finding(subject, guard, graph, shown, total=total, bound=bound)
                        keep(found, (process.id, element.id), told)
        yield from found.values()


def _bounds(subject: Subject, guard: Guard, key: str) -> list[Decimal]:
    """What binds, the strictest first: the law's figure and the locality's own limit."""
    law = guard.at_most.get(BOUND)
    own = clock_workdays(subject, key)
    known = [Decimal(law) if law is not None else None, own]
    return sorted(one for one in known if one is not None)


def _longest(
    subject: Subject, graph: Graph, node: Node, key: str
) -> tuple[Decimal, tuple[Node, ...]]:
    ends = {
        one
        for one, element in graph.elements.items()
        if element.call_type in STOPS and argument(element, "key") == key
    }
    inside = reachable(graph, [node], closed=ends)
    weights = {one: workdays_at(subject, graph, one) for one in inside}
    return heaviest(graph, node, inside, ends, weights)


def _finding(
    subject: Subject,
    guard: Guard,
    graph: Graph,
    shown: tuple[Node, ...],
    *,
    total: Decimal,
    bound: Decimal,
) -> Finding:
    first = shown[0]
    heavy = [
        f"“{called(graph.elements[one])}” {days:f} 个工作日"
        for one in shown
        if (days := workdays_at(subject, graph, one))
    ]
    return violation(
        subject,
        guard,
        f"最长的一条路各环节合计 {total:f} 个工作日（{'、'.join(heavy)}），超过 {bound:f} 个工作日",
        "请缩短这条路上的环节期限。",
        place_of(graph.processes[first], first[-1]),
        places(graph, shown),
    )


CHECK = Check(
    id="longest_time",
    sentence="每条路上前后相接的期限，合计不超过法定的时限",
    because="G03：支出型的审核审批应当在 20 个工作日内完成",
    good="核对 5 个、公示 5 个、审批 3 个工作日，合计 13 个",
    bad="新加的一步写 25 个工作日",
    run=_run,
)
