"""Plays every way tokens can take and tells what can go wrong, with the shortest way to it.

A join that waits for ever, a step done twice at once, a way round without an end, a step that
never comes. Each sub-process is played by itself and is one activity for what stands around it;
each condition is taken as possibly true and possibly false.
"""

from __future__ import annotations

from app.process.checks.explore import Explored, Way, explore
from app.process.checks.graph import label, scopes_of
from app.process.checks.marking import JOINS, Scope
from app.process.checks.report import Report
from app.process.model import ProcessDefinition

SHOWN = 12  # steps named in one sentence


def check_soundness(process: ProcessDefinition, report: Report) -> None:
    """Findings for everything that can go wrong although every part is drawn correctly."""
    endings: dict[str, frozenset[str]] = {}
    for scope_id in reversed(scopes_of(process)):  # the inside first
        scope = Scope(process, scope_id, endings)
        if not _is_closed(process, scope):
            continue
        found = explore(scope)
        endings[scope_id] = frozenset(found.endings) or frozenset({"error", "normal"})
        _tell(process, scope, found, report)
        _tell_limits(process, scope_id, found, report)


def _tell_limits(
    process: ProcessDefinition, scope_id: str, found: Explored, report: Report
) -> None:
    """What was not looked at is said, never passed over."""
    advice = "请把并行的部分放进子流程或调用活动，分开检查。"
    where = scope_id or process.id
    if not found.complete:
        what = f"并行的走法太多，只查了 {found.states} 种情况，没有查完。"
        report.warning(process.file, where, "too_many_states", what, advice)
    elif found.reduced:
        what = "并行的走法太多，只按一种先后次序查了会不会等不齐；会不会办两遍没有全查。"
        report.warning(process.file, where, "reduced_check", what, advice)


def _tell(process: ProcessDefinition, scope: Scope, found: Explored, report: Report) -> None:
    for name, path in sorted(found.starved.items()):
        kind = "并行" if scope.inner[name].kind == "parallelGateway" else "包容"
        what = f"{kind}网关“{label(scope.inner[name])}”可能永远等不齐：{_told(scope, path)}。"
        advice = "请让分开的各路都汇到同一个并行网关；二选一的路用排他网关汇合。"
        report.error(process.file, name, "starving_join", what, advice, path)
    for name in _first_doubled(process, scope, found):
        path = found.doubled[name]
        what = f"“{label(scope.inner[name])}”可能同时办两遍：{_told(scope, path)}。"
        advice = "请用并行网关汇合后再往下走。"
        report.error(process.file, name, "doubled_step", what, advice, path)
    if found.trapped is not None:
        last = next(one for one in reversed(found.trapped) if one in scope.inner)
        what = (
            f"走到“{label(scope.inner[last])}”以后再也到不了结束：{_told(scope, found.trapped)}。"
        )
        advice = "请从这个回路里引一条路到结束事件。"
        report.error(process.file, last, "endless_way", what, advice, found.trapped)
    exact = found.complete and not found.reduced
    if exact and not found.starved and found.trapped is None:
        _tell_dead(process, scope, found, report)


def _first_doubled(process: ProcessDefinition, scope: Scope, found: Explored) -> list[str]:
    """Of the steps that come twice the first ones: what follows them comes twice because of them.

    A gateway gives way to the step behind it, which is what would be done twice.
    """
    left = sorted(found.doubled, key=lambda name: (len(found.doubled[name]), name))
    first: list[str] = []
    seen: set[str] = set()
    for name in left:
        if name in seen:
            continue
        behind = _behind(process, scope, name)
        done = [one for one in left if one in behind and not _is_gateway(scope, one)]
        first.append(done[0] if _is_gateway(scope, name) and done else name)
        seen |= behind
    return first


def _behind(process: ProcessDefinition, scope: Scope, name: str) -> set[str]:
    """The element and everything that can come after it."""
    seen: set[str] = set()
    stack = [name]
    while stack:
        element = scope.inner[stack.pop()]
        if element.id not in seen:
            seen.add(element.id)
            for part in (element, *scope.guards[element.id]):
                stack += [process.flows[one].target for one in part.outgoing]
    return seen


def _is_gateway(scope: Scope, name: str) -> bool:
    return scope.inner[name].kind.endswith("Gateway")


def _tell_dead(process: ProcessDefinition, scope: Scope, found: Explored, report: Report) -> None:
    """The first steps of every part that never comes."""
    for element in scope.inner.values():
        if element.id in found.passed or element.kind in JOINS:
            continue
        sources = [process.flows[one].source for one in element.incoming]
        if element.attached_to:
            sources.append(element.attached_to)
        if any(one in found.passed for one in sources):
            what = f"“{label(element)}”永远走不到：前面的步骤不会走出这条路。"
            advice = "请核对前面的子流程能否正常结束、会不会抛出这个错误。"
            report.error(process.file, element.id, "dead_step", what, advice)


def _is_closed(process: ProcessDefinition, scope: Scope) -> bool:
    flows = [process.flows[one] for element in scope.inner.values() for one in element.outgoing]
    return all(flow.target in scope.inner for flow in flows)


def _told(scope: Scope, path: Way) -> str:
    """A way in the words of the diagram: labelled steps, in order, shortened in the middle."""
    names = [scope.inner[one].name for one in path if one in scope.inner and scope.inner[one].name]
    if len(names) > SHOWN:
        half = SHOWN // 2
        names = [*names[:half], "……", *names[-half:]]
    return (
        "先走 " + " → ".join(f"“{name}”" if name != "……" else name for name in names)
        if names
        else "从开始就会这样"
    )
