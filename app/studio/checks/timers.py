"""Timers that can do their work: not over before they begin, and beside something that waits."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision import evaluate_expression
from app.decision.moments import DaysDuration, MonthsDuration
from app.decision.result import Finding
from app.process.checks.marking import WAITS
from app.process.model import Element, ProcessDefinition
from app.process.timers import TimerProblemError, instant_of
from app.studio.checks.base import Check
from app.studio.subject import Subject, called, place_of

_LASTS = WAITS - {"subProcess"}  # what a token stays at by itself


def _run(subject: Subject) -> Iterable[Finding]:
    for process, element in subject.elements():
        if element.event is None or element.event.kind != "timer":
            continue
        for code, text, advice in _faults(subject, process, element):
            yield Finding(code, "warning", text, advice, place_of(process, element.id))


def _faults(
    subject: Subject, process: ProcessDefinition, element: Element
) -> Iterable[tuple[str, str, str]]:
    """(code, sentence, advice) of why the timer can not do its work."""
    if _is_over(subject, element):
        text = f"定时“{called(element)}”写的时间已经过去，个案一到这里它就会触发。"
        yield "timer_over", text, "请改成以后的时间，或写成从到达时算起的时长。"
    host = process.elements.get(element.attached_to)
    if host is not None and host.kind == "subProcess" and not _lasts(process, host.id):
        text = f"“{called(host)}”里没有要等的步骤，它上面的定时“{called(element)}”永远不会触发。"
        yield "timer_never", text, "请把定时放到要等人办理的步骤上，或删去。"


def _is_over(subject: Subject, element: Element) -> bool:
    """True for a plain date that has passed and for a plain duration of nothing."""
    assert element.event is not None
    text = element.event.text
    if text.startswith("=") or not text:
        return False
    if element.event.form == "timeDate":
        try:
            return bool(instant_of(text) <= subject.around.now)
        except TimerProblemError:  # the lint says so
            return False
    value = evaluate_expression(f'duration("{text}")', {}).value if '"' not in text else None
    if isinstance(value, DaysDuration):
        return value.nanos <= 0
    return isinstance(value, MonthsDuration) and value.months <= 0


def _lasts(process: ProcessDefinition, scope: str) -> bool:
    """True when a token can stay somewhere inside that sub-process."""
    for element in process.elements.values():
        if element.parent_id != scope:
            continue
        if element.kind in _LASTS or (element.kind == "subProcess" and _lasts(process, element.id)):
            return True
    return False


CHECK = Check(
    id="timers",
    sentence="每个定时都会在该触发的时候触发",
    because="已经过去的时间一到就触发，不等人的地方定时永远不触发：提醒和期满都落空",
    good="公示等到公示期满的那一刻",
    bad="定时写着去年的日期",
    run=_run,
)
