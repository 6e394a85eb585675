"""A BPMN file's drawing as plain values: shapes, flows and lanes with their coordinates.

Reads only what is drawn. What a diagram means is app.process's business; here nothing is
executed, no entity is resolved and no document type is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

MAX_BYTES = 2 * 1024 * 1024
MAX_SHAPES = 600
MAX_EDGES = 1_200

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_DI = "{http://www.omg.org/spec/DD/20100524/DI}"

_EVENT_DEFINITIONS = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "errorEventDefinition": "error",
    "terminateEventDefinition": "terminate",
    "signalEventDefinition": "signal",
    "escalationEventDefinition": "escalation",
}


class UndrawableError(ValueError):
    """The file is no BPMN drawing we can read; the page then shows the table twin alone."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the diagram's own units."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + self.height

    @property
    def centre(self) -> tuple[float, float]:
        """The middle point."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Shape:
    """One drawn element that is not a flow."""

    element_id: str
    kind: str  # BPMN local name: userTask, exclusiveGateway, lane, participant, ...
    name: str
    box: Box
    event: str  # "timer", "message", ... for events that carry a definition
    default: str  # id of the default flow of a gateway, "" when none
    label: Box | None  # where the modeller put the label of events and gateways
    attached: bool  # a boundary event


@dataclass(frozen=True, slots=True)
class Edge:
    """One drawn sequence flow (or association)."""

    element_id: str
    kind: str
    name: str
    source: str
    target: str
    points: tuple[tuple[float, float], ...]
    label: Box | None


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is drawn, lanes and pools first."""

    lanes: tuple[Shape, ...]
    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]

    @property
    def bounds(self) -> Box:
        """The smallest rectangle around everything, labels included."""
        boxes = [shape.box for shape in (*self.lanes, *self.shapes)]
        boxes += [shape.label for shape in self.shapes if shape.label]
        boxes += [edge.label for edge in self.edges if edge.label]
        xs = [box.x for box in boxes] + [x for edge in self.edges for x, _ in edge.points]
        ys = [box.y for box in boxes] + [y for edge in self.edges for _, y in edge.points]
        rights = [box.right for box in boxes] + xs
        bottoms = [box.bottom for box in boxes] + ys
        left, top = min(xs, default=0.0), min(ys, default=0.0)
        return Box(left, top, max(rights, default=0.0) - left, max(bottoms, default=0.0) - top)


def read_picture(raw: bytes) -> Picture:
    """The drawing in a BPMN file; raises UndrawableError when there is none or it is too large."""
    root = _parse(raw)
    elements = {str(node.get("id")): node for node in root.iter() if node.get("id")}
    lanes: list[Shape] = []
    shapes: list[Shape] = []
    for drawn in root.iter(_BPMNDI + "BPMNShape"):
        shape = _shape(drawn, elements)
        if shape is not None:
            (lanes if shape.kind in ("lane", "participant") else shapes).append(shape)
    edges = [
        edge
        for drawn in root.iter(_BPMNDI + "BPMNEdge")
        if (edge := _edge(drawn, elements)) is not None
    ]
    if not shapes:
        raise UndrawableError("no shapes are drawn")
    if len(shapes) + len(lanes) > MAX_SHAPES or len(edges) > MAX_EDGES:
        raise UndrawableError("too much is drawn")
    return Picture(tuple(lanes), tuple(shapes), tuple(edges))


def _parse(raw: bytes) -> etree._Element:
    if len(raw) > MAX_BYTES or b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise UndrawableError("too large, or carries a document type")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise UndrawableError(str(error)) from error


def _shape(drawn: etree._Element, elements: dict[str, etree._Element]) -> Shape | None:
    element = elements.get(str(drawn.get("bpmnElement")))
    bounds = drawn.find(_DC + "Bounds")
    if element is None or bounds is None:
        return None
    kind = etree.QName(element).localname
    events = [_EVENT_DEFINITIONS.get(etree.QName(child).localname, "") for child in element]
    return Shape(
        element_id=str(element.get("id")),
        kind=kind,
        name=_name(element),
        box=_box(bounds),
        event=next((event for event in events if event), ""),
        default=str(element.get("default") or ""),
        label=_label(drawn),
        attached=kind == "boundaryEvent",
    )


def _edge(drawn: etree._Element, elements: dict[str, etree._Element]) -> Edge | None:
    element = elements.get(str(drawn.get("bpmnElement")))
    points = tuple(
        (_number(point, "x"), _number(point, "y")) for point in drawn.findall(_DI + "waypoint")
    )
    if element is None or len(points) < 2:
        return None
    return Edge(
        element_id=str(element.get("id")),
        kind=etree.QName(element).localname,
        name=_name(element),
        source=str(element.get("sourceRef") or ""),
        target=str(element.get("targetRef") or ""),
        points=points,
        label=_label(drawn),
    )


def _name(element: etree._Element) -> str:
    text = element.get("name") or ""
    if not text and element.tag == _BPMN + "textAnnotation":
        text = element.findtext(_BPMN + "text") or ""
    return " ".join(str(text).split())


def _label(drawn: etree._Element) -> Box | None:
    bounds = drawn.find(f"{_BPMNDI}BPMNLabel/{_DC}Bounds")
    return None if bounds is None else _box(bounds)


def _box(bounds: etree._Element) -> Box:
    return Box(*(_number(bounds, name) for name in ("x", "y", "width", "height")))


def _number(node: etree._Element, name: str) -> float:
    try:
        value = float(node.get(name) or "")
    except ValueError as error:
        raise UndrawableError(f"a coordinate is no number: {name}") from error
    if not -100_000 < value < 100_000:  # also refuses NaN and infinity
        raise UndrawableError(f"a coordinate is out of range: {name}")
    return value
