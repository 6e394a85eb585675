"""The checks a package must pass before it is published, in the order they are shown."""

from app.studio.checks import (
    after_answer,
    answers,
    asks,
    carries,
    clauses,
    clocks,
    complete,
    dated,
    every_way,
    examples,
    executable,
    followed_by,
    forms,
    heeds,
    in_order,
    ledgers,
    longest_time,
    not_before,
    not_longer,
    papers,
    people,
    preceded_by,
    scenarios,
    separated,
    sound,
    tables,
    unreachable_when,
)
from app.studio.checks.base import Check

CHECKS: tuple[Check, ...] = tuple(
    module.CHECK
    for module in (
        executable,
        sound,
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
        in_order,
        every_way,
        after_answer,
        unreachable_when,
        longest_time,
        not_longer,
        separated,
        asks,
        carries,
        heeds,
        answers,
        dated,
        examples,
        scenarios,
    )
)

__all__ = ["CHECKS", "Check"]
