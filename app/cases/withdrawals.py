"""The applicant withdraws (撤回申请): possible at every stage until something was paid.

Everything open is closed, limits are cancelled, promised money is free again, public notices come
down, and a letter says so.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.cases import advance, calls
from app.cases.office import Office
from app.cases.work import CaseWork, open_work
from app.kernel.clock import local
from app.kernel.errors import FieldProblem, Forbidden, Invalid, Refused
from app.process.step import Call
from app.store import cases, clocks, instances, notices, slips, timers
from app.store.cases import CaseRow
from app.store.session import Actor, Unit

CLAUSE = "x-withdraw"
PAPER = "withdrawal"
ROLES = ("township_handler", "window_clerk")  # who takes a withdrawal at the township
MAX_REASON = 300  # characters


def may_withdraw(actor: Actor, case: CaseRow) -> bool:
    """True when the actor takes withdrawals for the case's township and the case is open."""
    return case.closed_at is None and any(actor.holds(role, case.township) for role in ROLES)


def withdraw(
    office: Office,
    actor: Actor,
    region: str,
    case_id: UUID,
    *,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The case is over as withdrawn.

    Raises: Invalid without a reason; Forbidden; Refused when the case is over or something was
    paid.
    """
    reason = reason.strip()[:MAX_REASON]
    if not reason:
        problem = FieldProblem("withdraw_reason", "撤回原因", "请写明申请人为什么撤回。")
        raise Invalid("请写明撤回原因。", [problem])

    def body(unit: Unit) -> dict[str, Any]:
        rows = instances.of_case(unit, region, case_id)
        running = [open_work(office, unit, region, row.id) for row in rows if row.ended_at is None]
        case = cases.get(unit, region, case_id)
        if case.closed_at is not None or not running:
            raise Refused("case_over", "本件已经办结，不能撤回。")
        if not may_withdraw(actor, case):
            raise Forbidden("not_your_case", "撤回申请由本件所在乡镇（街道）的受理、经办人员登记。")
        if slips.of_case(unit, region, case_id):
            raise Refused("already_paid", "本件已经发放，不能撤回申请。", clause=CLAUSE)
        work = running[0]
        for one in running:
            _stop(one)
        _free(work, reason)
        work.audit("case.withdrawn", ("case", case_id), {"reason": reason})
        return {"case_id": str(case_id)}

    return office.database.run(actor, "case.withdraw", key, body, region=region)


def _stop(work: CaseWork) -> None:
    """The instance has ended, by no end event."""
    for incident in instances.open_incidents(work.unit, work.case.region, case_id=work.case.id):
        instances.resolve_incident(work.unit, incident, "withdrawn")
    advance.carry(work, work.run.cancel(now=local(work.now)))


def _free(work: CaseWork, reason: str) -> None:
    """Nothing is promised, limited or public any more; the letter is issued, the case closed."""
    region, case_id = work.case.region, work.case.id
    for limit in clocks.of_case(work.unit, region, case_id):
        if limit.stopped_at is None and limit.cancelled_at is None:
            clocks.cancel(work.unit, limit, "申请人撤回")
    timers.clear_of_case(work.unit, region, case_id, kind="escalation")
    for source in ("reserve", "county"):
        calls.perform(work, _call("fund.release", source, {"source": source, "reason": reason}))
    for notice in notices.of_case(work.unit, region, case_id):
        if notice.taken_down_at is None:
            notices.take_down(work.unit, region, notice.id)
    calls.perform(work, _call("letter.issue", "letter", {"paper": PAPER, "reasons": reason}))
    calls.perform(work, _call("case.close", "close", {"outcome": "withdrawn"}))


def _call(call_type: str, step: str, inputs: dict[str, Any]) -> Call:
    """A call that no diagram asks for, in the same books and the same record."""
    return Call(
        token=f"withdrawal-{step}",
        process_id="",
        element_id="withdrawal",
        name="申请人撤回",
        type=call_type,
        inputs=inputs,
        properties={"clause": CLAUSE},
    )
