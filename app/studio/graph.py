"""A process with the processes it calls as one graph of steps, and two questions about it.

Paths are all that can be drawn; conditions are not looked at. What an answer claims therefore
holds whatever the tables say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from app.process.limits import SUBPROCESS_DEPTH
from app.process.model import Element, ProcessDefinition

MAX_NODES = 5_000  # steps of one process with all it calls

Node = tuple[str, ...]
"""The call activities that lead there, outermost first, then the element: ids."""

_ENTERED_AT_ONCE = "parallelGateway"
_SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})


@dataclass(frozen=True, slots=True)
class Graph:
    """Where a token may go."""

    elements: dict[Node, Element] = field(default_factory=dict)
    processes: dict[Node, ProcessDefinition] = field(default_factory=dict)
    following: dict[Node, tuple[Node, ...]] = field(default_factory=dict)  # along the flows
    breaking: dict[Node, tuple[Node, ...]] = field(default_factory=dict)  # instead of those
    beside: dict[Node, tuple[Node, ...]] = field(default_factory=dict)  # as well as those
    start: Node = ()

    def nexts(self, node: Node) -> tuple[Node, ...]:
        """Every step that may come right after."""
        return (*self.following[node], *self.breaking[node], *self.beside[node])


@dataclass(frozen=True, slots=True)
class _Site:
    """One process inside the graph being drawn."""

    process: ProcessDefinition
    path: Node  # call activities around it
    leaving: tuple[Node, ...]  # where its normal ends go on
    breaking: tuple[Node, ...]  # interrupting boundary events of the calls around it
    beside: tuple[Node, ...]  # other boundary events of the calls around it


def draw(processes: Mapping[str, ProcessDefinition], root: str) -> Graph:
    """The graph of the process `root` with what it calls, as far as these are known."""
    graph = Graph(start=_start(processes[root]))
    waiting = [_Site(processes[root], (), (), (), ())]
    while waiting and len(graph.elements) < MAX_NODES:
        site = waiting.pop()
        for element in site.process.elements.values():
            node = (*site.path, element.id)
            graph.elements[node] = element
            graph.processes[node] = site.process
            inner = _inner_site(processes, site, element)
            if inner is not None:
                waiting.append(inner)
            graph.following[node] = _following(site, element, inner)
            can_wait = not element.kind.endswith(("Gateway", "startEvent", "endEvent"))
            graph.breaking[node] = _boundaries(site, element.id, True) if can_wait else ()
            graph.beside[node] = _boundaries(site, element.id, False) if can_wait else ()
    return graph


def reachable(graph: Graph, starts: Iterable[Node], closed: Collection[Node] = ()) -> set[Node]:
    """All steps a token may come to from `starts`, never going past one of `closed`."""
    seen: set[Node] = set()
    waiting = [node for node in starts if node in graph.elements]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if node not in closed:
            waiting.extend(one for one in graph.nexts(node) if one in graph.elements)
    return seen


def always_meeting(
    graph: Graph, goals: Collection[Node], excused: Collection[Node] = ()
) -> set[Node]:
    """The steps from which every way to an end leads through one of `goals`.

    Of branches that are entered at once, one that leads there is enough; so it is at the gateways
    `excused`, where a table may lawfully answer that the goal is not owed.
    """
    held = set(graph.elements)
    at_once = {n for n, one in graph.elements.items() if one.kind == _ENTERED_AT_ONCE}
    one_enough = at_once.union(excused)
    changed = True
    while changed:
        lost = {n for n in held if n not in goals and not _leads(graph, n, held, n in one_enough)}
        held -= lost
        changed = bool(lost)
    return held


def _leads(graph: Graph, node: Node, held: set[Node], one_enough: bool) -> bool:
    following, breaking = graph.following[node], graph.breaking[node]
    if not all(one in held for one in breaking):
        return False
    if one_enough:
        return any(one in held for one in following)
    return bool(following or breaking) and all(one in held for one in following)


def _start(process: ProcessDefinition, parent_id: str = "") -> Node:
    start = process.start(parent_id)
    return (start.id,) if start else ()


def _inner_site(
    processes: Mapping[str, ProcessDefinition], site: _Site, element: Element
) -> _Site | None:
    """The process behind a call activity; None when it is unknown or too deep."""
    called = processes.get(element.called_process)
    path = (*site.path, element.id)
    if element.kind != "callActivity" or called is None or len(path) > SUBPROCESS_DEPTH:
        return None
    breaking = _boundaries(site, element.id, True)
    return _Site(
        called, path, _targets(site, element), breaking, _boundaries(site, element.id, False)
    )


def _following(site: _Site, element: Element, inner: _Site | None) -> tuple[Node, ...]:
    if element.kind == "endEvent":
        return _after_end(site, element)
    if inner is not None:
        entry, path = _start(inner.process), inner.path
    elif element.kind in _SCOPES:
        entry, path = _start(site.process, element.id), site.path
    else:
        return _targets(site, element)
    return ((*path, *entry),) if entry else ()


def _after_end(site: _Site, element: Element) -> tuple[Node, ...]:
    """Where things go on after an end event: at a boundary event, one level up, or nowhere."""
    if element.event is not None and element.event.kind in ("error", "escalation"):
        return _boundaries(site, element.id, True)
    around = site.process.elements.get(element.parent_id)
    return site.leaving if around is None else _targets(site, around)


def _targets(site: _Site, element: Element) -> tuple[Node, ...]:
    flows = site.process.flows
    targets = [flows[name].target for name in element.outgoing if name in flows]
    return tuple((*site.path, one) for one in targets if one in site.process.elements)


def _boundaries(site: _Site, element_id: str, interrupting: bool) -> tuple[Node, ...]:
    """The boundary events on an element and on everything around it."""
    found = list(site.breaking if interrupting else site.beside)
    elements = site.process.elements
    current = elements.get(element_id)
    for _ in range(SUBPROCESS_DEPTH + 1):
        if current is None:
            break
        for event in site.process.boundaries(current.id):
            if event.interrupting is interrupting:
                found.append((*site.path, event.id))
        current = elements.get(current.parent_id)
    return tuple(found)
