"""A case's path drawn as SVG from the diagram's own coordinates, and its twin as table rows.

Drawn on the server: no script, no inline style (the page's policy forbids it), classes only;
colours, widths and fonts stand in static/diagram.css. Every text is escaped here.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup, escape

from app.web.diagram_reader import Box, Edge, Picture, Shape
from app.web.diagram_symbols import kind_label, symbol
from app.web.diagram_text import wrap

MARGIN = 26.0
SCALE = 1.18  # a diagram's 12-unit text becomes readable desk text
WIDE = 1_900.0  # units; a wider path is drawn at its own size
EM = 12.5
TASK_LINES = 4
LABEL_LINES = 3
LABEL_EMS = 8.0
CORNER = 7.0
LANE_STRIP = 30.0
PILL_HEIGHT = 19.0

_TASKS = ("task", "Task", "subProcess", "callActivity", "transaction")


class Progress(StrEnum):
    """How far an element is; the value is its CSS class."""

    DONE = "done"
    HERE = "here"
    LATE = "late"  # here, and past its limit
    INCIDENT = "incident"
    NOT_REACHED = "ahead"
    SAME = "same"  # of two drawings laid beside each other
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


PROGRESS_WORDS = {
    Progress.DONE: "已办结",
    Progress.HERE: "正在此处",
    Progress.LATE: "正在此处，已超期",
    Progress.INCIDENT: "停在此处，需人工处理",
    Progress.NOT_REACHED: "未到",
    Progress.SAME: "没有改动",
    Progress.ADDED: "新增",
    Progress.CHANGED: "有改动",
    Progress.REMOVED: "将删去",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What happened at one element of this case."""

    progress: Progress
    who: str = ""  # person or group, as the reader may see it
    when: str = ""  # words: "今天 11:20"
    note: str = ""  # a few words for the pill above: "还剩 5 小时 25 分"


@dataclass(frozen=True, slots=True)
class TwinRow:
    """One line of the table that says the same as the picture."""

    element_id: str
    name: str
    kind: str  # Chinese
    lane: str
    progress: Progress
    words: str
    who: str
    when: str


_AHEAD = Mark(Progress.NOT_REACHED)
_PILLS = {
    Progress.INCIDENT: "需人工处理",
    Progress.LATE: "已超期",
    Progress.ADDED: "新增",
    Progress.CHANGED: "有改动",
    Progress.REMOVED: "将删去",
}


def draw(
    picture: Picture,
    marks: Mapping[str, Mark],
    *,
    passed: AbstractSet[str] = frozenset(),
    title: str,
    uid: str = "dg",
    rest: Mark = _AHEAD,
) -> Markup:
    """The SVG of `picture`; `passed` names the flows that were taken, `uid` keeps ids apart.

    `rest` is the mark of elements without one.
    """
    bounds = picture.bounds
    parts = [_lane(shape, index) for index, shape in enumerate(picture.lanes)]
    # Taken flows are drawn last, so that no grey line covers a green one.
    parts += [
        _flow(edge, taken=edge.element_id in passed, uid=uid)
        for edge in sorted(picture.edges, key=lambda edge: edge.element_id in passed)
    ]
    parts += [_node(shape, marks.get(shape.element_id, rest), uid) for shape in picture.shapes]
    parts += [_flow_label(edge, taken=edge.element_id in passed) for edge in picture.edges]
    left = _lanes_right(picture)
    view = Box(left, bounds.y - MARGIN, bounds.right + MARGIN - left, bounds.height + 2 * MARGIN)
    scale = SCALE if view.width < WIDE else 1.0
    return Markup(  # noqa: S704 - every text in `parts` went through escape()
        f"{_lane_names(picture, view, scale)}"
        f'<svg class="dg" {_frame(view, scale)} role="img" aria-labelledby="{uid}-title" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{uid}-title">{escape(title)}</title>'
        f"{_markers(uid)}{''.join(parts)}</svg>"
    )


def _frame(view: Box, scale: float) -> str:
    return (
        f'viewBox="{_n(view.x)} {_n(view.y)} {_n(view.width)} {_n(view.height)}" '
        f'width="{_n(view.width * scale)}" height="{_n(view.height * scale)}"'
    )


def _lanes_right(picture: Picture) -> float:
    """Where the drawing begins: right of the lanes' names, which stand still when it is moved."""
    names = [lane.box.x for lane in picture.lanes]
    return max(names) + LANE_STRIP if names else picture.bounds.x - MARGIN


def _lane_names(picture: Picture, view: Box, scale: float) -> str:
    """The names of the lanes as a picture of their own, kept at the left edge by CSS."""
    if not picture.lanes:
        return ""
    left = picture.bounds.x - MARGIN / 2
    frame = _frame(Box(left, view.y, view.x - left, view.height), scale)
    names = "".join(_lane_name(shape) for shape in picture.lanes)
    return f'<svg class="dg dg-names" {frame} aria-hidden="true">{names}</svg>'


def twin(picture: Picture, marks: Mapping[str, Mark]) -> list[TwinRow]:
    """The same as rows: what was reached in the order of `marks`, then what lies ahead."""
    shapes = {
        shape.element_id: shape
        for shape in picture.shapes
        if shape.name and not shape.kind.endswith("Gateway") and shape.kind != "textAnnotation"
    }
    reached = [shapes[element_id] for element_id in marks if element_id in shapes]
    ahead = sorted(
        (shape for shape in shapes.values() if shape.element_id not in marks),
        key=lambda shape: (shape.box.x, shape.box.y),
    )
    return [
        _twin_row(shape, marks.get(shape.element_id, _AHEAD), picture)
        for shape in (*reached, *ahead)
    ]


def _twin_row(shape: Shape, mark: Mark, picture: Picture) -> TwinRow:
    return TwinRow(
        shape.element_id,
        shape.name,
        kind_label(shape.kind),
        _lane_of(shape, picture),
        mark.progress,
        PROGRESS_WORDS[mark.progress],
        mark.who,
        mark.when,
    )


def _lane_of(shape: Shape, picture: Picture) -> str:
    """The name of the innermost lane the middle of the shape lies in."""
    x, y = shape.box.centre
    around = [
        lane
        for lane in picture.lanes
        if lane.kind == "lane"
        and lane.box.x <= x <= lane.box.right
        and lane.box.y <= y <= lane.box.bottom
    ]
    return min(around, key=lambda lane: lane.box.height).name if around else ""


def _markers(uid: str) -> str:
    arrow = (
        '<marker id="{uid}-{name}" class="dg-arrow {name}" viewBox="0 0 10 10" refX="9" refY="5" '
        'markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">'
        '<path d="M0 1 L10 5 L0 9 L2.5 5 Z"/></marker>'
    )
    return (
        "<defs>"
        + "".join(arrow.format(uid=uid, name=name) for name in ("ahead", "taken"))
        + "</defs>"
    )


def _lane(shape: Shape, index: int) -> str:
    return f'<g class="dg-lane band{index % 2}"><rect {_rect(shape.box)}/></g>'


def _lane_name(shape: Shape) -> str:
    box = shape.box
    strip = Box(box.x, box.y, min(LANE_STRIP, box.width), box.height)
    x, y = strip.centre
    return (
        f'<g class="dg-lane"><rect class="strip" {_rect(strip)}/>'
        f'<text class="dg-lane-name" x="{_n(x)}" y="{_n(y)}">{escape(shape.name)}</text></g>'
    )


def _flow(edge: Edge, *, taken: bool, uid: str) -> str:
    state = "taken" if taken else "ahead"
    kind = "dg-flow" if edge.is_flow else "dg-note-line"
    arrow = f' marker-end="url(#{uid}-{state})"' if kind == "dg-flow" else ""
    return f'<path class="{kind} {state}" d="{_rounded(edge.points)}"{arrow}/>'


def _flow_label(edge: Edge, *, taken: bool) -> str:
    if not edge.name:
        return ""
    x, y = edge.label.centre if edge.label else _label_spot(edge.points)
    lines = wrap(edge.name, LABEL_EMS, max_lines=LABEL_LINES)
    state = "taken" if taken else "ahead"
    return _text(lines, x, y, f"dg-flow-name {state}")


def _label_spot(points: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    """A little above the middle of the longest stretch."""
    pairs = itertools.pairwise(points)
    (x1, y1), (x2, y2) = max(
        pairs, key=lambda pair: abs(pair[0][0] - pair[1][0]) + abs(pair[0][1] - pair[1][1])
    )
    return (x1 + x2) / 2, (y1 + y2) / 2 - (9 if abs(y1 - y2) < 1 else 0)


def _node(shape: Shape, mark: Mark, uid: str) -> str:
    words = PROGRESS_WORDS[mark.progress]
    said = "，".join(part for part in (words, mark.who, mark.when, mark.note) if part)
    name = shape.name or kind_label(shape.kind)
    here = mark.progress in (Progress.HERE, Progress.LATE, Progress.INCIDENT)
    anchor = f' id="{uid}-at-{escape(shape.element_id)}"' if here else ""
    return (
        f'<g class="dg-node {mark.progress}"{anchor}><title>{escape(name)}：{escape(said)}</title>'
        f"{symbol(shape)}{_name(shape)}{_badge(shape, mark)}</g>"
    )


def _name(shape: Shape) -> str:
    if not shape.name:
        return ""
    box = shape.box
    x, y = box.centre
    if shape.kind.endswith(_TASKS):
        lines = wrap(shape.name, (box.width - 14) / EM, max_lines=TASK_LINES)
        return _text(lines, x, y + 3, "dg-name")
    if shape.kind == "textAnnotation":
        return _text(wrap(shape.name, box.width / EM, max_lines=6), x, y, "dg-annotation-text")
    lines = wrap(shape.name, LABEL_EMS, max_lines=LABEL_LINES)
    if shape.label:
        x, y = shape.label.centre
    else:
        y = box.bottom + 6 + len(lines) * EM * 0.6
    return _text(lines, x, y, "dg-label")


def _badge(shape: Shape, mark: Mark) -> str:
    """The shape that says the state without colour: a tick, a bold mark, a pill with words."""
    box = shape.box
    task = shape.kind.endswith(_TASKS)
    if mark.progress is Progress.DONE and task:
        return (
            f'<g class="dg-badge"><circle cx="{_n(box.right - 3)}" cy="{_n(box.y + 3)}" r="8.5"/>'
            f'<path d="M{_n(box.right - 7)} {_n(box.y + 3)} l3 3.2 l5 -6"/></g>'
        )
    if mark.progress in (Progress.DONE, Progress.NOT_REACHED, Progress.SAME):
        return ""
    words = mark.note or _PILLS.get(mark.progress, "正在此处")
    lines = wrap(words, 14, max_lines=1)
    length = max(len(lines[0]) * 11.5 + 22, 64)
    x, y = box.centre[0] - length / 2, box.y - PILL_HEIGHT - 5
    return (
        f'<g class="dg-pill"><rect x="{_n(x)}" y="{_n(y)}" width="{_n(length)}" '
        f'height="{_n(PILL_HEIGHT)}" rx="9.5"/>'
        f'<text x="{_n(box.centre[0])}" y="{_n(y + PILL_HEIGHT / 2)}">{escape(lines[0])}</text></g>'
    )


def _text(lines: list[str], x: float, y: float, css: str) -> str:
    """Lines of text centred on a point."""
    step = EM * 1.28
    first = y - (len(lines) - 1) * step / 2
    spans = "".join(
        f'<tspan x="{_n(x)}" y="{_n(first + index * step)}">{escape(line)}</tspan>'
        for index, line in enumerate(lines)
    )
    return f'<text class="{css}">{spans}</text>'


def _rounded(points: tuple[tuple[float, float], ...]) -> str:
    """A path through the points whose corners are round."""
    steps = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards(corner, before), _towards(corner, after)
        steps.append(f"L{_n(start[0])} {_n(start[1])}")
        steps.append(f"Q{_n(corner[0])} {_n(corner[1])} {_n(end[0])} {_n(end[1])}")
    steps.append(f"L{_n(points[-1][0])} {_n(points[-1][1])}")
    return " ".join(steps)


def _towards(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = max((dx * dx + dy * dy) ** 0.5, 0.001)
    reach = min(CORNER, length / 2)
    return corner[0] + dx / length * reach, corner[1] + dy / length * reach


def _rect(box: Box) -> str:
    return f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}"'


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
