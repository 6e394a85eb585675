"""Decision tables are read, compiled and leave no case open or answered twice (G19)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from app.decision import Model
from app.decision.result import Finding
from app.studio.checks.base import Check
from app.studio.subject import Subject


def analysed(decisions: Mapping[str, tuple[Model, str]]) -> Iterator[Finding]:
    """What the analysis of each file's tables says: overlaps, gaps, rows that never answer."""
    seen: set[str] = set()
    for model, file in decisions.values():
        if file not in seen:
            seen.add(file)
            for one in model.analyse():
                yield one if one.place.file else replace(one, place=replace(one.place, file=file))


def _run(subject: Subject) -> Iterable[Finding]:
    yield from subject.decision_findings
    yield from analysed(subject.decisions)


CHECK = Check(
    id="tables",
    sentence="每张决策表都能读懂；同一情形不会命中互相矛盾的两行",
    because="G19：空档要看得见，重叠会使同样的情形得到不同的答案",
    good="一行到额度为止（含），下一行从多一分钱起",
    bad="唯一命中的表里，两行都含额度这个数",
    run=_run,
)
