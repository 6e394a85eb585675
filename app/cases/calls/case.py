"""Calls about the case itself: who answers for it, what it is, when it is over."""

from __future__ import annotations

from typing import Any

from app.cases import branches, repeats
from app.cases.work import CaseWork
from app.kernel.errors import ModelError, Refused
from app.process.step import Call
from app.store import cases, notices, slips, work_items

STATUS_OF = {
    "relieved": "closed",
    "transferred": "closed",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "no_need": "closed",
    "upheld": "closed",
    "partly_upheld": "closed",
    "not_upheld": "closed",
    "rectified": "closed",
    "inspected": "closed",
}


def accept_handover(work: CaseWork, call: Call) -> dict[str, Any]:
    """The actor has taken over from the first-asked person (首问负责, S1 三(六)).

    Somebody who took the report at the organ that also handles it has nothing to hand over.
    """
    chain = cases.handovers(work.unit, work.case.region, work.case.id)
    if chain[-1].accepted_at is None:
        row = cases.accept_handover(work.unit, work.case)
        row.user_id, row.user_name = work.unit.actor.user_id, work.unit.actor.name
        return {"accepted_at": work.now.isoformat()}
    if chain[-1].user_id != work.unit.actor.user_id:
        cases.hand_over(
            work.unit,
            work.case,
            user_id=work.unit.actor.user_id,
            user_name=work.unit.actor.name,
            organ_code=work.case.township,
            reason=call.name,
        )
        cases.accept_handover(work.unit, work.case)
    return {"accepted_at": work.now.isoformat()}


def classify(work: CaseWork, call: Call) -> dict[str, Any]:
    """The case carries its route and cause, for lists and numbers."""
    if route := call.inputs.get("route"):
        work.case.route = str(route)
    if cause := call.inputs.get("cause"):
        work.case.cause = str(cause)
    return {}


def close(work: CaseWork, call: Call) -> dict[str, Any]:
    """The case is over; refused while a publication is owed or somebody still works on it.

    Source: S1 二(四) “必须…向社会公布发放情况”.
    """
    outcome = str(call.inputs.get("outcome", ""))
    if outcome not in STATUS_OF:
        raise ModelError(f"“{call.name}”的办结结果“{outcome}”不在目录中。", outcome=outcome)
    if _notice_owed(work):
        raise Refused(
            "notice_owed",
            "直接发放的现金或实物尚未公布，不能结案。请先发布发放情况公示。",
            clause=call.properties.get("clause", ""),
        )
    waiting = work_items.of_case(work.unit, work.case.region, work.case.id, waiting_only=True)
    open_elsewhere = [
        item
        for item in waiting
        if item.instance_id != work.instance.id and item.process_id != repeats.REVIEW
    ]
    if open_elsewhere:
        raise Refused("items_open", f"“{open_elsewhere[0].name}”尚未办完，不能结案。")
    branches.stop(work, repeats.REVIEW)  # nothing is paid any more: nothing is left to review
    cases.close(work.unit, work.case, status=STATUS_OF[outcome], outcome=outcome)
    return {"outcome": outcome}


def _notice_owed(work: CaseWork) -> bool:
    """True when money or goods went from hand to hand and nothing was published."""
    region, case_id = work.case.region, work.case.id
    direct = any(
        slip.form_of_aid != "bank" for slip, _ in slips.of_case(work.unit, region, case_id)
    )
    return direct and not notices.of_case(work.unit, region, case_id)
