"""The outline of each kind of BPMN element, in the strokes readers of BPMN expect.

Only paths and classes; no text but the marks inside gateways.
"""

from __future__ import annotations

from app.web.diagram_reader import Box, Shape

_LABELS = {
    "userTask": "人工办理",
    "manualTask": "人工办理",
    "serviceTask": "系统办理",
    "sendTask": "系统通知",
    "businessRuleTask": "按标准判定",
    "scriptTask": "系统计算",
    "task": "环节",
    "subProcess": "子流程",
    "callActivity": "转入流程",
    "startEvent": "开始",
    "endEvent": "结束",
    "intermediateCatchEvent": "等待",
    "intermediateThrowEvent": "节点",
    "boundaryEvent": "附加事件",
    "exclusiveGateway": "判断",
    "parallelGateway": "并行",
    "inclusiveGateway": "多选",
    "eventBasedGateway": "等待事件",
}

# Small marks in a 14 x 14 square at the upper left of a task.
_TASK_MARKS = {
    "userTask": '<circle cx="7" cy="4.2" r="2.7"/><path d="M1.8 13 c0-3.6 2.2-5.2 5.2-5.2 '
    's5.2 1.6 5.2 5.2"/>',
    "businessRuleTask": '<rect x="1" y="2" width="12" height="10"/><path d="M1 5.4 h12 M5 5.4 v6.6 '
    'M1 8.7 h12"/>',
    "serviceTask": '<circle cx="7" cy="7" r="2.1"/><path d="M7 1 v2.4 M7 10.6 v2.4 M1 7 h2.4 '
    "M10.6 7 h2.4 M2.8 2.8 l1.7 1.7 M9.5 9.5 l1.7 1.7 M11.2 2.8 l-1.7 1.7 "
    'M4.5 9.5 l-1.7 1.7"/>',
    "scriptTask": '<path d="M3 1.5 h9 M2 5 h8 M3 8.5 h9 M2 12 h8"/>',
}
_TASK_MARKS["sendTask"] = _TASK_MARKS["serviceTask"]
_TASK_MARKS["manualTask"] = _TASK_MARKS["userTask"]


def kind_label(kind: str) -> str:
    """The kind in a clerk's words."""
    return _LABELS.get(kind, "环节")


def symbol(shape: Shape) -> str:
    """The outline of the element."""
    if shape.kind.endswith("Gateway"):
        return _gateway(shape)
    if shape.kind.endswith("Event"):
        return _event(shape)
    if shape.kind == "textAnnotation":
        box = shape.box
        return (
            f'<path class="dg-annotation" d="M{box.x + 14:.0f} {box.y:.0f} H{box.x:.0f} '
            f'V{box.bottom:.0f} H{box.x + 14:.0f}"/>'
        )
    return _task(shape)


def _task(shape: Shape) -> str:
    box = shape.box
    css = "dg-outline call" if shape.kind == "callActivity" else "dg-outline"
    outline = (
        f'<rect class="{css}" x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" '
        f'height="{box.height:.1f}" rx="9"/>'
    )
    mark = _TASK_MARKS.get(shape.kind, "")
    if mark:
        mark = (
            f'<g class="dg-mark" transform="translate({box.x + 7:.1f} {box.y + 6:.1f})">{mark}</g>'
        )
    if shape.kind in ("subProcess", "callActivity"):
        x, y = box.centre[0], box.bottom - 15
        mark += (
            f'<path class="dg-mark" d="M{x - 6:.1f} {y:.1f} h12 v12 h-12 z M{x:.1f} {y + 3:.1f} '
            f'v6 M{x - 3:.1f} {y + 6:.1f} h6"/>'
        )
    return outline + mark


def _gateway(shape: Shape) -> str:
    box = shape.box
    x, y = box.centre
    diamond = (
        f'<path class="dg-outline" d="M{x:.1f} {box.y:.1f} L{box.right:.1f} {y:.1f} '
        f'L{x:.1f} {box.bottom:.1f} L{box.x:.1f} {y:.1f} Z"/>'
    )
    r = min(box.width, box.height) * 0.17
    if shape.kind == "parallelGateway":
        inner = (
            f"M{x - r * 1.3:.1f} {y:.1f} h{r * 2.6:.1f} M{x:.1f} {y - r * 1.3:.1f} v{r * 2.6:.1f}"
        )
    elif shape.kind == "inclusiveGateway":
        return diamond + f'<circle class="dg-inner" cx="{x:.1f}" cy="{y:.1f}" r="{r * 1.35:.1f}"/>'
    elif shape.kind == "eventBasedGateway":
        return (
            diamond
            + _rings(box, 0.27)
            + f'<circle class="dg-inner thin" cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>'
        )
    else:
        inner = (
            f"M{x - r:.1f} {y - r:.1f} l{r * 2:.1f} {r * 2:.1f} "
            f"M{x + r:.1f} {y - r:.1f} l{-r * 2:.1f} {r * 2:.1f}"
        )
    return diamond + f'<path class="dg-inner" d="{inner}"/>'


def _event(shape: Shape) -> str:
    box = shape.box
    x, y = box.centre
    r = min(box.width, box.height) / 2
    css = "dg-outline end" if shape.kind == "endEvent" else "dg-outline"
    ring = f'<circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>'
    if shape.kind.startswith("intermediate") or shape.attached:
        ring += _rings(box, 0.41)
    return ring + _event_mark(shape.event, x, y, r)


def _rings(box: Box, share: float) -> str:
    x, y = box.centre
    r = min(box.width, box.height) * share
    return f'<circle class="dg-inner thin" cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>'


def _event_mark(event: str, x: float, y: float, r: float) -> str:
    k = r / 18
    marks = {
        "timer": f'<path class="dg-inner thin" d="M{x:.1f} {y - 7 * k:.1f} V{y:.1f} '
        f'L{x + 5 * k:.1f} {y + 3 * k:.1f}"/><circle class="dg-inner thin" cx="{x:.1f}" '
        f'cy="{y:.1f}" r="{10.5 * k:.1f}"/>',
        "message": f'<path class="dg-inner thin" d="M{x - 8 * k:.1f} {y - 5.5 * k:.1f} '
        f"h{16 * k:.1f} v{11 * k:.1f} h{-16 * k:.1f} z l{8 * k:.1f} {6 * k:.1f} "
        f'l{8 * k:.1f} {-6 * k:.1f}"/>',
        "error": f'<path class="dg-inner thin" d="M{x - 7 * k:.1f} {y + 7 * k:.1f} '
        f"l{4 * k:.1f} {-12 * k:.1f} l{6 * k:.1f} {7 * k:.1f} l{4 * k:.1f} {-10 * k:.1f} "
        f'l{-3 * k:.1f} {14 * k:.1f} l{-6 * k:.1f} {-7 * k:.1f} z"/>',
        "terminate": f'<circle class="dg-inner full" cx="{x:.1f}" cy="{y:.1f}" r="{9 * k:.1f}"/>',
    }
    return marks.get(event, "")
