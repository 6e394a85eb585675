"""Every clause that a diagram, form or guard-rail cites is on file, quoted and in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.decision.result import Finding, Place
from app.form.model import Computed, Question, walk
from app.kernel.clock import legal_day
from app.studio.checks.base import Check
from app.studio.subject import Subject, called, listed, place_of

SHOWN = 3  # citing places named in one sentence


def _run(subject: Subject) -> Iterable[Finding]:
    yield from subject.statutes.findings
    today = legal_day(subject.around.now)
    cited: dict[str, list[tuple[str, Place]]] = {}
    for name, who, place in _citations(subject):
        cited.setdefault(name, []).append((who, place))
    for name, places in cited.items():
        clause = subject.statutes.clauses.get(name)
        where = "、".join(who for who, _ in places[:SHOWN])
        who = where + (f"等 {len(places)} 处" if len(places) > SHOWN else "")
        place = places[0][1]
        if clause is None:
            text = f"条款“{name}”不在条款库里；引用它的有{who}。"
            yield Finding("unknown_clause", "error", text, "请改正编号或补上条款原文。", place)
        elif clause.valid_to is not None and clause.valid_to < today:
            text = (
                f"{clause.document}{clause.article}已于 {clause.valid_to} 失效；引用它的有{who}。"
            )
            advice = "请改引现行条款，或删去这些步骤。"
            yield Finding("clause_ended", "warning", text, advice, place)


def _citations(subject: Subject) -> Iterator[tuple[str, str, Place]]:
    """(clause id, who cites it, where)."""
    for process, element in subject.elements():
        for name in listed(element.properties.get("clause", "")):
            yield name, f"“{called(element)}”", place_of(process, element.id)
    for process in subject.processes.values():
        for name in listed(process.properties.get("clause", "")):
            yield name, f"流程“{process.name or process.id}”", place_of(process)
    for form in subject.forms.values():
        for one in walk(form.components):
            if isinstance(one, Question | Computed) and one.meta.clause:
                place = Place(file=subject.form_files[form.id], element_id=one.name)
                for name in listed(one.meta.clause):
                    yield name, f"表单“{form.name}”的“{one.label or one.name}”", place


CHECK = Check(
    id="clauses",
    sentence="引用的条款都有原文在库，并且现行有效",
    because="拒绝和限制要说得出依据；条款废止后，引用它的步骤要一一复核",
    good="步骤引用的条款在 processes/statutes 里有原文",
    bad="步骤引用一个不存在的编号",
    run=_run,
)
