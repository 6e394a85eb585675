"""Papers of a case that a person issues: which ones may be issued now, and one issued.

A record or letter whose template names the role (`issued_by`) is numbered, kept sealed with the
case and never changed; issuing it again makes another number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.cases import access, paper_fields
from app.cases.office import Office
from app.cases.work import CaseWork, open_view
from app.form.papers import Paper
from app.form.sheets import dump_parts
from app.kernel.errors import Forbidden, NotFound, Refused
from app.kernel.roles import ROLES
from app.store import cases, instances, letters, work_items
from app.store.session import Actor, Unit


@dataclass(frozen=True, slots=True)
class Offer:
    """One paper the actor may issue in this case."""

    paper_id: str
    title: str
    issued: int  # how often it was issued already


def offered(office: Office, actor: Actor, region: str, case_id: UUID) -> tuple[Offer, ...]:
    """The papers of the case page for this person, in order of title."""
    with office.database.read(actor) as unit:
        if not any(code in ROLES for code, _ in actor.roles):
            return ()
        work = _work(office, unit, region, case_id)
        _require_case(unit, actor, work)
        kept = [row.template_id for row in letters.of_case(unit, region, case_id)]
        return tuple(
            Offer(paper.id, paper.title, kept.count(paper.id))
            for paper in sorted(work.package.papers(), key=lambda one: one.title)
            if _may_issue(actor, paper)
        )


def issue(
    office: Office,
    actor: Actor,
    region: str,
    case_id: UUID,
    paper_id: str,
    *,
    key: str | None = None,
) -> dict[str, Any]:
    """The paper is numbered and kept with the case; answers letter_id and letter_no.

    Raises: NotFound, Forbidden, Refused when the case does not have yet what it shows.
    """

    def body(unit: Unit) -> dict[str, Any]:
        work = _work(office, unit, region, case_id)
        _require_case(unit, actor, work)
        paper = next((one for one in work.package.papers() if one.id == paper_id), None)
        if paper is None:
            raise NotFound("no_paper", "没有这种文书。")
        if not _may_issue(actor, paper):
            raise Forbidden("not_your_paper", f"“{paper.title}”不由您的角色出具。")
        known = {**paper_fields.of_case(work), "remedies": paper.remedies}
        made = paper_fields.filled(work, paper, known)
        if paper.needs and not made.rows[paper.needs]:
            raise Refused(
                "paper_too_early", f"本案还没有“{paper.title}”要写的内容，办到那一步以后再出具。"
            )
        row = letters.issue(
            unit,
            region,
            case_id,
            template_id=paper.id,
            title=paper.title,
            body=made.body,
            parts=dump_parts(made.parts),
        )
        facts = {"no": row.letter_no, "paper": paper.id}
        unit.audit(region, case_id, "letter.issued", ("letter", row.id), facts)
        return {"letter_id": str(row.id), "letter_no": row.letter_no}

    return office.database.run(actor, "letter.issue", key, body, region=region)


def _work(office: Office, unit: Unit, region: str, case_id: UUID) -> CaseWork:
    """The case in its newest process; raises NotFound."""
    cases.get(unit, region, case_id)
    newest = instances.of_case(unit, region, case_id)[-1]
    return open_view(office, unit, region, newest.id)


def _require_case(unit: Unit, actor: Actor, work: CaseWork) -> None:
    items = work_items.of_case(unit, work.case.region, work.case.id)
    access.require_reader(unit, actor, work.case, items)


def _may_issue(actor: Actor, paper: Paper) -> bool:
    return any(actor.holds(role) for role in paper.issued_by)
