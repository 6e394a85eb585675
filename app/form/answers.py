"""From a submission to its outcome: read, settle what is asked, judge what is visible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.decision.result import Caution
from app.form.coerce import Read, raw_of, read_answer
from app.form.constraints import Moment, computed_fault, fault_of
from app.form.feel import Effort, Expression
from app.form.limits import MAX_ROWS
from app.form.model import Component, Computed, FileQuestion, Question, RowList, valued
from app.form.settle import settle
from app.form.submission import Submission
from app.form.uploads import files_in
from app.kernel.errors import FieldProblem

Faults = dict[str, FieldProblem]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a submission amounts to."""

    values: dict[str, Any]  # answers of visible questions, typed; hidden keys are absent
    problems: tuple[FieldProblem, ...]  # in form order; empty = acceptable
    visible: frozenset[str]  # paths that were asked or shown
    cautions: tuple[Caution, ...] = ()  # nulls met while evaluating; for the designer's eye

    @property
    def ok(self) -> bool:
        """True when nothing must be mended."""
        return not self.problems


def read_all(
    components: tuple[Component, ...],
    raw: Mapping[str, Any],
    prefix: str,
    so_far: Mapping[str, Any],
) -> tuple[dict[str, Any], Faults]:
    """Typed answers of one level and what could not be read, by path."""
    answers: dict[str, Any] = {}
    faults: Faults = {}
    for one in valued(components):
        path = prefix + one.name
        if isinstance(one, RowList):
            answers[one.name] = []
            for at, row in enumerate(raw.get(one.name) or ()):
                if at < MAX_ROWS:
                    inner, more = read_all(one.components, row, f"{path}[{at}].", so_far)
                    answers[one.name].append(inner)
                    faults |= more
        elif isinstance(one, Question):
            read = _read_one(one, raw.get(one.name), so_far)
            answers[one.name] = read.value
            if read.fault:
                faults[path] = FieldProblem(path, one.label, f"“{one.label}”{read.fault}")
    return answers, faults


def _read_one(question: Question, raw: Any, so_far: Mapping[str, Any]) -> Read:
    if question.readonly:
        fixed = so_far.get(question.name)
        if fixed is None and question.default and not isinstance(question.default, Expression):
            return read_answer(question, question.default)
        return Read(fixed)
    read = read_answer(question, raw)
    if isinstance(question, FileQuestion) and read.value:
        known = {one["ref"]: one for one in files_in(so_far)}
        kept = [known.get(one["ref"], one) for one in read.value]
        if any("name" not in one for one in kept):
            return Read(fault="里有一个文件已经不在，请重新上传")
        return Read(kept)
    return read


def judge(
    components: tuple[Component, ...],
    sent: Submission,
    context: Mapping[str, Any],
    now: datetime,
    so_far: Mapping[str, Any],
) -> Outcome:
    """The outcome of `sent`."""
    base = {**context, **so_far}
    answers, faults = read_sent(components, sent.raw, base, now, so_far)
    settled = settle(components, answers, base, now)
    moment = Moment(base | settled.scope, now, settled.effort)
    problems = list(sent.problems)
    if not settled.stable and settled.effort.left >= 0:
        problems.append(FieldProblem("", "", "表单的条件互相影响、定不下来，请告知政策管理员"))
    problems += _problems(components, settled.values, "", moment, faults, settled.visible)
    if moment.effort.left < 0:
        problems.append(FieldProblem("", "", "行数太多，条件算不过来，请分开填写"))
    cautions = tuple(moment.effort.cautions)
    return Outcome(settled.values, tuple(problems), settled.visible, cautions)


def read_sent(
    components: tuple[Component, ...],
    raw: Mapping[str, Any],
    base: Mapping[str, Any],
    now: datetime,
    so_far: Mapping[str, Any],
) -> tuple[dict[str, Any], Faults]:
    """Typed answers of a whole form, read-only ones from where they come, and read faults."""
    answers, faults = read_all(components, raw, "", so_far)
    moment = Moment({**base, **answers}, now)
    return answers | {
        one.name: read_answer(one, raw_of(one, moment.answer(one.default))).value
        for one in valued(components)
        if isinstance(one, Question)
        and one.readonly
        and answers.get(one.name) is None
        and isinstance(one.default, Expression)
    }, faults


def _problems(
    components: tuple[Component, ...],
    values: Mapping[str, Any],
    prefix: str,
    moment: Moment,
    faults: Faults,
    visible: frozenset[str],
) -> list[FieldProblem]:
    found: list[FieldProblem] = []
    for one in valued(components):
        path = prefix + one.name
        if path not in visible:
            continue
        value = values.get(one.name)
        if path in faults:
            found.append(faults[path])
            continue
        fault = (
            computed_fault(one, value)
            if isinstance(one, Computed)
            else fault_of(one, value, moment)
        )
        if fault:
            found.append(FieldProblem(path, one.label, fault))
        if isinstance(one, RowList):
            for at, row in enumerate(value or ()):
                inner = Moment({**moment.scope, **row}, moment.now, moment.effort)
                found += _problems(one.components, row, f"{path}[{at}].", inner, faults, visible)
    return found


def initial_values(
    components: tuple[Component, ...],
    context: Mapping[str, Any],
    now: datetime,
    so_far: Mapping[str, Any],
) -> dict[str, Any]:
    """Defaults and computed values of an untouched form; answers given earlier come first."""
    base = {**context, **so_far}
    answers = _defaults(components, base, now, so_far)
    return settle(components, answers, base, now).values


def _defaults(
    components: tuple[Component, ...],
    scope: dict[str, Any],
    now: datetime,
    given: Mapping[str, Any],
) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for one in valued(components):
        if not isinstance(one, Question):
            continue
        if given.get(one.name) is not None:
            answers[one.name] = given[one.name]
        elif isinstance(one, RowList):
            count = max(one.min_rows, one.first_rows)
            answers[one.name] = [
                _defaults(one.components, scope | answers, now, {}) for _ in range(count)
            ]
        else:
            raw = one.default
            if isinstance(raw, Expression):
                raw = raw_of(one, raw.answer(scope | answers, now, Effort()))
            answers[one.name] = read_answer(one, raw).value
    return answers
