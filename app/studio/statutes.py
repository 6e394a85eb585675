"""Clauses of the law and the guard-rails they carry, read from `processes/statutes/`.

Nothing here knows what a particular document says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.decision.result import Finding
from app.studio.guardrails import (
    SEVERITIES,
    SEVERITY_OF_FORCE,
    Guard,
    broken,
    guard_faults,
    read_guard,
    text_of,
)

MAX_CLAUSES = 2_000
MAX_TEXT = 4_000  # characters of one quoted clause

FORCES = ("H", "P", "L", "E", "X")
"""Hard, in principle, left to the locality, encouraged, our own design."""

OWN_DESIGN = "X"


@dataclass(frozen=True, slots=True)
class Clause:
    """One passage of one document."""

    id: str  # what diagrams, tables and forms cite
    document: str  # number or name of the document
    article: str  # where in it, as people cite it
    text: str  # word for word
    force: str  # one of FORCES
    valid_from: date | None
    valid_to: date | None  # last day in force, None while it stands
    file: str

    @property
    def cited(self) -> str:
        """How a sentence names it, with its words."""
        return f"{self.document}{self.article}「{self.text}」"


@dataclass(frozen=True, slots=True)
class Statutes:
    """Everything the statute files say."""

    clauses: Mapping[str, Clause] = field(default_factory=dict)  # by id
    guards: tuple[Guard, ...] = ()
    findings: tuple[Finding, ...] = ()

    def binding(self, kind: str, documents: Collection[str] | None) -> tuple[Guard, ...]:
        """The guard-rails of one kind that rest on one of these statute files, or on our design.

        documents: stems of files, e.g. "s1"; None = all of them.
        """
        return tuple(
            guard
            for guard in self.guards
            if guard.kind == kind and (documents is None or self._rests_on(guard, documents))
        )

    def _rests_on(self, guard: Guard, documents: Collection[str]) -> bool:
        clause = self.clauses.get(guard.clause)
        if clause is None or clause.force == OWN_DESIGN:
            return True
        return clause.file.rpartition("/")[2].removesuffix(".toml") in documents

    def cite(self, clause: str) -> str:
        """The clause with its words, or its id when it is not on file."""
        found = self.clauses.get(clause)
        return found.cited if found else clause


def read_statutes(files: Mapping[str, bytes]) -> Statutes:
    """The clauses and guard-rails of the files; what can not be read becomes a finding."""
    clauses: dict[str, Clause] = {}
    guards: list[Guard] = []
    findings: list[Finding] = []
    for path in sorted(files):
        try:
            data = tomllib.loads(files[path].decode("utf-8"), parse_float=Decimal)
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            findings.append(broken(path, f"条款文件读不懂（{error}）。"))
            continue
        for raw in _tables(data, "clauses"):
            clause = _clause(raw, data, path)
            findings += _faults(clause, clauses)
            clauses.setdefault(clause.id, clause)
        for raw in _tables(data, "guards"):
            guards.append(read_guard(raw, path))
            findings += guard_faults(guards[-1], raw)
    if len(clauses) > MAX_CLAUSES:
        findings.append(broken("processes/statutes", f"条款超过 {MAX_CLAUSES} 条。"))
    findings += [
        broken(guard.file, f"护栏 {guard.id} 引用的条款“{guard.clause}”不存在。", guard.id)
        for guard in guards
        if guard.clause not in clauses
    ]
    weighed = tuple(replace(one, severity=_severity(one, clauses)) for one in guards)
    return Statutes(clauses, weighed, tuple(findings))


def _severity(guard: Guard, clauses: Mapping[str, Clause]) -> str:
    """What the file says, else what the force of the clause brings; the strictest when unclear."""
    clause = clauses.get(guard.clause)
    by_force = SEVERITY_OF_FORCE.get(clause.force if clause else "", SEVERITIES[0])
    said = guard.severity or by_force
    return said if said in SEVERITIES else SEVERITIES[0]


def _tables(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = data.get(name, [])
    if not isinstance(found, list):
        return []
    return [item for item in found if isinstance(item, Mapping)]


def _clause(raw: Mapping[str, Any], document: Mapping[str, Any], file: str) -> Clause:
    names = (text_of(raw, "document"), text_of(document, "document"), text_of(document, "title"))
    return Clause(
        id=text_of(raw, "id"),
        document=next(filter(None, names), ""),
        article=text_of(raw, "article"),
        text=text_of(raw, "text") or text_of(raw, "quote"),
        force=text_of(raw, "force"),
        valid_from=_day(raw.get("valid_from", document.get("valid_from"))),
        valid_to=_day(raw.get("valid_to", document.get("valid_to"))),
        file=file,
    )


def _faults(clause: Clause, known: Mapping[str, Clause]) -> list[Finding]:
    if not clause.id:
        return [broken(clause.file, "有一条条款没有编号（id）。")]
    found = []
    if clause.id in known:
        found.append(broken(clause.file, f"条款编号“{clause.id}”重复。", clause.id))
    if not clause.text or len(clause.text) > MAX_TEXT:
        text = f"条款“{clause.id}”须有原文（text），不超过 {MAX_TEXT} 字。"
        found.append(broken(clause.file, text, clause.id))
    if not clause.document or not clause.article:
        text = f"条款“{clause.id}”须写明文件（document）和条目（article）。"
        found.append(broken(clause.file, text, clause.id))
    if clause.force not in FORCES:
        text = f"条款“{clause.id}”的效力（force）须为 {'、'.join(FORCES)} 之一。"
        found.append(broken(clause.file, text, clause.id))
    return found


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
