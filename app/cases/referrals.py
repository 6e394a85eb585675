"""Referrals (转介), the sender's side: to whom, for what need, on which row of the table.

Until the receiver has accepted, the sender answers for the matter (首问负责): a declined referral
is back with the sender. The receiver sees the need and how to reach the person, never the means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.cases import access, referral_rules
from app.cases.office import Office
from app.cases.package import Package
from app.cases.referral_rules import Receiver
from app.kernel.errors import FieldProblem, Invalid, ModelError
from app.kernel.roles import Level
from app.kernel.workdays import Unit as Counted
from app.store import cases, messages, people, referrals, work_items
from app.store.cases import CaseRow
from app.store.referrals import ReferralRow
from app.store.session import Actor, Unit

SENDERS = ("township_handler", "county_handler")
COUNTY, CHARITY = "county_handler", "charity_worker"
MAX_WORDS = 500  # characters of a need, a note or a reason
_LONG_NUMBER = re.compile(r"\d{12,}")  # an identity or account number has no business here


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person fills in to refer somebody."""

    need: str
    receiver: str
    words: str
    after: str = ""  # id of the declined referral this one follows, "" = none


def package_of(office: Office, unit: Unit, case: CaseRow) -> Package:
    """The policy in force for the case's locality; referrals follow today's catalogue."""
    return office.packages.current(unit, people.locality_of(unit, case.region))


def require_sender(unit: Unit, actor: Actor, case: CaseRow) -> None:
    """Raises Forbidden unless the actor handles cases where this one lies."""
    items = work_items.of_case(unit, case.region, case.id)
    access.require_case(unit, actor, case, items)
    access.require_role(actor, *SENDERS)


def place(
    office: Office, unit: Unit, package: Package, case: CaseRow, *, need: str, to: str, words: str
) -> ReferralRow:
    """The referral is with the receiver; raises Refused when the matching table has no such row."""
    receiver = _receiver(package, unit, to)
    done = referral_rules.government_done(unit, case)
    match = referral_rules.required_match(package, need, receiver, done=done, now=unit.now)
    rule = {"decision": referral_rules.MATCH, "number": match.rule, "why": match.why}
    row = _send(office, unit, case, receiver, need=need, words=words, rules=[rule])
    role = COUNTY if receiver.kind == "department" else CHARITY
    organ = _organ_of(unit, role, case.region)
    text = f"转介 {row.referral_no}：{receiver.label}，请在期限内答复是否接受。"
    messages.tell_role(unit, case.region, role, organ, "referral", text)
    facts = {"referral_no": row.referral_no, "receiver": receiver.label, "rule": match.rule}
    unit.audit(case.region, case.id, "referral.sent", ("referral", row.id), facts)
    return row


def carried_out(
    office: Office,
    unit: Unit,
    package: Package,
    case: CaseRow,
    *,
    need: str,
    to: str,
    words: str,
    outcome: str,
    reason: str,
) -> ReferralRow:
    """A referral that the actor, for its receiver, has already accepted and concluded."""
    receiver = _receiver(package, unit, to)
    row = _send(office, unit, case, receiver, need=need, words=words, rules=[])
    row.status, row.outcome, row.outcome_note = referrals.DONE, outcome, reason
    row.answered_at = row.done_at = unit.now
    row.answered_by = unit.actor.name
    unit.session.flush()
    facts = {"referral_no": row.referral_no, "receiver": receiver.label, "outcome": outcome}
    unit.audit(case.region, case.id, "referral.concluded", ("referral", row.id), facts)
    return row


def _receiver(package: Package, unit: Unit, code: str) -> Receiver:
    receiver = referral_rules.catalogue(package, unit.now).get(code)
    if receiver is None:
        raise ModelError(f"转介目录里没有“{code}”，请政策管理员核对。", receiver=code)
    return receiver


def _send(
    office: Office,
    unit: Unit,
    case: CaseRow,
    receiver: Receiver,
    *,
    need: str,
    words: str,
    rules: list[Any],
) -> ReferralRow:
    applicant = cases.applicant(unit, case)
    deadline = office.calendar.deadline(
        started_at=unit.now, amount=receiver.accept_workdays, unit=Counted.WORKDAYS
    )
    return referrals.send(
        unit,
        case.region,
        case_id=case.id,
        township=case.township,
        need=need,
        receiver=(receiver.code, receiver.label, receiver.kind),
        content={
            "need": words,
            "name": applicant.get("applicant_name") or "",
            "phone": applicant.get("applicant_phone") or "",
        },
        rules=rules,
        due_at=deadline.due_at,
    )


def refer(
    office: Office,
    actor: Actor,
    region: str,
    case_id: UUID,
    wish: Wish,
    *,
    key: str | None = None,
) -> dict[str, Any]:
    """The person is referred; raises Invalid, Forbidden, Refused (government first, no match)."""
    words = _require_words(wish)

    def body(unit: Unit) -> dict[str, Any]:
        case = cases.get(unit, region, case_id)
        require_sender(unit, actor, case)
        package = package_of(office, unit, case)
        row = place(office, unit, package, case, need=wish.need, to=wish.receiver, words=words)
        if wish.after:
            _follow(unit, region, wish.after, row)
        return {"id": str(row.id), "referral_no": row.referral_no}

    return office.database.run(actor, "referral.refer", key, body, region=region)


def _follow(unit: Unit, region: str, declined: str, row: ReferralRow) -> None:
    try:
        before = referrals.get(unit, region, UUID(declined), lock=True)
    except ValueError:
        return
    if before.case_id == row.case_id and before.status == referrals.DECLINED:
        before.followed_by = row.referral_no
        unit.session.flush()


def _require_words(wish: Wish) -> str:
    problems = []
    words = wish.words.strip()[:MAX_WORDS]
    if not wish.need:
        problems.append(FieldProblem("need", "需求", "请选择需要什么帮助。"))
    if not wish.receiver:
        problems.append(FieldProblem("receiver", "转给谁", "请选择转给谁。"))
    if not words:
        problems.append(FieldProblem("words", "需求说明", "请写明需要什么帮助。"))
    elif _LONG_NUMBER.search(words):
        text = "请不要写身份证号、银行账号：接收方只需要知道需求。"
        problems.append(FieldProblem("words", "需求说明", text))
    if problems:
        raise Invalid("请改正下列各项后再提交。", problems)
    return words


def _organ_of(unit: Unit, role: str, region: str) -> str:
    """The county's organ in which somebody holds the role."""
    for organ in people.organs(unit, region):
        if organ.level == Level.COUNTY and people.holders(unit, role, organ.code):
            return organ.code
    return region
