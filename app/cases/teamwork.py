"""What people ask of each other about a work item: 催办 委派 加签（会签） 抄送.

Each is on record with its reason. A delegate prepares, the delegator confirms; a co-signer's
consent is needed before the item can be completed; who gets a copy may read the case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from app.cases import access
from app.cases.office import Office
from app.cases.reasons import required
from app.cases.separation import act_as
from app.cases.work import CaseWork, open_work
from app.cases.work_items import MAX_REASON, ItemRef
from app.kernel.errors import FieldProblem, Forbidden, Invalid, Refused, Stale
from app.store import messages, people, requests, submissions, work_items
from app.store.session import Actor, Unit
from app.store.work_items import WorkItemRow

ANSWERS = {"agree": "同意", "object": "不同意"}
Body = Callable[[Unit, CaseWork, WorkItemRow], None]


def remind(
    office: Office, actor: Actor, ref: ItemRef, *, reason: str, key: str | None = None
) -> dict[str, Any]:
    """Who holds the item, or may take it, is told to hurry (催办)."""
    reason = _reason(reason)

    def body(unit: Unit, work: CaseWork, item: WorkItemRow) -> None:
        access.require_case(unit, actor, work.case, [item])
        text = f"{actor.name}催办“{item.name}”（{work.case.case_no}）：{reason}"
        _tell_holder(work, item, text)
        work.audit("work_item.reminded", ("work_item", item.id), {"reason": reason})

    return _run(office, actor, ref, "work_item.remind", key, body)


def copy(
    office: Office,
    actor: Actor,
    ref: ItemRef,
    *,
    to_user: UUID,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The person may read the case from now on (抄送); nothing waits for it."""
    reason = _reason(reason)

    def body(unit: Unit, work: CaseWork, item: WorkItemRow) -> None:
        act_as(work, access.require_item(actor, item))
        _ask(work, item, "copy", to_user, reason, f"{actor.name}抄送给您")

    return _run(office, actor, ref, "work_item.copy", key, body)


def cosign(
    office: Office,
    actor: Actor,
    ref: ItemRef,
    *,
    to_user: UUID,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The item cannot be completed before the person has agreed (加签；请几人即会签)."""
    reason = _reason(reason)

    def body(unit: Unit, work: CaseWork, item: WorkItemRow) -> None:
        _require_free(act_as(work, access.require_item(actor, item)), item)
        _ask(work, item, "cosign", to_user, reason, f"{actor.name}请您会签")

    return _run(office, actor, ref, "work_item.cosign", key, body)


def delegate(
    office: Office,
    actor: Actor,
    ref: ItemRef,
    *,
    to_user: UUID,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """A colleague of the same role prepares the item and hands it back (委派)."""
    reason = _reason(reason)

    def body(unit: Unit, work: CaseWork, item: WorkItemRow) -> None:
        _require_free(act_as(work, access.require_item(actor, item)), item)
        if _delegation(unit, item) is not None:
            raise Refused("delegated", "这项待办是委派来的，不能再委派，请交回委派人。")
        holders = {row.id for row in people.holders(unit, item.role, item.organ_code)}
        if to_user not in holders:
            raise Refused("wrong_holder", "受委派的人没有办理这一环节的角色，请另选。")
        _ask(work, item, "delegate", to_user, reason, f"{actor.name}委派您办理")
        work_items.reassign(unit, item, to_user=str(to_user), reason=reason, kind="delegated")

    return _run(office, actor, ref, "work_item.delegate", key, body)


def hand_back(
    office: Office, actor: Actor, ref: ItemRef, *, comment: str, key: str | None = None
) -> dict[str, Any]:
    """The delegate's draft lies before the delegator, who confirms (交回)."""
    comment = _reason(comment)

    def body(unit: Unit, work: CaseWork, item: WorkItemRow) -> None:
        row = _delegation(unit, item)
        if row is None or row.to_user != actor.user_id:
            raise Stale("not_delegated", "这项待办没有委派给您，请刷新。")
        requests.answer(unit, row, "done", comment)
        submissions.give_draft(
            unit, ref.region, work_item_id=item.id, form_id=item.form_id, to_user=row.from_user
        )
        work_items.reassign(unit, item, to_user=row.from_user, reason=comment, kind="returned")
        text = f"{actor.name}已办好您委派的“{item.name}”（{work.case.case_no}），请确认。"
        _tell(work, row.from_user, "handed_back", text)
        work.audit("work_item.handed_back", ("work_item", item.id), {"comment": comment})

    return _run(office, actor, ref, "work_item.hand_back", key, body)


def answer(
    office: Office,
    actor: Actor,
    ref: ItemRef,
    request_id: UUID,
    *,
    said: str,
    comment: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The co-signer agrees or objects, with words; only the person asked may."""
    if said not in ANSWERS:
        problem = FieldProblem("said", "会签意见", "请选择同意或不同意。")
        raise Invalid("请选择同意或不同意。", [problem])
    comment = _reason(comment)

    def body(unit: Unit, work: CaseWork, item: WorkItemRow) -> None:
        row = requests.get(unit, ref.region, request_id)
        if row.work_item_id != item.id or row.kind != "cosign" or row.to_user != actor.user_id:
            raise Forbidden("not_asked", "没有请您会签这项待办。")
        requests.answer(unit, row, said, comment)
        text = f"{actor.name}会签“{item.name}”（{work.case.case_no}）：{ANSWERS[said]}。{comment}"
        _tell(work, row.from_user, "cosigned", text)
        facts = {"said": said, "comment": comment}
        work.audit("work_item.cosigned", ("work_item", item.id), facts)

    return _run(office, actor, ref, "work_item.answer", key, body)


def take_back(
    office: Office,
    actor: Actor,
    ref: ItemRef,
    request_id: UUID,
    *,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The request no longer stands (收回请求); only who made it may."""
    reason = _reason(reason)

    def body(unit: Unit, work: CaseWork, item: WorkItemRow) -> None:
        row = requests.get(unit, ref.region, request_id)
        if row.work_item_id != item.id or row.from_user != actor.user_id:
            raise Forbidden("not_yours", "只有提出的人可以收回。")
        if row.kind == "cosign" and row.answer == "object":
            row.answer = ""  # an objection is taken back with its reason on record
        requests.answer(unit, row, "taken_back", reason)
        if row.kind == "delegate":
            work_items.reassign(unit, item, to_user=row.from_user, reason=reason, kind="returned")
        facts = {"from": row.to_name, "kind": row.kind, "reason": reason}
        work.audit("work_item.request_taken_back", ("work_item", item.id), facts)

    return _run(office, actor, ref, "work_item.take_back", key, body)


def _run(
    office: Office, actor: Actor, ref: ItemRef, verb: str, key: str | None, body: Body
) -> dict[str, Any]:
    """The instance locked first, then the item, as in every command on them."""

    def whole(unit: Unit) -> dict[str, Any]:
        instance_id = work_items.get(unit, ref.region, ref.id).instance_id
        work = open_work(office, unit, ref.region, instance_id)
        item = work_items.get(unit, ref.region, ref.id, lock=True)
        if item.state not in work_items.WAITING:
            raise Stale("item_not_waiting", f"“{item.name}”已办理或已撤回，请刷新待办列表。")
        body(unit, work, item)
        return {}

    return office.database.run(actor, verb, key, whole, region=ref.region)


def _reason(text: str) -> str:
    return required(text, "reason", "原因", "请写明原因。", most=MAX_REASON)


def _require_free(actor: Actor, item: WorkItemRow) -> None:
    if not access.is_free(actor, item):
        raise Stale("claimed_by_other", f"“{item.name}”已由他人签收，只能由签收人提出。")


def _delegation(unit: Unit, item: WorkItemRow) -> requests.RequestRow | None:
    found = requests.of_item(unit, item.region, item.id)
    return next((one for one in found if one.kind == "delegate" and not one.answer), None)


def _ask(
    work: CaseWork, item: WorkItemRow, kind: str, to_user: UUID, reason: str, words: str
) -> None:
    row = people.user(work.unit, to_user)
    if row is None or not row.active or str(row.id) == work.unit.actor.user_id:
        raise Refused("wrong_person", "请选择另一位在岗的人。")
    requests.ask(
        work.unit,
        item.region,
        case_id=item.case_id,
        work_item_id=item.id,
        kind=kind,
        to_user=str(row.id),
        to_name=row.name,
        reason=reason,
    )
    text = f"{words}：“{item.name}”（{work.case.case_no}）。{reason}"
    _tell(work, str(row.id), kind, text)
    facts = {"to": row.name, "reason": reason}
    work.audit(f"work_item.{kind}_asked", ("work_item", item.id), facts)


def _tell(work: CaseWork, user_id: str, kind: str, text: str) -> None:
    messages.tell_user(work.unit, work.case.region, user_id, kind, text, case_id=work.case.id)


def _tell_holder(work: CaseWork, item: WorkItemRow, text: str) -> None:
    if item.assignee:
        _tell(work, item.assignee, "reminder", text)
        return
    messages.tell_role(
        work.unit,
        item.region,
        item.role,
        item.organ_code,
        "reminder",
        text,
        case_id=work.case.id,
    )
