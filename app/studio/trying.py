"""One decision of a draft asked once, as the people who write the table see it.

The questions come from the model itself: what it needs, of which kind, out of which values. The
answer is the engine's own; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from app.decision import DecisionModelError, Model, explain, load_model
from app.decision.check_table import listed_texts
from app.decision.convert import to_json
from app.decision.expressions import evaluate_expression
from app.decision.result import Finding, Place, Result, Value
from app.decision.space import split_heading
from app.decision.temporal import parse_date
from app.kernel.clock import local
from app.kernel.errors import FieldProblem, Invalid, NotFound

MAX_INPUTS = 200  # of one decision
MAX_INPUT_CHARS = 4_000  # of one input
MAX_DECISIONS = 200  # of one file

TEXT, NUMBER, BOOLEAN, DATE, FEEL = "string", "number", "boolean", "date", "feel"
_WHAT = {NUMBER: "数字，如 1200.50", BOOLEAN: "是或否", DATE: "日期，如 2026-04-07"}


@dataclass(frozen=True, slots=True)
class Question:
    """One input a decision needs."""

    name: str  # of the input, as expressions use it
    label: str  # as drawn, without the unit
    unit: str  # "" when the label gives none
    kind: str  # TEXT | NUMBER | BOOLEAN | DATE | FEEL
    choices: tuple[str, ...]  # the texts that are allowed; () = any


@dataclass(frozen=True, slots=True)
class Asked:
    """One decision of a file and what it needs."""

    id: str
    label: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What came out."""

    value: Any  # ready for JSON
    labels: Mapping[str, str]  # name of an output of the decision -> heading of its column
    tables: tuple[Mapping[str, Any], ...]  # each table run: decision_id, name, inputs, rules
    sentences: tuple[str, ...]  # the reasons in Chinese
    warnings: tuple[str, ...]
    errors: tuple[Finding, ...]


def decisions_of(raw: bytes, file: str, imports: Mapping[str, bytes]) -> list[Asked]:
    """The decisions of a table file with their questions; [] for a file that can not be read."""
    try:
        model = _model(raw, file, imports)
    except DecisionModelError:
        return []
    found = []
    for label in model.decisions[:MAX_DECISIONS]:
        element = model.element(label, "decision")
        found.append(Asked(element.element_id, label, tuple(_questions(model, element.element_id))))
    return found


def try_decision(
    raw: bytes,
    file: str,
    imports: Mapping[str, bytes],
    *,
    decision: str,
    given: Mapping[str, str],
    now: datetime,
) -> Trial:
    """The answer of a decision (by id) to these inputs, given as texts by name.

    Raises: NotFound when the file has no such decision; Invalid with a problem per input that
    is not of its kind. A broken table is no exception: its errors stand in the trial.
    """
    try:
        model = _model(raw, file, imports)
    except DecisionModelError as error:
        return Trial(None, {}, (), (), (), tuple(error.findings))
    if decision not in [model.element(name, "decision").element_id for name in model.decisions]:
        raise NotFound("no_decision", f"这个文件里没有决策“{decision}”。")
    inputs = _read(list(_questions(model, decision)), given, now)
    result = model.evaluate(decision, inputs, local(now))
    broken = [one for one in model.findings if one.severity == "error"]
    return Trial(
        value=to_json(result.value),
        labels={
            clause.name: clause.label
            for table in model.tables()
            if table.decision_id == decision
            for clause in table.outputs
            if clause.name
        },
        tables=tuple(_tables(result)),
        sentences=tuple(explain(model, result)),
        warnings=tuple(caution.message for caution in result.warnings),
        errors=tuple(_placed(one, file) for one in (*result.errors, *broken)),
    )


def _model(raw: bytes, file: str, imports: Mapping[str, bytes]) -> Model:
    others = [data for path, data in imports.items() if path.endswith(".dmn") and path != file]
    return load_model(raw, others if b"<import" in raw else (), file=file, strict=False)


def _questions(model: Model, decision: str) -> Iterator[Question]:
    columns = {clause.text: clause for table in reversed(model.tables()) for clause in table.inputs}
    drawn = {node.name: node for node in model.inputs}
    for name in model.inputs_of(decision)[:MAX_INPUTS]:
        node, column = drawn.get(name), columns.get(name)
        label, unit = split_heading(node.label if node is not None else name)
        basic = node.type.basic if node is not None else ""
        if not basic and column is not None:
            basic = column.type.basic
        kind = basic if basic in (TEXT, NUMBER, BOOLEAN, DATE) else FEEL
        choices = listed_texts(column.values) if column is not None and kind == TEXT else []
        yield Question(name, label, unit, kind, tuple(choices))


def _read(questions: list[Question], given: Mapping[str, str], now: datetime) -> dict[str, Value]:
    """The inputs as values; an empty one is not given."""
    values: dict[str, Value] = {}
    problems: list[FieldProblem] = []
    for question in questions:
        text = given.get(question.name, "").strip()
        if not text:
            continue
        if len(text) > MAX_INPUT_CHARS:
            problems.append(FieldProblem(question.name, question.label, "太长。"))
            continue
        value, problem = _value(question.kind, text, now)
        if problem:
            problems.append(FieldProblem(question.name, question.label, problem))
        else:
            values[question.name] = value
    if problems:
        raise Invalid("有输入不能使用，请改正后再试。", problems, "bad_input")
    return values


def _value(kind: str, text: str, now: datetime) -> tuple[Value, str]:
    """The value a text means, and in Chinese what is wrong with it."""
    if kind == TEXT:
        return text, ""
    if kind == NUMBER:
        return _number(text)
    if kind == BOOLEAN:
        known = {"true": True, "是": True, "false": False, "否": False}
        return (known[text], "") if text in known else (None, f"要填{_WHAT[BOOLEAN]}。")
    if kind == DATE:
        found = parse_date(text)
        return (found, "") if found is not None else (None, f"要填{_WHAT[DATE]}。")
    result = evaluate_expression(text, {}, local(now))
    return (result.value, "") if result.ok else (None, result.errors[0].message)


def _number(text: str) -> tuple[Value, str]:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None, f"要填{_WHAT[NUMBER]}。"
    return (number, "") if number.is_finite() else (None, f"要填{_WHAT[NUMBER]}。")


def _tables(result: Result) -> Iterator[Mapping[str, Any]]:
    for trace in result.traces:
        yield {
            "decision_id": trace.decision_id,
            "decision": trace.decision,
            "inputs": {label: to_json(value) for label, value in trace.inputs.items()},
            "rules": [
                {
                    "id": rule.rule_id,
                    "number": rule.number,
                    "outputs": {name: to_json(value) for name, value in rule.outputs.items()},
                    "annotations": dict(rule.annotations),
                }
                for rule in trace.matched
            ],
        }


def _placed(finding: Finding, file: str) -> Finding:
    if finding.place.file:
        return finding
    place = finding.place
    return replace(
        finding,
        place=Place(file, place.decision, place.element_id, place.rule, place.column),
    )
