"""Every worked example beside a decision table answers as written."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding, Place
from app.studio.checks.base import Check
from app.studio.subject import Subject


def _run(subject: Subject) -> Iterable[Finding]:
    yield from subject.tried.findings
    without = sorted(set(subject.decisions) - subject.tried.decisions)
    for name in without:
        yield Finding(
            "no_example",
            "info",
            f"决策“{name}”还没有算例。",
            "请在表旁边的 .cases.csv 里补上门槛下、门槛上和刚好在门槛的情形。",
            Place(file=subject.decisions[name][1], decision=name, element_id=name),
        )


CHECK = Check(
    id="examples",
    sentence="每个算例的答案与写明的一致",
    because="改一格数字时，别的情形的答案不能跟着变",
    good="刚好等于额度归乡镇，多一分钱归县级",
    bad="算例写明归县级，表却回答归乡镇",
    run=_run,
)
