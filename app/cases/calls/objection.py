"""The call that closes objections once somebody has looked into them."""

from __future__ import annotations

from typing import Any

from app.cases.work import CaseWork
from app.kernel.errors import ModelError
from app.process.step import Call
from app.store import objections


def resolve(work: CaseWork, call: Call) -> dict[str, Any]:
    """Every open objection of the case is closed with the result `valid`."""
    valid = call.inputs.get("valid")
    if not isinstance(valid, bool):
        raise ModelError(f"“{call.name}”没有写明异议是否成立。", element_id=call.element_id)
    waiting = objections.of_case(work.unit, work.case.region, work.case.id, open_only=True)
    for row in waiting:
        objections.resolve(work.unit, row, valid=valid)
    return {"resolved": len(waiting)}
