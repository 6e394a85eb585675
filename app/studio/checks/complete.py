"""Whatever a diagram names is there: papers, slips, decisions, elements, arguments of calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.decision.result import Finding
from app.process.model import Element, ProcessDefinition
from app.studio.checks.base import Check
from app.studio.subject import Subject, argument, called, listed, place_of

PAPER_KINDS = {"notice.publish": "notice", "letter.issue": "letter"}


def _run(subject: Subject) -> Iterable[Finding]:
    known = {element.id for _, element in subject.elements()}
    for process, element in subject.elements():
        for code, message, advice in _missing(subject, process, element, known):
            yield Finding(code, "error", message, advice, place_of(process, element.id))


def _missing(
    subject: Subject, process: ProcessDefinition, element: Element, known: set[str]
) -> Iterator[tuple[str, str, str]]:
    """(code, sentence, advice) of everything the element names in vain."""
    who = f"“{called(element)}”"
    for name in listed(element.properties.get("check", "")):
        if name not in subject.decisions:
            yield "unknown_decision", f"{who}的核验决策“{name}”不存在。", "请改正 check。"
    for name in listed(element.properties.get("not_done_by", "")):
        if name not in known:
            yield "unknown_element", f"{who}要避开的步骤“{name}”不存在。", "请改正 not_done_by。"
    if element.kind == "startEvent" and element.properties.get("facts"):
        yield from _missing_facts(subject, element)
    if element.call_type:
        yield from _wrong_arguments(subject, element)
        yield from _missing_paper(subject, element)


def _missing_facts(subject: Subject, element: Element) -> Iterator[tuple[str, str, str]]:
    form = subject.forms.get(element.form_id)
    for name in listed(element.properties["facts"]) if form else ():
        try:
            form.field(name) if form else None
        except KeyError:
            text = f"“{called(element)}”要取的事实“{name}”不在表单“{element.form_id}”里。"
            yield "unknown_fact", text, "请改正 facts 或在表单里补上这个问题。"


def _wrong_arguments(subject: Subject, element: Element) -> Iterator[tuple[str, str, str]]:
    names = subject.around.calls.get(element.call_type)
    for line in element.inputs if names is not None else ():
        if line.target not in (names or ()):
            text = f"“{called(element)}”传给 {element.call_type} 的参数“{line.target}”不存在。"
            yield (
                "unknown_argument",
                text,
                f"可用的参数：{'、'.join(sorted(names or ())) or '无'}。",
            )
    slip = argument(element, "slip")
    if slip and slip not in subject.forms:
        text = f"“{called(element)}”要用的单据表单“{slip}”不存在。"
        yield "unknown_form", text, "请改正 slip 或补上表单。"


def _missing_paper(subject: Subject, element: Element) -> Iterator[tuple[str, str, str]]:
    kind, name = PAPER_KINDS.get(element.call_type), argument(element, "paper")
    if kind is None or name is None:
        return
    paper = subject.papers.get(name)
    if paper is None:
        yield "unknown_paper", f"“{called(element)}”要用的文书“{name}”不存在。", "请补上模板。"
    elif paper.kind != kind:
        text = f"“{called(element)}”要用的文书“{name}”种类是 {paper.kind}，应为 {kind}。"
        yield "wrong_paper", text, "请换一个模板。"


CHECK = Check(
    id="complete",
    sentence="流程图提到的文书、单据、决策、步骤和参数都存在",
    because="到用的时候才发现缺东西，个案会卡在那一步",
    good="公示步骤指定的模板就在 forms 文件夹里",
    bad="复核步骤要避开一个已经删去的步骤",
    run=_run,
)
