"""Public notices after they were posted: taking one down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.cases import access
from app.cases.office import Office
from app.kernel.errors import FieldProblem, Invalid
from app.store import cases, notices
from app.store.session import Actor, Unit


def take_down(
    office: Office,
    actor: Actor,
    region: str,
    notice_id: UUID,
    *,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The notice is no longer public; why stands in the case's record."""
    access.require_role(actor, "township_handler", "county_handler")
    if not reason.strip():
        problem = FieldProblem("reason", "撤下原因", "请写明撤下原因。")
        raise Invalid("请写明撤下原因。", [problem])

    def body(unit: Unit) -> dict[str, Any]:
        row = notices.take_down(unit, region, notice_id)
        access.require_case(unit, actor, cases.get(unit, region, row.case_id))
        facts = {"reason": reason.strip()}
        unit.audit(region, row.case_id, "notice.taken_down", ("notice", row.id), facts)
        return {"case_id": str(row.case_id)}

    return office.database.run(actor, "notice.take_down", key, body, region=region)
