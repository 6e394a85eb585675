"""个案: everything about one case that the reader may see, in one reading unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.cases import access
from app.cases.office import Office
from app.cases.package import Package
from app.cases.statutes import ClauseText, clauses_of
from app.cases.views.inbox import governing_limit
from app.cases.views.item import FilledForm, filled_forms
from app.cases.views.lines import (
    CaseLine,
    ItemLine,
    LimitLine,
    Names,
    case_line,
    item_line,
    limit_line,
)
from app.cases.work import CaseWork, open_view
from app.kernel.money import Money
from app.process import ProcessDefinition
from app.store import (
    audit,
    cases,
    clocks,
    decisions,
    instances,
    ledger,
    letters,
    notices,
    slips,
    work_items,
)
from app.store.decisions import DecisionRow
from app.store.session import Actor, Unit


@dataclass(frozen=True, slots=True)
class PassedElement:
    """One element gone through."""

    process_id: str
    element_id: str
    kind: str
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class DiagramState:
    """One diagram of the case and where the case stands on it."""

    definition: ProcessDefinition
    passed: tuple[PassedElement, ...]  # of this diagram, in order
    here: frozenset[str]  # ids of elements that wait
    stopped: frozenset[str]  # ids of elements with an open incident


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a table that fired."""

    decision: str
    number: int
    outputs: Mapping[str, Any]
    annotations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision of the case."""

    name: str  # label of the business rule task
    decision_id: str
    file: str
    file_sha256: str
    at: datetime
    inputs: Mapping[str, Any]
    value: Any
    rules: tuple[Rule, ...]
    clauses: tuple[ClauseText, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Responsible:
    """One link of the chain of responsibility (首问负责)."""

    name: str  # person, or the organ that has been asked to take over
    organ: str
    since: datetime
    accepted_at: datetime | None
    first_asked: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline, from the audit chain."""

    seq: int
    at: datetime
    actor: str
    action: str  # e.g. "work_item.completed"
    object_kind: str
    body: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One entry of the books that concerns the case."""

    number: int
    deed: str  # ledger.entry.Deed
    memo: str
    amount: Money
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class SlipView:
    """One handing-over with its lines."""

    voucher_no: str
    form_of_aid: str
    paid_at: datetime
    recorded_at: datetime
    payers: tuple[str, ...]
    total: Money
    lines: tuple[tuple[str, str, Money], ...]  # item, quantity with measure, value


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One public notice of the case."""

    id: UUID
    title: str
    body: str
    posted_at: datetime
    take_down_at: datetime | None
    taken_down_at: datetime | None
    over: bool  # its period has ended: the public no longer sees it


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter issued."""

    id: UUID
    letter_no: str
    title: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One stop that waits for a person."""

    id: UUID
    element: str
    code: str
    message: str
    opened_at: datetime
    retryable: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """The page of one case."""

    line: CaseLine
    deployment_id: str
    applicant: Mapping[str, Any]  # masked unless revealed
    revealed: bool
    responsible: tuple[Responsible, ...]  # first-asked person first; the last accepted one answers
    waiting: tuple[ItemLine, ...]
    done: tuple[ItemLine, ...]
    limits: tuple[LimitLine, ...]
    diagrams: tuple[DiagramState, ...]  # diagrams entered, the outermost first
    forms: tuple[FilledForm, ...]
    decisions: tuple[DecisionLine, ...]
    money: tuple[MoneyLine, ...]
    slips: tuple[SlipView, ...]
    notices: tuple[NoticeView, ...]
    letters: tuple[LetterView, ...]
    incidents: tuple[IncidentView, ...]
    timeline: tuple[Event, ...]
    paid: Money


def case_page(office: Office, actor: Actor, region: str, case_id: UUID) -> CasePage:
    """The case as the actor may see it, personal data masked; raises NotFound, Forbidden."""
    with office.database.read(actor) as unit:
        case = cases.get(unit, region, case_id)
        items = work_items.of_case(unit, region, case_id)
        access.require_case(unit, actor, case, items)
        instance = instances.of_case(unit, region, case_id)[0]
        work = open_view(office, unit, region, instance.id)
        names = Names(unit)
        lines = [
            (item, item_line(unit, names, item, case, governing_limit(unit, item)))
            for item in items
        ]
        return CasePage(
            line=case_line(names, case, work.package),
            deployment_id=instance.deployment_id,
            applicant={"applicant_name": case.applicant_masked},
            revealed=False,
            responsible=_responsible(unit, names, region, case_id),
            waiting=tuple(line for item, line in lines if item.state in work_items.WAITING),
            done=tuple(line for item, line in lines if item.state == "done"),
            limits=tuple(limit_line(r, unit.now) for r in clocks.of_case(unit, region, case_id)),
            diagrams=_diagrams(work),
            forms=_forms(work, actor),
            decisions=_decisions(work, actor),
            money=_money(unit, region, case_id),
            slips=_slips(unit, region, case_id),
            notices=_notices(unit, region, case_id),
            letters=_letters(unit, region, case_id),
            incidents=_incidents(unit, region, case_id),
            timeline=_timeline(unit, region, case_id),
            paid=slips.paid_total(unit, region, case_id),
        )


def _forms(work: CaseWork, actor: Actor) -> tuple[FilledForm, ...]:
    """All forms for who reads cases here, else the person's own; masked in either case."""
    if _reads(work, actor):
        return filled_forms(work, mask=True)
    return filled_forms(work, mask=True, only_by=actor.user_id)


def _decisions(work: CaseWork, actor: Actor) -> tuple[DecisionLine, ...]:
    """What was decided and why, for who reads cases here: the rows say illness and means."""
    if not _reads(work, actor):
        return ()
    rows = decisions.of_case(work.unit, work.case.region, work.case.id)
    return tuple(_decision(work.unit, work.package, row) for row in rows)


def _reads(work: CaseWork, actor: Actor) -> bool:
    case, scope = work.case, access.scope_of(work.unit, actor, access.reads_cases)
    return scope.covers(region=case.region, township=case.township, village=case.village)


def _responsible(unit: Unit, names: Names, region: str, case_id: UUID) -> tuple[Responsible, ...]:
    return tuple(
        Responsible(
            row.user_name, names.organ(row.organ_code), row.since, row.accepted_at, row.seq == 1
        )
        for row in cases.handovers(unit, region, case_id)
    )


def _diagrams(work: CaseWork) -> tuple[DiagramState, ...]:
    rows = instances.passed(work.unit, work.case.region, work.instance.id)
    waiting = [(item.process_id, item.element_id) for item in work.run.waiting]
    stopped = [(found.process_id, found.element_id) for found in work.run.incidents]
    order = [work.instance.process_id, *(row.process_id for row in rows)]
    entered = dict.fromkeys(order + [process for process, _ in waiting + stopped])
    return tuple(
        DiagramState(
            definition=work.package.library.definition(process_id),
            passed=tuple(
                PassedElement(row.process_id, row.element_id, row.kind, row.at, row.actor_name)
                for row in rows
                if row.process_id == process_id
            ),
            here=frozenset(element for process, element in waiting if process == process_id),
            stopped=frozenset(element for process, element in stopped if process == process_id),
        )
        for process_id in entered
    )


def _decision(unit: Unit, package: Package, row: DecisionRow) -> DecisionLine:
    return DecisionLine(
        name=row.name,
        decision_id=row.decision_id,
        file=row.file,
        file_sha256=row.file_sha256,
        at=row.at,
        inputs=decisions.inputs(unit, row),
        value=row.output.get("value"),
        rules=tuple(
            Rule(rule["decision"], rule["number"], rule["outputs"], rule["annotations"])
            for rule in row.matched
        ),
        clauses=clauses_of(package, [str(name) for name in row.clauses]),
        errors=tuple(str(text) for text in row.errors),
    )


def _money(unit: Unit, region: str, case_id: UUID) -> tuple[MoneyLine, ...]:
    return tuple(
        MoneyLine(
            number=entry.number,
            deed=entry.deed,
            memo=entry.memo,
            amount=max(posting.amount_fen for posting, _ in postings),
            at=entry.at,
            by=entry.by_name,
        )
        for entry, postings in ledger.of_case(unit, region, case_id)
    )


def _slips(unit: Unit, region: str, case_id: UUID) -> tuple[SlipView, ...]:
    return tuple(
        SlipView(
            voucher_no=row.voucher_no,
            form_of_aid=row.form_of_aid,
            paid_at=row.paid_at,
            recorded_at=row.recorded_at,
            payers=tuple(name for name in (row.payer_1, row.payer_2) if name),
            total=row.total_fen,
            lines=tuple(
                (line.item, f"{line.quantity.normalize():f} {line.measure}", line.value_fen)
                for line in lines
            ),
        )
        for row, lines in slips.of_case(unit, region, case_id)
    )


def _notices(unit: Unit, region: str, case_id: UUID) -> tuple[NoticeView, ...]:
    return tuple(
        NoticeView(
            row.id,
            str(row.fields.get("title", "")),
            str(row.fields.get("body", "")),
            row.posted_at,
            row.take_down_at,
            row.taken_down_at,
            row.take_down_at is not None and row.take_down_at <= unit.now,
        )
        for row in notices.of_case(unit, region, case_id)
    )


def _letters(unit: Unit, region: str, case_id: UUID) -> tuple[LetterView, ...]:
    return tuple(
        LetterView(row.id, row.letter_no, row.title, row.issued_at)
        for row in letters.of_case(unit, region, case_id)
    )


def _incidents(unit: Unit, region: str, case_id: UUID) -> tuple[IncidentView, ...]:
    return tuple(
        IncidentView(row.id, row.element_name, row.code, row.message, row.opened_at, row.retryable)
        for row in instances.open_incidents(unit, region, case_id=case_id)
    )


def _timeline(unit: Unit, region: str, case_id: UUID) -> tuple[Event, ...]:
    return tuple(
        Event(row.seq, row.at, row.signed_by, row.action, row.object_kind, row.body, row.hash)
        for row in audit.of_case(unit, region, case_id)
    )
