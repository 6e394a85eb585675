"""What changed between two drawings of the same processes; positions on the page do not count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.kernel.roles import ROLES
from app.process.model import Element, Flow, ProcessDefinition
from app.studio.diff.change import Change, pairs, shown, turned

KINDS: Mapping[str, str] = {
    "userTask": "人工步骤",
    "serviceTask": "系统动作",
    "businessRuleTask": "决策步骤",
    "scriptTask": "计算步骤",
    "sendTask": "发送步骤",
    "receiveTask": "接收步骤",
    "callActivity": "子流程调用",
    "subProcess": "子流程",
    "exclusiveGateway": "单选网关",
    "parallelGateway": "并行网关",
    "inclusiveGateway": "多选网关",
    "eventBasedGateway": "事件网关",
    "startEvent": "开始",
    "endEvent": "结束",
    "boundaryEvent": "边界事件",
    "intermediateCatchEvent": "等待事件",
    "intermediateThrowEvent": "抛出事件",
}
PROPERTIES: Mapping[str, str] = {
    "clause": "条款",
    "check": "核验",
    "not_done_by": "须避开的步骤",
    "return_to": "可退回的步骤",
    "clock": "适用时限",
    "limit": "办理期限",
    "hint": "提示",
    "step": "环节性质",
    "facts": "取用的事实",
    "route": "救助类型",
}


def process_changes(
    before: Mapping[str, ProcessDefinition], after: Mapping[str, ProcessDefinition]
) -> Iterator[Change]:
    """Every difference between the processes of two packages, matched by id."""
    for name, old, new in pairs(before, after):
        if old is None:
            yield Change(new.file, name, f"新增流程“{new.name or name}”")
        elif new is None:
            yield Change(old.file, name, f"删去流程“{old.name or name}”")
        else:
            for element_id, line in _one(old, new):
                yield Change(new.file, element_id, line)


def _one(old: ProcessDefinition, new: ProcessDefinition) -> Iterator[tuple[str, str]]:
    if old.name != new.name:
        yield new.id, f"流程名称 {turned(old.name, new.name)}"
    for name, before, after in pairs(old.properties, new.properties):
        if before != after:
            yield new.id, f"流程的{PROPERTIES.get(name, name)} {turned(before, after)}"
    for name, left, right in pairs(old.elements, new.elements):
        if left is None:
            yield name, f"新增{_kind(right)}“{_label(right)}”{_doer(right)}"
        elif right is None:
            yield name, f"删去{_kind(left)}“{_label(left)}”"
        else:
            yield from ((name, f"{_label(right)}：{line}") for line in _element(left, right))
    yield from _flows(old, new)


def _element(old: Element, new: Element) -> Iterator[str]:
    """What is different about one element, without its name in front."""
    if old.kind != new.kind:
        yield f"种类 {_kind(old)} → {_kind(new)}"
    left, right = _facts(old), _facts(new)
    for what, before, after in pairs(left, right):
        if (before or "") != (after or ""):
            yield f"{what} {turned(before, after)}"
    for name, before, after in pairs(old.properties, new.properties):
        if before != after:
            yield f"{PROPERTIES.get(name, '属性 ' + name)} {turned(before, after)}"
    for what, mine, yours in (("带入", old.inputs, new.inputs), ("带出", old.outputs, new.outputs)):
        sources = {m.target: m.source for m in mine}, {m.target: m.source for m in yours}
        for name, before, after in pairs(*sources):
            if before != after:
                yield f"{what} {name} {turned(before, after)}"


def _facts(element: Element) -> dict[str, str]:
    """What an element is, by the words a line uses."""
    event = element.event
    return {
        "名称": element.name,
        "表单": element.form_id,
        "角色": ROLES[element.role].label if element.role in ROLES else element.role,
        "期限": element.due,
        "决策": element.decision_id,
        "系统动作": element.call_type,
        "调用流程": element.called_process,
        "结果存为": element.result_variable,
        "计算式": element.script,
        "计时": event.text if event and event.kind == "timer" else "",
        "消息": event.message if event else "",
        "依附于": element.attached_to,
        "中断主线": "" if element.interrupting else "否",
        "所在泳道": element.lane_name,
        "说明": element.documentation,
    }


def _flows(old: ProcessDefinition, new: ProcessDefinition) -> Iterator[tuple[str, str]]:
    """Flows are matched by id, else by their two ends: redrawing one changes nothing."""
    known = set(new.flows)
    ends = {(f.source, f.target): f for f in new.flows.values() if f.id not in old.flows}
    matched: dict[str, Flow] = {}
    for flow in old.flows.values():
        partner = (
            new.flows.get(flow.id) if flow.id in known else ends.get((flow.source, flow.target))
        )
        if partner is None:
            yield flow.id, f"删去连线 {_ends(old, flow)}"
        else:
            matched[partner.id] = flow
    for flow in new.flows.values():
        before = matched.get(flow.id)
        if before is None:
            condition = f"，条件 {shown(flow.condition)}" if flow.condition else ""
            yield flow.id, f"新增连线 {_ends(new, flow)}{condition}"
            continue
        if (before.source, before.target) != (flow.source, flow.target):
            yield flow.id, f"连线改接：{_ends(old, before)} 改为 {_ends(new, flow)}"
        if before.condition != flow.condition:
            line = f"连线 {_ends(new, flow)}：条件 {turned(before.condition, flow.condition)}"
            yield flow.id, line
        if before.name != flow.name:
            yield flow.id, f"连线 {_ends(new, flow)}：名称 {turned(before.name, flow.name)}"
        if _is_default(old, before) != _is_default(new, flow):
            now = "设为默认" if _is_default(new, flow) else "不再是默认"
            yield flow.id, f"连线 {_ends(new, flow)}：{now}"


def _is_default(process: ProcessDefinition, flow: Flow) -> bool:
    source = process.elements.get(flow.source)
    return source is not None and source.default_flow == flow.id


def _ends(process: ProcessDefinition, flow: Flow) -> str:
    names = []
    for end in (flow.source, flow.target):
        element = process.elements.get(end)
        names.append(f"“{_label(element)}”" if element else f"“{end}”")
    return " → ".join(names)


def _kind(element: Element) -> str:
    return KINDS.get(element.kind, element.kind)


def _label(element: Element) -> str:
    return element.name or element.id


def _doer(element: Element) -> str:
    if not element.role:
        return ""
    return f"（{ROLES[element.role].label if element.role in ROLES else element.role}）"
