"""Forms at certain steps ask what a guard-rail demands, such as a declaration (G16)."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding
from app.form.model import Question, walk
from app.studio.checks.base import Check, violation
from app.studio.guardrails import Guard
from app.studio.subject import Subject, called, falls_under, place_of


def _run(subject: Subject) -> Iterable[Finding]:
    for guard in subject.guards("asks"):
        for process, element in subject.elements():
            step = element.properties.get("step", "")
            if element.kind != "userTask" or step not in guard.steps:
                continue
            if not falls_under(guard, process) or _asks(subject, guard, element.form_id):
                continue
            yield violation(
                subject,
                guard,
                f"“{called(element)}”的表单没有问“{'、'.join(guard.questions)}”",
                "请在这张表单里补上这个必答的问题，或换一张表单。",
                place_of(process, element.id),
            )


def _asks(subject: Subject, guard: Guard, form_id: str) -> bool:
    """True when the form puts all the questions and none may be left open."""
    form = subject.forms.get(form_id)
    if form is None:
        return False
    put = {
        one.name
        for one in walk(form.components)
        if isinstance(one, Question) and one.required and not one.readonly
    }
    return put >= set(guard.questions)


CHECK = Check(
    id="asks",
    sentence="法定要问的问题，表单里都问到，并且必答",
    because="G16：审批之前申报与申请人有无近亲属关系，防止“关系保”“人情保”",
    good="审批表必须填写近亲属申报",
    bad="审批表没有近亲属申报",
    run=_run,
)
