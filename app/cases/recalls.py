"""Taking a work item back (撤回) where the diagram allows it: a message that a role may send.

A message boundary event with `sent_by` (role) and `label` is a button. What it takes away is told
to those who had it, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.cases import access, advance
from app.cases.office import Office
from app.cases.withdrawals import may_withdraw
from app.cases.work import CaseWork, open_view, open_work
from app.kernel.clock import local
from app.kernel.errors import FieldProblem, Invalid, Stale
from app.store import cases, instances, messages, work_items
from app.store.session import Actor, Unit

MAX_REASON = 300  # characters


@dataclass(frozen=True, slots=True)
class Recall:
    """One button: something may be taken back now."""

    element_id: str  # of the boundary event
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class Offered:
    """What the actor may do to the case as a whole."""

    recalls: tuple[Recall, ...]
    may_withdraw: bool


def offered(office: Office, actor: Actor, region: str, case_id: UUID) -> Offered:
    """The buttons of the case page for this person."""
    with office.database.read(actor) as unit:
        case = cases.get(unit, region, case_id)
        found: list[Recall] = []
        for row in instances.of_case(unit, region, case_id):
            if row.ended_at is None:
                found += _recalls(unit, actor, open_view(office, unit, region, row.id))
        return Offered(tuple(found), may_withdraw(actor, case))


def recall(
    office: Office,
    actor: Actor,
    region: str,
    case_id: UUID,
    *,
    element_id: str,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The message is sent: the work item is taken away and its group knows why.

    Raises: Invalid without a reason; Stale when it was decided meanwhile or is another's to send.
    """
    reason = reason.strip()[:MAX_REASON]
    if not reason:
        problem = FieldProblem("recall_reason", "撤回理由", "请写明为什么撤回。")
        raise Invalid("请写明撤回理由。", [problem])

    def body(unit: Unit) -> dict[str, Any]:
        for row in instances.of_case(unit, region, case_id):
            if row.ended_at is not None:
                continue
            work = open_work(office, unit, region, row.id)
            for one in _recalls(unit, actor, work):
                if one.element_id == element_id:
                    _send(work, one, reason)
                    return {"case_id": str(case_id)}
        raise Stale("recall_gone", "这一环节已经办理，不能撤回，请刷新查看。")

    return office.database.run(actor, "case.recall", key, body, region=region)


def _recalls(unit: Unit, actor: Actor, work: CaseWork) -> list[Recall]:
    """The messages the case waits for that this person's role may send."""
    found = []
    for wait in work.run.messages:
        definition = work.package.library.definition(wait.process_id)
        told = definition.elements[wait.element_id].properties
        role = told.get("sent_by", "")
        if role and actor.holds(role, access.organ_for(unit, role, work.case)):
            found.append(Recall(wait.element_id, told.get("label") or wait.name, wait.message))
    return found


def _send(work: CaseWork, one: Recall, reason: str) -> None:
    """The message goes to the case; whoever had the item is told."""
    region, case = work.case.region, work.case
    work.audit("case.recalled", ("element", one.element_id), {"reason": reason})
    before = {
        item.id: item for item in work_items.of_case(work.unit, region, case.id, waiting_only=True)
    }
    advance.carry(work, work.run.send(one.message, {}, now=local(work.now)))
    after = {item.id for item in work_items.of_case(work.unit, region, case.id, waiting_only=True)}
    for item_id, item in before.items():
        if item_id not in after:
            text = f"案件 {case.case_no}：“{item.name}”已撤回。理由：{reason}"
            messages.tell_role(
                work.unit, region, item.role, item.organ_code, "recall", text, case_id=case.id
            )
