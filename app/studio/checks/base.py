"""The shape of a check: one file each, collecting everything it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.decision.result import Finding, Place
from app.studio.guardrails import Guard
from app.studio.subject import Subject

SOFT_ADVICE = "确有理由的，写明理由，由另一人签名后可以发布。"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a package must be; `run` says where it is not."""

    id: str  # stable ASCII snake_case
    sentence: str  # Chinese: what is demanded
    because: str  # clause, or the risk it keeps away
    good: str  # Chinese: an example that passes
    bad: str  # Chinese: an example that is found
    run: Callable[[Subject], Iterable[Finding]]


def violation(
    subject: Subject,
    guard: Guard,
    text: str,
    advice: str,
    place: Place,
    path: Iterable[Place] = (),
) -> Finding:
    """The finding for a guard-rail that is not kept: what, the demand, the clause word for word.

    A soft one adds how it may still be published.
    """
    if guard.severity == "soft":
        advice += SOFT_ADVICE
    message = f"{text}：{guard.sentence}（{subject.statutes.cite(guard.clause)}）。"
    return Finding(
        guard.id,
        guard.severity,
        message,
        advice,
        place,
        path=tuple(path),
        clause=guard.clause,
    )


def keep(found: dict[tuple[str, str], Finding], where: tuple[str, str], told: Finding) -> None:
    """Of what is said of one element on several ways the one with the shortest way stays."""
    if where not in found or len(told.path) < len(found[where].path):
        found[where] = told
