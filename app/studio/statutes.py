"""Clauses of the law and the guard-rails they carry, read from `processes/statutes/`.

A guard-rail is data: a clause, a kind of check and its parameters. The kinds are the modules of
`checks`; nothing here knows what a particular document says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.decision.result import Finding, Place

MAX_CLAUSES = 2_000
MAX_TEXT = 4_000  # characters of one quoted clause

FORCES = ("H", "P", "L", "E", "X")
"""Hard, in principle, left to the locality, encouraged, our own design."""

OWN_DESIGN = "X"

KINDS = (
    "not_before",
    "preceded_by",
    "followed_by",
    "every_way",
    "separated",
    "notice_fields",
    "answers",
    "dated",
)
SEVERITIES = ("error", "soft", "warning")
"""Refuses publication; asks for a written reason and a second signature; only shows."""

SEVERITY_OF_FORCE: Mapping[str, str] = {
    "H": "error",
    "X": "error",
    "P": "soft",
    "L": "soft",
    "E": "warning",
}


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
class Guard:
    """One guard-rail: what a kind of check must find or must not find."""

    id: str  # "G05"; several entries may make up one guard-rail
    kind: str  # one of KINDS
    sentence: str  # Chinese: what is demanded
    clause: str  # clause id
    severity: str  # one of SEVERITIES; by the force of the clause when the file says nothing
    file: str
    routes: tuple[str, ...] = ()  # processes by their property `route`; () = every process
    steps: tuple[str, ...] = ()  # elements by their property `step`
    words: tuple[str, ...] = ()  # elements by a part of their label
    calls: tuple[str, ...] = ()  # elements by the call they make
    before: tuple[str, ...] = ()  # calls that must not come later
    preceded: tuple[str, ...] = ()  # calls one of which must have come
    followed: tuple[str, ...] = ()  # calls one of which must come
    keys: tuple[str, ...] = ()  # of those calls only the ones about these clocks; () = all
    outcomes: tuple[str, ...] = ()  # of `calls` only the ones with these outcomes; () = all
    excused_by: tuple[str, ...] = ()  # decisions that may answer that it is not owed
    roles: tuple[str, ...] = ()  # elements by the role that does them
    rows: tuple[str, ...] = ()  # table rows by the clauses they cite
    decision: str = ""  # a decision that is asked
    when: Mapping[str, Any] = field(default_factory=dict)  # what it is asked
    wants: Mapping[str, Any] = field(default_factory=dict)  # outputs it must give
    at_most: Mapping[str, Any] = field(default_factory=dict)  # outputs it must not exceed
    at_least: Mapping[str, Any] = field(default_factory=dict)  # outputs it must reach


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
            findings.append(_broken(path, f"条款文件读不懂（{error}）。"))
            continue
        for raw in _tables(data, "clauses"):
            clause = _clause(raw, data, path)
            findings += _faults(clause, clauses)
            clauses.setdefault(clause.id, clause)
        for raw in _tables(data, "guards"):
            guards.append(_guard(raw, path))
            findings += _guard_faults(guards[-1])
    if len(clauses) > MAX_CLAUSES:
        findings.append(_broken("processes/statutes", f"条款超过 {MAX_CLAUSES} 条。"))
    findings += [
        _broken(guard.file, f"护栏 {guard.id} 引用的条款“{guard.clause}”不存在。", guard.id)
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
    return Clause(
        id=_text(raw, "id"),
        document=_text(raw, "document") or _text(document, "document") or _text(document, "title"),
        article=_text(raw, "article"),
        text=_text(raw, "text") or _text(raw, "quote"),
        force=_text(raw, "force"),
        valid_from=_day(raw.get("valid_from", document.get("valid_from"))),
        valid_to=_day(raw.get("valid_to", document.get("valid_to"))),
        file=file,
    )


def _guard(raw: Mapping[str, Any], file: str) -> Guard:
    return Guard(
        id=_text(raw, "id"),
        kind=_text(raw, "kind"),
        sentence=_text(raw, "sentence"),
        clause=_text(raw, "clause"),
        severity=_text(raw, "severity"),
        file=file,
        routes=_texts(raw, "routes"),
        steps=_texts(raw, "steps"),
        words=_texts(raw, "words"),
        calls=_texts(raw, "calls"),
        before=_texts(raw, "before"),
        preceded=_texts(raw, "preceded"),
        followed=_texts(raw, "followed"),
        keys=_texts(raw, "keys"),
        outcomes=_texts(raw, "outcomes"),
        excused_by=_texts(raw, "excused_by"),
        roles=_texts(raw, "roles"),
        rows=_texts(raw, "rows"),
        decision=_text(raw, "decision"),
        when=_table(raw, "when"),
        wants=_table(raw, "wants"),
        at_most=_table(raw, "at_most"),
        at_least=_table(raw, "at_least"),
    )


def _faults(clause: Clause, known: Mapping[str, Clause]) -> list[Finding]:
    if not clause.id:
        return [_broken(clause.file, "有一条条款没有编号（id）。")]
    found = []
    if clause.id in known:
        found.append(_broken(clause.file, f"条款编号“{clause.id}”重复。", clause.id))
    if not clause.text or len(clause.text) > MAX_TEXT:
        text = f"条款“{clause.id}”须有原文（text），不超过 {MAX_TEXT} 字。"
        found.append(_broken(clause.file, text, clause.id))
    if not clause.document or not clause.article:
        text = f"条款“{clause.id}”须写明文件（document）和条目（article）。"
        found.append(_broken(clause.file, text, clause.id))
    if clause.force not in FORCES:
        text = f"条款“{clause.id}”的效力（force）须为 {'、'.join(FORCES)} 之一。"
        found.append(_broken(clause.file, text, clause.id))
    return found


def _guard_faults(guard: Guard) -> list[Finding]:
    found = []
    if not guard.id or not guard.sentence:
        found.append(_broken(guard.file, "有一条护栏没有编号（id）或没有说明（sentence）。"))
    if guard.kind not in KINDS:
        text = f"护栏 {guard.id} 的种类“{guard.kind}”不认识，可用：{'、'.join(KINDS)}。"
        found.append(_broken(guard.file, text, guard.id))
    if guard.severity and guard.severity not in SEVERITIES:
        text = f"护栏 {guard.id} 的轻重（severity）须为 {'、'.join(SEVERITIES)} 之一。"
        found.append(_broken(guard.file, text, guard.id))
    return found


def _broken(file: str, message: str, element: str = "") -> Finding:
    return Finding(
        "bad_statute", "error", message, "请改正条款文件。", Place(file=file, element_id=element)
    )


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key, "")
    return value.strip() if isinstance(value, str) else ""


def _texts(raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = raw.get(key, [])
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _table(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key, {})
    return value if isinstance(value, dict) else {}


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
