"""Steps back: 撤回 of one's own step before the next is opened, 退回 to an earlier done step.

The state as it was before the step becomes the next state; everything done since stays on record
and limits keep running. What has left the office or binds somebody is never crossed: a call that
is not listed here as harmless stops the way back. How often is the decision `step_back_limit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.cases import access, advance, step_undo
from app.cases.office import Office
from app.cases.reasons import required
from app.cases.separation import act_as, words
from app.cases.work import CaseWork, open_view, open_work
from app.cases.work_items import ItemRef
from app.kernel.clock import local
from app.kernel.errors import AppError, Forbidden, Refused, Stale
from app.process import Run
from app.store import instances, requests, step_backs, submissions, work_items
from app.store.session import Actor, Unit
from app.store.step_backs import StepStateRow
from app.store.work_items import WorkItemRow

DECISION = "step_back_limit"
RECALL, RETURN = "recall", "return"
PROPERTY = "return_to"
MAX_REASON = 300  # characters


@dataclass(frozen=True, slots=True)
class Target:
    """One done step that can be done again."""

    item_id: UUID  # the completed work item
    name: str
    done_by: str  # user id


def recallable(office: Office, actor: Actor, region: str, case_id: UUID) -> tuple[Target, ...]:
    """The actor's own newest steps that nobody has opened the result of."""
    with office.database.read(actor) as unit:
        found = []
        for row in instances.of_case(unit, region, case_id):
            if row.ended_at is not None:
                continue
            work = open_view(office, unit, region, row.id)
            newest = step_backs.states(unit, row)[:1]
            for state in newest:
                item = work_items.get(unit, region, state.work_item_id)
                if _is_own(actor, item) and _stands(work, state, item, RECALL):
                    found.append(Target(item.id, item.name, item.done_by or ""))
        return tuple(found)


def returnable(office: Office, actor: Actor, ref: ItemRef) -> tuple[Target, ...]:
    """The done steps to which the diagram lets this work item be sent back, and which can be."""
    with office.database.read(actor) as unit:
        item = work_items.get(unit, ref.region, ref.id)
        me = access.standing(actor, item)
        if me is None or not access.is_free(me, item) or item.state not in work_items.WAITING:
            return ()
        work = open_view(office, unit, item.region, item.instance_id)
        return tuple(
            Target(done.id, done.name, done.done_by or "")
            for state, done in _targets(work, item)
            if _stands(work, state, done, RETURN)
        )


def recall(
    office: Office,
    actor: Actor,
    region: str,
    case_id: UUID,
    *,
    item_id: UUID,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The actor's own step waits again in the actor's hands (撤回).

    Raises: Invalid without a reason; Refused when it was opened, or something stands in between.
    """
    asked = "请写明为什么撤回。"
    reason = required(reason, "step_reason", "撤回理由", asked, most=MAX_REASON)

    def body(unit: Unit) -> dict[str, Any]:
        done = work_items.get(unit, region, item_id)
        work = open_work(office, unit, region, done.instance_id)
        if done.case_id != case_id or not _is_own(actor, done):
            raise Forbidden("not_your_step", "只能撤回您自己办结的环节。")
        state = next(iter(step_backs.states(unit, work.instance)), None)
        if state is None or state.work_item_id != done.id:
            raise Stale("step_followed", f"“{done.name}”之后已有别的环节办结，不能撤回。")
        _go_back(work, state, done, kind=RECALL, reason=reason, from_element="")
        return {"case_id": str(case_id)}

    return office.database.run(actor, "step.recall", key, body, region=region)


def send_back(
    office: Office,
    actor: Actor,
    ref: ItemRef,
    *,
    item_id: UUID,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The work item is sent back to a done step, which waits again with who did it (退回).

    Raises: Invalid without a reason; Refused when the diagram does not permit it or something
    stands in between; Forbidden; Stale.
    """
    asked = "请写明退回的理由和要补正什么。"
    reason = required(reason, "return_reason", "退回理由", asked, most=MAX_REASON)

    def body(unit: Unit) -> dict[str, Any]:
        instance_id = work_items.get(unit, ref.region, ref.id).instance_id
        work = open_work(office, unit, ref.region, instance_id)
        item = work_items.get(unit, ref.region, ref.id, lock=True)
        me = act_as(work, access.require_item(actor, item))
        if item.state not in work_items.WAITING or not access.is_free(me, item):
            raise Stale("item_not_waiting", f"“{item.name}”已办理或由他人签收，请刷新待办列表。")
        for state, done in _targets(work, item):
            if done.id == item_id:
                _go_back(
                    work, state, done, kind=RETURN, reason=reason, from_element=item.element_id
                )
                return {"case_id": str(work.case.id)}
        raise Refused("not_returnable", "流程图没有写明可以退回这一环节。", clause="x-step-back")

    return office.database.run(actor, "step.send_back", key, body, region=ref.region)


def _targets(work: CaseWork, item: WorkItemRow) -> list[tuple[StepStateRow, WorkItemRow]]:
    """The newest state before each done step that the item's diagram names."""
    wanted = words(str(item.properties.get(PROPERTY, "")))
    found: dict[str, tuple[StepStateRow, WorkItemRow]] = {}
    for state in step_backs.states(work.unit, work.instance) if wanted else ():
        done = work_items.get(work.unit, work.case.region, state.work_item_id)
        if done.element_id in wanted and done.state == "done":
            found.setdefault(done.element_id, (state, done))
    return [found[element] for element in wanted if element in found]


def _stands(work: CaseWork, state: StepStateRow, done: WorkItemRow, kind: str) -> bool:
    """True when the step back would be carried out now; nothing is changed by asking."""
    try:
        _require_possible(work, state, kind)
        trial: Run = work.package.engine.load(work.instance.state)
        trial.back_to(state.state, done.token, now=local(work.now))
    except AppError:
        return False
    return True


def _require_possible(work: CaseWork, state: StepStateRow, kind: str) -> None:
    if work.instance.ended_at is not None or work.case.status != "open":
        raise Refused("case_over", "个案已经结束，不能撤回或退回。", clause="x-step-back")
    _require_rounds(work, kind)
    step_undo.require_uncrossed(work, state)
    if kind == RECALL:
        _require_unopened(work, state)


def _require_rounds(work: CaseWork, kind: str) -> None:
    """The locality's table allows steps back, and not all have been used."""
    package = work.package
    limit = 0
    if DECISION in package.library.decision_ids:
        value = package.decide(DECISION, {"kind": kind}, local(work.now)).value
        limit = int(value) if value is not None else 0
    label = "撤回" if kind == RECALL else "退回"
    if not limit:
        raise Refused("not_provided", f"本地没有规定可以{label}。", clause="x-step-back")
    rows = step_backs.of_case(work.unit, work.case.region, work.case.id)
    used = sum(row.kind == kind for row in rows)
    if used >= limit:
        raise Refused(
            "too_many_step_backs", f"本案已经{label} {used} 次，达到上限。", clause="x-step-back"
        )


def _require_unopened(work: CaseWork, state: StepStateRow) -> None:
    """Nobody has taken, drafted or asked about what the step opened."""
    unit, region = work.unit, work.case.region
    earlier = work.package.engine.load(state.state)
    before = {one.token for one in earlier.waiting}
    result = {one.token for one in work.run.waiting} - before
    for item in work_items.of_case(unit, region, work.case.id, waiting_only=True):
        if item.instance_id != work.instance.id or item.token not in result:
            continue
        if (
            item.state != "open"
            or work_items.moves(unit, region, item.id)
            or requests.of_item(unit, region, item.id)
            or submissions.has_draft(unit, region, item.id)
        ):
            sentence = f"下一环节“{item.name}”已经签收或者开始填写，不能撤回。"
            raise Refused("step_opened", sentence, clause="x-step-back")


def _go_back(
    work: CaseWork,
    state: StepStateRow,
    done: WorkItemRow,
    *,
    kind: str,
    reason: str,
    from_element: str,
) -> None:
    """The step waits again with who did it, their answers as a draft; who lost an item is told."""
    _require_possible(work, state, kind)
    unit, region, case = work.unit, work.case.region, work.case
    lost = {one.id: one for one in work_items.of_case(unit, region, case.id, waiting_only=True)}
    step_undo.release_holds(work, state, kind)
    row = step_backs.record(
        unit,
        work.instance,
        kind=kind,
        back_to=state,
        from_element=from_element,
        to_element=done.element_id,
        reason=reason,
    )
    facts = {"element": done.element_id, "reason": reason, "state": row.state_sha256}
    action = "step.recalled" if kind == RECALL else "step.sent_back"
    work.audit(action, ("work_item", done.id), facts)
    advance.carry(work, work.run.back_to(state.state, done.token, now=local(work.now)))
    waiting = work_items.of_case(unit, region, case.id, waiting_only=True)
    _hand_over(work, done, waiting, lost, reason)
    still = {one.id for one in waiting}
    gone = [item for item_id, item in lost.items() if item_id not in still]
    step_undo.tell(work, done, gone, kind, reason)


def _hand_over(
    work: CaseWork,
    done: WorkItemRow,
    waiting: Sequence[WorkItemRow],
    before: dict[UUID, WorkItemRow],
    reason: str,
) -> None:
    """The item that waits again is in the hands of who did it, what they wrote laid before them."""
    again = [one for one in waiting if one.id not in before and one.element_id == done.element_id]
    for item in again:
        doer = done.done_for or done.done_by or ""
        if step_undo.still_holds(work.unit, doer, item):
            work_items.reassign(work.unit, item, to_user=doer, reason=reason, kind="returned")
        step_undo.lay_answers(work, done, item, doer)


def _is_own(actor: Actor, item: WorkItemRow) -> bool:
    return item.state == "done" and actor.user_id in (item.done_by, item.done_for)
