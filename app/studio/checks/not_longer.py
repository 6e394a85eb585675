"""New limits are not longer than those in force (G15); before the first package all pass."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from app.decision.result import Finding, Place
from app.kernel.clock import legal_day
from app.studio.checks.base import Check, violation
from app.studio.limits import hours_of, limit_words
from app.studio.points import days
from app.studio.subject import Subject


def _run(subject: Subject) -> Iterable[Finding]:
    earlier = subject.previous
    if earlier is None:
        return
    for guard in subject.guards("not_longer"):
        if guard.decision not in subject.decisions:
            continue
        place = Place(
            file=subject.decisions[guard.decision][1],
            decision=guard.decision,
            element_id=guard.decision,
        )
        for key in guard.keys:
            for at in days(subject, guard.decision):
                asked = [one.ask(guard.decision, {"key": key}, at) for one in (earlier, subject)]
                old, new = (_limit(result.value if result else None) for result in asked)
                if old is None or new is None or hours_of(new) <= hours_of(old):
                    continue
                later = legal_day(at) > legal_day(subject.around.now)
                since = f"从 {legal_day(at)} 起" if later else ""
                text = f"时限“{key}”{since}由 {limit_words(old)}延长为 {limit_words(new)}"
                yield violation(subject, guard, text, "请改为不长于现行的时限。", place)
                break


def _limit(value: Any) -> tuple[Decimal, str] | None:
    """(how many, of which unit) a limit table answers; None when it answers nothing."""
    if not isinstance(value, dict) or not isinstance(value.get("amount"), Decimal):
        return None
    return value["amount"], str(value.get("unit"))


CHECK = Check(
    id="not_longer",
    sentence="办理时限不比现行的长",
    because="G15：文件要求进一步压缩办理时限",
    good="支出型由 15 个工作日改为 12 个工作日",
    bad="支出型由 15 个工作日改为 18 个工作日",
    run=_run,
)
