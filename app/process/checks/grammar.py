"""Walks the XML against the white list; every refusal names the element and what to do."""

from __future__ import annotations

import re
from typing import Any

from app.process import limits
from app.process.checks.report import Report
from app.process.checks.vocabulary import (
    BPMN_RULES,
    TEMPLATE_ATTRIBUTES,
    ZEEBE_CHILDREN,
    ZEEBE_RULES,
    Rule,
    words_for,
)
from app.process.read import BPMN, DI, FLOW_NODES, ZEEBE, local

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_MODELER = "{http://camunda.org/schema/modeler/1.0}"
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*", re.ASCII)
_NAMED = FLOW_NODES | {"process", "sequenceFlow"}
_EVENT_NODES = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)


def check_grammar(root: Any, file: str, report: Report) -> None:
    """Findings for everything in the file that is not on the white list."""
    if root.tag != f"{BPMN}definitions":
        report.error(file, "", "not_bpmn", "文件不是 BPMN 2.0 流程图。", "请上传 .bpmn 文件。")
        return
    if root.find(f"{BPMN}process") is None:
        report.error(file, "", "no_process", "文件里没有流程。", "请画一个流程。")
    check_ids(root, file, report)
    stack = [(root, "")]
    while stack:
        node, near = stack.pop()
        rule = BPMN_RULES[local(node)]
        element_id = node.get("id") or near
        _check_attributes(node, rule, element_id, file, report)
        for child in reversed(node):
            if _check_child(node, child, rule, element_id, file, report):
                stack.append((child, element_id))
        if local(node) in _EVENT_NODES:
            _check_event(node, element_id, file, report)


def check_ids(root: Any, file: str, report: Report) -> None:
    """Findings for ids that are missing, used twice or not fit for an address."""
    seen: set[str] = set()
    for node in root.iter():
        name = node.get("id")
        if not str(node.tag).startswith(BPMN):
            continue
        if name is None:
            if local(node) in _NAMED:
                what = f"有一个 {local(node)}（{node.get('name', '无名')[:40]}）没有编号。"
                report.error(file, "", "no_id", what, "请给它一个编号。")
            continue
        shown = name if len(name) <= 40 else name[:40] + "…"
        if name in seen:
            what = f"编号“{shown}”用了不止一次。"
            report.error(file, name, "duplicate_id", what, "请给每个元素不同的编号。")
        seen.add(name)
        if not _ID.fullmatch(name) or len(name) > limits.ID_CHARS:
            what = f"编号“{shown}”不能使用。"
            advice = "编号只用英文字母、数字和下划线，以字母或下划线开头；中文写在名称里。"
            report.error(file, shown, "bad_id", what, advice)


def _check_attributes(node: Any, rule: Rule, element_id: str, file: str, report: Report) -> None:
    host = local(node)
    for key, value in node.attrib.items():
        if key in ("id", "name") or key in rule.attributes or key.startswith((_XSI, _MODELER)):
            continue
        if key.startswith(ZEEBE) and key.removeprefix(ZEEBE) in TEMPLATE_ATTRIBUTES:
            continue
        if rule.fixed.get(key) == value.strip():
            continue
        short = key.rpartition("}")[2]
        if key == "triggeredByEvent":
            what, advice = "不支持事件子流程", "请改用边界事件。"
        elif key in rule.fixed:
            what = f"{host} 的 {short}=“{value[:40]}”不会执行"
            advice = f"请改为 {rule.fixed[key]} 或删去。"
        else:
            what, advice = f"{host} 的属性 {short} 不会执行", "请删去这个属性。"
        report.error(file, element_id, "attribute_not_executed", what + "。", advice)


def _check_child(
    node: Any, child: Any, rule: Rule, element_id: str, file: str, report: Report
) -> bool:
    """True when the child is BPMN to be walked in turn."""
    tag = str(child.tag)
    name = local(child)
    where = child.get("id") or element_id
    if tag == f"{BPMN}extensionElements":
        _check_extensions(child, rule, element_id, file, report)
        return False
    if tag == f"{DI}BPMNDiagram" and local(node) == "definitions":
        return False
    if tag.startswith(BPMN):
        if name == "documentation" or name in rule.children:
            return name in BPMN_RULES
        what, advice = words_for(name, local(node))
        report.error(file, where, "element_not_executed", what + "。", advice)
        return False
    what = f"{local(node)} 里有不认识的扩展 {name}，不会执行。"
    report.error(file, where, "foreign_element", what, "请删去这个扩展。")
    return False


def _check_extensions(node: Any, rule: Rule, element_id: str, file: str, report: Report) -> None:
    seen: set[str] = set()
    for child in node:
        name = local(child)
        if not str(child.tag).startswith(ZEEBE) or name not in rule.extensions:
            what = f"扩展 {name} 在这里不会执行。"
            report.error(file, element_id, "foreign_element", what, "请删去这个扩展。")
            continue
        if name in seen:
            what = f"扩展 {name} 写了两次，只有一次有效。"
            report.error(file, element_id, "foreign_element", what, "请只保留一个。")
        seen.add(name)
        _check_zeebe(child, element_id, file, report)
        for item in child:
            if local(item) in ZEEBE_CHILDREN.get(name, ()) and str(item.tag).startswith(ZEEBE):
                _check_zeebe(item, element_id, file, report)
            else:
                what = f"扩展 {name} 里的 {local(item)} 不会执行。"
                report.error(file, element_id, "foreign_element", what, "请删去。")


def _check_zeebe(node: Any, element_id: str, file: str, report: Report) -> None:
    name = local(node)
    allowed = ZEEBE_RULES[name]
    for key, value in node.attrib.items():
        if key not in allowed:
            what = f"扩展 {name} 的属性 {key.rpartition('}')[2]} 不会执行。"
            report.error(file, element_id, "attribute_not_executed", what, "请删去这个属性。")
        elif allowed[key] and value.strip() not in allowed[key]:
            what = f"扩展 {name} 的 {key}=“{value[:40]}”不会执行。"
            advice = f"请改为：{'、'.join(allowed[key])}。"
            report.error(file, element_id, "attribute_not_executed", what, advice)


def _check_event(node: Any, element_id: str, file: str, report: Report) -> None:
    """One event definition at most, with what it needs; catching events need one."""
    definitions = [child for child in node if local(child).endswith("EventDefinition")]
    if len(definitions) > 1:
        what = "一个事件有多个定义，只会执行一个。"
        report.error(file, element_id, "many_definitions", what, "请拆成几个事件。")
    if not definitions and local(node) in ("intermediateCatchEvent", "boundaryEvent"):
        what = "事件没有写明等什么。"
        report.error(file, element_id, "no_definition", what, "请选定时、消息或错误事件。")
    for definition in definitions:
        if local(definition) == "timerEventDefinition" and len(definition) > 1:
            what = "定时事件写了多个时间，只会执行一个。"
            report.error(file, element_id, "many_definitions", what, "请只保留一个。")
