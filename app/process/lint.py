"""Everything wrong with the diagrams of a deployment, all at once, in sentences for policy staff.

A diagram without errors here runs as it is drawn: what the engine would ignore is refused.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from app.decision.result import Finding
from app.process.checks.grammar import check_grammar
from app.process.checks.graph import check_graph, check_size
from app.process.checks.names import (
    check_decision_inputs,
    check_names,
    declares_facts,
    written_names,
)
from app.process.checks.references import Known, check_references
from app.process.checks.report import Report
from app.process.checks.soundness import check_soundness
from app.process.library import duplicate_process, read_decisions
from app.process.model import ProcessDefinition
from app.process.plan import compile_process
from app.process.read import read_definitions
from app.process.xmlread import read_xml


def lint(
    files: Mapping[str, bytes],
    *,
    call_types: Container[str],
    form_ids: Container[str],
    roles: Container[str],
    decision_ids: Container[str] | None = None,
) -> list[Finding]:
    """Every finding of every diagram among `files`; tables are read, their faults told elsewhere.

    `decision_ids` None means those of the tables among `files`.
    """
    report = Report()
    models = read_decisions(files, [])
    processes = _read(files, report)
    known = Known(
        call_types=call_types,
        form_ids=form_ids,
        decision_ids=models if decision_ids is None else decision_ids,
        roles=roles,
        processes=processes,
    )
    plans = {name: compile_process(found, report.findings) for name, found in processes.items()}
    written = written_names(processes, plans)
    strict = declares_facts(processes)
    for name, process in processes.items():
        check_references(process, known, report)
        check_names(process, plans[name], written, strict=strict, report=report)
        check_decision_inputs(process, models, written, report)
        before = len(report.findings)
        check_graph(process, processes, report)
        if all(found.severity != "error" for found in report.findings[before:]):
            check_soundness(process, report)
    return report.findings


def _read(files: Mapping[str, bytes], report: Report) -> dict[str, ProcessDefinition]:
    """The processes of all readable diagrams, their grammar checked."""
    processes: dict[str, ProcessDefinition] = {}
    for path, data in sorted(files.items()):
        if not path.endswith(".bpmn"):
            continue
        root, problems = read_xml(data, path)
        report.findings += problems
        if root is None:
            continue
        check_grammar(root, path, report)
        for process in read_definitions(root, path, data):
            if not check_size(process, report):
                continue
            if process.id in processes:
                report.findings.append(duplicate_process(process))
            else:
                processes[process.id] = process
    return processes
