"""Who asks for the answer of a decision, a call or a person, and how sentences name steps."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from app.kernel.roles import ROLES
from app.process.model import Element
from app.studio.calls import CallShape
from app.studio.graph import Graph, Node

STEPS: Mapping[str, str] = {
    "application": "申请",
    "acceptance": "受理",
    "investigation": "核实",
    "means_check": "家庭经济状况核对",
    "appraisal": "民主评议",
    "publicity": "公示",
    "review": "审核",
    "approval": "审批",
    "registration": "补登",
    "plan": "制定综合救助方案",
    "meeting": "会议",
    "signoff": "签批",
    "stage_review": "阶段复核",
    "authorisation": "认定",
}
"""What the property `step` of an element may say, in the words of people."""


def asks(text: str, name: str) -> bool:
    """True when an expression reads that fact."""
    return bool(name) and re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text) is not None


def answer_names(element: Element, member: str = "") -> set[str]:
    """The facts in which an element keeps its answer, or that member of it."""
    names = {one.target for one in element.outputs if not member or asks(one.source, member)}
    if element.result_variable and (not member or not element.outputs):
        names.add(element.result_variable)
    return names


def asking(graph: Graph, givers: Collection[Node], member: str = "") -> set[Node]:
    """The exclusive gateways of the givers' processes that ask for one of their answers."""
    found: set[Node] = set()
    wanted = {
        (giver[:-1], name)
        for giver in givers
        for name in answer_names(graph.elements[giver], member)
    }
    for node, element in graph.elements.items():
        if element.kind != "exclusiveGateway":
            continue
        flows = graph.processes[node].flows
        texts = [flows[one].condition for one in element.outgoing if one in flows]
        if any(node[:-1] == site and asks(text, name) for site, name in wanted for text in texts):
            found.add(node)
    return found


def deciding(graph: Graph, decisions: Collection[str]) -> set[Node]:
    """The business rule tasks that ask one of these decisions."""
    return {node for node, one in graph.elements.items() if one.decision_id in decisions}


def step_words(steps: Iterable[str], roles: Iterable[str] = ()) -> str:
    """Steps as a sentence names them, with who does them."""
    who = "或".join(ROLES[role].label for role in roles if role in ROLES)
    what = "或".join(dict.fromkeys(STEPS.get(step, step) for step in steps))
    return f"{who}办理的“{what}”" if who else f"“{what}”"


def call_words(calls: Iterable[str], shapes: Mapping[str, CallShape]) -> str:
    """Calls as a sentence names them."""
    return "、".join(f"“{shapes[one].label if one in shapes else one}”" for one in calls)
