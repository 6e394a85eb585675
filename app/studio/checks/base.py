"""The shape of a check: one file each, collecting everything it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.decision.result import Finding
from app.studio.subject import Subject


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a package must be; `run` says where it is not."""

    id: str  # stable ASCII snake_case
    sentence: str  # Chinese: what is demanded
    because: str  # clause, or the risk it keeps away
    good: str  # Chinese: an example that passes
    bad: str  # Chinese: an example that is found
    run: Callable[[Subject], Iterable[Finding]]
