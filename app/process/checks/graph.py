"""The shape of a diagram: connected, startable, endable, and waiting in every circle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from app.process import limits
from app.process.checks.report import Report
from app.process.model import HOSTS, Element, Flow, ProcessDefinition

CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway"})
GATEWAYS = CHOICES | {"parallelGateway"}
SCOPES = frozenset({"subProcess", "callActivity"})


def check_graph(
    process: ProcessDefinition, processes: Mapping[str, ProcessDefinition], report: Report
) -> None:
    """Findings for everything in the shape that could not run as drawn."""
    _check_flows(process, report)
    for element in process.elements.values():
        _check_ways(process, element, report)
        if element.kind == "boundaryEvent":
            _check_boundary(process, element, report)
    for scope_id in scopes_of(process):
        _check_scope(process, scope_id, report)
    _check_nesting(process, report)
    _check_circles(process, processes, report)


def check_size(process: ProcessDefinition, report: Report) -> bool:
    """True when the process is small enough for the other checks."""
    for count, allowed, what in (
        (len(process.elements), limits.FLOW_NODES, "元素"),
        (len(process.flows), limits.FLOWS, "流向"),
    ):
        if count > allowed:
            words = f"流程有 {count} 个{what}，超过 {allowed}。"
            report.error(process.file, process.id, "too_large", words, "请拆成几个流程。")
            return False
    return True


def scopes_of(process: ProcessDefinition) -> list[str]:
    """The top of the process and its embedded sub-processes."""
    return ["", *(e.id for e in process.elements.values() if e.kind == "subProcess")]


def _check_flows(process: ProcessDefinition, report: Report) -> None:
    for flow in process.flows.values():
        source = process.elements.get(flow.source)
        target = process.elements.get(flow.target)
        if source is None or target is None:
            end = "起点" if source is None else "终点"
            what = f"流向“{flow.name or flow.id}”的{end}不存在。"
            report.error(process.file, flow.id, "dangling_flow", what, "请重新连线。")
        elif source.parent_id != target.parent_id:
            what = f"流向“{flow.name or flow.id}”穿过了子流程的边框。"
            report.error(process.file, flow.id, "dangling_flow", what, "请在子流程内外分别连线。")
        elif target.kind in ("startEvent", "boundaryEvent") or source.kind == "endEvent":
            what = f"流向“{flow.name or flow.id}”连到了开始、边界事件，或从结束事件出发。"
            report.error(process.file, flow.id, "wrong_flow", what, "请重新连线。")


def _check_ways(process: ProcessDefinition, element: Element, report: Report) -> None:
    flows = [process.flows[flow_id] for flow_id in element.outgoing]
    if element.kind in CHOICES:
        _check_choice(process, element, flows, report)
        return
    for flow in flows:
        if flow.condition:
            what = f"流向“{flow.name or flow.id}”从“{label(element)}”出发，它的条件不会被判断。"
            advice = "请在后面加排他网关，把条件写在网关的流向上。"
            report.error(process.file, flow.id, "condition_ignored", what, advice)
    if len(flows) > 1 and element.kind != "parallelGateway":
        what = f"“{label(element)}”有 {len(flows)} 条流出。"
        advice = "请加网关：二选一用排他网关，同时办理用并行网关。"
        report.error(process.file, element.id, "many_ways", what, advice)


def _check_choice(
    process: ProcessDefinition, element: Element, flows: list[Flow], report: Report
) -> None:
    file = process.file
    if element.default_flow and element.default_flow not in element.outgoing:
        what = f"“{label(element)}”的默认流向不是它的流出。"
        report.error(file, element.id, "wrong_default", what, "请重新选择默认流向。")
    for flow in flows:
        if flow.id == element.default_flow:
            if flow.condition:
                what = f"默认流向“{flow.name or flow.id}”的条件不会被判断。"
                report.error(file, flow.id, "condition_ignored", what, "请删去条件。")
        elif len(flows) > 1 and not flow.condition:
            what = f"“{label(element)}”的流向“{flow.name or flow.id}”没有条件。"
            report.error(file, flow.id, "no_condition", what, "请填写条件，或设为默认流向。")
        elif flow.condition and not flow.condition.startswith("="):
            what = f"条件“{flow.condition[:40]}”不是 FEEL 表达式。"
            report.error(
                file, flow.id, "condition_not_feel", what, "请以 = 开头书写，如 =amount > 0。"
            )
    if flows and not element.default_flow and all(flow.condition for flow in flows):
        what = f"“{label(element)}”没有默认流向，条件都不成立时流程会停在这里。"
        report.warning(file, element.id, "no_default", what, "建议设一条默认流向。")


def _check_boundary(process: ProcessDefinition, element: Element, report: Report) -> None:
    host = process.elements.get(element.attached_to)
    if host is None or host.parent_id != element.parent_id or host.kind not in HOSTS:
        what = f"边界事件“{label(element)}”没有附着在用户任务、子流程或调用活动上。"
        report.error(process.file, element.id, "boundary_host", what, "请附着到这几种活动上。")
    elif (
        element.event is not None
        and element.event.kind in ("error", "escalation")
        and host.kind not in SCOPES
    ):
        what = f"“{label(host)}”不会抛出错误或上报，边界事件“{label(element)}”永远不触发。"
        report.error(
            process.file, element.id, "boundary_host", what, "请附着到子流程或调用活动上。"
        )
    if element.event is not None and element.event.kind == "error" and not element.interrupting:
        what = f"错误边界事件“{label(element)}”必须中断活动。"
        report.error(process.file, element.id, "boundary_kind", what, "请改为中断的边界事件。")


def _check_scope(process: ProcessDefinition, scope_id: str, report: Report) -> None:
    inner = {e.id: e for e in process.elements.values() if e.parent_id == scope_id}
    where = scope_id or process.id
    starts = [e for e in inner.values() if e.kind == "startEvent"]
    if len(starts) != 1:
        what = "没有开始事件。" if not starts else f"有 {len(starts)} 个开始事件，只会执行一个。"
        report.error(process.file, where, "one_start", what, "请只画一个空白开始事件。")
    if not any(e.kind == "endEvent" for e in inner.values()):
        report.error(process.file, where, "no_end", "没有结束事件。", "请画出结束事件。")
    if not starts:
        return
    reached = _closure({starts[0].id}, lambda name: _next(process, inner[name]), inner)
    for element in inner.values():
        if element.id not in reached and element.kind != "startEvent":
            what = f"从开始事件走不到“{label(element)}”。"
            report.error(process.file, element.id, "unreachable", what, "请连线或删去。")
    ends = {e.id for e in inner.values() if e.kind == "endEvent"}
    ending = _closure(ends, lambda name: _previous(process, inner[name]), inner)
    for name in reached - ending:
        what = f"“{label(inner[name])}”之后走不到结束事件。"
        report.error(process.file, name, "no_way_out", what, "请连到后面的步骤或结束事件。")


def _closure(
    start: set[str], step: Callable[[str], list[str]], inside: Mapping[str, Element]
) -> set[str]:
    seen: set[str] = set()
    stack = sorted(start)
    while stack:
        name = stack.pop()
        if name in seen or name not in inside:
            continue
        seen.add(name)
        stack += step(name)
    return seen


def _next(process: ProcessDefinition, element: Element) -> list[str]:
    targets = [process.flows[flow_id].target for flow_id in element.outgoing]
    return targets + [guard.id for guard in process.boundaries(element.id)]


def _previous(process: ProcessDefinition, element: Element) -> list[str]:
    sources = [process.flows[flow_id].source for flow_id in element.incoming]
    return [*sources, element.attached_to] if element.attached_to else sources


def _check_nesting(process: ProcessDefinition, report: Report) -> None:
    for element in process.elements.values():
        depth, parent = 0, element.parent_id
        while parent and depth <= limits.SUBPROCESS_DEPTH:
            depth += 1
            parent = process.elements[parent].parent_id
        if depth > limits.SUBPROCESS_DEPTH:
            what = f"子流程嵌套超过 {limits.SUBPROCESS_DEPTH} 层。"
            report.error(process.file, process.id, "too_deep", what, "请改用调用活动或拆开。")
            return


def _check_circles(
    process: ProcessDefinition, processes: Mapping[str, ProcessDefinition], report: Report
) -> None:
    """Every circle has a point where the case waits for a person, a moment or a message."""
    waiting = Waiting(processes)
    for scope_id in scopes_of(process):
        inner = {e.id: e for e in process.elements.values() if e.parent_id == scope_id}
        edges = {name: _moving(process, waiting, inner[name]) for name in inner}
        for circle in _circles(edges):
            names = "、".join(label(inner[name]) for name in sorted(circle))
            what = f"回路里没有等待的步骤，会一直空转：{names}。"
            advice = "请在回路中放一个用户任务、定时或消息事件。"
            report.error(process.file, min(circle), "busy_circle", what, advice)


def _moving(process: ProcessDefinition, waiting: Waiting, element: Element) -> list[str]:
    """Where a token can go from an element without waiting at it."""
    guards = [
        guard.id
        for guard in process.boundaries(element.id)
        if guard.event is not None and guard.event.kind in ("error", "escalation")
    ]
    if waiting.at(process, element):
        return guards
    return guards + [process.flows[flow_id].target for flow_id in element.outgoing]


class Waiting:
    """Tells which elements no token can pass without waiting for something outside."""

    def __init__(self, processes: Mapping[str, ProcessDefinition]) -> None:
        self.processes = processes
        self.known: dict[tuple[str, str], bool] = {}  # scope -> every way through it waits

    def at(self, process: ProcessDefinition, element: Element) -> bool:
        """True when a token always waits at the element."""
        if element.kind in ("userTask", "intermediateCatchEvent"):
            return True
        if element.kind == "boundaryEvent":
            return element.event is not None and element.event.kind in ("timer", "message")
        if element.kind == "subProcess":
            return self._through(process, element.id)
        called = self.processes.get(element.called_process)
        return called is not None and self._through(called, "")

    def _through(self, process: ProcessDefinition, parent_id: str) -> bool:
        key = (process.id, parent_id)
        if key not in self.known:
            self.known[key] = False  # while it is being worked out: a call in a circle never waits
            self.known[key] = self._work_out(process, parent_id)
        return self.known[key]

    def _work_out(self, process: ProcessDefinition, parent_id: str) -> bool:
        start = process.start(parent_id)
        if start is None:
            return False
        inner = {e.id: e for e in process.elements.values() if e.parent_id == parent_id}

        def step(name: str) -> list[str]:
            here = inner[name]
            return [] if self.at(process, here) else _next(process, here)

        reached = _closure({start.id}, step, inner)
        return not any(inner[name].kind == "endEvent" for name in reached)


def _circles(edges: Mapping[str, Iterable[str]]) -> list[set[str]]:
    """Strongly connected parts with an edge inside, by Tarjan's algorithm without recursion."""
    found: list[set[str]] = []
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    for root in edges:
        stack = [(root, iter(edges[root]))] if root not in order else []
        while stack:
            name, rest = stack[-1]
            if name not in order:
                order[name] = low[name] = len(order)
                path.append(name)
            target = next((t for t in rest if t in edges), None)
            if target is None:
                stack.pop()
                if stack:
                    low[stack[-1][0]] = min(low[stack[-1][0]], low[name])
                if low[name] == order[name]:
                    part = set(path[path.index(name) :])
                    del path[path.index(name) :]
                    if len(part) > 1 or name in edges[name]:
                        found.append(part)
            elif target not in order:
                stack.append((target, iter(edges[target])))
            elif target in path:
                low[name] = min(low[name], order[target])
    return found


def label(element: Element) -> str:
    """The element's label, or its id when it has none."""
    return element.name or element.id
