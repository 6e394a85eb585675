"""What a step back may cross, and what is put right when it does.

A call that is not named here as harmless stops the way back: unknown means not crossed.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.cases.work import CaseWork
from app.kernel.errors import Refused
from app.ledger.entry import Deed, Entry, Posting, Source, Warrant, in_order, reverse
from app.store import instances, ledger, messages, people, submissions
from app.store.session import Unit
from app.store.step_backs import StepStateRow
from app.store.work_items import WorkItemRow

HOLD = "fund.hold"
HARMLESS = frozenset({"case.classify", "message.send", HOLD})  # a hold is undone in the books
_DONE_WORDS = {
    "payment.pay": "钱物已经发放",
    "notice.publish": "已经公示",
    "letter.issue": "文书已经发出",
    "meeting.convene": "会议已经召集",
    "meeting.sign": "已经签批",
    "handover.accept": "已经受理",
    "objection.resolve": "异议已经有了结论",
    "clock.start": "时限已经开始计算",
    "clock.stop": "时限已经停止计算",
    "clock.cancel": "时限已经取消",
    "referral.create": "已经转介",
    "referral.record": "已经转介",
    "case.close": "个案已经结案",
}


def crossed(work: CaseWork, state: StepStateRow) -> list[tuple[str, str]]:
    """(call type, label) of every call performed since the state, in order."""
    found = []
    for row in instances.passed(work.unit, work.case.region, work.instance.id):
        if row.seq > state.passed_seq and row.kind == "serviceTask":
            definition = work.package.library.definition(row.process_id)
            element = definition.elements[row.element_id]
            found.append((element.call_type or "", element.name or element.id))
    return found


def require_uncrossed(work: CaseWork, state: StepStateRow) -> None:
    """Raises Refused when something since then has left the office or binds somebody."""
    for call, label in crossed(work, state):
        if call not in HARMLESS:
            what = _DONE_WORDS.get(call, "系统已经办理")
            raise Refused(
                "crosses", f"之后{what}（“{label}”），不能再退到它之前。", clause="x-step-back"
            )


def release_holds(work: CaseWork, state: StepStateRow, kind: str) -> None:
    """What was promised since the state is promised no longer: each hold has its counter-entry."""
    count = sum(call == HOLD for call, _ in crossed(work, state))
    if not count:
        return
    rows = ledger.of_case(work.unit, work.case.region, work.case.id)
    held = [(row, lines) for row, lines in rows if row.deed == Deed.HOLD and row.at >= state.at]
    for row, lines in held[-count:]:
        postings = tuple(Posting(account.account(), line.amount_fen) for line, account in lines)
        warrant = Warrant(
            key=f"step_back:{row.id}",
            purpose=row.purpose,
            memo=f"{work.case.case_no} {'撤回' if kind == 'recall' else '退回'}，解除预留",
            clause="x-step-back",
            subject=str(work.case.id),
        )
        entry = Entry(Deed.HOLD, warrant, Source(row.source), in_order(postings))
        ledger.post(work.unit, reverse(entry, warrant))


def still_holds(unit: Unit, user_id: str, item: WorkItemRow) -> bool:
    """True when the person may do the item again."""
    return user_id in {str(row.id) for row in people.holders(unit, item.role, item.organ_code)}


def lay_answers(work: CaseWork, done: WorkItemRow, item: WorkItemRow, user_id: str) -> None:
    """What was answered the last time is a draft of the doer, to be mended and sent again."""
    unit, region = work.unit, work.case.region
    rows = submissions.of_case(unit, region, work.case.id, form_id=done.form_id)
    mine = [row for row in rows if row.work_item_id == done.id]
    if not done.form_id or not mine:
        return
    form = work.package.form(done.form_id)
    filled = form.fill(form.load(submissions.values(unit, mine[-1])))
    submissions.save_draft(
        unit,
        region,
        case_id=work.case.id,
        work_item_id=item.id,
        form_id=item.form_id,
        deployment_id=work.package.id,
        form_sha256=work.package.form_sha256(item.form_id),
        values=filled.raw,
    )
    if user_id != unit.actor.user_id:
        submissions.give_draft(
            unit, region, work_item_id=item.id, form_id=item.form_id, to_user=user_id
        )


def tell(
    work: CaseWork, done: WorkItemRow, gone: Sequence[WorkItemRow], kind: str, reason: str
) -> None:
    """Who has to do it again knows why; so do those from whom an item was taken."""
    unit, region, case = work.unit, work.case.region, work.case
    label = "撤回" if kind == "recall" else "退回"
    text = f"案件 {case.case_no}：“{done.name}”已{label}，须重新办理。理由：{reason}"
    doer = done.done_for or done.done_by or ""
    if doer and doer != unit.actor.user_id:
        messages.tell_user(unit, region, doer, "step_back", text, case_id=case.id)
    for item in gone:
        if item.assignee != unit.actor.user_id:
            words = f"案件 {case.case_no}：“{item.name}”因前面环节{label}而取消。理由：{reason}"
            messages.tell_role(
                unit, region, item.role, item.organ_code, "step_back", words, case_id=case.id
            )
