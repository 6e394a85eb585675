"""XML tree to process definitions; tolerant, so that the lint can name every fault at once.

Nothing here decides whether a model may run: `lint` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from app.process.model import (
    Bounds,
    Edge,
    Element,
    Event,
    Flow,
    Lane,
    Mapped,
    Note,
    ProcessDefinition,
    Shape,
)

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"

FLOW_NODES = frozenset(
    {
        "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent",
        "boundaryEvent", "task", "manualTask", "userTask", "serviceTask", "businessRuleTask",
        "scriptTask", "sendTask", "receiveTask", "callActivity", "subProcess", "transaction",
        "adHocSubProcess", "exclusiveGateway", "parallelGateway", "inclusiveGateway",
        "eventBasedGateway", "complexGateway",
    }
)  # fmt: skip
_EVENTS = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "terminateEventDefinition": "terminate",
}


def local(node: Any) -> str:
    """The tag without its namespace."""
    return str(node.tag).rpartition("}")[2]


def read_definitions(root: Any, file: str, xml: bytes) -> tuple[ProcessDefinition, ...]:
    """Every process of the file, in file order."""
    refs = _references(root)
    shapes, edges = _pictures(root)
    return tuple(
        _read_process(node, file, xml, refs, shapes, edges)
        for node in root.iterfind(f"{BPMN}process")
    )


def _references(root: Any) -> dict[str, tuple[str, str]]:
    """Names and codes of messages, errors and escalations by their id."""
    found: dict[str, tuple[str, str]] = {}
    for tag, code in (("message", ""), ("error", "errorCode"), ("escalation", "escalationCode")):
        for node in root.iterfind(BPMN + tag):
            found[node.get("id", "")] = (node.get("name", ""), node.get(code, "") if code else "")
    return found


def _read_process(
    node: Any,
    file: str,
    xml: bytes,
    refs: dict[str, tuple[str, str]],
    shapes: dict[str, Shape],
    edges: dict[str, Edge],
) -> ProcessDefinition:
    flows = {flow.id: flow for flow in _read_flows(node)}
    lanes = tuple(_read_lanes(node))
    lane_of = {ref: lane for lane in lanes for ref in lane.elements}
    incoming: dict[str, list[str]] = {}
    outgoing: dict[str, list[str]] = {}
    for flow in flows.values():
        incoming.setdefault(flow.target, []).append(flow.id)
        outgoing.setdefault(flow.source, []).append(flow.id)
    elements: dict[str, Element] = {}
    for child, parent_id in _flow_nodes(node):
        element = _read_element(child, parent_id, refs)
        lane = lane_of.get(element.id) or lane_of.get(parent_id)
        elements[element.id] = replace(
            element,
            lane_id=lane.id if lane else "",
            lane_name=lane.name if lane else "",
            incoming=tuple(incoming.get(element.id, ())),
            outgoing=tuple(outgoing.get(element.id, ())),
        )
    return ProcessDefinition(
        id=node.get("id", ""),
        name=node.get("name", ""),
        file=file,
        xml=xml,
        executable=node.get("isExecutable", "false").strip() == "true",
        elements=elements,
        flows=flows,
        lanes=lanes,
        properties=_properties(node),
        documentation=_documentation(node),
        notes=tuple(
            Note(item.get("id", ""), item.findtext(f"{BPMN}text") or "")
            for item in node.iter(f"{BPMN}textAnnotation")
        ),
        shapes=shapes,
        edges=edges,
    )


def _flow_nodes(process: Any) -> Iterator[tuple[Any, str]]:
    """Flow nodes with the id of the sub-process around them, outermost first."""
    stack: list[tuple[Any, str]] = [(process, "")]
    while stack:
        scope, parent_id = stack.pop(0)
        for child in scope:
            if str(child.tag).startswith(BPMN) and local(child) in FLOW_NODES:
                yield child, parent_id
                if local(child) in ("subProcess", "transaction", "adHocSubProcess"):
                    stack.append((child, child.get("id", "")))


def _read_flows(process: Any) -> Iterator[Flow]:
    for node in process.iter(f"{BPMN}sequenceFlow"):
        condition = node.find(f"{BPMN}conditionExpression")
        yield Flow(
            id=node.get("id", ""),
            source=node.get("sourceRef", ""),
            target=node.get("targetRef", ""),
            name=node.get("name", ""),
            condition="" if condition is None else (condition.text or "").strip() or "=",
        )


def _read_lanes(process: Any) -> Iterator[Lane]:
    for node in process.iter(f"{BPMN}lane"):
        refs = tuple((ref.text or "").strip() for ref in node.iterfind(f"{BPMN}flowNodeRef"))
        yield Lane(node.get("id", ""), node.get("name", ""), refs)


def _read_element(node: Any, parent_id: str, refs: dict[str, tuple[str, str]]) -> Element:
    ext = node.find(f"{BPMN}extensionElements")
    headers = _headers(ext)
    called = _child(ext, "calledElement")
    decision = _child(ext, "calledDecision")
    script = _child(ext, "script")
    groups = _attribute(ext, "assignmentDefinition", "candidateGroups")
    result = decision.get("resultVariable", "") if decision is not None else ""
    if script is not None:
        result = script.get("resultVariable", "")
    return Element(
        id=node.get("id", ""),
        kind=local(node),
        name=node.get("name", ""),
        parent_id=parent_id,
        role=groups.split(",")[0].strip(),
        form_id=_attribute(ext, "formDefinition", "formId").strip(),
        documentation=_documentation(node),
        properties=_properties(node),
        headers=headers,
        call_type=_attribute(ext, "taskDefinition", "type").strip(),
        decision_id=_attribute(ext, "calledDecision", "decisionId").strip(),
        called_process=_attribute(ext, "calledElement", "processId").strip(),
        result_variable=(result or headers.get("resultVariable", "")).strip(),
        script=_attribute(ext, "script", "expression").strip(),
        due=_attribute(ext, "taskSchedule", "dueDate").strip(),
        attached_to=node.get("attachedToRef", "") if local(node) == "boundaryEvent" else "",
        interrupting=node.get("cancelActivity", "true").strip() != "false",
        default_flow=node.get("default", ""),
        event=_read_event(node, refs),
        inputs=_mappings(ext, "input"),
        outputs=_mappings(ext, "output"),
        all_parent_facts=_flag(called, "propagateAllParentVariables"),
        all_child_facts=_flag(called, "propagateAllChildVariables"),
    )


def _read_event(node: Any, refs: dict[str, tuple[str, str]]) -> Event | None:
    for child in node:
        kind = _EVENTS.get(local(child))
        if kind is None:
            continue
        if kind == "timer":
            for form in ("timeDate", "timeDuration", "timeCycle"):
                found = child.find(BPMN + form)
                if found is not None:
                    return Event(kind, form=form, text=(found.text or "").strip())
            return Event(kind)
        if kind == "message":
            return Event(kind, message=refs.get(child.get("messageRef", ""), ("", ""))[0])
        ref = child.get("errorRef") or child.get("escalationRef") or ""
        return Event(kind, code=refs.get(ref, ("", ""))[1])
    return None


def _child(ext: Any, name: str) -> Any:
    return None if ext is None else ext.find(ZEEBE + name)


def _attribute(ext: Any, name: str, attribute: str) -> str:
    found = _child(ext, name)
    return "" if found is None else str(found.get(attribute, ""))


def _flag(node: Any, attribute: str) -> bool:
    return node is None or node.get(attribute, "true").strip() != "false"


def _mappings(ext: Any, name: str) -> tuple[Mapped, ...]:
    found = _child(ext, "ioMapping")
    if found is None:
        return ()
    return tuple(
        Mapped(item.get("source", "").strip(), item.get("target", "").strip())
        for item in found.iterfind(ZEEBE + name)
    )


def _headers(ext: Any) -> dict[str, str]:
    found = _child(ext, "taskHeaders")
    if found is None:
        return {}
    return {item.get("key", ""): item.get("value", "") for item in found.iterfind(f"{ZEEBE}header")}


def _properties(node: Any) -> dict[str, str]:
    found = _child(node.find(f"{BPMN}extensionElements"), "properties")
    if found is None:
        return {}
    return {p.get("name", ""): p.get("value", "") for p in found.iterfind(f"{ZEEBE}property")}


def _documentation(node: Any) -> str:
    return "\n".join((d.text or "").strip() for d in node.iterfind(f"{BPMN}documentation"))


def _pictures(root: Any) -> tuple[dict[str, Shape], dict[str, Edge]]:
    """Shapes and edges of every diagram in the file; a broken number leaves its shape out."""
    shapes: dict[str, Shape] = {}
    edges: dict[str, Edge] = {}
    for node in root.iter(f"{DI}BPMNShape"):
        bounds = _bounds(node)
        ref = node.get("bpmnElement", "")
        if bounds is not None and ref:
            shapes[ref] = Shape(
                ref,
                bounds,
                _bounds(node.find(f"{DI}BPMNLabel")),
                expanded=node.get("isExpanded", "false") == "true",
                horizontal=node.get("isHorizontal", "true") != "false",
                marker=node.get("isMarkerVisible", "false") == "true",
            )
    for node in root.iter(f"{DI}BPMNEdge"):
        points = tuple(
            (x, y)
            for point in node.iterfind(f"{DD}waypoint")
            if (x := _number(point.get("x"))) is not None
            and (y := _number(point.get("y"))) is not None
        )
        ref = node.get("bpmnElement", "")
        if ref and len(points) > 1:
            edges[ref] = Edge(ref, points, _bounds(node.find(f"{DI}BPMNLabel")))
    return shapes, edges


def _bounds(node: Any) -> Bounds | None:
    found = None if node is None else node.find(f"{DC}Bounds")
    if found is None:
        return None
    numbers = [_number(found.get(key)) for key in ("x", "y", "width", "height")]
    x, y, width, height = numbers
    if x is None or y is None or width is None or height is None:
        return None
    return Bounds(x, y, width, height)


def _number(text: str | None) -> float | None:
    """A diagram coordinate; None for what is no finite number of sensible size."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if -1e6 < value < 1e6 else None
