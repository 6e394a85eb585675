"""Referrals (转介), the receiver's side: take over or decline, open the contact, tell the outcome.

A declined referral is back with the sender, who answers for the matter until somebody accepts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.cases import referral_rules
from app.cases.office import Office
from app.cases.referrals import CHARITY, COUNTY, MAX_WORDS, package_of
from app.kernel.errors import FieldProblem, Forbidden, Invalid, Refused, Stale
from app.kernel.money import Money
from app.store import cases, messages, people, referrals
from app.store.referrals import ReferralRow
from app.store.session import Actor, Unit

OUTCOMES = ("helped", "partly", "not_helped")
MAX_NAME = 60  # characters


@dataclass(frozen=True, slots=True)
class Bought:
    """A service that was bought."""

    provider: str
    what: str
    procedure: str
    cost: Money | None


def answer(
    office: Office,
    actor: Actor,
    region: str,
    referral_id: UUID,
    *,
    accepts: bool,
    person: str,
    note: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The receiver takes over, or does not: then it is back with the sender, with the reason."""
    person = person.strip()[:MAX_NAME]
    note = note.strip()[:MAX_WORDS]
    problems = []
    if not person:
        problems.append(FieldProblem("person", "接收人", "请写明接收单位由谁接收。"))
    if not accepts and not note:
        problems.append(FieldProblem("note", "说明", "不接受的，请写明原因。"))
    if problems:
        raise Invalid("请改正下列各项后再提交。", problems)

    def deed(unit: Unit, row: ReferralRow) -> None:
        if row.status != referrals.SENT:
            raise Stale("referral_answered", "这件转介已经答复，请刷新。")
        if person == row.sent_by_name:
            raise Refused(
                "own_acceptance", "转出人不能自己接收：接收须由接收单位的人作出。",
                clause="x-referral",
            )  # fmt: skip
        row.status = referrals.ACCEPTED if accepts else referrals.DECLINED
        row.answered_at, row.answered_by, row.answer_note = unit.now, person, note
        said = "接受" if accepts else f"不接受：{note}。请另行转介或者直接办理"
        text = f"转介 {row.referral_no}（{row.receiver_name}）{said}。"
        messages.tell_user(unit, region, row.sent_by, "referral", text, case_id=row.case_id)

    action = "referral.accepted" if accepts else "referral.declined"
    return _at(office, actor, region, referral_id, action, key, deed)


def conclude(
    office: Office,
    actor: Actor,
    region: str,
    referral_id: UUID,
    *,
    outcome: str,
    note: str,
    key: str | None = None,
) -> dict[str, Any]:
    """What came of it is on record and the sender knows."""
    note = note.strip()[:MAX_WORDS]
    problems = []
    if outcome not in OUTCOMES:
        problems.append(FieldProblem("outcome", "结果", "请选择结果。"))
    if not note:
        problems.append(FieldProblem("outcome_note", "说明", "请写明办了什么、结果怎样。"))
    if problems:
        raise Invalid("请改正下列各项后再提交。", problems)

    def deed(unit: Unit, row: ReferralRow) -> None:
        _require_accepted(row)
        row.status, row.outcome = referrals.DONE, outcome
        row.outcome_note, row.done_at = note, unit.now
        text = f"转介 {row.referral_no}（{row.receiver_name}）已有结果。"
        messages.tell_user(unit, region, row.sent_by, "referral", text, case_id=row.case_id)

    return _at(office, actor, region, referral_id, "referral.concluded", key, deed)


def record_service(
    office: Office,
    actor: Actor,
    region: str,
    referral_id: UUID,
    bought: Bought,
    *,
    key: str | None = None,
) -> dict[str, Any]:
    """The bought service stands in the register: who, what, by which procedure, at what cost."""
    problems = []
    for name, label, value in (
        ("provider", "承接机构", bought.provider.strip()),
        ("what", "服务内容", bought.what.strip()),
        ("procedure", "购买程序", bought.procedure),
    ):
        if not value:
            problems.append(FieldProblem(name, label, f"请填写{label}。"))
    if bought.cost is None or bought.cost.fen < 0:
        problems.append(FieldProblem("cost", "费用", "请填写费用，单位元，无偿的填 0。"))
    if problems or bought.cost is None:
        raise Invalid("请改正下列各项后再提交。", problems)
    cost = bought.cost

    def deed(unit: Unit, row: ReferralRow) -> None:
        _require_accepted(row)
        case = cases.get(unit, region, row.case_id)
        known = referral_rules.procedures(package_of(office, unit, case), unit.now)
        if bought.procedure not in known:
            problem = FieldProblem("procedure", "购买程序", "请从列出的程序里选。")
            raise Invalid("请从列出的程序里选。", [problem])
        referrals.add_service(
            unit,
            row,
            provider=bought.provider.strip()[:MAX_NAME],
            what=bought.what.strip()[:MAX_WORDS],
            procedure=bought.procedure,
            cost=cost,
        )

    return _at(office, actor, region, referral_id, "referral.service_recorded", key, deed)


def open_contact(
    office: Office, actor: Actor, region: str, referral_id: UUID, *, key: str | None = None
) -> dict[str, Any]:
    """Name and phone in clear for who has accepted; the opening stands in the case's record."""

    def deed(unit: Unit, row: ReferralRow) -> None:
        if row.status not in (referrals.ACCEPTED, referrals.DONE):
            raise Refused("not_accepted", "接受以后才能查看联系方式。", clause="x-referral")

    _at(office, actor, region, referral_id, "referral.contact_opened", key, deed)
    with office.database.read(actor) as unit:
        content = referrals.content(unit, referrals.get(unit, region, referral_id))
    return {"name": content.get("name", ""), "phone": content.get("phone", "")}


def may_answer(unit: Unit, actor: Actor, row: ReferralRow) -> bool:
    """True for the receiver's people: charities for themselves, the county for departments."""
    role = COUNTY if row.receiver_kind == "department" else CHARITY
    organs = {organ.code for organ in people.organs(unit, row.region)}
    return any(code == role and organ in organs for code, organ in actor.roles)


def _at(
    office: Office,
    actor: Actor,
    region: str,
    referral_id: UUID,
    action: str,
    key: str | None,
    deed: Callable[[Unit, ReferralRow], None],
) -> dict[str, Any]:
    def body(unit: Unit) -> dict[str, Any]:
        row = referrals.get(unit, region, referral_id, lock=True)
        if not may_answer(unit, actor, row):
            raise Forbidden("not_receiver", "这件转介由接收单位办理，您没有这一角色。")
        deed(unit, row)
        unit.session.flush()
        facts = {"referral_no": row.referral_no, "status": row.status}
        unit.audit(region, row.case_id, action, ("referral", row.id), facts)
        return {}

    return office.database.run(actor, action, key, body, region=region)


def _require_accepted(row: ReferralRow) -> None:
    if row.status != referrals.ACCEPTED:
        raise Stale("referral_not_accepted", "只有已接受、没有办结的转介可以登记，请刷新。")
