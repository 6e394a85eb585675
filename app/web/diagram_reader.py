"""What is drawn of a process: shapes, flows and lanes with their coordinates, ready to be drawn.

The file itself is read by app.process; here its records become what a picture needs.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.process import Bounds, ProcessDefinition

MAX_SHAPES = 600
MAX_EDGES = 1_200


class UndrawableError(ValueError):
    """Nothing is drawn, or far too much; the page then shows the table twin alone."""


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
    kind: str  # BPMN local name: userTask, exclusiveGateway, lane, textAnnotation, ...
    name: str
    box: Box
    event: str  # "timer", "message", ... for events that wait or throw
    label: Box | None  # where the modeller put the label of events and gateways
    attached: bool  # a boundary event


@dataclass(frozen=True, slots=True)
class Edge:
    """One drawn sequence flow or association."""

    element_id: str
    name: str
    source: str  # "" for associations
    target: str
    points: tuple[tuple[float, float], ...]
    label: Box | None

    @property
    def is_flow(self) -> bool:
        """True for a sequence flow."""
        return bool(self.source)


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is drawn."""

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
        left, top = min(xs), min(ys)
        return Box(left, top, max(rights) - left, max(bottoms) - top)


def picture_of(definition: ProcessDefinition) -> Picture:
    """The drawing of a process; raises UndrawableError when there is none or it is too large."""
    lanes = tuple(_lanes(definition))
    shapes = tuple(_shapes(definition))
    edges = tuple(_edges(definition))
    if not shapes:
        raise UndrawableError("no shapes are drawn")
    if len(shapes) + len(lanes) > MAX_SHAPES or len(edges) > MAX_EDGES:
        raise UndrawableError("too much is drawn")
    return Picture(lanes, shapes, edges)


def _lanes(definition: ProcessDefinition) -> list[Shape]:
    return [
        Shape(lane.id, "lane", lane.name, _box(drawn.bounds), "", None, False)
        for lane in definition.lanes
        if (drawn := definition.shapes.get(lane.id)) is not None
    ]


def _shapes(definition: ProcessDefinition) -> list[Shape]:
    found = []
    for element in definition.elements.values():
        drawn = definition.shapes.get(element.id)
        if drawn is None:
            continue
        label = _box(drawn.label) if drawn.label else None
        event = element.event.kind if element.event else ""
        found.append(
            Shape(
                element.id,
                element.kind,
                element.name,
                _box(drawn.bounds),
                event,
                label,
                bool(element.attached_to),
            )
        )
    for note in definition.notes:
        if (drawn := definition.shapes.get(note.id)) is not None:
            box = _box(drawn.bounds)
            found.append(Shape(note.id, "textAnnotation", note.text, box, "", None, False))
    return found


def _edges(definition: ProcessDefinition) -> list[Edge]:
    found = []
    for drawn in definition.edges.values():
        flow = definition.flows.get(drawn.element_id)
        label = _box(drawn.label) if drawn.label else None
        source, target, name = (flow.source, flow.target, flow.name) if flow else ("", "", "")
        if len(drawn.waypoints) > 1:
            found.append(Edge(drawn.element_id, name, source, target, drawn.waypoints, label))
    return found


def _box(bounds: Bounds) -> Box:
    return Box(bounds.x, bounds.y, bounds.width, bounds.height)
