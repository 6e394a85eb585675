"""Plays every way tokens can take through a scope and looks for joins that wait for ever.

Only scopes without inclusive gateways are played; their joins look at the whole diagram. Each
condition is taken as possibly true and possibly false.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.process.checks.graph import label, scopes_of
from app.process.checks.report import Report
from app.process.model import Element, ProcessDefinition

MAX_MARKINGS = 4_000  # markings looked at per scope; above it the check is left out
MAX_PER_PLACE = 2  # tokens on one flow; a second one is already a finding

Marking = tuple[tuple[str, int], ...]


def check_soundness(process: ProcessDefinition, report: Report) -> None:
    """Findings for joins that can starve and for steps that can be done twice at once."""
    for scope_id in scopes_of(process):
        inner = {e.id: e for e in process.elements.values() if e.parent_id == scope_id}
        if any(e.kind == "inclusiveGateway" for e in inner.values()):
            continue
        if all(e.kind != "parallelGateway" and not e.attached_to for e in inner.values()):
            continue
        starved, doubled = _play(process, inner)
        for name in sorted(starved):
            what = f"并行网关“{label(inner[name])}”可能永远等不齐：有的路到不了它。"
            advice = "请让分开的各路都汇到同一个并行网关；二选一的路用排他网关汇合。"
            report.error(process.file, name, "starving_join", what, advice)
        for flow_id in sorted(doubled):
            flow = process.flows[flow_id]
            if inner[flow.target].kind == "endEvent":
                continue
            what = f"“{label(inner[flow.target])}”可能同时办两遍：并行的路没有先汇合。"
            advice = "请用并行网关汇合后再往下走。"
            report.warning(process.file, flow.target, "doubled_step", what, advice)


def _play(process: ProcessDefinition, inner: dict[str, Element]) -> tuple[set[str], set[str]]:
    start = next((e for e in inner.values() if e.kind == "startEvent"), None)
    if start is None or not _is_closed(process, inner):
        return set(), set()
    first: Marking = tuple((flow_id, 1) for flow_id in start.outgoing)
    seen = {first}
    stack = [first]
    starved: set[str] = set()
    doubled: set[str] = set()
    while stack:
        marking = dict(stack.pop())
        moves = list(_moves(process, inner, marking))
        if marking and not moves:
            starved |= {process.flows[f].target for f in marking if f in process.flows}
        for after in moves:
            doubled |= {f for f, count in after.items() if count > 1 and f in process.flows}
            frozen = tuple(sorted((f, min(n, MAX_PER_PLACE)) for f, n in after.items()))
            if frozen not in seen:
                if len(seen) >= MAX_MARKINGS:
                    return set(), set()
                seen.add(frozen)
                stack.append(frozen)
    return starved, doubled


def _is_closed(process: ProcessDefinition, inner: dict[str, Element]) -> bool:
    flows = [process.flows[f] for element in inner.values() for f in element.outgoing]
    return all(flow.target in inner for flow in flows)


def _moves(
    process: ProcessDefinition, inner: dict[str, Element], marking: dict[str, int]
) -> Iterator[dict[str, int]]:
    for element in inner.values():
        if element.kind == "parallelGateway":
            if element.incoming and all(f in marking for f in element.incoming):
                yield _after(marking, element.incoming, element.outgoing)
            continue
        at = f"@{element.id}"  # a token inside an activity with boundary events
        if at in marking:
            yield from _from_inside(process, element, at, marking)
        for flow_id in element.incoming:
            if flow_id in marking:
                yield from _enter(process, element, flow_id, at, marking)


def _enter(
    process: ProcessDefinition, element: Element, flow_id: str, at: str, marking: dict[str, int]
) -> Iterator[dict[str, int]]:
    if process.boundaries(element.id):
        yield _after(marking, (flow_id,), (at,))
    elif element.kind == "endEvent":
        ends_all = element.event is not None and element.event.kind in ("terminate", "error")
        yield {} if ends_all else _after(marking, (flow_id,), ())
    elif element.kind == "exclusiveGateway":
        for way in element.outgoing:
            yield _after(marking, (flow_id,), (way,))
    else:
        yield _after(marking, (flow_id,), element.outgoing)


def _from_inside(
    process: ProcessDefinition, element: Element, at: str, marking: dict[str, int]
) -> Iterator[dict[str, int]]:
    yield _after(marking, (at,), element.outgoing)
    for guard in process.boundaries(element.id):
        if guard.interrupting:
            yield _after(marking, (at,), guard.outgoing)
        elif not any(flow_id in marking for flow_id in guard.outgoing):
            yield _after(marking, (), guard.outgoing)


def _after(marking: dict[str, int], taken: tuple[str, ...], put: tuple[str, ...]) -> dict[str, int]:
    after = dict(marking)
    for place in taken:
        after[place] -= 1
        if not after[place]:
            del after[place]
    for place in put:
        after[place] = after.get(place, 0) + 1
    return after
