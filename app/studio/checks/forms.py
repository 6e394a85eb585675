"""Forms hold only what is shown and validated here."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding
from app.studio.checks.base import Check
from app.studio.subject import Subject


def _run(subject: Subject) -> Iterable[Finding]:
    return subject.form_findings


CHECK = Check(
    id="forms",
    sentence="每张表单的问题、选项、校验和表达式都能读懂",
    because="读不懂的设置如果放过，问题会问不出来或答案收不下来",
    good="单选题列出每个选项的名称和取值",
    bad="表单里嵌入网页",
    run=_run,
)
