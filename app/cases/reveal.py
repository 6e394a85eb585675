"""Showing personal data in clear: only to who works on the case, with a purpose, on record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.cases import access
from app.cases.homes import require
from app.cases.office import Office
from app.kernel.errors import FieldProblem, Forbidden, Invalid
from app.store import cases, households, letters, persons, visits, work_items
from app.store.session import Actor, Unit
from app.store.work_items import WorkItemRow

MAX_PURPOSE = 200  # characters


def applicant(
    office: Office, actor: Actor, region: str, case_id: UUID, purpose: str
) -> dict[str, Any]:
    """The applicant's data in clear; who saw them and why stands in the case's record."""
    purpose = _purpose(purpose)

    def body(unit: Unit) -> dict[str, Any]:
        case = cases.get(unit, region, case_id)
        items = work_items.of_case(unit, region, case_id)
        access.require_reader(unit, actor, case, items)
        if case.kind == cases.SUPERVISION:
            _require_investigator(actor, items)
        unit.audit(region, case_id, "personal.revealed", ("case", case_id), {"purpose": purpose})
        return cases.applicant(unit, case)

    return office.database.run(actor, "case.reveal", None, body, region=region)


def _require_investigator(actor: Actor, items: list[WorkItemRow]) -> None:
    """Raises Forbidden for all but who works or has worked on it: who complained is protected."""
    for item in items:
        waiting = item.state in work_items.WAITING and access.may_work(actor, item)
        if waiting or actor.user_id == item.done_by:
            return
    raise Forbidden("only_investigator", "投诉人的身份只有核查人可以查看。")


def letter(office: Office, actor: Actor, region: str, letter_id: UUID) -> dict[str, Any]:
    """The letter's text, ready to print; the opening stands in the case's record."""

    def body(unit: Unit) -> dict[str, Any]:
        row = letters.get(unit, region, letter_id)
        case = cases.get(unit, region, row.case_id)
        access.require_reader(unit, actor, case, work_items.of_case(unit, region, case.id))
        unit.audit(region, case.id, "letter.opened", ("letter", row.id), {"no": row.letter_no})
        return {
            "case_id": str(case.id),
            "case_no": case.case_no,
            "letter_no": row.letter_no,
            "title": row.title,
            "body": letters.body(unit, row),
            "parts": letters.parts(unit, row),
            "issued_at": row.issued_at,
            "issued_by": row.issued_by,
        }

    return office.database.run(actor, "letter.open", None, body, region=region)


def household(
    office: Office, actor: Actor, region: str, household_id: UUID, purpose: str
) -> dict[str, Any]:
    """Who lives in the household and what visitors saw, in clear; the county's record says why."""
    purpose = _purpose(purpose)

    def body(unit: Unit) -> dict[str, Any]:
        row = require(unit, actor, region, household_id)
        facts = {"purpose": purpose}
        unit.audit(region, None, "personal.revealed", ("household", row.id), facts)
        ids = [one.person_id for one in households.members(unit, region, [row.id])]
        known = [persons.identity(unit, one) for one in persons.many(unit, region, ids).values()]
        return {
            "people": [
                {
                    "name": one.name,
                    "id_number": one.id_number,
                    "phones": list(one.phones),
                    "accounts": list(one.accounts),
                }
                for one in known
            ],
            "visits": [
                {"at": one.visited_at, "findings": visits.findings(unit, one)}
                for one in visits.of_household(unit, region, row.id)
            ],
        }

    return office.database.run(actor, "household.reveal", None, body, region=region)


def _purpose(purpose: str) -> str:
    purpose = purpose.strip()[:MAX_PURPOSE]
    if not purpose:
        problem = FieldProblem("purpose", "查看用途", "请写明查看用途，系统会留痕。")
        raise Invalid("请写明查看用途。", [problem])
    return purpose
