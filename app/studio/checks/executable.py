"""Diagrams hold only what the engine executes as drawn."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding
from app.studio.checks.base import Check
from app.studio.checks.sound import CODES
from app.studio.subject import Subject


def _run(subject: Subject) -> Iterable[Finding]:
    return [one for one in subject.linted if one.code not in CODES]


CHECK = Check(
    id="executable",
    sentence="流程图中的每个元素、连线和表达式都能照图执行",
    because="引擎不执行的画法会被悄悄跳过，个案停在半路或走错路",
    good="排他网关的每条出线写明条件或设为默认",
    bad="任务直接引出两条带条件的连线",
    run=_run,
)
