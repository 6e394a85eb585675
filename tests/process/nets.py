"""Small diagrams out of one-line texts, random ones, and a token game of another make.

The game here is the oracle of `test_soundness.py`: it keeps a token on every single flow and
activity, knows no resting places and looks at every order of moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise
from random import Random

from app.process.model import Element, Event, Flow, ProcessDefinition

KINDS = {
    "b": "startEvent",
    "e": "endEvent",
    "k": "endEvent",  # ends everything
    "p": "parallelGateway",
    "x": "exclusiveGateway",
    "o": "inclusiveGateway",
    "i": "boundaryEvent",  # "i_t1" stands on t1 and interrupts it
    "n": "boundaryEvent",  # "n_t1" stands on t1 and does not
    "t": "userTask",
}


def net(text: str) -> ProcessDefinition:
    """A process out of lines like "b > p1 > t1 > p2 > e"; first letters tell kinds."""
    pairs = [
        pair
        for line in text.strip().splitlines()
        for pair in pairwise(part.strip() for part in line.split(">"))
    ]
    return of_pairs(pairs)


def of_pairs(pairs: list[tuple[str, str]]) -> ProcessDefinition:
    flows = {f"f{n}": Flow(f"f{n}", source, target) for n, (source, target) in enumerate(pairs)}
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    elements = {}
    for name in names:
        incoming = tuple(flow.id for flow in flows.values() if flow.target == name)
        outgoing = tuple(flow.id for flow in flows.values() if flow.source == name)
        boundary = KINDS[name[0]] == "boundaryEvent"
        event = Event("timer") if boundary else Event("terminate") if name[0] == "k" else None
        elements[name] = Element(
            id=name,
            kind=KINDS[name[0]],
            name=name,
            attached_to=name.split("_")[1] if boundary else "",
            interrupting=name[0] != "n",
            event=event,
            incoming=incoming,
            outgoing=outgoing,
        )
    return ProcessDefinition("main", "", "main.bpmn", b"", True, elements, flows)


Tokens = frozenset[tuple[str, int]]


class Game:
    """Every marking of the process and three verdicts: starved, doubled, trapped."""

    def __init__(self, process: ProcessDefinition, limit: int = 200_000) -> None:
        self.process = process
        self.doubled = False
        self.starved = False
        start = process.start()
        assert start is not None
        beside = [e.id for e in process.elements.values() if e.attached_to and not e.interrupting]
        first = frozenset(Counter([*start.outgoing, *(f"!{name}" for name in beside)]).items())
        self.nexts: dict[Tokens, set[Tokens]] = {}
        stack = [first]
        while stack:
            tokens = stack.pop()
            if tokens in self.nexts:
                continue
            assert len(self.nexts) < limit
            after = {self._cap(one) for one in self._fire(Counter(dict(tokens)))}
            self.nexts[tokens] = after
            if not after and any(place[0] != "!" for place, _ in tokens):
                self.starved = True
            stack += after
        self.trapped = self._is_trapped()

    def _cap(self, tokens: Counter[str]) -> Tokens:
        for place, count in tokens.items():
            if count > 1 and place[0] != "!" and self._counts(place):
                self.doubled = True
        return frozenset((place, min(count, 2)) for place, count in tokens.items() if count)

    def _counts(self, place: str) -> bool:
        if place[0] == "@":
            return True
        return self._acts(self.process.flows[place].target, frozenset())

    def _acts(self, name: str, seen: frozenset[str]) -> bool:
        """True when something is done at that element or behind gateways alone."""
        element = self.process.elements[name]
        if element.kind in ("userTask", "endEvent"):
            return element.kind == "userTask"
        after = (self.process.flows[flow].target for flow in element.outgoing)
        return name not in seen and any(self._acts(one, seen | {name}) for one in after)

    def _fire(self, tokens: Counter[str]) -> Iterator[Counter[str]]:
        for element in self.process.elements.values():
            yield from self._fire_one(element, tokens)

    def _fire_one(self, element: Element, tokens: Counter[str]) -> Iterator[Counter[str]]:
        present = [flow for flow in element.incoming if tokens[flow]]
        if element.kind == "boundaryEvent":
            inside = tokens[f"@{element.attached_to}"]
            armed = f"!{element.id}"
            if not element.interrupting and inside and tokens[armed]:
                yield self._move(tokens, [armed], element.outgoing)
            if element.interrupting and inside:
                yield self._move(tokens, [f"@{element.attached_to}"], element.outgoing)
        elif element.kind == "userTask":
            for flow in present:
                yield self._move(tokens, [flow], [f"@{element.id}"])
            if tokens[f"@{element.id}"]:
                yield self._move(tokens, [f"@{element.id}"], element.outgoing)
        elif element.kind == "endEvent":
            for flow in present:
                yield Counter() if element.event else self._move(tokens, [flow], ())
        elif element.kind == "exclusiveGateway":
            for flow in present:
                for way in element.outgoing:
                    yield self._move(tokens, [flow], [way])
        elif present and self._is_ready(element, present, tokens):
            for chosen in self._chosen(element):
                yield self._move(tokens, present, chosen)

    def _is_ready(self, element: Element, present: list[str], tokens: Counter[str]) -> bool:
        if len(present) == len(element.incoming):
            return True
        if element.kind == "parallelGateway":
            return False
        empty = {flow for flow in element.incoming if not tokens[flow]}
        return not any(
            count
            and place[0] != "!"
            and place not in element.incoming
            and self._can_come(place, element.id, empty)
            for place, count in tokens.items()
        )

    def _can_come(self, place: str, join: str, empty: set[str]) -> bool:
        elements, flows = self.process.elements, self.process.flows
        first = elements[place[1:]] if place[0] == "@" else None
        front = [flow for one in self._around(first) for flow in one.outgoing] if first else [place]
        seen: set[str] = set()
        while front:
            flow = front.pop()
            if flow in seen:
                continue
            seen.add(flow)
            target = elements[flows[flow].target]
            if target.id == join:
                if flow in empty:
                    return True
                continue
            front += [one for part in self._around(target) for one in part.outgoing]
        return False

    def _around(self, element: Element) -> tuple[Element, ...]:
        return (element, *self.process.boundaries(element.id))

    def _chosen(self, element: Element) -> Iterator[tuple[str, ...]]:
        if element.kind == "parallelGateway":
            yield element.outgoing
            return
        for size in range(1, len(element.outgoing) + 1):
            yield from combinations(element.outgoing, size)

    @staticmethod
    def _move(
        tokens: Counter[str], taken: list[str], put: tuple[str, ...] | list[str]
    ) -> Counter[str]:
        after = tokens.copy()
        after.subtract(taken)
        after.update(put)
        return +after

    def _is_trapped(self) -> bool:
        """True when some marking leads neither to an end nor to a standstill."""
        good = {tokens for tokens, after in self.nexts.items() if not after}
        while True:
            more = {t for t, after in self.nexts.items() if t not in good and after & good}
            if not more:
                return len(good) < len(self.nexts)
            good |= more


def invented(dice: Random) -> ProcessDefinition:
    """A random diagram: nested blocks, now and then with a gateway or a flow gone wrong."""
    pairs: list[tuple[str, str]] = []
    counts: Counter[str] = Counter()

    def fresh(letter: str) -> str:
        counts[letter] += 1
        return f"{letter}{counts[letter]}"

    def block(source: str, depth: int) -> str:
        """Draws something after `source`; its last element is the answer."""
        kind = dice.choice("tttpxoLn" if depth else "t")
        if kind == "t":
            task = fresh("t")
            pairs.append((source, task))
            return task
        if kind == "L":
            into, out = fresh("x"), fresh("x")
            pairs.append((source, into))
            pairs.append((block(into, depth - 1), out))
            pairs.append((out, into))
            return out
        if kind == "n":
            task = fresh("t")
            pairs.append((source, task))
            pairs.append((f"{dice.choice('in')}_{task}", dice.choice(["e0", fresh("t")])))
            if pairs[-1][1] != "e0":
                pairs.append((pairs[-1][1], "e0"))
            return task
        split, join = fresh(kind), fresh(dice.choice([kind, kind, kind, "p", "x", "o"]))
        pairs.append((source, split))
        for _ in range(dice.choice([2, 2, 3])):
            pairs.append((block(split, depth - 1), join))
        return join

    last = "b"
    for _ in range(dice.choice([1, 2, 3])):
        last = block(last, 2)
    pairs.append((last, "e0"))
    if dice.random() < 0.4:  # a flow that leads somewhere else
        number = dice.randrange(len(pairs))
        targets = [name for _, name in pairs if name[0] in "pxote"]
        pairs[number] = (pairs[number][0], dice.choice(targets))
    return of_pairs(pairs)
