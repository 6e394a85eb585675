"""Every clause that diagrams, tables and forms cite is on file, quoted and in force."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding, Place
from app.kernel.clock import legal_day
from app.studio.checks.base import Check
from app.studio.citations import Cite, citations
from app.studio.subject import Subject

MAX_NAMED = 200  # citing places named in one sentence


def _run(subject: Subject) -> Iterable[Finding]:
    yield from subject.statutes.findings
    today = legal_day(subject.around.now)
    cited: dict[str, list[Cite]] = {}
    for name, cite in citations(subject):
        cited.setdefault(name, []).append(cite)
    for name, cites in cited.items():
        clause = subject.statutes.clauses.get(name)
        place = Place(file=cites[0].file, element_id=cites[0].element_id)
        if clause is None:
            if any(cite.file not in subject.package.statutes for cite in cites):
                text = f"条款“{name}”不在条款库里；引用它的有{_named(cites)}。"
                advice = "请改正编号或补上条款原文。"
                yield Finding("unknown_clause", "error", text, advice, place, clause=name)
        elif clause.valid_to is not None and clause.valid_to < today:
            text = (
                f"{clause.document}{clause.article}已于 {clause.valid_to} 失效；"
                f"引用它的有 {len(cites)} 处：{_named(cites)}。"
            )
            advice = "请逐处改引现行条款，或删去这些内容。"
            yield Finding("clause_ended", "warning", text, advice, place, clause=name)


def _named(cites: list[Cite]) -> str:
    """Every citing place in words."""
    named = "、".join(dict.fromkeys(cite.words for cite in cites[:MAX_NAMED]))
    return named + (f"等 {len(cites)} 处" if len(cites) > MAX_NAMED else "")


CHECK = Check(
    id="clauses",
    sentence="引用的条款都有原文在库，并且现行有效",
    because="拒绝和限制要说得出依据；条款废止后，引用它的步骤要一一复核",
    good="步骤引用的条款在 processes/statutes 里有原文",
    bad="步骤引用一个不存在的编号",
    run=_run,
)
