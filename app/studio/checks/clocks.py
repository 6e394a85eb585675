"""Every clock a diagram starts has a limit and an escalation ladder in the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.decision.result import Finding
from app.kernel.workdays import Unit
from app.process.model import Element
from app.studio.checks.base import Check, keep
from app.studio.subject import Subject, argument, called, listed, place_of
from app.studio.ways import missing, places, way

DEADLINE = "deadline"
ESCALATION = "escalation"


def _run(subject: Subject) -> Iterable[Finding]:
    started: set[str] = set()
    for process, element in subject.elements():
        key = argument(element, "key") if element.call_type == "clock.start" else None
        if key is None or key in started:
            continue
        started.add(key)
        for message in problems(subject, key):
            advice = "请在时限表和催办表里补上这一行。"
            yield Finding("no_deadline", "error", message, advice, place_of(process, element.id))
    for process, element in subject.elements():
        for key in listed(element.properties.get("clock", "")):
            if key not in started:
                text = f"“{called(element)}”受时限“{key}”约束，但没有步骤启动它。"
                advice = "请在流程里启动这个时限，或改正 clock。"
                place = place_of(process, element.id)
                yield Finding("clock_not_started", "error", text, advice, place)
    yield from _not_running(subject)


def _not_running(subject: Subject) -> Iterator[Finding]:
    """Steps limited by a clock that has not been started on some way to them."""
    found: dict[tuple[str, str], Finding] = {}
    for graph in subject.doors:
        for key in sorted({k for e in graph.elements.values() for k in _clocks(e)}):
            starts = {
                node
                for node, one in graph.elements.items()
                if one.call_type == "clock.start" and argument(one, "key") in (key, None)
            }
            for node in sorted(missing(graph, starts)) if starts else ():
                process, element = graph.processes[node], graph.elements[node]
                if key in _clocks(element):
                    told = Finding(
                        "clock_not_running",
                        "warning",
                        f"“{called(element)}”受时限“{key}”约束，可是有一条路到这里还没有启动它。",
                        "请在这条路上先启动这个时限，免得没有期限、也没有人催办。",
                        place_of(process, element.id),
                        path=places(graph, way(graph, [graph.start], {node}, closed=starts)),
                    )
                    keep(found, (process.id, element.id), told)
    yield from found.values()


def _clocks(element: Element) -> list[str]:
    return listed(element.properties.get("clock", ""))


def problems(subject: Subject, key: str) -> Iterator[str]:
    """Chinese sentences on what the tables do not say about a clock."""
    limit = subject.ask(DEADLINE, {"key": key})
    if limit is None or limit.errors or not isinstance(limit.value, dict):
        yield f"时限“{key}”在决策“{DEADLINE}”里没有期限。"
    elif str(limit.value.get("unit")) not in [unit.value for unit in Unit]:
        yield f"时限“{key}”的单位“{limit.value.get('unit')}”不认识。"
    elif not limit.value.get("amount"):
        yield f"时限“{key}”没有长度（amount）。"
    ladder = subject.ask(ESCALATION, {"key": key})
    if ladder is None or ladder.errors or not isinstance(ladder.value, list):
        yield f"时限“{key}”在决策“{ESCALATION}”里没有催办安排。"
        return
    for row in ladder.value:
        role = row.get("role") if isinstance(row, dict) else None
        if role not in subject.around.roles:
            yield f"时限“{key}”的催办对象“{role}”不是已有的角色。"


CHECK = Check(
    id="clocks",
    sentence="流程启动的每个时限都在时限表和催办表里有安排",
    because="没有期限的时限永远不会到期，也就没有人知道已经超期",
    good="启动时限 first_relief，时限表写明小时数",
    bad="启动一个时限表里没有的时限",
    run=_run,
)
