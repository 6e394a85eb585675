"""A process as it was drawn: frozen records read straight from the XML.

They serve the pictures, the tables, the lint and the builder of the executable form alike, and
know nothing of the engine that runs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HOSTS = frozenset({"userTask", "subProcess", "callActivity"})  # what boundary events stand on


@dataclass(frozen=True, slots=True)
class Mapped:
    """One line of a zeebe:ioMapping."""

    source: str  # text as written; FEEL when it starts with "="
    target: str  # name of the fact or input


@dataclass(frozen=True, slots=True)
class Event:
    """What an event waits for or throws."""

    kind: str  # "timer" | "message" | "error" | "escalation" | "terminate"
    form: str = ""  # timers: "timeDate" | "timeDuration" | "timeCycle"
    text: str = ""  # timers: ISO 8601 or FEEL
    code: str = ""  # errors and escalations: their code; "" catches every code
    message: str = ""  # messages: their name


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node: event, activity or gateway."""

    id: str
    kind: str  # BPMN local name, e.g. "userTask"
    name: str  # label on the diagram
    parent_id: str = ""  # id of the embedded sub-process it stands in, "" at the top
    lane_id: str = ""
    lane_name: str = ""
    role: str = ""  # first candidateGroups of zeebe:assignmentDefinition
    form_id: str = ""  # zeebe:formDefinition formId
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)  # zeebe:properties
    headers: Mapping[str, str] = field(default_factory=dict)  # zeebe:taskHeaders
    call_type: str = ""  # zeebe:taskDefinition type
    decision_id: str = ""  # zeebe:calledDecision decisionId
    called_process: str = ""  # zeebe:calledElement processId
    result_variable: str = ""  # of zeebe:calledDecision, zeebe:script or the header of that name
    script: str = ""  # zeebe:script expression
    due: str = ""  # zeebe:taskSchedule dueDate
    attached_to: str = ""  # boundary events: the activity they stand on
    interrupting: bool = True  # boundary events: cancelActivity
    default_flow: str = ""  # gateways: id of the default flow
    event: Event | None = None
    inputs: tuple[Mapped, ...] = ()
    outputs: tuple[Mapped, ...] = ()
    all_parent_facts: bool = True  # call activities: propagateAllParentVariables
    all_child_facts: bool = True  # call activities: propagateAllChildVariables
    incoming: tuple[str, ...] = ()  # flow ids, in file order
    outgoing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str  # element id
    target: str  # element id
    name: str = ""
    condition: str = ""  # text as written, FEEL starts with "="


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: a role's part of the diagram."""

    id: str
    name: str
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in diagram units, y downwards."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Shape:
    """Where an element, lane, pool or annotation is drawn."""

    element_id: str
    bounds: Bounds
    label: Bounds | None = None  # where an outside label is drawn
    expanded: bool = True  # sub-processes: shown with their inside
    horizontal: bool = True  # lanes and pools
    marker: bool = False  # exclusive gateways: shown with a cross


@dataclass(frozen=True, slots=True)
class Edge:
    """How a flow or association is drawn."""

    element_id: str
    waypoints: tuple[tuple[float, float], ...]
    label: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A text annotation."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ProcessDefinition:
    """One process of one file."""

    id: str
    name: str
    file: str  # path inside the deployment
    xml: bytes = field(repr=False)  # the whole file as deployed
    executable: bool
    elements: Mapping[str, Element]  # by id, in file order
    flows: Mapping[str, Flow]  # by id, in file order
    lanes: tuple[Lane, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    documentation: str = ""
    notes: tuple[Note, ...] = ()
    shapes: Mapping[str, Shape] = field(default_factory=dict)  # by element id
    edges: Mapping[str, Edge] = field(default_factory=dict)  # by element id

    def start(self, parent_id: str = "") -> Element | None:
        """The first start event at the top, or inside the given sub-process."""
        for element in self.elements.values():
            if element.kind == "startEvent" and element.parent_id == parent_id:
                return element
        return None

    def boundaries(self, element_id: str) -> tuple[Element, ...]:
        """The boundary events standing on an activity, in file order."""
        return tuple(e for e in self.elements.values() if e.attached_to == element_id)
