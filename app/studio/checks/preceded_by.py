"""What a guard-rail demands before a payment has come on every way there (G01)."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding
from app.kernel.roles import ROLES
from app.process.model import Element
from app.studio.checks.base import Check
from app.studio.graph import reachable
from app.studio.statutes import Guard
from app.studio.subject import Subject, called, falls_under, fulfils, is_demanded_of, place_of


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("preceded_by"):
        found: dict[tuple[str, str], Finding] = {}
        for graph in subject.graphs:
            goals = {
                node
                for node, element in graph.elements.items()
                if fulfils(guard, guard.preceded, element) or _is_done_by(guard, element)
            }
            for node in reachable(graph, [graph.start], closed=goals) - goals:
                process, element = graph.processes[node], graph.elements[node]
                if not (is_demanded_of(guard, element) and falls_under(guard, process)):
                    continue
                found[process.id, element.id] = Finding(
                    guard.id,
                    guard.severity,
                    f"有一条路没有经过 {_demanded(guard)} 就到了“{called(element)}”："
                    f"{guard.sentence}（{subject.statutes.cite(guard.clause)}）。",
                    "请在它之前的每条路上补上这一步。",
                    place_of(process, element.id),
                )
        yield from found.values()


def _is_done_by(guard: Guard, element: Element) -> bool:
    """True for a person's step that the guard-rail demands, done by a role it names."""
    step = element.properties.get("step", "")
    return (
        element.kind == "userTask"
        and bool(step)
        and step in guard.steps
        and (not guard.roles or element.role in guard.roles)
    )


def _demanded(guard: Guard) -> str:
    labels = [ROLES[role].label for role in guard.roles if role in ROLES]
    steps = [f"{'或'.join(labels)}办理的 {step}" if labels else step for step in guard.steps]
    return "、".join([*guard.preceded, *steps])


CHECK = Check(
    id="preceded_by",
    sentence="发放或结案之前必须做的步骤，每条路都已经过",
    because="G01：没有启动时限就不知道是否按时发放；G17：不予救助要有告知书；G09：一事一议要有签批",
    good="接到报告就启动先行救助时限，再核实、审批、发放",
    bad="一条路没有启动时限就发放",
    run=_run,
)
