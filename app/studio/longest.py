"""The heaviest way through a part of a graph, every step counted once.

Ways back to a step that all ways have passed before are left out. Where circles remain that have
no such entry, all their steps count: the total is then a bound from above.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from decimal import Decimal

from app.studio.graph import Graph, Node


def heaviest(
    graph: Graph,
    start: Node,
    inside: Collection[Node],
    ends: Collection[Node],
    weights: Mapping[Node, Decimal],
) -> tuple[Decimal, tuple[Node, ...]]:
    """The greatest sum of weights on a way from `start`, and that way; it stops at `ends`."""
    order = sorted(inside)
    nexts = {
        node: [] if node in ends else [one for one in graph.nexts(node) if one in inside]
        for node in order
    }
    passed = _passed(start, order, nexts)
    number = {node: place for place, node in enumerate(order)}
    onward = {
        node: [one for one in nexts[node] if not passed[node] >> number[one] & 1] for node in order
    }
    sums: dict[Node, tuple[Decimal, tuple[Node, ...]]] = {start: (weights[start], (start,))}
    done = _sorted(onward, order)
    for node in done:
        if node not in sums:
            continue
        total, shown = sums[node]
        for one in onward[node]:
            better = total + weights[one]
            if one not in sums or better > sums[one][0]:
                sums[one] = (better, (*shown, one))
    rest = sum((weights[node] for node in order if node not in set(done)), Decimal(0))
    total, shown = max(sums.values(), key=lambda found: (found[0], -len(found[1])))
    return total + rest, shown


def _passed(start: Node, order: list[Node], nexts: Mapping[Node, list[Node]]) -> dict[Node, int]:
    """Step -> the steps (as bits of their number, itself included) every way to it has passed."""
    number = {node: place for place, node in enumerate(order)}
    every = (1 << len(order)) - 1
    passed = dict.fromkeys(order, every)
    passed[start] = 1 << number[start]
    before: dict[Node, list[Node]] = {node: [] for node in order}
    for node, targets in nexts.items():
        for one in targets:
            before[one].append(node)
    waiting = deque(nexts[start])
    while waiting:
        node = waiting.popleft()
        if node == start:
            continue
        came = every
        for one in before[node]:
            came &= passed[one]
        came |= 1 << number[node]
        if came != passed[node]:
            passed[node] = came
            waiting.extend(nexts[node])
    return passed


def _sorted(nexts: Mapping[Node, list[Node]], order: list[Node]) -> list[Node]:
    """The steps in an order in which each comes after all before it; those on circles left out."""
    left = dict.fromkeys(order, 0)
    for targets in nexts.values():
        for one in targets:
            left[one] += 1
    ready = [node for node in order if not left[node]]
    done = []
    while ready:
        node = ready.pop()
        done.append(node)
        for one in nexts[node]:
            left[one] -= 1
            if not left[one]:
                ready.append(one)
    return done
