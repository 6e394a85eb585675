"""Every scenario goes as written, and together they walk over every flow."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding
from app.studio.checks.base import Check
from app.studio.subject import Subject, place_of

SHOWN = 5  # flows named in one sentence


def _run(subject: Subject) -> Iterable[Finding]:
    if subject.library is None:
        return
    yield from subject.played.findings
    for process in subject.processes.values():
        missing = sorted(set(process.flows) - subject.played.walked.get(process.id, frozenset()))
        if not missing:
            continue
        shown = "、".join(missing[:SHOWN]) + ("等" if len(missing) > SHOWN else "")
        yield Finding(
            "flow_not_walked",
            "warning",
            f"流程“{process.name or process.id}”有 {len(missing)} 条连线没有情景走过：{shown}。",
            "请补上走这些连线的情景，免得画错了没有人知道。",
            place_of(process, missing[0]),
        )


CHECK = Check(
    id="scenarios",
    sentence="每个情景的走法和结果与预期一致，每条连线都有情景走过",
    because="改流程时，原来办得通的事不能悄悄办不通",
    good="“火灾，额度以内”走急难型，由乡镇审批，以公示结案结束",
    bad="情景预期由县级审批，流程却走到乡镇审批",
    run=_run,
)
