"""Is every point of a space covered by a row? If not, where not: disjoint boxes without a rule.

Columns are taken one after another; what matters after some columns is only the set of rows still
alive, so each such set is examined once. Values that leave the same rows alive are one branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.decision.space import Box

MAX_STATES = 400_000  # examined (column, rows alive) pairs before the search gives up

Choice = Sequence[tuple[int, tuple[int, ...]]]
"""Per dimension: (rows that accept, the atoms that are so accepted)."""


def group_atoms(masks: Sequence[int], atoms: Sequence[int], rows: int) -> Choice:
    """The atoms gathered by which of `rows` accept them."""
    groups: dict[int, list[int]] = {}
    for atom in atoms:
        groups.setdefault(masks[atom] & rows, []).append(atom)
    return [(mask, tuple(members)) for mask, members in groups.items()]


@dataclass(slots=True)
class Cover:
    """One search for uncovered boxes."""

    choices: Sequence[Choice]  # per dimension
    limit: int  # boxes wanted at most
    states: int = 0  # states examined
    complete: bool = True  # False when MAX_STATES or `limit` stopped the search
    boxes: list[Box] = field(default_factory=list)
    _clean: list[set[int]] = field(default_factory=list)
    _always: list[int] = field(default_factory=list)

    def search(self, rows: int) -> list[Box]:
        """The boxes that none of `rows` covers, disjoint, at most `limit`."""
        self._clean = [set() for _ in self.choices]
        self._always = _always_accepting(self.choices)
        if any(not choice for choice in self.choices):
            return []
        order = sorted(range(len(self.choices)), key=lambda i: len(self.choices[i]))
        inverse = sorted(range(len(order)), key=lambda i: order[i])
        self.choices = [self.choices[i] for i in order]
        self._always = _always_accepting(self.choices)
        self._walk(0, rows, ())
        self.boxes = [tuple(box[i] for i in inverse) for box in self.boxes]
        return self.boxes

    def _walk(self, column: int, alive: int, path: Box) -> bool:
        """True when everything from here on is covered."""
        if alive & self._always[column]:
            return True
        if not alive:
            rest = tuple(_all_atoms(choice) for choice in self.choices[column:])
            self.boxes.append(path + rest)
            if len(self.boxes) >= self.limit:
                self.complete = False
            return False
        if alive in self._clean[column]:
            return True
        self.states += 1
        if self.states > MAX_STATES:
            self.complete = False
            return True
        branches: dict[int, tuple[int, ...]] = {}
        for mask, atoms in self.choices[column]:
            left = mask & alive
            branches[left] = branches.get(left, ()) + atoms
        clean = True
        for left, atoms in branches.items():
            clean = self._walk(column + 1, left, (*path, atoms)) and clean
            if not self.complete:
                return False
        if clean:
            self._clean[column].add(alive)
        return clean


def _always_accepting(choices: Sequence[Choice]) -> list[int]:
    """Per column, rows that accept every atom of it and of all later columns; -1 at the end."""
    found = [-1]
    for choice in reversed(choices):
        mask = found[-1]
        for accepted, _ in choice:
            mask &= accepted
        found.append(mask)
    return found[::-1]


def _all_atoms(choice: Choice) -> tuple[int, ...]:
    return tuple(sorted(atom for _, atoms in choice for atom in atoms))
