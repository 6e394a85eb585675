"""Every way through a diagram comes to an end, waits for nobody in vain and does nothing twice."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding
from app.studio.checks.base import Check
from app.studio.subject import Subject

CODES = frozenset(
    {
        *("unreachable", "no_way_out", "busy_circle"),
        *("starving_join", "doubled_step", "endless_way", "dead_step"),
        *("too_many_states", "reduced_check"),
    }
)
"""What the lint says about how tokens move."""


def _run(subject: Subject) -> Iterable[Finding]:
    return [one for one in subject.linted if one.code in CODES]


CHECK = Check(
    id="sound",
    sentence="每条路都能走到结束，不会等不齐、空转、重复办理",
    because="画错的汇合会让个案永远停住，或者同一件事办两遍、钱发两次",
    good="并行分开的两路，汇到同一个并行网关",
    bad="二选一的两路，汇到并行网关：没走的一路永远不来",
    run=_run,
)
