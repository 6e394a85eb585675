"""Facts that are read but never written: usually a misspelt name that would count as null.

The start event's property `facts` names what an intake form gives; a deployment that declares
nothing there gets warnings only, because its callers may know more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.decision import Model
from app.decision.check import nearest_name
from app.process.checks.graph import label
from app.process.checks.report import Report
from app.process.feel import Text
from app.process.model import ProcessDefinition
from app.process.plan import ProcessPlan

ALWAYS = frozenset({"reported_at", "channel", "township", "village"})  # docs/vocabulary.md


def written_names(
    processes: Mapping[str, ProcessDefinition], plans: Mapping[str, ProcessPlan]
) -> frozenset[str]:
    """Every fact some element of the deployment writes or a start event declares."""
    names = set(ALWAYS)
    for process in processes.values():
        for element in process.elements.values():
            names |= {line.target for line in element.outputs}
            if element.kind == "callActivity":
                names |= {line.target for line in element.inputs}
            if element.result_variable:
                names.add(element.result_variable)
            elif element.kind == "scriptTask":
                script = plans[process.id].elements[element.id].script
                names |= script.entries if script is not None else frozenset()
            declared = element.properties.get("facts", "")
            if element.kind == "startEvent":
                names |= {name.strip() for name in declared.split(",") if name.strip()}
    return frozenset(names)


def declares_facts(processes: Mapping[str, ProcessDefinition]) -> bool:
    """True when some start event says which facts it gives."""
    return any(
        "facts" in element.properties
        for process in processes.values()
        for element in process.elements.values()
        if element.kind == "startEvent"
    )


def check_names(
    process: ProcessDefinition,
    plan: ProcessPlan,
    written: frozenset[str],
    *,
    strict: bool,
    report: Report,
) -> None:
    """Findings for every fact read in the process that nothing writes."""
    for element_id, where, text, own in _readers(process, plan):
        for name in sorted(text.names - written - own):
            near = nearest_name(name, written)
            what = f"{where}用到了没有人填写的事实“{name}”，它将是空值。"
            advice = f"您是不是想写 {near}？" if near else "请在前面的任务输出它，或改正名称。"
            add = report.error if strict else report.warning
            add(process.file, element_id, "unknown_fact", what, advice)


def _readers(
    process: ProcessDefinition, plan: ProcessPlan
) -> Iterator[tuple[str, str, Text, frozenset[str]]]:
    """Texts that read facts: element id, words for the place, text, names known only there.

    Outputs of user tasks, calls and messages read answers as well and are left out.
    """
    for flow_id, text in plan.conditions.items():
        flow = process.flows[flow_id]
        yield flow_id, f"流向“{flow.name or flow_id}”的条件", text, frozenset()
    for element_id, texts in plan.elements.items():
        element = process.elements[element_id]
        where = f"“{label(element)}”"
        own = frozenset(line.target for line in element.inputs)
        for target, text in texts.inputs:
            yield element_id, f"{where}的输入“{target}”", text, frozenset()
        if element.kind in ("businessRuleTask", "scriptTask") and element.result_variable:
            for target, text in texts.outputs:
                result = frozenset({element.result_variable})
                yield element_id, f"{where}的输出“{target}”", text, result
        if texts.due is not None:
            yield element_id, f"{where}的办理期限", texts.due, own
        if texts.script is not None:
            yield element_id, f"{where}的表达式", texts.script, own
        if texts.timer is not None:
            yield element_id, f"{where}的时间", texts.timer.text, frozenset()


def check_decision_inputs(
    process: ProcessDefinition,
    models: Mapping[str, tuple[Model, str]],
    written: frozenset[str],
    report: Report,
) -> None:
    """Warnings for decisions that ask for a fact nothing writes."""
    for element in process.elements.values():
        if element.kind != "businessRuleTask" or element.decision_id not in models:
            continue
        model, file = models[element.decision_id]
        own = {line.target for line in element.inputs}
        for name in model.inputs_of(element.decision_id):
            if name not in written and name not in own:
                what = f"“{label(element)}”的决策（{file}）要用“{name}”，但没有人填写它。"
                advice = "请在任务上加输入映射，或在前面的任务输出它。"
                report.warning(process.file, element.id, "missing_input", what, advice)
