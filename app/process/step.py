"""What the engine tells its caller: values only, nothing that can call back.

One command makes one `Step`. The caller saves what it says (work items, timers, decision
records) and performs the calls it asks for; the engine itself touches nothing outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.decision.result import Result

Facts = Mapping[str, Any]
"""Routing facts: flat JSON-like values (Decimal, str, bool, None, list, dict of these), < 2 KB."""


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """A user task that now waits for a person."""

    token: str  # names this activity instance inside the process instance; survives save/restore
    process_id: str  # BPMN process the element stands in (a called process has its own)
    element_id: str  # BPMN id of the user task
    name: str  # Chinese label from the diagram
    role: str  # role code: candidateGroups of zeebe:assignmentDefinition
    form_id: str  # zeebe:formDefinition formId, "" when the task asks nothing
    due_at: datetime | None  # zeebe:taskSchedule dueDate, aware UTC
    inputs: Facts  # evaluated zeebe:ioMapping inputs; shown beside and given to the form
    properties: Mapping[str, str]  # zeebe:properties (clause, check, not_done_by, deadline, ...)


@dataclass(frozen=True, slots=True)
class Call:
    """A service task that asks the caller to do something and answer."""

    token: str
    process_id: str
    element_id: str
    name: str
    type: str  # zeebe:taskDefinition type, a key of the call catalogue, e.g. "fund.reserve"
    inputs: Facts  # evaluated zeebe:ioMapping inputs
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TimerSet:
    """A timer event that now waits for its moment."""

    token: str
    process_id: str
    element_id: str
    name: str
    due_at: datetime  # aware UTC, frozen when the token arrived


@dataclass(frozen=True, slots=True)
class DecisionTaken:
    """A business rule task was evaluated (successfully or not)."""

    process_id: str
    element_id: str
    name: str  # label of the task
    decision_id: str  # zeebe:calledDecision decisionId
    file: str  # path of the DMN file inside the deployment
    inputs: Facts  # what it was asked
    result: Result


@dataclass(frozen=True, slots=True)
class Passed:
    """An element was completed; the picture of progress is drawn from these."""

    process_id: str
    element_id: str
    kind: str  # BPMN local name: "userTask", "exclusiveGateway", "endEvent", "sequenceFlow", ...


@dataclass(frozen=True, slots=True)
class Incident:
    """The instance stopped at an element and waits for a person; nothing went on past it."""

    token: str
    process_id: str
    element_id: str
    name: str
    code: str  # "empty_decision" | "decision_error" | "expression_error" | "no_flow" | "limit"
    #            | "dead_end" (a join waits for ever) | "uncaught_error" (an error nobody catches)
    message: str  # Chinese: what happened and what to do next
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """All that changed in one command."""

    opened: tuple[OpenedItem, ...] = ()
    closed: tuple[str, ...] = ()  # tokens of work items that wait no longer
    calls: tuple[Call, ...] = ()  # to be performed and answered, in order
    timers_set: tuple[TimerSet, ...] = ()
    timers_cleared: tuple[str, ...] = ()  # tokens of timers that wait no longer
    decisions: tuple[DecisionTaken, ...] = ()
    passed: tuple[Passed, ...] = ()  # in order of completion
    incidents: tuple[Incident, ...] = ()
    ended: bool = False  # the root process has no token left
    end_element_id: str = ""  # id of the end event reached last, when ended
