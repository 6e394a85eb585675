"""Conditions compare a fact with a value it can have: kinds agree, choices are on the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.decision.nodes import Compare, Literal, Name, Node, children
from app.decision.result import Finding
from app.decision.values import KINDS
from app.studio.checks.base import Check
from app.studio.facts import Values, compiled, sources
from app.studio.subject import Subject, place_of

KIND_WORDS = {"number": "数", "string": "文字", "boolean": "是或否"}
EQUAL = ("=", "!=")


def _run(subject: Subject) -> Iterable[Finding]:
    known = sources(subject)
    for process in subject.processes.values():
        for flow in process.flows.values():
            expression = compiled(flow.condition)
            for name, value in _compared(expression.node if expression else None):
                text = _fault(known.get(name, []), name, value)
                if text:
                    yield Finding(
                        "never_equal",
                        "error",
                        f"流向“{flow.name or flow.id}”的条件{text}，永远不会相等。",
                        "请核对表单里的选项取值和条件里写的值。",
                        place_of(process, flow.id),
                    )


def _compared(node: Node | None) -> Iterator[tuple[str, object]]:
    """(fact, plain value) of every comparison for equality."""
    if node is None:
        return
    if isinstance(node, Compare) and node.op in EQUAL:
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, Name) and isinstance(other, Literal) and other.value is not None:
                yield one.name, other.value
    for part in children(node):
        yield from _compared(part)


def _fault(found: list[Values], name: str, value: object) -> str:
    """Why the fact never has that value, "" when it may have it or is not known well enough."""
    if not found or any(not one.kind for one in found):
        return ""
    kind = KINDS.get(type(value), "")
    if all(one.kind != kind for one in found):
        kinds = "或".join(dict.fromkeys(KIND_WORDS[one.kind] for one in found))
        return f"拿“{name}”（{kinds}）与{KIND_WORDS.get(kind, kind)}比"
    lists = [one.listed for one in found if one.kind == kind]
    if kind == "string" and all(one is not None and value not in one for one in lists):
        offered = sorted({text for one in lists if one for text in one})
        return f"问“{name}”是不是“{value}”，可是它只会是 {'、'.join(offered)}"
    return ""


CHECK = Check(
    id="compared",
    sentence="条件里拿来比的值，事实确实可能取到",
    because="选项改了取值而条件没有跟着改，这条路就再也走不到",
    good='表单的选项是 approve、refuse，条件问 decision = "refuse"',
    bad='表单的选项是 approve、refuse，条件问 decision = "reject"',
    run=_run,
)
