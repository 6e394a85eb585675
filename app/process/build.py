"""Process definitions to executable specs; only elements whose meaning is ours get one.

SpiffWorkflow's own XML parser is not used: it accepts what it does not execute.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from app.decision.result import Finding, Place
from app.kernel.errors import ModelError
from app.process.model import HOSTS, Element, ProcessDefinition
from app.process.plan import ProcessPlan
from app.process.specs import (
    CallNode,
    CatchNode,
    ChoiceNode,
    InclusiveNode,
    InsideNode,
    Node,
    ParallelNode,
    RuleNode,
    ScopeSpec,
    ScriptNode,
    ThrowNode,
    Way,
    WorkNode,
)

KINDS: dict[str, type[Node]] = {
    "startEvent": Node,
    "task": Node,
    "manualTask": Node,
    "userTask": WorkNode,
    "serviceTask": WorkNode,
    "businessRuleTask": RuleNode,
    "scriptTask": ScriptNode,
    "exclusiveGateway": ChoiceNode,
    "parallelGateway": ParallelNode,
    "inclusiveGateway": InclusiveNode,
    "subProcess": InsideNode,
    "callActivity": CallNode,
    "intermediateCatchEvent": CatchNode,
    "boundaryEvent": CatchNode,
    "intermediateThrowEvent": ThrowNode,
    "endEvent": ThrowNode,
}


def build_process(
    process: ProcessDefinition, plan: ProcessPlan, process_ids: Container[str]
) -> dict[str, ScopeSpec]:
    """The specs of the process and of its embedded sub-processes, by scope name.

    Raises ModelError for an element without meaning here, a missing start or a dangling flow;
    the lint says the same things earlier and all at once.
    """
    for element in process.elements.values():
        if element.kind == "callActivity" and element.called_process not in process_ids:
            raise _broken(process, element.id, f"没有流程“{element.called_process}”。")
    scopes: dict[str, ScopeSpec] = {}
    parents = [""]
    parents += [e.id for e in process.elements.values() if e.kind == "subProcess"]
    for parent_id in parents:
        name = scope_name(process.id, parent_id)
        scopes[name] = _build_scope(process, plan, name, parent_id)
    return scopes


def scope_name(process_id: str, parent_id: str) -> str:
    """The name of a scope: the process, or an embedded sub-process in it."""
    return f"{process_id}/{parent_id}" if parent_id else process_id


def _build_scope(
    process: ProcessDefinition, plan: ProcessPlan, name: str, parent_id: str
) -> ScopeSpec:
    scope = ScopeSpec(name, process.id)
    inner = [e for e in process.elements.values() if e.parent_id == parent_id]
    nodes = {element.id: _build_node(scope, process, element, plan) for element in inner}
    for element in inner:
        node = nodes[element.id]
        node.ways = tuple(_ways(process, element, nodes))
        for way in node.ways:
            node.connect(nodes[way.target])
        guards = process.boundaries(element.id)
        if guards and (element.kind not in HOSTS or any(e.id not in nodes for e in guards)):
            raise _broken(process, guards[0].id, "边界事件附着的不是活动。")
        node.guards = tuple(guard.id for guard in guards)
        for guard in guards:
            node.connect(nodes[guard.id])
        if isinstance(node, InclusiveNode):
            node.reach = _reach(process, element)
    start = process.start(parent_id)
    if start is None:
        raise _broken(process, parent_id or process.id, "没有开始事件。")
    scope.first = start.id
    scope.start.connect(nodes[start.id])
    return scope


def _build_node(
    scope: ScopeSpec, process: ProcessDefinition, element: Element, plan: ProcessPlan
) -> Node:
    kind = KINDS.get(element.kind)
    if kind is None:
        raise _broken(process, element.id, f"不支持 {element.kind}。")
    if element.kind in ("intermediateCatchEvent", "boundaryEvent") and element.event is None:
        raise _broken(process, element.id, "事件没有可执行的定义。")
    if element.kind == "scriptTask" and plan.elements[element.id].script is None:
        raise _broken(process, element.id, "脚本任务没有 FEEL 表达式。")
    node = kind(scope, element, plan.elements[element.id])
    if isinstance(node, CallNode):
        node.inside = element.called_process
    elif isinstance(node, InsideNode):
        node.inside = scope_name(process.id, element.id)
    return node


def _ways(process: ProcessDefinition, element: Element, nodes: dict[str, Node]) -> Iterable[Way]:
    for flow_id in element.outgoing:
        flow = process.flows[flow_id]
        if flow.target not in nodes:
            raise _broken(process, flow_id, "流向的终点不存在，或在另一个子流程里。")
        yield Way(flow_id, flow.target)


def _reach(process: ProcessDefinition, gateway: Element) -> dict[str, frozenset[str]]:
    """For each incoming flow: the elements from which it can be reached past the gateway."""
    reach = {}
    for flow_id in gateway.incoming:
        seen: set[str] = set()
        stack = [process.flows[flow_id].source]
        while stack:
            name = stack.pop()
            if name in seen or name == gateway.id or name not in process.elements:
                continue
            seen.add(name)
            element = process.elements[name]
            stack += [process.flows[f].source for f in element.incoming]
            if element.attached_to:
                stack.append(element.attached_to)
        reach[flow_id] = frozenset(seen)
    return reach


def _broken(process: ProcessDefinition, element_id: str, message: str) -> ModelError:
    place = Place(file=process.file, element_id=element_id)
    finding = Finding("not_executable", "error", message, "请先运行检查并改正流程图。", place)
    return ModelError(f"流程“{process.name or process.id}”（{element_id}）：{message}", [finding])
