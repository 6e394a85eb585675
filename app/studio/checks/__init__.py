"""The checks a package must pass before it is published, in the order they are shown."""

from app.studio.checks import (
    answers,
    clauses,
    clocks,
    complete,
    dated,
    every_way,
    examples,
    executable,
    followed_by,
    forms,
    ledgers,
    not_before,
    papers,
    people,
    preceded_by,
    scenarios,
    separated,
    tables,
)
from app.studio.checks.base import Check

CHECKS: tuple[Check, ...] = tuple(
    module.CHECK
    for module in (
        executable,
        forms,
        tables,
        papers,
        ledgers,
        complete,
        clocks,
        people,
        clauses,
        not_before,
        preceded_by,
        followed_by,
        every_way,
        separated,
        answers,
        dated,
        examples,
        scenarios,
    )
)

__all__ = ["CHECKS", "Check"]
