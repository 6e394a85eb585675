"""What a person does with a work item: take it, give it back, hand it on, answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.cases import (
    access,
    advance,
    attachments,
    consent,
    guard,
    households,
    repeats,
    separation,
)
from app.cases.office import Office
from app.cases.reasons import required
from app.cases.separation import act_as
from app.cases.work import CaseWork, open_work
from app.form import Submission
from app.kernel.clock import local
from app.kernel.errors import Invalid, Refused, Stale
from app.store import people, step_backs, submissions, work_items
from app.store.session import Actor, Unit
from app.store.work_items import WorkItemRow

MAX_REASON = 500  # characters


@dataclass(frozen=True, slots=True)
class ItemRef:
    """How an address names a work item."""

    region: str
    id: UUID


def claim(office: Office, actor: Actor, ref: ItemRef, *, key: str | None = None) -> dict[str, Any]:
    """The item is the actor's to do; raises Stale, Forbidden, or Refused by separation."""

    def body(unit: Unit) -> dict[str, Any]:
        work, item = _open(office, unit, ref)
        act_as(work, access.require_item(actor, item))
        separation.require_separate(work, item)
        work_items.claim(work.unit, item)
        work.audit("work_item.claimed", ("work_item", item.id), {"element": item.element_id})
        return {}

    return office.database.run(actor, "work_item.claim", key, body, region=ref.region)


def release(
    office: Office, actor: Actor, ref: ItemRef, *, reason: str = "", key: str | None = None
) -> dict[str, Any]:
    """Anyone of the group may take the item again; only its holder may release it."""

    def body(unit: Unit) -> dict[str, Any]:
        work, item = _open(office, unit, ref)
        if item.assignee != actor.user_id:
            raise Stale("not_holder", f"“{item.name}”不在您手上，请刷新待办列表。")
        work_items.release(unit, item, reason[:MAX_REASON])
        work.audit("work_item.released", ("work_item", item.id), {"reason": reason})
        return {}

    return office.database.run(actor, "work_item.release", key, body, region=ref.region)


def reassign(
    office: Office,
    actor: Actor,
    ref: ItemRef,
    *,
    to_user: UUID,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The item is another holder's of the same role (转办); a reason is required."""
    reason = required(reason, "reason", "转办原因", "请写明转办原因。", most=MAX_REASON)

    def body(unit: Unit) -> dict[str, Any]:
        work, item = _open(office, unit, ref)
        me = act_as(work, access.require_item(actor, item))
        if not access.is_free(me, item):
            raise Stale("claimed_by_other", f"“{item.name}”已由他人签收，只能由签收人转办。")
        holders = {row.id: row for row in people.holders(unit, item.role, item.organ_code)}
        if to_user not in holders:
            raise Refused("wrong_holder", "受转办的人没有办理这一环节的角色，请另选。")
        work_items.reassign(unit, item, to_user=str(to_user), reason=reason)
        facts = {"to": holders[to_user].name, "reason": reason}
        work.audit("work_item.reassigned", ("work_item", item.id), facts)
        return {}

    return office.database.run(actor, "work_item.reassign", key, body, region=ref.region)


def save_draft(
    office: Office, actor: Actor, ref: ItemRef, submission: Submission
) -> dict[str, Any]:
    """What was typed so far is kept for the actor, right or wrong."""

    def body(unit: Unit) -> dict[str, Any]:
        work, item = _open(office, unit, ref)
        act_as(work, access.require_item(actor, item))
        submissions.save_draft(
            work.unit,
            ref.region,
            case_id=item.case_id,
            work_item_id=item.id,
            form_id=item.form_id,
            deployment_id=work.package.id,
            form_sha256=work.package.form_sha256(item.form_id),
            values=attachments.without_bytes(submission.raw),
        )
        return {}

    return office.database.run(actor, "work_item.save_draft", None, body, region=ref.region)


def complete(
    office: Office,
    actor: Actor,
    ref: ItemRef,
    submission: Submission,
    *,
    files: Mapping[str, bytes] | None = None,
    key: str | None = None,
) -> dict[str, Any]:
    """The item is done with these answers and the case stands where its diagram leads.

    files: reference -> content of newly uploaded papers.
    Raises: Invalid with every field to mend; Refused by the item's check, separation or a call;
    Stale when somebody was faster; Forbidden.
    """

    def body(unit: Unit) -> dict[str, Any]:
        work, item = _open(office, unit, ref)
        me = act_as(work, access.require_item(actor, item))
        if not access.is_free(me, item):
            raise Stale("claimed_by_other", f"“{item.name}”已由他人签收，请刷新待办列表。")
        separation.require_separate(work, item)
        consent.require_consent(work, item)
        values = _answers(work, item, submission)
        guard.require_allowed(work, item, values)
        repeats.require_free_to_approve(work, item, values)
        _keep(work, item, values, files or {})
        work_items.finish(work.unit, item, str(values.get("decision") or ""))
        households.note_decision(work, item, values)
        work.audit(
            "work_item.completed",
            ("work_item", item.id),
            {"element": item.element_id, "form": item.form_id, "outcome": item.outcome},
        )
        step_backs.keep(work.unit, work.instance, item)
        advance.carry(work, work.run.complete(item.token, values, now=local(unit.now)))
        return {"case_id": str(work.case.id), "case_no": work.case.case_no}

    try:
        return office.database.run(actor, "work_item.complete", key, body, region=ref.region)
    except Refused as refusal:
        if refusal.code == repeats.LOCKED:
            _keep_clue(office, actor, ref, submission)
        raise


def _keep_clue(office: Office, actor: Actor, ref: ItemRef, submission: Submission) -> None:
    """What the refused answers told of people stays known, so that the county has the clue.

    The refusal undid everything, the clue that caused it included (an account of somebody else's
    on a slip).
    """

    def body(unit: Unit) -> dict[str, Any]:
        work, item = _open(office, unit, ref)
        households.learn(work, item.form_id, _answers(work, item, submission))
        return {}

    office.database.run(actor, "work_item.keep_clue", None, body, region=ref.region)


def _open(office: Office, unit: Unit, ref: ItemRef) -> tuple[CaseWork, WorkItemRow]:
    """The instance locked first, then the item: every command takes them in this order."""
    instance_id = work_items.get(unit, ref.region, ref.id).instance_id
    work = open_work(office, unit, ref.region, instance_id)
    access.require_not_barred(unit, unit.actor, work.case)
    return work, work_items.get(unit, ref.region, ref.id, lock=True)


def form_context(work: CaseWork, item: WorkItemRow) -> dict[str, Any]:
    """What a form may use in FEEL beside its own answers: the facts and the item's inputs."""
    return {**work.run.facts_at(item.token), **item.inputs}


def _answers(work: CaseWork, item: WorkItemRow, submission: Submission) -> dict[str, Any]:
    if not item.form_id:
        return {}
    form = work.package.form(item.form_id)
    outcome = form.validate(
        submission,
        context=form_context(work, item),
        now=local(work.now),
        values_so_far=attachments.known_files(work, item),
    )
    if not outcome.ok:
        raise Invalid("请改正下列各项后再提交。", outcome.problems)
    return outcome.values


def _keep(
    work: CaseWork, item: WorkItemRow, values: Mapping[str, Any], files: Mapping[str, bytes]
) -> None:
    if not item.form_id:
        return
    form = work.package.form(item.form_id)
    attachments.keep(work, item.id, values, files)
    row = submissions.submit(
        work.unit,
        work.case.region,
        case_id=work.case.id,
        work_item_id=item.id,
        form_id=item.form_id,
        deployment_id=work.package.id,
        form_sha256=work.package.form_sha256(item.form_id),
        values=form.dump(values),
    )
    work.audit(
        "submission.kept",
        ("submission", row.id),
        {"form": item.form_id, "form_sha256": row.form_sha256, "values_sha256": row.values_sha256},
    )
    households.learn(work, item.form_id, values)
