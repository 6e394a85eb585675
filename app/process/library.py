"""One deployment, compiled: every process and decision, ready to be shared read-only.

Building is the expensive part (about 1 ms per process and more per table), so a caller keeps the
`Library` of a deployment; running instances never change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import app.decision as decision
from app.decision.result import Finding, Place
from app.kernel.errors import ModelError
from app.process import limits
from app.process.build import build_process
from app.process.checks.grammar import check_ids
from app.process.checks.report import Report
from app.process.feel import Text
from app.process.model import ProcessDefinition
from app.process.plan import ProcessPlan, compile_process
from app.process.read import read_definitions
from app.process.specs import ScopeSpec
from app.process.xmlread import read_xml

MODELS_KEPT = 256  # compiled tables of drafts and deployments that are looked at again


class Library:
    """The processes and decisions of one deployment.

    Raises ModelError, carrying all findings, when a file can not be read, a text not be compiled,
    or an element not be executed.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        findings: list[Finding] = []
        self._processes: dict[str, ProcessDefinition] = {}
        self._plans: dict[str, ProcessPlan] = {}
        self.scopes: dict[str, ScopeSpec] = {}
        for process in read_processes(files, findings):
            if process.id in self._processes:
                findings.append(duplicate_process(process))
                continue
            if len(process.elements) > limits.FLOW_NODES or len(process.flows) > limits.FLOWS:
                raise ModelError(f"流程“{process.id}”过大，请拆成几个流程。", process_id=process.id)
            self._processes[process.id] = process
            self._plans[process.id] = compile_process(process, findings)
        self._decisions = read_decisions(files, findings)
        errors = [found for found in findings if found.severity == "error"]
        if errors:
            raise ModelError(f"部署中有 {len(errors)} 处错误：{errors[0].message}", errors)
        for process in self._processes.values():
            self.scopes.update(build_process(process, self._plans[process.id], self._processes))

    @property
    def process_ids(self) -> tuple[str, ...]:
        """Ids of the processes, in file order."""
        return tuple(self._processes)

    @property
    def decision_ids(self) -> tuple[str, ...]:
        """Ids of the decisions, in file order."""
        return tuple(self._decisions)

    def definition(self, process_id: str) -> ProcessDefinition:
        """The process as it was drawn; raises ModelError when there is none of that id."""
        found = self._processes.get(process_id)
        if found is None:
            raise ModelError(f"部署中没有流程“{process_id}”。", process_id=process_id)
        return found

    def decision(self, decision_id: str) -> tuple[decision.Model, str]:
        """The model that holds the decision and its file; raises ModelError when none does."""
        found = self._decisions.get(decision_id)
        if found is None:
            raise ModelError(f"部署中没有决策“{decision_id}”。", decision_id=decision_id)
        return found

    def conditions(self, process_id: str) -> Mapping[str, Text]:
        """The compiled conditions of a process, by flow id."""
        return self._plans[process_id].conditions


def read_processes(
    files: Mapping[str, bytes], findings: list[Finding]
) -> Iterable[ProcessDefinition]:
    """Every process of the deployment's diagrams; unreadable files become findings."""
    for path, data in sorted(files.items()):
        if path.endswith(".bpmn"):
            root, problems = read_xml(data, path)
            findings += problems
            if root is not None:
                report = Report()
                check_ids(root, path, report)
                findings += report.findings
                yield from read_definitions(root, path, data)


def read_decisions(
    files: Mapping[str, bytes], findings: list[Finding]
) -> dict[str, tuple[decision.Model, str]]:
    """Every decision of the deployment's tables by id, with its model and file."""
    found: dict[str, tuple[decision.Model, str]] = {}
    tables = {path: data for path, data in sorted(files.items()) if path.endswith(".dmn")}
    for path, data in tables.items():
        root, problems = read_xml(data, path)
        findings += problems
        if root is None:
            continue
        imports = [other for name, other in tables.items() if name != path]
        try:
            model = _model(data, tuple(imports) if _imports(root) else (), path)
        except decision.DecisionModelError as error:
            findings += error.findings
            continue
        findings += model.findings
        for decision_id in _decision_ids(root):
            if decision_id in found:
                place = Place(file=path, element_id=decision_id)
                what = f"决策编号“{decision_id}”在 {found[decision_id][1]} 中已有。"
                findings.append(
                    Finding("duplicate_decision", "error", what, "请改用别的编号。", place)
                )
            else:
                found[decision_id] = (model, path)
    return found


@lru_cache(maxsize=MODELS_KEPT)
def _model(data: bytes, imports: tuple[bytes, ...], path: str) -> decision.Model:
    """The model of a file, compiled once for the same bytes: models never change."""
    return decision.load_model(data, imports, file=path)


def _imports(root: Any) -> bool:
    return any(str(child.tag).endswith("}import") for child in root)


def _decision_ids(root: Any) -> list[str]:
    return [
        child.get("id", "")
        for child in root
        if str(child.tag).endswith("}decision") and child.get("id")
    ]


def duplicate_process(process: ProcessDefinition) -> Finding:
    """The finding for a process id used twice in a deployment."""
    place = Place(file=process.file, element_id=process.id)
    what = f"流程编号“{process.id}”在部署中用了两次。"
    return Finding("duplicate_process", "error", what, "请改用别的编号。", place)
