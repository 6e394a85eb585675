"""One finding told in full: what, why, the clause word for word, what to do, the way to it.

Pages and designers show it; `marks` says what to colour on which picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.decision.result import Finding, Place
from app.process.library import read_processes
from app.process.model import ProcessDefinition
from app.studio.checks import CHECKS
from app.studio.localities import Package
from app.studio.report import Noted
from app.studio.statutes import Clause, read_statutes


@dataclass(frozen=True, slots=True)
class WayStep:
    """One step or flow of the shortest way to the fault."""

    place: Place
    label: str  # of the step or flow, "" when it has none
    is_flow: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding as a page shows it."""

    note: Noted
    what: str  # the sentence without the clause, which stands below word for word
    where: str  # "急难型救助：现场核实", the decision's id, or the file
    demand: str  # what the check demands, "" for what no check of the list made
    because: str  # the risk it keeps away
    clause: Clause | None  # the law that is broken, None when none is cited
    way: tuple[WayStep, ...]
    processes: tuple[ProcessDefinition, ...]  # whose pictures show the way, in its order


def marks(finding: Finding) -> Mapping[str, tuple[str, ...]]:
    """File -> ids of elements and flows to mark: the way and the place itself, in order."""
    found: dict[str, dict[str, None]] = {}
    for place in (*finding.path, finding.place):
        if place.file and place.element_id:
            found.setdefault(place.file, {})[place.element_id] = None
    return {file: tuple(ids) for file, ids in found.items()}


def explain(package: Package, note: Noted) -> Explanation:
    """Everything to say about one finding of a report on the package."""
    finding = note.finding
    files = {path: raw for path, raw in package.files.items() if path in marks(finding)}
    processes = list(read_processes(files, []))
    check = next((one for one in CHECKS if one.id == note.check), None)
    clause = read_statutes(package.statutes).clauses.get(finding.clause)
    cited = f"（{clause.cited}）。" if clause else "。"
    return Explanation(
        note=note,
        what=finding.message.removesuffix(cited),
        where=_where(finding, processes),
        demand=check.sentence if check else "",
        because=check.because if check else "",
        clause=clause,
        way=tuple(_step(place, processes) for place in finding.path),
        processes=_shown(finding, processes),
    )


def _shown(finding: Finding, processes: list[ProcessDefinition]) -> tuple[ProcessDefinition, ...]:
    """The processes that hold something to mark, in the order of the way."""
    found: dict[str, ProcessDefinition] = {}
    for place in (*finding.path, finding.place):
        for process in processes:
            ids = (process.elements, process.flows)
            if process.file == place.file and any(place.element_id in one for one in ids):
                found.setdefault(process.id, process)
    return tuple(found.values())


def _where(finding: Finding, processes: list[ProcessDefinition]) -> str:
    place = finding.place
    for process in processes:
        element = process.elements.get(place.element_id)
        if process.file == place.file and (element or place.element_id == process.id):
            own = element.name or element.id if element else ""
            return "：".join(part for part in (process.name or process.id, own) if part)
    row = f"第 {place.rule} 行" if place.rule else ""
    parts = (place.decision or place.element_id or place.file, row, place.column)
    return "，".join(part for part in parts if part)


def _step(place: Place, processes: list[ProcessDefinition]) -> WayStep:
    for process in processes:
        if process.file != place.file:
            continue
        if place.element_id in process.elements:
            return WayStep(place, process.elements[place.element_id].name, False)
        if place.element_id in process.flows:
            return WayStep(place, process.flows[place.element_id].name, True)
    return WayStep(place, "", False)
