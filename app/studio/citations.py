"""Who cites which clause: steps, questions, table rows and guard-rails of a package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.form.model import Computed, Question, walk
from app.studio.diff.tables import written
from app.studio.statutes import Clause
from app.studio.subject import Subject, called, listed

CLAUSE_COLUMNS = ("条款", "依据", "依据条款")  # labels of the annotation that cites
SOON_DAYS = 180  # a clause that ends within these is shown as ending


@dataclass(frozen=True, slots=True)
class Cite:
    """One place that rests on a clause."""

    file: str
    element_id: str
    words: str  # Chinese: what it is


@dataclass(frozen=True, slots=True)
class CitedClause:
    """One clause and everything that rests on it."""

    clause: Clause
    cites: tuple[Cite, ...]
    standing: str  # "ended" | "ending" | "not_yet" | "in_force"


def cited_clauses(subject: Subject, today: date) -> list[CitedClause]:
    """Every clause on file with who cites it; those that ended or end soon first."""
    by_clause: dict[str, list[Cite]] = {}
    for name, cite in citations(subject):
        by_clause.setdefault(name, []).append(cite)
    found = [
        CitedClause(clause, tuple(by_clause.get(clause.id, ())), standing(clause, today))
        for clause in subject.statutes.clauses.values()
    ]
    order = ("ended", "ending", "not_yet", "in_force")
    return sorted(found, key=lambda one: order.index(one.standing))


def standing(clause: Clause, today: date) -> str:
    """Whether the clause holds on that day."""
    if clause.valid_to is not None and clause.valid_to < today:
        return "ended"
    if clause.valid_to is not None and clause.valid_to <= today + timedelta(days=SOON_DAYS):
        return "ending"
    if clause.valid_from is not None and clause.valid_from > today:
        return "not_yet"
    return "in_force"


def citations(subject: Subject) -> Iterator[tuple[str, Cite]]:
    """(clause id, who cites it) of the whole package."""
    yield from _of_processes(subject)
    yield from _of_forms(subject)
    yield from _of_rows(subject)
    for guard in subject.statutes.guards:
        yield guard.clause, Cite(guard.file, guard.id, f"护栏 {guard.id}：{guard.sentence}")


def _of_processes(subject: Subject) -> Iterator[tuple[str, Cite]]:
    for process, element in subject.elements():
        words = f"流程“{process.name or process.id}”的“{called(element)}”"
        for name in listed(element.properties.get("clause", "")):
            yield name, Cite(process.file, element.id, words)
    for process in subject.processes.values():
        for name in listed(process.properties.get("clause", "")):
            yield name, Cite(process.file, process.id, f"流程“{process.name or process.id}”")


def _of_forms(subject: Subject) -> Iterator[tuple[str, Cite]]:
    for form in subject.forms.values():
        for one in walk(form.components):
            if isinstance(one, Question | Computed) and one.meta.clause:
                words = f"表单“{form.name}”的“{one.label or one.name}”"
                for name in listed(one.meta.clause):
                    yield name, Cite(subject.form_files[form.id], one.name, words)


def _of_rows(subject: Subject) -> Iterator[tuple[str, Cite]]:
    for decision in written(subject.package.files).values():
        for row in decision.rows:
            words = f"表“{decision.name}”第 {row.number} 行"
            for column in CLAUSE_COLUMNS:
                for name in listed(row.notes.get(column, "")):
                    yield name, Cite(decision.file, row.id or decision.id, words)
