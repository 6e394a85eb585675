"""The white list as tables: element by element, which attributes, children and extensions count.

What stands here is executed or drawn; what does not is refused, because an element that is
accepted and then ignored is the most expensive mistake a diagram can hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.process.read import FLOW_NODES

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """What one BPMN element may carry."""

    attributes: frozenset[str] = NONE  # besides id and name
    fixed: dict[str, str] = field(default_factory=dict)  # attributes allowed with one value only
    children: frozenset[str] = NONE  # besides documentation and extensionElements
    extensions: frozenset[str] = NONE  # zeebe elements


_ACTIVITY = {"isForCompensation": "false", "startQuantity": "1", "completionQuantity": "1"}
_LINKS = frozenset({"incoming", "outgoing"})
_PROPERTIES = frozenset({"properties"})
_SCOPE = (
    FLOW_NODES
    - {"sendTask", "receiveTask", "transaction", "adHocSubProcess"}
    - {"eventBasedGateway", "complexGateway"}
) | {"sequenceFlow", "textAnnotation", "association", "group"}


def _task(*extensions: str) -> Rule:
    return Rule(NONE, _ACTIVITY, _LINKS, _PROPERTIES | frozenset(extensions))


def _event(
    *definitions: str, attributes: tuple[str, ...] = (), extensions: tuple[str, ...] = ()
) -> Rule:
    return Rule(
        frozenset(attributes),
        {"parallelMultiple": "false"},
        _LINKS | frozenset(definitions),
        _PROPERTIES | frozenset(extensions),
    )


def _plain(*attributes: str, children: tuple[str, ...] = ()) -> Rule:
    return Rule(frozenset(attributes), children=frozenset(children), extensions=_PROPERTIES)


BPMN_RULES: dict[str, Rule] = {
    "definitions": _plain(
        "targetNamespace", "exporter", "exporterVersion", "expressionLanguage", "typeLanguage",
        children=("process", "collaboration", "message", "error", "escalation", "category"),
    ),
    "collaboration": _plain("isClosed", children=("participant", "textAnnotation", "association")),
    "participant": _plain("processRef"),
    "category": _plain(children=("categoryValue",)),
    "categoryValue": _plain("value"),
    "message": Rule(extensions=frozenset({"subscription"})),
    "error": _plain("errorCode"),
    "escalation": _plain("escalationCode"),
    "process": Rule(
        frozenset({"isExecutable", "processType", "isClosed"}), {}, _SCOPE | {"laneSet"},
        _PROPERTIES,
    ),
    "laneSet": _plain(children=("lane",)),
    "lane": _plain(children=("flowNodeRef",)),
    "flowNodeRef": Rule(),
    "incoming": Rule(),
    "outgoing": Rule(),
    "documentation": _plain("textFormat"),
    "textAnnotation": _plain("textFormat", children=("text",)),
    "text": Rule(),
    "association": _plain("sourceRef", "targetRef", "associationDirection"),
    "group": _plain("categoryValueRef"),
    "sequenceFlow": _plain("sourceRef", "targetRef", children=("conditionExpression",)),
    "conditionExpression": Rule(),
    "startEvent": _event(extensions=("formDefinition",)),
    "endEvent": _event(
        "terminateEventDefinition", "errorEventDefinition", "escalationEventDefinition"
    ),
    "intermediateThrowEvent": _event("escalationEventDefinition"),
    "intermediateCatchEvent": _event(
        "timerEventDefinition", "messageEventDefinition", extensions=("ioMapping",)
    ),
    "boundaryEvent": _event(
        "timerEventDefinition", "messageEventDefinition", "errorEventDefinition",
        "escalationEventDefinition",
        attributes=("attachedToRef", "cancelActivity"), extensions=("ioMapping",),
    ),
    "timerEventDefinition": _plain(children=("timeDate", "timeDuration", "timeCycle")),
    "timeDate": Rule(),
    "timeDuration": Rule(),
    "timeCycle": Rule(),
    "messageEventDefinition": _plain("messageRef"),
    "errorEventDefinition": _plain("errorRef"),
    "escalationEventDefinition": _plain("escalationRef"),
    "terminateEventDefinition": Rule(),
    "task": _task(),
    "manualTask": _task(),
    "userTask": _task(
        "formDefinition", "assignmentDefinition", "taskSchedule", "ioMapping", "userTask"
    ),
    "serviceTask": _task("taskDefinition", "ioMapping", "taskHeaders"),
    "businessRuleTask": _task("calledDecision", "ioMapping"),
    "scriptTask": _task("script", "ioMapping"),
    "callActivity": _task("calledElement", "ioMapping"),
    "subProcess": Rule(
        NONE, {**_ACTIVITY, "triggeredByEvent": "false"}, _LINKS | _SCOPE, _PROPERTIES
    ),
    "exclusiveGateway": Rule(frozenset({"default", "gatewayDirection"}), {}, _LINKS, _PROPERTIES),
    "inclusiveGateway": Rule(frozenset({"default", "gatewayDirection"}), {}, _LINKS, _PROPERTIES),
    "parallelGateway": Rule(frozenset({"gatewayDirection"}), {}, _LINKS, _PROPERTIES),
}  # fmt: skip

_BINDING = {"bindingType": ("deployment", "latest")}
# Attributes of each zeebe element; a tuple names the only values that are executed.
ZEEBE_RULES: dict[str, dict[str, tuple[str, ...]]] = {
    "properties": {},
    "property": {"name": (), "value": ()},
    "taskHeaders": {},
    "header": {"key": (), "value": ()},
    "ioMapping": {},
    "input": {"source": (), "target": ()},
    "output": {"source": (), "target": ()},
    "formDefinition": {"formId": (), **_BINDING},
    "assignmentDefinition": {"candidateGroups": ()},
    "taskSchedule": {"dueDate": ()},
    "userTask": {},
    "taskDefinition": {"type": ()},
    "calledDecision": {"decisionId": (), "resultVariable": (), **_BINDING},
    "calledElement": {
        "processId": (),
        "propagateAllChildVariables": ("true", "false"),
        "propagateAllParentVariables": ("true", "false"),
        **_BINDING,
    },
    "script": {"expression": (), "resultVariable": ()},
    "subscription": {"correlationKey": ()},
}
ZEEBE_CHILDREN = {
    "properties": frozenset({"property"}),
    "taskHeaders": frozenset({"header"}),
    "ioMapping": frozenset({"input", "output"}),
}
TEMPLATE_ATTRIBUTES = frozenset(
    {"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"}
)

# What to say, and to do instead, for what people are likely to draw.
ADVICE: dict[str, tuple[str, str]] = {
    "multiInstanceLoopCharacteristics": (
        "不支持多实例",
        "表决意见是数据行，一次会议是一个等待的任务：请画一个用户任务，计票用决策表。",
    ),
    "standardLoopCharacteristics": ("不支持循环标记", "请用网关画出回路，回路中要有等待的任务。"),
    "eventBasedGateway": ("不支持事件网关", "请改用带定时或消息边界事件的用户任务。"),
    "complexGateway": ("不支持复杂网关", "请改用排他、并行或包容网关。"),
    "sendTask": ("不支持发送任务", "请改用服务任务，类型选 message.send。"),
    "receiveTask": ("不支持接收任务", "请改用消息中间事件。"),
    "transaction": ("不支持事务子流程", "请改用普通子流程。"),
    "adHocSubProcess": ("不支持即席子流程", "请画出确定的顺序。"),
    "signalEventDefinition": ("不支持信号事件", "请改用消息事件或服务任务。"),
    "linkEventDefinition": ("不支持链接事件", "请直接连线。"),
    "compensateEventDefinition": ("不支持补偿事件", "请把冲正画成明确的任务。"),
    "conditionalEventDefinition": ("不支持条件事件", "请用网关判断条件。"),
    "cancelEventDefinition": ("不支持取消事件", "请改用错误事件。"),
    "dataObject": ("数据对象不参与执行", "请删去，或改用文本注释说明。"),
    "dataObjectReference": ("数据对象不参与执行", "请删去，或改用文本注释说明。"),
    "dataStoreReference": ("数据存储不参与执行", "请删去，或改用文本注释说明。"),
    "script": ("不执行脚本文本", "请改用 zeebe:script 的 FEEL 表达式。"),
    "messageEventDefinition": ("此处的消息事件不会执行", "发出消息请用服务任务 message.send。"),
    "timerEventDefinition": ("此处的定时事件不会执行", "请改用中间定时事件或边界定时事件。"),
    "signal": ("不支持信号", "请改用消息事件或服务任务。"),
    "messageFlow": ("消息流不参与执行", "请删去，或改用文本注释说明。"),
    "childLaneSet": ("不支持嵌套泳道", "请只用一层泳道。"),
    "subProcess": ("此处不能放子流程", "请移到流程里。"),
}


def words_for(tag: str, host: str) -> tuple[str, str]:
    """What to say about an element that may not stand in `host`."""
    if tag in ADVICE:
        return ADVICE[tag]
    return f"{host} 里的 {tag} 不会执行", "请删去。"
