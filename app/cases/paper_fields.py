"""The words a letter or notice may use, taken from the case's own records and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.cases.paper_lists import rows_of
from app.cases.paper_records import values_of
from app.cases.statutes import clauses_of
from app.cases.wording import option_label, surname_only
from app.cases.work import CaseWork
from app.form.paper_fields import RECORD_FIELDS
from app.form.papers import Paper
from app.form.sheets import Part
from app.kernel.clock import legal_day, local
from app.kernel.money import in_capitals
from app.store import cases, decisions, people, slips
from app.store.decisions import DecisionRow


@dataclass(frozen=True, slots=True)
class Filled:
    """A paper with its words, before it has a number."""

    body: str
    parts: tuple[Part, ...]
    rows: Mapping[str, Sequence[Mapping[str, str]]]  # of the lists it shows or needs


def filled(work: CaseWork, paper: Paper, known: Mapping[str, str]) -> Filled:
    """The paper filled from `known` and, for a record, from what was answered in the case."""
    asked = [name for name in paper.fields if name in RECORD_FIELDS]
    values = {**known, **(values_of(work, asked) if asked else {})}
    rows = rows_of(work, paper.lists()) if paper.lists() else {}
    return Filled(paper.fill(values), paper.filled_parts(values, rows), rows)


def of_case(work: CaseWork) -> dict[str, str]:
    """Field name (app.form.papers.FIELDS) -> Chinese text; what is not known yet is ""."""
    unit, case = work.unit, work.case
    applicant = cases.applicant(unit, case)
    name = str(applicant.get("applicant_name") or "")
    handed = slips.of_case(unit, case.region, case.id)
    total = slips.paid_total(unit, case.region, case.id)
    taken = decisions.of_case(unit, case.region, case.id)
    return {
        "case_no": case.case_no,
        "applicant_name": name,
        "applicant_masked": surname_only(name),
        "village": _organ_name(work, case.village),
        "township": _organ_name(work, case.township),
        "cause_class": _cause_class(work),
        "amount": str(total) if handed else "",
        "amount_capitals": in_capitals(total) if handed else "",
        "paid_on": f"{legal_day(handed[-1][0].paid_at):%Y-%m-%d}" if handed else "",
        "decided_on": f"{legal_day(unit.now):%Y-%m-%d}",
        "reasons": str(work.newest_answer("reasons", "opinion") or ""),
        "clauses": str(work.newest_answer("clauses") or _cited(work, taken)),
        "remedies": "",
        "referral": str(work.newest_answer("referral") or ""),
        "organ": _organ_name(work, case.township or case.region),
        "issued_on": f"{local(unit.now):%Y-%m-%d}",
    }


def _organ_name(work: CaseWork, code: str) -> str:
    organ = people.organ(work.unit, code) if code else None
    return organ.name if organ is not None else ""


def _cause_class(work: CaseWork) -> str:
    """The class that may be published: by the table `cause_class`, else the cause's own label."""
    package, cause = work.package, work.case.cause
    if "cause_class" in package.library.decision_ids:
        found = package.decide("cause_class", {"cause": cause}, work.now).value
        if isinstance(found, str):
            return found
    return option_label(package, "cause", cause)


def _cited(work: CaseWork, taken: list[DecisionRow]) -> str:
    """Document and article of every clause the case's decisions rested on, each once."""
    return articles_of(work, dict.fromkeys(str(name) for row in taken for name in row.clauses))


def articles_of(work: CaseWork, ids: Iterable[str]) -> str:
    """The clauses of those ids as document and article; what is no clause id stands as it is."""
    texts = (
        f"{clause.document} {clause.article}".strip() for clause in clauses_of(work.package, ids)
    )
    return "、".join(dict.fromkeys(texts))
