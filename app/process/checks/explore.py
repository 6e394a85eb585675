"""All states of one scope, from the nearest to the farthest, and what is wrong in which of them.

Every state is looked at up to a limit; beyond it only one token moves at a time where moves do
not touch each other, and if that is still too much the answer says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

from app.process.checks.marking import ARMED, JOINS, Marking, Move, Scope, Spot

MAX_STATES = 12_000  # states of one scope looked at in full
MAX_REDUCED = 30_000  # states looked at in the reduced game
MAX_TOKENS = 2  # tokens at one spot; a second one is already a finding

Way = tuple[str, ...]


@dataclass(slots=True)
class Explored:
    """What was seen of one scope; every path is a shortest one."""

    starved: dict[str, Way] = field(default_factory=dict)  # join -> a way to where it waits
    doubled: dict[str, Way] = field(default_factory=dict)  # element -> a way to two tokens at it
    trapped: Way | None = None  # a way to a state that goes round for ever; in full only
    passed: set[str] = field(default_factory=set)  # elements and flows that came
    endings: set[str] = field(default_factory=set)  # "error", "normal"
    states: int = 0
    reduced: bool = False  # moves that do not touch each other were taken in one order only
    complete: bool = True  # False when the limit stopped the search


def explore(scope: Scope) -> Explored:
    """The states of the scope; in the reduced game when there are too many."""
    found = _search(scope, reduced=False, limit=MAX_STATES)
    if found.complete:
        return found
    return _search(scope, reduced=True, limit=MAX_REDUCED)


def _search(scope: Scope, *, reduced: bool, limit: int) -> Explored:
    found = Explored(reduced=reduced)
    first = scope.first()
    if first is None:
        return found
    start = _capped(first.after)
    came: dict[Marking, tuple[Marking | None, Way]] = {start: (None, first.passed)}
    distance = {start: len(first.passed)}
    nexts: dict[Marking, list[Marking]] = {}
    heap = [(distance[start], start)]
    found.passed |= set(first.passed)
    _note(scope, found, start, came)
    while heap:
        far, marking = heappop(heap)
        if far > distance[marking] or marking in nexts:
            continue
        if len(nexts) >= limit:
            found.complete = False
            break
        moves = list(scope.moves(marking))
        if marking and not moves:
            _note_starved(scope, found, marking, came)
        nexts[marking] = []
        for move in _taken(scope, marking, moves, reduced):
            after = _capped(move.after)
            nexts[marking].append(after)
            found.passed |= set(move.passed)
            if not after:
                found.endings.add(_ending(scope, move))
            further = far + len(move.passed)
            if after not in distance or further < distance[after]:
                new = after not in distance
                distance[after], came[after] = further, (marking, move.passed)
                heappush(heap, (further, after))
                if new:
                    _note(scope, found, after, came)
    found.states = len(nexts)
    if start == ():
        found.endings |= {"normal"}
    if found.complete and not reduced:
        found.trapped = _trapped(nexts, came)
    return found


def _capped(marking: Marking) -> Marking:
    return tuple((spot, min(count, MAX_TOKENS)) for spot, count in marking)


def _note(
    scope: Scope,
    found: Explored,
    marking: Marking,
    came: dict[Marking, tuple[Marking | None, Way]],
) -> None:
    """Two tokens where one is meant: at one spot, or at two entries of one merge."""
    for spot, count in marking:
        if count > 1 and spot[0] != ARMED and spot[0] not in found.doubled:
            if scope.is_doubled(spot):
                found.doubled[spot[0]] = _way(marking, came)


def _note_starved(
    scope: Scope,
    found: Explored,
    marking: Marking,
    came: dict[Marking, tuple[Marking | None, Way]],
) -> None:
    for name in scope.starved(marking):
        if name not in found.starved:
            found.starved[name] = _way(marking, came)


def _taken(scope: Scope, marking: Marking, moves: list[Move], reduced: bool) -> Iterator[Move]:
    """All moves, or those of the first token whose moves nothing else can change."""
    if reduced:
        for spot, _ in marking:
            if _is_free(scope, spot):
                yield from scope.moves_of(marking, spot)
                return
    yield from moves


def _is_free(scope: Scope, spot: Spot) -> bool:
    """True for a token that only waits to go on: not at a join, a merge or an ending of all."""
    if spot[0] == ARMED or spot[1]:
        return False
    element = scope.inner[spot[0]]
    return element.kind not in JOINS | {"endEvent"} and len(element.incoming) < MAX_TOKENS


def _ending(scope: Scope, move: Move) -> str:
    element = scope.inner.get(move.passed[-1])
    threw = element is not None and element.event is not None and element.event.kind == "error"
    return "error" if threw else "normal"


def _way(marking: Marking, came: dict[Marking, tuple[Marking | None, Way]]) -> Way:
    parts: list[Way] = []
    earlier: Marking | None = marking
    while earlier is not None:
        earlier, passed = came[earlier]
        parts.append(passed)
    return tuple(name for passed in reversed(parts) for name in passed)


def _trapped(
    nexts: dict[Marking, list[Marking]], came: dict[Marking, tuple[Marking | None, Way]]
) -> Way | None:
    """The way to the nearest state that neither ends nor stops, however it goes on."""
    before: dict[Marking, list[Marking]] = {}
    for marking, targets in nexts.items():
        for one in targets:
            before.setdefault(one, []).append(marking)
    stack = [marking for marking in nexts if not nexts[marking]]
    leads: set[Marking] = set()
    while stack:
        marking = stack.pop()
        if marking not in leads:
            leads.add(marking)
            stack += before.get(marking, [])
    rest = [marking for marking in nexts if marking not in leads]
    return min((_way(one, came) for one in rest), key=len, default=None)
