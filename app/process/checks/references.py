"""What a diagram names must exist: roles, forms, calls, decisions, processes, messages."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from app.kernel.workdays import read_limit
from app.process import limits
from app.process.checks.graph import label
from app.process.checks.report import Report
from app.process.facts import good_key
from app.process.model import Element, ProcessDefinition
from app.process.timers import TimerProblemError, instant_of

_NAME = re.compile(r"[^\W\d]\w*(?: \w+)*")


@dataclass(frozen=True, slots=True)
class Known:
    """What a deployment offers to its diagrams."""

    call_types: Container[str]
    form_ids: Container[str]
    decision_ids: Container[str]
    roles: Container[str]
    processes: Mapping[str, ProcessDefinition]


def check_references(process: ProcessDefinition, known: Known, report: Report) -> None:
    """Findings for every name that leads nowhere and every element without its essentials."""
    if not process.executable:
        what = f"流程“{process.name or process.id}”没有标为可执行。"
        report.error(process.file, process.id, "not_executable", what, "请勾选“可执行”。")
    for element in process.elements.values():
        check = _CHECKS.get(element.kind)
        if check is not None:
            check(process, element, known, report)
        _check_mappings(process, element, report)
        _check_event(process, element, report)
        _check_properties(process, element, known, report)
    _check_errors(process, known, report)


def _check_task(process: ProcessDefinition, element: Element, known: Known, report: Report) -> None:
    what = f"“{label(element)}”是没有类型的任务，流程会直接走过去，不等任何人。"
    report.warning(process.file, element.id, "plain_task", what, "要有人办理请改为用户任务。")


def _check_user_task(
    process: ProcessDefinition, element: Element, known: Known, report: Report
) -> None:
    file, name = process.file, label(element)
    if not element.role:
        what = f"用户任务“{name}”没有指定由谁办理。"
        report.error(file, element.id, "no_role", what, "请在“候选组”里填一个角色。")
    elif element.role not in known.roles:
        what = f"用户任务“{name}”的角色“{element.role}”不存在。"
        report.error(file, element.id, "unknown_role", what, "请从角色表里选一个。")
    _check_form(process, element, known, report)
    if element.due and not element.due.startswith("="):
        try:
            instant_of(element.due, end_of_day=True)
        except TimerProblemError:
            what = f"“{name}”的办理期限“{element.due[:40]}”不是日期时间。"
            report.error(file, element.id, "bad_due", what, "请填 FEEL 表达式或 ISO 日期时间。")


def _check_form(process: ProcessDefinition, element: Element, known: Known, report: Report) -> None:
    if element.form_id and element.form_id not in known.form_ids:
        what = f"“{label(element)}”的表单“{element.form_id}”不存在。"
        report.error(process.file, element.id, "unknown_form", what, "请选择部署中的表单。")


def _check_service_task(
    process: ProcessDefinition, element: Element, known: Known, report: Report
) -> None:
    if element.call_type not in known.call_types or not element.call_type:
        what = f"服务任务“{label(element)}”的类型“{element.call_type}”不在调用目录里。"
        report.error(process.file, element.id, "unknown_call", what, "请用元素模板选择一种调用。")


def _check_rule_task(
    process: ProcessDefinition, element: Element, known: Known, report: Report
) -> None:
    if not element.decision_id or element.decision_id not in known.decision_ids:
        what = f"业务规则任务“{label(element)}”的决策“{element.decision_id}”不存在。"
        report.error(process.file, element.id, "unknown_decision", what, "请填写决策表的编号。")
    if not element.result_variable and not element.outputs:
        what = f"业务规则任务“{label(element)}”的结果没有名称。"
        report.error(process.file, element.id, "no_result", what, "请填写结果变量。")


def _check_script_task(
    process: ProcessDefinition, element: Element, known: Known, report: Report
) -> None:
    if not element.script.startswith("="):
        what = f"脚本任务“{label(element)}”没有 FEEL 表达式。"
        report.error(process.file, element.id, "no_script", what, "请填写以 = 开头的 FEEL 表达式。")


def _check_call_activity(
    process: ProcessDefinition, element: Element, known: Known, report: Report
) -> None:
    if element.called_process not in known.processes:
        what = f"调用活动“{label(element)}”的流程“{element.called_process}”不存在。"
        report.error(process.file, element.id, "unknown_process", what, "请填写部署中的流程编号。")
        return
    seen: set[str] = set()
    stack = [element.called_process]
    while stack:
        name = stack.pop()
        called = known.processes.get(name)
        if name in seen or called is None:
            continue
        seen.add(name)
        stack += [e.called_process for e in called.elements.values() if e.called_process]
    if process.id in seen:
        what = f"调用活动“{label(element)}”最终又调用了本流程，会无限嵌套。"
        report.error(process.file, element.id, "recursive_call", what, "请改为回路或拆开流程。")
    elif len(seen) > limits.SUBPROCESS_DEPTH:
        what = f"调用活动“{label(element)}”牵出 {len(seen)} 个流程，嵌套可能过深。"
        report.warning(process.file, element.id, "deep_call", what, "请减少嵌套。")


_CHECKS = {
    "task": _check_task,
    "manualTask": _check_task,
    "userTask": _check_user_task,
    "startEvent": _check_form,
    "serviceTask": _check_service_task,
    "businessRuleTask": _check_rule_task,
    "scriptTask": _check_script_task,
    "callActivity": _check_call_activity,
}


def _check_mappings(process: ProcessDefinition, element: Element, report: Report) -> None:
    file, name = process.file, label(element)
    names = [element.result_variable] if element.result_variable else []
    for lines in (element.inputs, element.outputs):
        targets = [line.target for line in lines]
        names += targets
        for target in sorted({t for t in targets if targets.count(t) > 1}):
            what = f"“{name}”的映射两次写入“{target}”，只有后一次有效。"
            report.error(file, element.id, "duplicate_target", what, "请只保留一行。")
        for line in lines:
            if not line.source:
                what = f"“{name}”的映射“{line.target}”没有来源。"
                report.error(file, element.id, "no_source", what, "请填写 FEEL 表达式。")
    for target in dict.fromkeys(names):
        if not good_key(target) or not _NAME.fullmatch(target):
            what = f"“{name}”写入的名称“{target[:40]}”不能使用。"
            advice = "名称用字母、汉字、数字和下划线，不以数字和双下划线开头，不含点。"
            report.error(file, element.id, "bad_name", what, advice)
    if element.inputs and element.kind in ("intermediateCatchEvent", "boundaryEvent"):
        what = f"事件“{name}”的输入映射不会执行。"
        report.error(file, element.id, "attribute_not_executed", what, "请删去输入映射。")


def _check_event(process: ProcessDefinition, element: Element, report: Report) -> None:
    event = element.event
    if event is None:
        return
    file, name = process.file, label(element)
    if event.kind == "message" and not event.message:
        what = f"消息事件“{name}”没有指明消息。"
        report.error(file, element.id, "no_message", what, "请选择或新建一个有名称的消息。")
    throws = element.kind in ("endEvent", "intermediateThrowEvent")
    if throws and event.kind in ("error", "escalation") and not event.code:
        what = f"“{name}”没有错误或上报代码。"
        report.error(file, element.id, "no_code", what, "请选择有代码的错误或上报。")
    if event.kind == "timer" and event.form == "timeCycle":
        if element.kind != "boundaryEvent" or element.interrupting:
            what = f"重复定时“{name}”只在不中断的边界事件上执行。"
            report.error(file, element.id, "cycle_place", what, "请改用日期或时长，或改为不中断。")
    if element.outputs and event.kind == "timer":
        what = f"定时事件“{name}”没有内容可取，输出映射不会执行。"
        report.error(file, element.id, "attribute_not_executed", what, "请删去输出映射。")


def _check_properties(
    process: ProcessDefinition, element: Element, known: Known, report: Report
) -> None:
    for key, what_for in (("check", "办理前核查"), ("panel", "资格与金额")):
        for part in element.properties.get(key, "").split(","):
            name = part.strip()
            if name and name not in known.decision_ids:
                what = f"“{label(element)}”的{what_for}“{name}”不是部署中的决策。"
                advice = "请填写决策表的编号。"
                report.error(process.file, element.id, "unknown_decision", what, advice)
    limit = element.properties.get("limit", "")
    if limit and read_limit(limit) is None:
        what = f"“{label(element)}”的期限“{limit[:40]}”读不懂，或者太长。"
        advice = "请写数量和单位，如 3 workdays、24 hours 或 7 calendar_days。"
        report.error(process.file, element.id, "bad_limit", what, advice)
    for key, what_for in (("not_done_by", "回避对象"), ("return_to", "可退回环节")):
        for part in element.properties.get(key, "").split(","):
            name = part.strip()
            if name and all(name not in found.elements for found in known.processes.values()):
                what = f"“{label(element)}”的{what_for}“{name}”不在部署的任何流程里。"
                advice = "请填写环节的编号。"
                report.error(process.file, element.id, "unknown_element", what, advice)


def _check_errors(process: ProcessDefinition, known: Known, report: Report) -> None:
    """Every error thrown is caught around it, here or in a process that calls this one."""
    for element in process.elements.values():
        if element.kind != "endEvent" or element.event is None or element.event.kind != "error":
            continue
        around = element.parent_id
        caught = False
        while around and not caught:
            caught = _catches(process, around, element.event.code)
            around = process.elements[around].parent_id
        for other in known.processes.values():
            for caller in other.elements.values():
                if caller.called_process == process.id and not caught:
                    caught = _catches(other, caller.id, element.event.code)
        if not caught:
            what = f"“{label(element)}”抛出的错误没有边界事件接住。"
            advice = "请在外面的子流程或调用活动上画错误边界事件。"
            report.error(process.file, element.id, "uncaught_error", what, advice)


def _catches(process: ProcessDefinition, host_id: str, code: str) -> bool:
    return any(
        guard.event is not None and guard.event.kind == "error" and guard.event.code in ("", code)
        for guard in process.boundaries(host_id)
    )
