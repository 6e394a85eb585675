"""What the checks look at: a package with everything in it read once.

Reading never raises for a broken model: what can not be read is a finding of the check that
owns the kind of file, and the others go on with what is left.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from app.decision.result import Finding, Place, Result
from app.form.form import Form, check_form, load_form
from app.form.papers import Paper, load_paper
from app.kernel.clock import local
from app.kernel.errors import AppError, ModelError
from app.kernel.roles import ROLES
from app.process import lint
from app.process.library import Library, read_decisions, read_processes
from app.process.model import Element, ProcessDefinition
from app.studio.calls import CALLS, CallShape
from app.studio.examples import Tried, try_examples
from app.studio.graph import Graph, draw
from app.studio.guardrails import Guard
from app.studio.localities import Package
from app.studio.play import Played, play
from app.studio.statutes import Statutes, read_statutes

FORMS_KEPT = 512  # forms of drafts and deployments that are looked at again

_LITERAL = re.compile(r'=\s*"([^"\\]*)"\s*')


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the models lean on but do not hold: given by whoever asks for a check."""

    now: datetime  # aware UTC; the day by which clauses are in force
    calls: Mapping[str, CallShape] = field(default_factory=lambda: CALLS)
    roles: Collection[str] = field(default_factory=lambda: frozenset(ROLES))
    held_roles: Collection[str] | None = None  # roles somebody holds; None = nobody was asked
    previous: Package | None = None  # what is in force now; None = nothing to compare with


class Subject:
    """A package and its surroundings, read for checking."""

    def __init__(self, package: Package, surroundings: Surroundings) -> None:
        self.package = package
        self.around = surroundings
        self.process_findings: list[Finding] = []
        self.decision_findings: list[Finding] = []
        self.form_findings: list[Finding] = []
        self.paper_findings: list[Finding] = []
        self.processes = self._read_processes()
        self.decisions = read_decisions(package.files, self.decision_findings)
        self.form_files: dict[str, str] = {}  # form id -> path
        self.forms = self._read_forms()
        self.papers = self._read_papers()
        self.statutes: Statutes = read_statutes(package.statutes)

    def guards(self, kind: str) -> tuple[Guard, ...]:
        """The guard-rails of one kind that bind this locality: those of its basis documents.

        A locality that names no basis is bound by every document on file.
        """
        named = [
            str(one["statutes"])
            for locality in self.package.chain
            for one in locality.data.get("basis", [])
            if isinstance(one, Mapping) and "statutes" in one
        ]
        return self.statutes.binding(kind, named or None)

    @cached_property
    def linted(self) -> tuple[Finding, ...]:
        """What the lint says about the diagrams, with the surroundings they lean on."""
        files = self.package.files
        return tuple(
            lint(
                {path: raw for path, raw in files.items() if path.endswith((".bpmn", ".dmn"))},
                call_types=frozenset(self.around.calls),
                form_ids=frozenset(self.forms),
                decision_ids=frozenset(self.decisions),
                roles=frozenset(self.around.roles),
            )
        )

    @cached_property
    def library(self) -> Library | None:
        """The compiled package, None while a diagram or table is broken."""
        try:
            return Library(self.package.files)
        except ModelError:
            return None

    @cached_property
    def played(self) -> Played:
        """The scenarios run; none while a diagram or table is broken."""
        return play(self.library, self.package.companions) if self.library else Played()

    @cached_property
    def previous(self) -> Subject | None:
        """The tables of the package in force; None when there is none to compare with."""
        before = self.around.previous
        if before is None:
            return None
        tables = replace(before, files=before.of(".dmn"), companions={})
        return Subject(tables, replace(self.around, previous=None))

    @cached_property
    def tried(self) -> Tried:
        """The worked examples asked."""
        return try_examples(self.package.companions, self.ask)

    def elements(self) -> Iterator[tuple[ProcessDefinition, Element]]:
        """Every element of every diagram."""
        for process in self.processes.values():
            for element in process.elements.values():
                yield process, element

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The processes that no other one calls; all of them when they call in a circle."""
        called = {element.called_process for _, element in self.elements()}
        return tuple(name for name in self.processes if name not in called) or (*self.processes,)

    @cached_property
    def graphs(self) -> tuple[Graph, ...]:
        """The graph of each process that no other one calls."""
        return tuple(draw(self.processes, root) for root in self.roots)

    @cached_property
    def doors(self) -> tuple[Graph, ...]:
        """The graphs that begin where somebody asks for help: with a form at the start.

        What begins otherwise goes on with a case or concerns a fund. Without any form all count.
        """
        asked = [g for g in self.graphs if g.start in g.elements and g.elements[g.start].form_id]
        return tuple(asked) or self.graphs

    def ask(
        self, decision_id: str, inputs: Mapping[str, Any], at: datetime | None = None
    ) -> Result | None:
        """The answer of a decision of the package, None when it has none of that id.

        at: the instant it is asked; now when not given.
        """
        found = self.decisions.get(decision_id)
        if found is None:
            return None
        result: Result = found[0].evaluate(decision_id, inputs, now=local(at or self.around.now))
        return result

    def _read_processes(self) -> dict[str, ProcessDefinition]:
        found: dict[str, ProcessDefinition] = {}
        for process in read_processes(self.package.files, self.process_findings):
            found.setdefault(process.id, process)
        return found

    def _read_forms(self) -> dict[str, Form]:
        forms: dict[str, Form] = {}
        for path, raw in self.package.of(".form").items():
            findings, form = _form(path, raw)
            self.form_findings += findings
            if form is None:
                continue
            if form.id in forms:
                self.form_findings.append(duplicate("duplicate_form", "表单", form.id, path))
            forms.setdefault(form.id, form)
            self.form_files.setdefault(form.id, path)
        return forms

    def _read_papers(self) -> dict[str, Paper]:
        papers: dict[str, Paper] = {}
        for path, raw in self.package.of(".paper.toml").items():
            try:
                paper = load_paper(raw, file=path)
            except AppError as error:
                place = Place(file=path)
                self.paper_findings.append(
                    Finding("bad_paper", "error", error.message, "请改正文书模板。", place)
                )
                continue
            if paper.id in papers:
                self.paper_findings.append(duplicate("duplicate_paper", "文书", paper.id, path))
            papers.setdefault(paper.id, paper)
        return papers


@lru_cache(maxsize=FORMS_KEPT)
def _form(path: str, raw: bytes) -> tuple[tuple[Finding, ...], Form | None]:
    """What is wrong with a form, and the form unless that is an error; once for the same bytes."""
    findings = tuple(check_form(raw, file=path))
    broken = any(one.severity == "error" for one in findings)
    return findings, None if broken else load_form(raw, file=path)


def duplicate(code: str, kind: str, name: str, file: str) -> Finding:
    """The finding for an id used twice in a package."""
    place = Place(file=file, element_id=name)
    return Finding(code, "error", f"{kind}编号“{name}”用了两次。", "请改用别的编号。", place)


def argument(element: Element, name: str) -> str | None:
    """The text an element always passes as that argument; None when absent or computed."""
    for line in element.inputs:
        if line.target == name:
            if not line.source.startswith("="):
                return line.source
            literal = _LITERAL.fullmatch(line.source)
            return literal.group(1) if literal else None
    return None


def exact(value: Any) -> Any:
    """A value of a clause file as decisions take it: whole numbers are decimals."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return Decimal(value) if whole else value


def listed(text: str) -> list[str]:
    """The parts of a comma list, without spaces and blanks."""
    return [part.strip() for part in re.split("[,，]", text) if part.strip()]


def place_of(process: ProcessDefinition, element_id: str = "") -> Place:
    """Where an element stands."""
    return Place(file=process.file, element_id=element_id or process.id)


def called(element: Element) -> str:
    """How a sentence names an element: by its label, else by its id."""
    return element.name or element.id


def falls_under(guard: Guard, process: ProcessDefinition) -> bool:
    """True when the guard-rail speaks of that process."""
    return not guard.routes or process.properties.get("route", process.id) in guard.routes


def is_demanded_of(guard: Guard, element: Element) -> bool:
    """True when the guard-rail demands something for that call of the element."""
    meant = not guard.outcomes or argument(element, "outcome") in guard.outcomes
    return element.call_type in guard.calls and meant


def fulfils(guard: Guard, calls: Collection[str], element: Element) -> bool:
    """True when the element makes one of the calls, about one of the clocks if any are named."""
    about = not guard.keys or argument(element, "key") in guard.keys
    return element.call_type in calls and about


def is_meant(guard: Guard, element: Element) -> bool:
    """True when steps, words or calls of the guard-rail name that element."""
    return (
        element.properties.get("step", "") in guard.steps
        or any(word in element.name for word in guard.words)
        or (bool(element.call_type) and element.call_type in guard.calls)
    )
