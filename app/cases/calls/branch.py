"""The call that opens a second case beside this one, each with its own process (两件关联)."""

from __future__ import annotations

from typing import Any

from app.cases import branches
from app.cases.work import CaseWork
from app.kernel.clock import legal_day
from app.kernel.errors import ModelError
from app.process.step import Call
from app.store import households


def branch(work: CaseWork, call: Call) -> dict[str, Any]:
    """A linked case of the same applicant runs the named process; neither waits for the other."""
    process_id = str(call.inputs.get("process") or "")
    relation = str(call.inputs.get("relation") or "")
    if not branches.ships(work, process_id) or not relation:
        raise ModelError(f"“{call.name}”须写明流程和两件的关系。", element_id=call.element_id)
    opened = branches.open_linked(work, process_id, {"cause": work.case.cause})
    households.link(work.unit, work.case.region, work.case.id, opened.id, relation)
    entry = households.entry(work.unit, work.case.region, work.case.id)
    if entry is not None:
        household = households.get(work.unit, entry.region, entry.household_id)
        households.enter(work.unit, opened, household, entry.person_id, legal_day(work.now))
    return {"case_no": opened.case_no}
