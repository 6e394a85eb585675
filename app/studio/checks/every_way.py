"""Every way through a process that people start comes to what a guard-rail demands (G18)."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding
from app.studio.asking import call_words
from app.studio.checks.base import Check, violation
from app.studio.graph import always_meeting
from app.studio.subject import Subject, called, falls_under, fulfils, place_of
from app.studio.ways import places, way_out


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("every_way"):
        for graph in subject.doors:
            if graph.start not in graph.elements:
                continue
            process = graph.processes[graph.start]
            goals = {n for n, e in graph.elements.items() if fulfils(guard, guard.followed, e)}
            if graph.start in always_meeting(graph, goals) or not falls_under(guard, process):
                continue
            shown = way_out(graph, graph.start, goals)
            node = shown[-1] if shown else graph.start
            owed = call_words(guard.followed, subject.around.calls)
            yield violation(
                subject,
                guard,
                f"流程“{process.name or process.id}”有一条路不经过{owed}"
                f"就到了“{called(graph.elements[node])}”",
                "请让每条路都走到这一步。",
                place_of(graph.processes[node], node[-1]),
                places(graph, shown),
            )


CHECK = Check(
    id="every_way",
    sentence="从受理开始的每条路都有交代：救助、转介或者说明理由的不予救助",
    because="G18：没有结果的路是死胡同，求助的人得不到答复",
    good="转办的路以“转办结案”结束",
    bad="一条路从受理直接到结束，没有结案",
    run=_run,
)
