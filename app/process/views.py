"""How open tokens look from outside: work items, calls, timers, messages, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.process.facts import copy_value, from_plain
from app.process.step import Call, OpenedItem, TimerSet
from app.process.tokens import Token


@dataclass(frozen=True, slots=True)
class MessageWait:
    """A message event that now waits."""

    token: str
    process_id: str
    element_id: str
    name: str  # label on the diagram
    message: str  # name of the message


def kind_of(token: Token) -> str:
    """What the token waits for: "work", "call", "timer", "message", or "" for nothing outside."""
    if token.stopped:
        return ""
    element = token.task_spec.element
    if token.state == TaskState.READY:
        return {"userTask": "work", "serviceTask": "call"}.get(element.kind, "")
    if token.state == TaskState.WAITING and element.event is not None:
        return element.event.kind if element.event.kind in ("timer", "message") else ""
    return ""


def due_of(token: Token) -> datetime | None:
    """The frozen due date, aware UTC."""
    text = token.internal_data.get("due")
    return None if text is None else datetime.fromisoformat(text)


def _inputs(token: Token) -> dict[str, Any]:
    return {
        key: copy_value(from_plain(value), key)
        for key, value in token.internal_data.get("inputs", {}).items()
    }


def opened_of(token: Token) -> OpenedItem:
    """The work item the token waits with."""
    spec = token.task_spec
    element = spec.element
    return OpenedItem(
        token=str(token.id),
        process_id=spec.process_id,
        element_id=element.id,
        name=element.name,
        role=element.role,
        form_id=element.form_id,
        due_at=due_of(token),
        inputs=_inputs(token),
        properties=dict(element.properties),
    )


def call_of(token: Token) -> Call:
    """The call the token waits for."""
    spec = token.task_spec
    element = spec.element
    return Call(
        token=str(token.id),
        process_id=spec.process_id,
        element_id=element.id,
        name=element.name,
        type=element.call_type,
        inputs=_inputs(token),
        properties=dict(element.properties),
    )


def timer_of(token: Token) -> TimerSet:
    """The timer the token waits for."""
    spec = token.task_spec
    due_at = due_of(token)
    assert due_at is not None
    element = spec.element
    return TimerSet(str(token.id), spec.process_id, element.id, element.name, due_at)


def message_of(token: Token) -> MessageWait:
    """The message the token waits for."""
    spec = token.task_spec
    element = spec.element
    return MessageWait(
        str(token.id), spec.process_id, element.id, element.name, element.event.message
    )
