"""Calls are given what a guard-rail demands of them, such as the slip of a payment (G14)."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding
from app.studio.asking import call_words
from app.studio.checks.base import Check, violation
from app.studio.subject import Subject, called, falls_under, is_demanded_of, place_of


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("carries"):
        for process, element in subject.elements():
            if not (is_demanded_of(guard, element) and falls_under(guard, process)):
                continue
            given = {line.target for line in element.inputs if line.source}
            for name in guard.arguments:
                if name not in given:
                    what = call_words([element.call_type], subject.around.calls)
                    yield violation(
                        subject,
                        guard,
                        f"“{called(element)}”（{what}）没有写明 {name}",
                        f"请在输入映射里补上 {name}。",
                        place_of(process, element.id),
                    )


CHECK = Check(
    id="carries",
    sentence="系统动作写明法定要有的内容，如发放要有发放单",
    because="G14：现金、实物发放要有完善的手续和台账",
    good="登记发放写明用哪张发放单",
    bad="登记发放没有发放单，台账里就没有谁领、谁付",
    run=_run,
)
