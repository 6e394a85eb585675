"""Drawing a sample that anybody can draw again from the recorded seed and population.

Nobody chooses the seed: it follows from the inspection's own id and from the whole population.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from uuid import UUID


def seed_of(inspection: UUID, population: Iterable[str]) -> str:
    """The seed of that inspection over that population: SHA-256 in hexadecimal."""
    text = "\n".join([str(inspection), *sorted(population)])
    return hashlib.sha256(text.encode()).hexdigest()


def draw(seed: str, population: Iterable[str], size: int) -> tuple[str, ...]:
    """`size` numbers of the population (all when there are fewer), in the order drawn."""

    def lot(number: str) -> str:
        return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()

    return tuple(sorted(set(population), key=lot)[:size])
