"""The call with which the county answers a clue to repeated aid."""

from __future__ import annotations

from typing import Any

from app.cases.work import CaseWork
from app.kernel.errors import ModelError
from app.process.step import Call
from app.store import repeats

STATE_OF = {"not_repeat": "allowed", "reasoned": "allowed", "repeat": "repeat"}


def resolve(work: CaseWork, call: Call) -> dict[str, Any]:
    """Every open clue of the case is judged so, with the county's reason."""
    result = str(call.inputs.get("result") or "")
    reason = str(call.inputs.get("reason") or "").strip()
    if result not in STATE_OF or not reason:
        raise ModelError(f"“{call.name}”须有核对结果和理由。", element_id=call.element_id)
    rows = repeats.of_case(work.unit, work.case.region, work.case.id)
    open_rows = [row for row in rows if row.state == "open"]
    for row in open_rows:
        repeats.decide(work.unit, row, state=STATE_OF[result], reason=reason)
    return {"resolved": len(open_rows)}
