"""Whatever a diagram names is there: papers, slips, questions, arguments of calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.decision.result import Finding
from app.process.model import Element
from app.studio.checks.base import Check
from app.studio.subject import Subject, argument, called, listed, place_of

PAPER_KINDS = {"notice.publish": "notice", "letter.issue": "letter"}


def _run(subject: Subject) -> Iterable[Finding]:
    for process, element in subject.elements():
        for code, message, advice in _missing(subject, element):
            yield Finding(code, "error", message, advice, place_of(process, element.id))


def _missing(subject: Subject, element: Element) -> Iterator[tuple[str, str, str]]:
    """(code, sentence, advice) of everything the element names in vain."""
    for path in listed(element.properties.get("not_named_in", "")):
        form_id, _, key = path.partition(".")
        if not _asks(subject, form_id, key):
            text = f"“{called(element)}”要避开的人写在“{path}”里，但没有这张表单或这个问题。"
            yield "unknown_question", text, "请写成“表单编号.字段名”。"
    if element.kind == "startEvent" and element.form_id in subject.forms:
        for name in listed(element.properties.get("facts", "")):
            if not _asks(subject, element.form_id, name):
                text = f"“{called(element)}”要取的事实“{name}”不在表单“{element.form_id}”里。"
                yield "unknown_fact", text, "请改正 facts 或在表单里补上这个问题。"
    if element.call_type:
        yield from _wrong_arguments(subject, element)
        yield from _missing_paper(subject, element)


def _asks(subject: Subject, form_id: str, key: str) -> bool:
    """True when the form has that question."""
    try:
        subject.forms[form_id].field(key)
    except KeyError:
        return False
    return True


def _wrong_arguments(subject: Subject, element: Element) -> Iterator[tuple[str, str, str]]:
    shape = subject.around.calls.get(element.call_type)
    if shape is None:
        return
    given = {line.target for line in element.inputs}
    for name in sorted(given - shape.arguments):
        text = f"“{called(element)}”（{shape.label}）没有参数“{name}”。"
        advice = f"可用的参数：{'、'.join(sorted(shape.arguments)) or '无'}。"
        yield "unknown_argument", text, advice
    for name in sorted(shape.needed - given):
        text = f"“{called(element)}”（{shape.label}）缺少参数“{name}”。"
        yield "missing_argument", text, "请在输入映射里补上。"
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
    sentence="流程图提到的文书、单据、问题和参数都存在",
    because="到用的时候才发现缺东西，个案会卡在那一步",
    good="公示步骤指定的模板就在 forms 文件夹里",
    bad="张贴公示没有写用哪个模板",
    run=_run,
)
