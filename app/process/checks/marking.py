"""How tokens move through one scope of a diagram, with every choice left open.

A token rests only where it waits or something can be decided: at a task of people, a sub-process
or an event, at a gateway that splits, joins or merges, at an end that ends everything. What lies
between is passed at once and told with the move, so that a way can be shown step by step.
Conditions, timers and messages may each happen or not; a sub-process or called process is one
activity here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from app.process.model import Element, ProcessDefinition

MAX_SUBSET_FLOWS = 6  # flows of an inclusive split of which every selection is tried
ENDS_ALL = frozenset({"terminate", "error"})
WAITS = frozenset({"userTask", "intermediateCatchEvent", "subProcess", "callActivity"})
JOINS = frozenset({"parallelGateway", "inclusiveGateway"})

Spot = tuple[str, str]
"""Where a token rests: an element and "", or a join and the flow it came by; or ("!", event) for
a boundary event beside its activity that has not happened yet. Each is tried once in a game: that
a reminder comes again while the first is being worked on is no fault of the diagram."""

Marking = tuple[tuple[Spot, int], ...]
"""Spots with their tokens, sorted; () when everything is over."""

ARMED = "!"


@dataclass(frozen=True, slots=True)
class Move:
    """One step of the game."""

    after: Marking
    passed: tuple[str, ...]  # ids of elements and flows, in order


class Scope:
    """One level of a process: its top or the inside of an embedded sub-process."""

    def __init__(
        self, process: ProcessDefinition, parent_id: str, endings: Mapping[str, frozenset[str]]
    ) -> None:
        """`endings` tells of each sub-process inside how it can end: "error", "normal"."""
        self.process = process
        self.inner = {e.id: e for e in process.elements.values() if e.parent_id == parent_id}
        self.endings = endings
        self.guards = {name: process.boundaries(name) for name in self.inner}
        self._comes: dict[tuple[str, str], frozenset[str]] = {}

    def first(self) -> Move | None:
        """The game as it begins; None without a start event."""
        start = next((e for e in self.inner.values() if e.kind == "startEvent"), None)
        if start is None:
            return None
        waiting: dict[Spot, int] = {
            (ARMED, guard.id): 1
            for name, guards in self.guards.items()
            for guard in guards
            if not guard.interrupting and self._may_happen(self.inner[name], guard)
        }
        return self._put(waiting, start.outgoing, (start.id,))

    def moves(self, marking: Marking) -> Iterator[Move]:
        """Every step that may come next."""
        joins = {name for (name, flow_id), _ in marking if flow_id and name != ARMED}
        for spot, _ in marking:
            yield from self.moves_of(marking, spot)
        for name in sorted(joins):
            yield from self._join(dict(marking), self.inner[name])

    def moves_of(self, marking: Marking, spot: Spot) -> Iterator[Move]:
        """The steps of the token at one spot; those of a join belong to all its tokens."""
        if spot[0] == ARMED:
            yield from self._happen(dict(marking), spot)
        elif not spot[1]:
            yield from self._leave(dict(marking), spot)

    def is_doubled(self, spot: Spot) -> bool:
        """True when two tokens at that spot do something twice: through gateways they just end."""
        seen: set[str] = set()
        stack = [spot[0]]
        while stack:
            element = self.inner[stack.pop()]
            if not element.kind.endswith(("Gateway", "endEvent")):
                return True
            if element.id not in seen:
                seen.add(element.id)
                stack += [self.process.flows[one].target for one in element.outgoing]
        return False

    def starved(self, marking: Marking) -> list[str]:
        """The joins at which tokens wait in a marking that nothing leads out of."""
        return sorted({name for (name, flow_id), _ in marking if flow_id and name != ARMED})

    def _happen(self, tokens: dict[Spot, int], spot: Spot) -> Iterator[Move]:
        """A boundary event beside its activity happens; the activity goes on."""
        guard = self.inner[spot[1]]
        if (guard.attached_to, "") in tokens:
            yield self._put(_less(tokens, [spot]), guard.outgoing, (guard.id,))

    def _leave(self, tokens: dict[Spot, int], spot: Spot) -> Iterator[Move]:
        element = self.inner[spot[0]]
        left = _less(tokens, [spot])
        if element.kind == "endEvent":
            over = element.event is not None and element.event.kind in ENDS_ALL
            yield Move((), (element.id,)) if over else self._put(left, (), (element.id,))
            return
        for guard in self.guards[element.id]:
            if guard.interrupting and self._may_happen(element, guard):
                yield self._put(left, guard.outgoing, (element.id, guard.id))
        if not self._may_end(element):
            return
        for chosen in self._chosen(element):
            yield self._put(left, chosen, (element.id,))

    def _chosen(self, element: Element) -> Iterator[tuple[str, ...]]:
        """The flows a token leaves by, every possibility."""
        if element.kind == "exclusiveGateway":
            yield from ((flow_id,) for flow_id in element.outgoing)
        elif element.kind == "inclusiveGateway" and len(element.outgoing) > 1:
            yield from self._selections(element)
        else:
            yield element.outgoing

    def _selections(self, element: Element) -> Iterator[tuple[str, ...]]:
        flows = [one for one in element.outgoing if one != element.default_flow]
        sizes = range(1, len(flows) + 1) if len(flows) <= MAX_SUBSET_FLOWS else (1, 2, len(flows))
        for size in sizes:
            yield from combinations(flows, size)
        if element.default_flow:
            yield (element.default_flow,)

    def _join(self, tokens: dict[Spot, int], element: Element) -> Iterator[Move]:
        here = [(element.id, flow_id) for flow_id in element.incoming]
        waiting = [spot for spot in here if spot in tokens]
        if element.kind == "parallelGateway":
            if len(waiting) < len(here):
                return
        elif self._more_may_come(tokens, element, [s[1] for s in here if s not in tokens]):
            return
        left = _less(tokens, waiting)
        for chosen in self._chosen(element):
            yield self._put(left, chosen, (element.id,))

    def _more_may_come(
        self, tokens: Mapping[Spot, int], element: Element, empty: list[str]
    ) -> bool:
        """True when a token elsewhere can still reach an empty entry of an inclusive join."""
        if not empty:
            return False
        others = {name for name, _ in tokens} - {element.id, ARMED}
        return any(self._reach(element.id, name) & set(empty) for name in others)

    def _reach(self, join: str, origin: str) -> frozenset[str]:
        """The entries of a join that can be reached from an element without passing the join."""
        if (join, origin) not in self._comes:
            found: set[str] = set()
            seen = {origin}
            stack = [origin]
            while stack:
                element = self.inner[stack.pop()]
                for part in (element, *self.guards[element.id]):
                    for flow_id in part.outgoing:
                        target = self.process.flows[flow_id].target
                        if target == join:
                            found.add(flow_id)
                        elif target not in seen:
                            seen.add(target)
                            stack.append(target)
            self._comes[join, origin] = frozenset(found)
        return self._comes[join, origin]

    def _put(
        self, tokens: Mapping[Spot, int], flows: tuple[str, ...], passed: tuple[str, ...]
    ) -> Move:
        """The game with a token on each flow, brought to where it rests."""
        after = dict(tokens)
        told = list(passed)
        for flow_id in flows:
            spot = self._rest(flow_id, told)
            if spot is None:
                continue
            after[spot] = after.get(spot, 0) + 1
        over = all(name == ARMED for name, _ in after)
        return Move(() if over else tuple(sorted(after.items())), tuple(told))

    def _rest(self, flow_id: str, told: list[str]) -> Spot | None:
        """Where a token on that flow comes to rest; None when it ends on the way."""
        for _ in range(len(self.inner) + 1):
            told.append(flow_id)
            element = self.inner[self.process.flows[flow_id].target]
            if element.kind in JOINS and len(element.incoming) > 1:
                return element.id, flow_id
            if element.kind == "endEvent" and len(element.incoming) < 2:
                if element.event is not None and element.event.kind in ENDS_ALL:
                    return element.id, ""
                told.append(element.id)
                return None
            if self._decides(element):
                return element.id, ""
            told.append(element.id)
            flow_id = element.outgoing[0]
        return element.id, ""

    def _decides(self, element: Element) -> bool:
        """True where a token rests: it waits, or more than one thing can come, or came."""
        return (
            element.kind in WAITS
            or len(element.outgoing) != 1
            or len(element.incoming) > 1
            or bool(self.guards[element.id])
            or not self._may_end(element)
        )

    def _may_happen(self, host: Element, guard: Element) -> bool:
        if guard.event is None or guard.event.kind != "error" or host.kind != "subProcess":
            return True
        return "error" in self.endings.get(host.id, frozenset({"error"}))

    def _may_end(self, element: Element) -> bool:
        return element.kind != "subProcess" or "normal" in self.endings.get(
            element.id, frozenset({"normal"})
        )


def _less(tokens: Mapping[Spot, int], spots: list[Spot]) -> dict[Spot, int]:
    """The tokens without one on each of these spots."""
    left = dict(tokens)
    for spot in spots:
        left[spot] -= 1
        if not left[spot]:
            del left[spot]
    return left
