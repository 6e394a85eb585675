"""Decision tables are read, compiled and leave no case open or answered twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.decision.result import Finding
from app.studio.checks.base import Check
from app.studio.subject import Subject


def _run(subject: Subject) -> Iterable[Finding]:
    yield from subject.decision_findings
    seen: set[str] = set()
    for model, file in subject.decisions.values():
        if file in seen:
            continue
        seen.add(file)
        analyse = getattr(model, "analyse", None)
        for one in analyse() if analyse is not None else ():
            yield one if one.place.file else replace(one, place=replace(one.place, file=file))


CHECK = Check(
    id="tables",
    sentence="每张决策表都能读懂；同一情形不会命中互相矛盾的两行",
    because="G19：空档要看得见，重叠会使同样的情形得到不同的答案",
    good="一行到额度为止（含），下一行从多一分钱起",
    bad="唯一命中的表里，两行都含额度这个数",
    run=_run,
)
