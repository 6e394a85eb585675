"""The texts of one process, compiled: what each element computes when a token is at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.decision.result import Finding, Place
from app.process import limits
from app.process.facts import good_key
from app.process.feel import Text, compile_text
from app.process.model import Element, Mapped, ProcessDefinition
from app.process.timers import TimerPlan, plan_timer


@dataclass(frozen=True, slots=True)
class Plan:
    """The compiled texts of one element."""

    inputs: tuple[tuple[str, Text], ...] = ()  # target, source
    outputs: tuple[tuple[str, Text], ...] = ()
    due: Text | None = None
    script: Text | None = None
    timer: TimerPlan | None = None


@dataclass(frozen=True, slots=True)
class ProcessPlan:
    """The compiled texts of one process."""

    elements: dict[str, Plan] = field(default_factory=dict)  # by element id
    conditions: dict[str, Text] = field(default_factory=dict)  # by flow id


def compile_process(process: ProcessDefinition, findings: list[Finding]) -> ProcessPlan:
    """Every text of the process compiled; what is wrong is appended to `findings`."""
    names = _known_names(process)
    plan = ProcessPlan()
    size = sum(len(source) for source in _sources(process))
    if size > limits.EXPRESSION_CHARS:
        what = f"流程的表达式共 {size} 字，超过 {limits.EXPRESSION_CHARS}。"
        place = Place(file=process.file, element_id=process.id)
        findings.append(Finding("too_large", "error", what, "请拆成几个流程。", place))
        plan.elements.update(dict.fromkeys(process.elements, Plan()))
        return plan
    for element in process.elements.values():
        plan.elements[element.id] = _compile_element(element, process.file, names, findings)
    for flow in process.flows.values():
        if flow.condition:
            place = Place(file=process.file, element_id=flow.id, column="condition")
            plan.conditions[flow.id] = compile_text(
                flow.condition, place=place, names=names, findings=findings
            )
    return plan


def _sources(process: ProcessDefinition) -> Iterator[str]:
    yield from (flow.condition for flow in process.flows.values())
    for element in process.elements.values():
        yield from (line.source for line in (*element.inputs, *element.outputs))
        yield from (element.due, element.script)


def _known_names(process: ProcessDefinition) -> frozenset[str]:
    """Names this process gives to facts, so that names with spaces are read as one."""
    names = {m.target for e in process.elements.values() for m in (*e.inputs, *e.outputs)}
    names |= {e.result_variable for e in process.elements.values()}
    return frozenset(name for name in names if good_key(name))


def _compile_element(
    element: Element, file: str, names: frozenset[str], findings: list[Finding]
) -> Plan:
    def text(source: str, column: str) -> Text:
        place = Place(file=file, element_id=element.id, column=column)
        return compile_text(source, place=place, names=names, findings=findings)

    def mapped(lines: tuple[Mapped, ...], column: str) -> tuple[tuple[str, Text], ...]:
        return tuple((line.target, text(line.source, f"{column} {line.target}")) for line in lines)

    timer = None
    if element.event is not None and element.event.kind == "timer":
        place = Place(file=file, element_id=element.id, column=element.event.form)
        compiled = text(element.event.text, element.event.form)
        timer = plan_timer(element.event.form, compiled, place, findings)
    return Plan(
        inputs=mapped(element.inputs, "input"),
        outputs=mapped(element.outputs, "output"),
        due=text(element.due, "dueDate") if element.due else None,
        script=text(element.script, "script") if element.script else None,
        timer=timer,
    )
