"""What must have come, what must still come, and the shortest way that shows otherwise.

Works on the graph of drawn steps. Where branches that were entered at once join again, all of
them have come: a step on any one of them counts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from app.decision import CompiledExpression, ExpressionError, compile_expression, parse_checked
from app.decision.nodes import And, Span
from app.decision.result import Place, Value
from app.process.model import Flow
from app.studio.graph import Graph, Node, reachable

PARTS_KEPT = 4_096  # compiled conditions of diagrams that are looked at again

_JOIN = "parallelGateway"
_T = TypeVar("_T")


def progress(graph: Graph, wanted: Sequence[Collection[Node]]) -> dict[Node, int]:
    """Step -> how many of the `wanted` stages have surely come, in order, once it is done.

    Only steps that can be reached are in it.
    """
    reach = reachable(graph, [graph.start])
    before = _before(graph, reach)
    done: dict[Node, int] = {}
    waiting = deque(node for node in [graph.start] if node in graph.elements)
    while waiting:
        node = waiting.popleft()
        came = _arrived(graph, node, before[node], done)
        if came is None:
            continue
        after = came + (came < len(wanted) and node in wanted[came])
        if done.get(node) != after and not after > done.get(node, after):
            done[node] = after
            waiting.extend(one for one in graph.nexts(node) if one in reach)
    return done


def _before(graph: Graph, reach: Collection[Node]) -> dict[Node, list[Node]]:
    found: dict[Node, list[Node]] = {node: [] for node in reach}
    for node in reach:
        for one in graph.nexts(node):
            if one in found:
                found[one].append(node)
    return found


def _arrived(
    graph: Graph, node: Node, before: Sequence[Node], done: Mapping[Node, int]
) -> int | None:
    """The stages that have come when a token arrives; None while a join still waits."""
    if node == graph.start:
        return 0
    known = [done[one] for one in before if one in done]
    if graph.elements[node].kind == _JOIN:
        return max(known) if len(known) == len(before) else None
    return min(known, default=None)


def missing(graph: Graph, goals: Collection[Node]) -> set[Node]:
    """The steps that can be reached without any of `goals`, the goals themselves left out."""
    return {node for node, came in progress(graph, [goals]).items() if not came}


def behind(
    graph: Graph, wanted: Sequence[Collection[Node]], target: Node
) -> tuple[tuple[Node, ...], int]:
    """The shortest way to a step on which stages are missing, and how many came before it."""
    least = progress(graph, wanted)
    first = (graph.start, least.get(graph.start, 0))
    came: dict[tuple[Node, int], tuple[Node, int] | None] = {first: None}
    waiting = deque([first])
    while waiting:
        state = waiting.popleft()
        node, stage = state
        if node == target and stage < len(wanted):
            return tuple(one for one, _ in _back(came, state)), stage
        for one in graph.nexts(node):
            if one not in least:
                continue
            after = stage + (stage < len(wanted) and one in wanted[stage])
            if after >= least[one] and (one, after) not in came:
                came[one, after] = state
                waiting.append((one, after))
    return (), 0


def way(
    graph: Graph,
    starts: Iterable[Node],
    targets: Collection[Node],
    closed: Collection[Node] = (),
    last: bool = False,
) -> tuple[Node, ...]:
    """The shortest way from a start to a target that never passes `closed`; () when none.

    With `last` a start does not count as a target already.
    """
    came: dict[Node, Node | None] = {}
    waiting: deque[Node] = deque()
    for node in starts:
        if node in graph.elements and node not in came:
            came[node] = None
            waiting.append(node)
    while waiting:
        node = waiting.popleft()
        if node in targets and not (last and came[node] is None):
            return _back(came, node)
        for one in graph.nexts(node):
            if one in graph.elements and one not in came and one not in closed:
                came[one] = node
                waiting.append(one)
    return ()


def _back(came: Mapping[_T, _T | None], node: _T) -> tuple[_T, ...]:
    found = [node]
    while (earlier := came[found[-1]]) is not None:
        found.append(earlier)
    return tuple(reversed(found))


def way_out(graph: Graph, node: Node, goals: Collection[Node]) -> tuple[Node, ...]:
    """The shortest way from a step to an end that passes no goal; () when there is none."""
    ends = {one for one in graph.elements if not graph.nexts(one)} - set(goals)
    return way(graph, [node], ends, closed=goals)


def places(graph: Graph, nodes: Sequence[Node]) -> tuple[Place, ...]:
    """The steps of a way and the flows between them, as places of their diagrams."""
    found: list[Place] = []
    for number, node in enumerate(nodes):
        process, element = graph.processes[node], graph.elements[node]
        if number:
            found += _between(graph, nodes[number - 1], node)
        found.append(Place(file=process.file, element_id=element.id))
    return tuple(found)


def _between(graph: Graph, earlier: Node, node: Node) -> list[Place]:
    """The flow drawn from one step to the next, if there is one in the same process."""
    process = graph.processes[node]
    if earlier[:-1] != node[:-1]:
        return []
    flows = [process.flows[one] for one in graph.elements[earlier].outgoing if one in process.flows]
    return [Place(file=process.file, element_id=one.id) for one in flows if one.target == node[-1]][
        :1
    ]


def pruned(graph: Graph, known: Mapping[Node, Mapping[str, Value]]) -> Graph:
    """The graph without the flows that can not be taken where these facts are known.

    known: exclusive gateway -> name -> value. A condition that needs more than is known stays
    open, so that what is cut off is cut off for certain.
    """
    following = dict(graph.following)
    for node, facts in known.items():
        element, process = graph.elements[node], graph.processes[node]
        flows = [process.flows[one] for one in element.outgoing if one in process.flows]
        shut = _shut(flows, element.default_flow, facts)
        following[node] = tuple((*node[:-1], one.target) for one in flows if one.id not in shut)
    return replace(graph, following=following)


def _shut(flows: Sequence[Flow], default: str, facts: Mapping[str, Value]) -> set[str]:
    holds = {
        one.id: truth(one.condition, facts)
        for one in flows
        if one.id != default and one.condition.startswith("=")
    }
    shut = {name for name, value in holds.items() if value is False}
    if any(value is True for value in holds.values()):
        shut.add(default)
    return shut


def truth(condition: str, facts: Mapping[str, Value]) -> bool | None:
    """Whether a condition holds with these facts alone; None when it needs others."""
    answers = [_truth(part, facts) for part in _parts(condition)]
    if False in answers:
        return False
    return None if None in answers else True


@lru_cache(maxsize=PARTS_KEPT)
def _parts(condition: str) -> tuple[CompiledExpression | None, ...]:
    """What must all hold for the condition to hold, compiled; None for what can not be read."""
    body = condition.removeprefix("=").strip()
    node = parse_checked(body)[0].node
    spans = [one.span for one in node.items] if isinstance(node, And) else [Span(0, len(body))]
    return tuple(_compiled(body[span.start : span.end]) for span in spans)


def _compiled(text: str) -> CompiledExpression | None:
    try:
        return compile_expression(text)
    except ExpressionError:
        return None


def _truth(part: CompiledExpression | None, facts: Mapping[str, Value]) -> bool | None:
    if part is None or not part.names <= facts.keys():
        return None
    result = part.evaluate(facts)
    return None if result.errors else bool(result.value is True)
