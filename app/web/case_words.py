"""A case in sentences: its state, its money, its history, its place on the diagram.

Pure functions from the read model to words; codes that have no words here are shown as they are,
so that a new deed is never hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases.views.case import CasePage, DiagramState, Event
from app.cases.views.lines import ItemLine
from app.kernel.workdays import WorkCalendar
from app.web import wording
from app.web.diagram import Mark, Progress
from app.web.lines import item_row

STATUS_WORDS = {
    "open": ("办理中", "here"),
    "closed": ("已办结", "done"),
    "refused": ("不予救助", "refused"),
    "withdrawn": ("已撤回", "ahead"),
}
OUTCOME_WORDS = {
    "relieved": "已救助",
    "refused": "不予救助，已书面告知",
    "transferred": "已转入其他程序",
    "withdrawn": "申请人撤回",
}
DEED_WORDS = {
    "allot": "拨入",
    "supplement": "追加",
    "hold": "预留",
    "pay": "支付",
    "release": "解除预留",
    "refund": "退回",
    "county_direct_pay": "县级直接支付",
    "stock_take": "盘点",
    "reverse": "冲正",
}
AID_WORDS = {
    "bank": "转账",
    "cash": "现金",
    "goods": "实物",
    "cash_and_goods": "现金和实物",
}
ACTION_WORDS = {
    "case.reported": "登记报告",
    "case.classified": "确定办理路径",
    "case.closed": "结案",
    "handover.accepted": "受理，首问责任移交",
    "work_item.opened": "进入环节",
    "work_item.claimed": "签收",
    "work_item.released": "退回本组",
    "work_item.reassigned": "转办",
    "work_item.completed": "办结",
    "work_item.closed": "撤回待办",
    "submission.kept": "填报",
    "decision.taken": "按标准判定",
    "call.performed": "系统办理",
    "timer.fired": "到时提醒",
    "incident.opened": "停下，等待人工处理",
    "incident.retried": "重新办理停下的环节",
    "deadline.escalated": "催办",
    "clock.started": "开始计时",
    "clock.stopped": "停止计时",
    "clock.cancelled": "取消计时",
    "fund.held": "预留备用金",
    "fund.released": "解除预留",
    "fund.supplemented": "追加备用金",
    "payment.paid": "发放",
    "notice.published": "发布公示",
    "notice.taken_down": "撤下公示",
    "letter.issued": "出具文书",
    "letter.opened": "打开文书",
    "personal.revealed": "查看个人信息原文",
    "sign_in.done": "登录",
    "sign_in.ended": "退出登录",
    "sign_in.locked": "账号锁定",
    "user.imported": "导入人员",
    "fund.allotted": "拨入备用金",
    "fund.counted": "盘点备用金",
}
CALL_WORDS = {
    "handover.accept": "首问责任移交",
    "case.classify": "登记路径与事由",
    "clock.start": "开始计时",
    "clock.stop": "停止计时",
    "clock.cancel": "取消计时",
    "fund.hold": "预留备用金",
    "fund.release": "解除预留",
    "fund.supplement": "追加备用金",
    "payment.pay": "登记发放",
    "notice.publish": "发布公示",
    "letter.issue": "出具文书",
    "message.send": "发出提醒",
    "case.close": "结案",
}
# Deeds that only repeat what another line of the timeline already says.
QUIET_ACTIONS = frozenset({"submission.kept", "work_item.opened"})


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline."""

    what: str
    who: str
    at: datetime
    why: str
    state: str  # CSS class


def status_words(status: str) -> tuple[str, str]:
    """The status in words and its tag."""
    return STATUS_WORDS.get(status, (status, "ahead"))


def state_sentence(page: CasePage) -> str:
    """Where the case stands, in one sentence."""
    line = page.line
    if page.incidents:
        return f"停在“{page.incidents[0].element}”，须有人处理后才能继续。"
    if line.status != "open":
        outcome = OUTCOME_WORDS.get(line.outcome, line.outcome)
        words = status_words(line.status)[0]
        return f"{words}{'：' + outcome if outcome and outcome != words else ''}。"
    if not page.waiting:
        return "系统正在办理，没有等人的环节。"
    return "；".join(_waiting_words(item) for item in page.waiting) + "。"


def _waiting_words(item: ItemLine) -> str:
    who = f"{item.holder}（{item.role}）办理" if item.holder else f"等{item.role}签收办理"
    row = item_row(item)
    return f"正在“{item.name}”，{who}" + (f"，{row.rest.words}" if row.rest else "")


def duty_words(page: CasePage) -> str:
    """Whose duty the case is now (首问负责): the last who accepted, and who has been asked."""
    accepted = [link for link in page.responsible if link.accepted_at is not None]
    asked = [link for link in page.responsible if link.accepted_at is None]
    now = accepted[-1] if accepted else None
    if now is None:
        return "—"
    words = f"{now.name}（{now.organ}）" if now.name != now.organ else now.name
    if asked:
        return f"{words}，已转{asked[-1].organ}，等待受理"
    return words


def first_asked_words(page: CasePage, now: datetime) -> str:
    """Who was asked first and until when that lasted."""
    first = next((link for link in page.responsible if link.first_asked), None)
    if first is None:
        return "—"
    later = [
        link.accepted_at
        for link in page.responsible
        if not link.first_asked and link.accepted_at is not None
    ]
    until = f"，负责到 {wording.moment(later[0], now)} 移交" if later else "，尚未移交"
    return f"{first.name}（{first.organ}）{until}"


def told(page: CasePage) -> list[Told]:
    """The history of the case for people, newest first."""
    names = _element_names(page)
    return [
        _told(event, names)
        for event in reversed(page.timeline)
        if event.action not in QUIET_ACTIONS
    ]


def _told(event: Event, names: Mapping[str, str]) -> Told:
    body: Mapping[str, Any] = event.body if isinstance(event.body, Mapping) else {}
    what = ACTION_WORDS.get(event.action, event.action)
    about = names.get(str(body.get("element", "")), "")
    if event.action == "call.performed":
        what = CALL_WORDS.get(str(body.get("type", "")), what)
        about = ""
    if about:
        what += f"“{about}”"
    why = str(body.get("reason") or body.get("purpose") or body.get("text") or "")
    state = "incident" if event.action == "incident.opened" else ""
    if event.action in ("work_item.completed", "case.closed"):
        state = "done"
    return Told(what, event.actor, event.at, why, state)


def _element_names(page: CasePage) -> dict[str, str]:
    return {
        element.id: element.name
        for state in page.diagrams
        for element in state.definition.elements.values()
    }


def marks(
    page: CasePage, state: DiagramState, *, now: datetime, calendar: WorkCalendar
) -> tuple[dict[str, Mark], frozenset[str]]:
    """What happened at each element of one diagram, and the flows that were taken."""
    found: dict[str, Mark] = {}
    flows = set()
    for one in state.passed:
        if one.kind == "sequenceFlow":
            flows.add(one.element_id)
        else:
            who = "" if one.actor == "系统" else one.actor
            found[one.element_id] = Mark(Progress.DONE, who, wording.moment(one.at, now))
    entered = {other.definition.id for other in page.diagrams}
    for element in state.definition.elements.values():
        inside = element.called_process in entered and element.id not in found
        if inside and element.called_process:
            found[element.id] = Mark(Progress.HERE, note="见下一张图")
    for element_id in state.here:
        name = state.definition.elements[element_id].name
        item = next((line for line in page.waiting if line.name == name), None)
        found.pop(element_id, None)  # gone through before, here again: it belongs at the end
        found[element_id] = _waiting_mark(item)
    for element_id in state.stopped:
        found.pop(element_id, None)
        found[element_id] = Mark(Progress.INCIDENT)
    return found, frozenset(flows)


def _waiting_mark(item: ItemLine | None) -> Mark:
    if item is None:
        return Mark(Progress.HERE)
    row = item_row(item)
    who = item.holder or item.role
    return Mark(
        Progress.LATE if item.late else Progress.HERE, who, note=row.rest.words if row.rest else ""
    )
