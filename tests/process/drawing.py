"""Draws small diagrams for the tests: functions that return BPMN text, put together by `draw`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import quoteattr

from app.process import Engine, Library, Run, Step

NOW = datetime(2026, 4, 7, 2, 5, tzinfo=UTC)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="drawing" targetNamespace="urn:test">'
)


def draw(*parts: str, process: str = "p", executable: str = "true") -> bytes:
    """One file with one process made of the parts; parts of the file itself go to `whole`."""
    return whole(scope(*parts, process=process, executable=executable))


def scope(*parts: str, process: str = "p", executable: str = "true") -> str:
    return (
        f'<bpmn:process id="{process}" isExecutable="{executable}">{"".join(parts)}</bpmn:process>'
    )


def whole(*parts: str) -> bytes:
    refs = (
        '<bpmn:message id="m_paper" name="paper"/><bpmn:error id="er" name="e" errorCode="E1"/>'
        '<bpmn:error id="er2" name="e" errorCode="E2"/>'
        '<bpmn:escalation id="es" name="s" escalationCode="S1"/>'
    )
    return f"{_HEAD}{refs}{''.join(parts)}</bpmn:definitions>".encode()


def node(tag: str, id: str, inside: str = "", **attributes: str) -> str:
    more = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value)
    return f'<bpmn:{tag} id="{id}"{more}>{inside}</bpmn:{tag}>'


def ext(*parts: str) -> str:
    return f"<bpmn:extensionElements>{''.join(parts)}</bpmn:extensionElements>"


def io(inputs: Mapping[str, str] = {}, outputs: Mapping[str, str] = {}) -> str:
    if not inputs and not outputs:
        return ""
    rows = [
        f"<zeebe:input source={quoteattr(s)} target={quoteattr(t)}/>" for t, s in inputs.items()
    ]
    rows += [
        f"<zeebe:output source={quoteattr(s)} target={quoteattr(t)}/>" for t, s in outputs.items()
    ]
    return f"<zeebe:ioMapping>{''.join(rows)}</zeebe:ioMapping>"


def start(id: str = "s", facts: str = "") -> str:
    row = f'<zeebe:properties><zeebe:property name="facts" value="{facts}"/></zeebe:properties>'
    return node("startEvent", id, ext(row) if facts else "")


def end(id: str = "e", kind: str = "") -> str:
    refs = {"error": "errorRef", "escalation": "escalationRef"}
    name, _, ref = kind.partition(":")
    attribute = f' {refs[name]}="{ref}"' if ref else ""
    return node("endEvent", id, f"<bpmn:{name}EventDefinition{attribute}/>" if name else "")


def throw(id: str, ref: str = "es") -> str:
    inside = f'<bpmn:escalationEventDefinition escalationRef="{ref}"/>'
    return node("intermediateThrowEvent", id, inside)


def user(
    id: str,
    role: str = "township_handler",
    inputs: Mapping[str, str] = {},
    outputs: Mapping[str, str] = {},
    due: str = "",
) -> str:
    parts = [f'<zeebe:assignmentDefinition candidateGroups="{role}"/>'] if role else []
    if due:
        parts.append(f"<zeebe:taskSchedule dueDate={quoteattr(due)}/>")
    return node("userTask", id, ext(*parts, io(inputs, outputs)))


def service(
    id: str,
    type: str = "payment.pay",
    inputs: Mapping[str, str] = {},
    outputs: Mapping[str, str] = {},
    result: str = "",
) -> str:
    header = (
        f'<zeebe:taskHeaders><zeebe:header key="resultVariable" value="{result}"/>'
        "</zeebe:taskHeaders>"
        if result
        else ""
    )
    definition = f'<zeebe:taskDefinition type="{type}"/>'
    return node("serviceTask", id, ext(definition, io(inputs, outputs), header))


def rule(id: str, decision: str, result: str, inputs: Mapping[str, str] = {}) -> str:
    called = f'<zeebe:calledDecision decisionId="{decision}" resultVariable="{result}"/>'
    return node("businessRuleTask", id, ext(called, io(inputs)))


def script(id: str, expression: str, result: str = "") -> str:
    named = f' resultVariable="{result}"' if result else ""
    return node("scriptTask", id, ext(f"<zeebe:script expression={quoteattr(expression)}{named}/>"))


def xor(id: str, default: str = "") -> str:
    return node("exclusiveGateway", id, default=default)


def par(id: str) -> str:
    return node("parallelGateway", id)


def inc(id: str, default: str = "") -> str:
    return node("inclusiveGateway", id, default=default)


def sub(id: str, *parts: str) -> str:
    return node("subProcess", id, "".join(parts))


def activity(
    id: str,
    process: str,
    inputs: Mapping[str, str] = {},
    outputs: Mapping[str, str] = {},
    **flags: str,
) -> str:
    more = "".join(f' {key}="{value}"' for key, value in flags.items())
    called = f'<zeebe:calledElement processId="{process}"{more}/>'
    return node("callActivity", id, ext(called, io(inputs, outputs)))


def timer_definition(**form: str) -> str:
    inside = "".join(f"<bpmn:{key}>{value}</bpmn:{key}>" for key, value in form.items())
    return f"<bpmn:timerEventDefinition>{inside}</bpmn:timerEventDefinition>"


def definition(kind: str) -> str:
    name, _, ref = kind.partition(":")
    attribute = {"message": "messageRef", "error": "errorRef", "escalation": "escalationRef"}[name]
    return f"<bpmn:{name}EventDefinition{f' {attribute}={quoteattr(ref)}' if ref else ''}/>"


def catch(id: str, inside: str, outputs: Mapping[str, str] = {}) -> str:
    return node("intermediateCatchEvent", id, (ext(io({}, outputs)) if outputs else "") + inside)


def guard(
    id: str, host: str, inside: str, *, cancel: bool = True, outputs: Mapping[str, str] = {}
) -> str:
    body = (ext(io({}, outputs)) if outputs else "") + inside
    return node(
        "boundaryEvent", id, body, attachedToRef=host, cancelActivity="" if cancel else "false"
    )


def flow(source: str, target: str, condition: str = "", id: str = "") -> str:
    inside = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition.replace("<", "&lt;")}'
        "</bpmn:conditionExpression>"
        if condition
        else ""
    )
    return node(
        "sequenceFlow", id or f"{source}_{target}", inside, sourceRef=source, targetRef=target
    )


def flows(*chain: str) -> str:
    """Flows along each chain "a > b > c"."""
    made = []
    for text in chain:
        names = [name.strip() for name in text.split(">")]
        made += [flow(a, b) for a, b in pairwise(names)]
    return "".join(made)


def library(*files: bytes, **more: bytes) -> Library:
    named = {f"f{number}.bpmn": data for number, data in enumerate(files)}
    return Library({**named, **{key.replace("_", "."): value for key, value in more.items()}})


def begin(
    data: bytes | Library, facts: Mapping[str, Any] = {}, process: str = "p"
) -> tuple[Run, Step]:
    made = data if isinstance(data, Library) else library(data)
    return Engine(made).start(process, facts, now=NOW)


def open_ids(run: Run) -> list[str]:
    return [item.element_id for item in run.waiting]


def path(*steps: Step) -> list[str]:
    return [p.element_id for step in steps for p in step.passed if p.kind != "sequenceFlow"]


def do(run: Run, element_id: str, **values: Any) -> Step:
    """Complete the open work item at the element."""
    token = next(item.token for item in run.waiting if item.element_id == element_id)
    return run.complete(token, values, now=NOW)
