"""转介台账, one referral, and the choice of a receiver with the rows that propose it (D13).

Township and county see that and where; who receives sees the need; nobody sees means here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.cases import access, referral_rules
from app.cases.office import Office
from app.cases.package import Package
from app.cases.referral_answers import may_answer
from app.cases.referrals import CHARITY, SENDERS, package_of, require_sender
from app.cases.statutes import ClauseText, clauses_of
from app.cases.views.lines import CaseLine, Names, case_line
from app.kernel.errors import Forbidden
from app.kernel.money import Money
from app.store import cases, people, referrals
from app.store.referrals import ReferralRow
from app.store.session import Actor, Unit


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """One line of the ledger."""

    region: str
    id: UUID
    case_id: UUID
    case_no: str
    referral_no: str
    need: str  # label
    receiver: str
    kind: str  # "department" | "charity" | "social_work"
    township: str
    status: str
    sent_at: datetime
    sent_by: str
    due_at: datetime
    late: bool  # not answered in time
    answered_at: datetime | None
    answered_by: str
    answer_note: str
    outcome: str
    outcome_note: str
    done_at: datetime | None
    followed_by: str
    responsible: str  # who answers for the matter now
    may_answer: bool
    may_open: bool  # the reader may open the case


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One bought service."""

    provider: str
    what: str
    procedure: str  # label
    cost: Money
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """One referral as sender or receiver sees it."""

    line: ReferralLine
    words: str  # the need in words
    why: tuple[str, ...]  # the rows of the table that proposed the receiver
    clauses: tuple[ClauseText, ...]
    services: tuple[ServiceLine, ...]
    procedures: tuple[tuple[str, str], ...]
    may_refer_again: bool


@dataclass(frozen=True, slots=True)
class ReceiverChoice:
    """One receiver on the page where a person is referred."""

    code: str
    label: str
    note: str
    why: str  # the row that proposes it for the chosen need, "" = none does now
    rule: int
    later: bool  # proposed once government relief has been dealt with


@dataclass(frozen=True, slots=True)
class Offer:
    """The page on which a person is referred."""

    line: CaseLine
    needs: tuple[tuple[str, str], ...]
    need: str
    receivers: tuple[ReceiverChoice, ...]
    government_done: bool
    clauses: tuple[ClauseText, ...]
    earlier: tuple[ReferralLine, ...]


def ledger(office: Office, actor: Actor, *, status: str = "") -> tuple[ReferralLine, ...]:
    """The referrals the person sends, receives or watches; newest first."""
    with office.database.read(actor) as unit:
        scope = access.scope_of(unit, actor, access.reads_cases)
        rows = referrals.within(unit, regions=scope.regions, townships=scope.townships)
        received = _received_regions(unit, actor)
        if received:
            kinds = ("charity", "social_work")
            known = {row.id for row in rows}
            found = referrals.within(unit, regions=received, townships=(), kinds=kinds)
            rows += [row for row in found if row.id not in known]
        names = Names(unit)
        return tuple(
            _line(office, unit, actor, names, row) for row in rows if status in ("", row.status)
        )


def of_case(office: Office, actor: Actor, region: str, case_id: UUID) -> tuple[ReferralLine, ...]:
    """The referrals of a case whose page the person may see."""
    with office.database.read(actor) as unit:
        names = Names(unit)
        rows = referrals.of_case(unit, region, case_id)
        return tuple(_line(office, unit, actor, names, row) for row in rows)


def referral_page(office: Office, actor: Actor, region: str, referral_id: UUID) -> ReferralPage:
    """The referral; raises Forbidden for who neither sends, receives nor watches it."""
    with office.database.read(actor) as unit:
        row = referrals.get(unit, region, referral_id)
        case = cases.get(unit, region, row.case_id)
        line = _line(office, unit, actor, Names(unit), row)
        if not (line.may_open or line.may_answer):
            raise Forbidden("not_your_referral", "这件转介不在您的办理或查看范围内。")
        package = package_of(office, unit, case)
        labels = referral_rules.procedures(package, unit.now)
        return ReferralPage(
            line=line,
            words=str(referrals.content(unit, row).get("need", "")),
            why=tuple(f"{one['why']}（对接表第 {one['number']} 行）" for one in row.rules),
            clauses=clauses_of(package, ["x-referral"]),
            services=tuple(
                ServiceLine(
                    one.provider,
                    one.what,
                    labels.get(one.procedure, one.procedure),
                    one.cost_fen,
                    one.at,
                    one.by_name,
                )
                for one in referrals.services(unit, region, [row.id])
            ),
            procedures=tuple(labels.items()),
            may_refer_again=row.status == referrals.DECLINED
            and not row.followed_by
            and line.may_open
            and any(actor.holds(role) for role in SENDERS),
        )


def offer(office: Office, actor: Actor, region: str, case_id: UUID, need: str = "") -> Offer:
    """Where the case's person may be referred for that need, government first."""
    with office.database.read(actor) as unit:
        case = cases.get(unit, region, case_id)
        require_sender(unit, actor, case)
        package = package_of(office, unit, case)
        needs = referral_rules.needs(package, unit.now)
        done = referral_rules.government_done(unit, case)
        need = need if need in needs else ""
        names = Names(unit)
        rows = referrals.of_case(unit, region, case_id)
        return Offer(
            line=case_line(names, case, package),
            needs=tuple(needs.items()),
            need=need,
            receivers=_choices(package, unit, need, done) if need else (),
            government_done=done,
            clauses=clauses_of(package, ["x-referral"]),
            earlier=tuple(_line(office, unit, actor, names, row) for row in rows),
        )


def _choices(package: Package, unit: Unit, need: str, done: bool) -> tuple[ReceiverChoice, ...]:
    now = {
        one.code: one
        for one in referral_rules.matches(package, need, government_done=done, now=unit.now)
    }
    later = {
        one.code: one
        for one in referral_rules.matches(package, need, government_done=True, now=unit.now)
    }
    known = referral_rules.catalogue(package, unit.now)
    found = []
    for code in dict.fromkeys([*now, *later]):
        row = now.get(code) or later[code]
        receiver = known[code]
        found.append(
            ReceiverChoice(code, receiver.label, receiver.note, row.why, row.rule, code not in now)
        )
    return tuple(found)


def _received_regions(unit: Unit, actor: Actor) -> set[str]:
    organs = (people.organ(unit, place) for role, place in actor.roles if role == CHARITY)
    return {organ.region for organ in organs if organ is not None}


def _line(office: Office, unit: Unit, actor: Actor, names: Names, row: ReferralRow) -> ReferralLine:
    case = cases.get(unit, row.region, row.case_id)
    scope = access.scope_of(unit, actor, access.reads_cases)
    may_open = scope.covers(region=case.region, township=case.township, village=case.village)
    needs = referral_rules.needs(package_of(office, unit, case), unit.now)
    taken = row.status in (referrals.ACCEPTED, referrals.DONE)
    return ReferralLine(
        region=row.region,
        id=row.id,
        case_id=row.case_id,
        case_no=case.case_no,
        referral_no=row.referral_no,
        need=needs.get(row.need, row.need),
        receiver=row.receiver_name,
        kind=row.receiver_kind,
        township=names.organ(row.township),
        status=row.status,
        sent_at=row.sent_at,
        sent_by=row.sent_by_name,
        due_at=row.due_at,
        late=row.status == referrals.SENT and row.due_at < unit.now,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        answer_note=row.answer_note,
        outcome=row.outcome,
        outcome_note=row.outcome_note,
        done_at=row.done_at,
        followed_by=row.followed_by,
        responsible=f"{row.receiver_name} {row.answered_by}" if taken else row.sent_by_name,
        may_answer=may_answer(unit, actor, row),
        may_open=may_open,
    )
