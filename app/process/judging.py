"""Elements that judge: decisions, scripts and the choice of a flow.

An empty answer is a stop, never permission to go on; a condition that can not be judged stops the
token, one that is null counts as not true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.kernel.errors import ModelError
from app.process.facts import copy_facts, good_key
from app.process.feel import evaluate_decision, is_empty
from app.process.machine import label_of
from app.process.step import DecisionTaken
from app.process.tokens import Token

if TYPE_CHECKING:
    from app.process.machine import Machine


def machine_of(token: Token) -> Machine:
    """The machine that moves the token."""
    machine: Machine = token.workflow.top_workflow.machine
    return machine


def decide(token: Token) -> bool:
    """The decision's answer becomes facts; without one the token stops."""
    machine = machine_of(token)
    spec = token.task_spec
    facts = token.workflow.facts
    inputs = machine.mapped(token, spec.plan.inputs, facts)
    if inputs is None:
        return False
    element = spec.element
    model, file = machine.library.decision(element.decision_id)
    known = {**facts, **inputs}
    names = model.inputs_of(element.decision_id)
    asked = {name: known[name] for name in names if name in known}
    result = evaluate_decision(model, element.decision_id, known, machine.journal.now)
    machine.journal.decisions.append(
        DecisionTaken(
            spec.process_id,
            element.id,
            element.name,
            element.decision_id,
            file,
            copy_facts(asked),
            result,
        )
    )
    if result.errors:
        what = f"“{label_of(token)}”没有得出结论：{result.errors[0].message}"
        return machine.stop(token, "decision_error", what, asked)
    if is_empty(result.value):
        what = f"“{label_of(token)}”没有一条规则适用，流程停在这里，请核对填写的情况或决策表。"
        return machine.stop(token, "empty_decision", what, asked)
    return _keep_result(token, result.value, "decision_error")


def _keep_result(token: Token, value: Any, code: str) -> bool:
    """A computed value becomes facts by outputs, result variable, or entry by entry."""
    machine = machine_of(token)
    spec = token.task_spec
    name = spec.element.result_variable
    try:
        if spec.plan.outputs:
            local = {name: value} if name else {}
            if isinstance(value, dict) and not name:
                local = value
            made = machine.mapped(token, spec.plan.outputs, {**token.workflow.facts, **local})
            if made is None:
                return False
            machine.merge(token, made)
        elif name:
            machine.merge(token, {name: value})
        elif isinstance(value, dict) and all(good_key(key) for key in value):
            machine.merge(token, value)
        else:
            what = f"“{label_of(token)}”的结果没有名称，无处存放。"
            return machine.stop(token, code, what)
    except ModelError as error:
        return machine.stop(token, code, f"“{label_of(token)}”的结果不能保存：{error.message}")
    return True


def run_script(token: Token) -> bool:
    """The script's value becomes facts; False after stopping the token."""
    machine = machine_of(token)
    spec = token.task_spec
    facts = token.workflow.facts
    inputs = machine.mapped(token, spec.plan.inputs, facts)
    if inputs is None:
        return False
    answer = spec.plan.script.evaluate({**facts, **inputs}, machine.journal.now)
    problem = answer.problem
    if not problem and answer.value is None:
        problem = "结果为空"
    if problem:
        what = f"“{label_of(token)}”算不出来：{problem}"
        source = spec.plan.script.source
        return machine.stop(token, "expression_error", what, {"expression": source})
    return _keep_result(token, answer.value, "expression_error")


def choose(token: Token, *, first_only: bool) -> bool:
    """Note the flows whose condition is true, else the default; False after stopping it."""
    machine = machine_of(token)
    spec = token.task_spec
    conditions = machine.library.conditions(spec.process_id)
    taken: list[str] = []
    unknown: list[str] = []
    for way in spec.ways:
        if way.flow_id == spec.element.default_flow:
            continue
        text = conditions.get(way.flow_id)
        if text is None:
            taken.append(way.flow_id)
        else:
            answer = text.evaluate(token.workflow.facts, machine.journal.now)
            problem = answer.problem
            if not problem and not isinstance(answer.value, bool | None):
                problem = "条件的结果既不是真也不是假"
            if problem:
                what = f"“{label_of(token)}”的条件（{way.flow_id}）判断不了：{problem}"
                return machine.stop(token, "expression_error", what, {"expression": text.source})
            if answer.value is None:
                unknown.append(text.source)
            elif answer.value:
                taken.append(way.flow_id)
        if taken and first_only:
            break
    if not taken and spec.element.default_flow:
        taken = [spec.element.default_flow]
    if not taken:
        note = "，其中有条件用到了没有的事实" if unknown else ""
        what = f"“{label_of(token)}”没有一条路可走{note}。请核对条件，或给网关加默认流向。"
        return machine.stop(token, "no_flow", what, dict(token.workflow.facts))
    token.internal_data["take"] = taken
    return True
