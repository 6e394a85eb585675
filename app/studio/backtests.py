"""Back-tests: asked for by policy staff, worked through in pieces by a worker, stopped at will.

A back-test reads frozen evidence and writes only its own lines. The worker opens a short unit for
each piece and computes outside of it, so that casework never waits for policy.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.kernel.clock import legal_day
from app.kernel.errors import AppError, Forbidden, Invalid, Refused
from app.kernel.money import Money
from app.kernel.roles import Level
from app.process.library import Library
from app.store import backtests as table
from app.store import decisions, deployments, journal, past_decisions, people
from app.store.backtests import BacktestRow
from app.store.base import REGION_NONE
from app.store.past_decisions import PastCase, Window
from app.store.session import SYSTEM, Actor, Database, Unit
from app.studio.drafts import draft_of
from app.studio.impact import Impact, Line, Receipt, impact, line
from app.studio.localities import Package, package_of
from app.studio.people import EDITOR, PUBLISHER, governed
from app.studio.replay import Question, Replayed, Replayer, Side, plans_of

PIECE_CASES = 200  # cases of one unit of work
SAMPLE_SHARE = 0.01  # of the cases, asked a second time without memory
MAX_YEARS = 10  # of cases one back-test looks back on
MAX_LISTED = 50  # back-tests shown
OWN_LEVEL = Level.TOWNSHIP.value  # the level that spends the townships' own money


@dataclass(frozen=True, slots=True)
class Asked:
    """What a back-test is asked to look at."""

    since: datetime  # aware UTC, included
    until: datetime  # aware UTC, excluded
    running_cases: bool = False  # True: a shadow run over cases that are still open
    as_of: datetime | None = None  # the draft's today(); None = the day of each decision


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a back-test stands."""

    id: UUID
    locality: str
    draft_id: UUID | None
    title: str
    running_cases: bool
    since: datetime
    until: datetime
    as_of: datetime | None
    state: str  # waiting | running | done | cancelled | failed
    total: int
    done: int
    checked: int
    problem: str
    asked_by: str  # name
    asked_at: datetime

    @property
    def is_open(self) -> bool:
        """True while a worker has it before it."""
        return self.state in table.OPEN_STATES


@dataclass(frozen=True, slots=True)
class Answer:
    """A back-test with what it found so far."""

    progress: Progress
    impact: Impact
    lines: tuple[Line, ...]
    names: Mapping[str, str]  # organ code -> name


def ask(database: Database, actor: Actor, draft_id: UUID, asked: Asked, *, key: str) -> UUID:
    """A worker is asked to try the draft, as it is now, on past cases.

    Raises: Invalid for an impossible time; Forbidden for who has no part in the draft; Refused
    when the locality has no replay plan; ModelError when the draft's models are broken.
    """
    _refuse_time(asked)
    with database.read(actor) as unit:
        draft = draft_of(unit, actor, draft_id)
    plans = plans_of(draft.package)
    if not plans:
        raise Refused("no_replay_plan", "本地 locality.toml 没有写明怎样回测（[[replay]]）。")
    Library(draft.package.files)  # broken models say so now, not to a worker
    routes = [route for plan in plans for route in plan.routes]
    files = draft.package.stored

    def body(unit: Unit) -> dict[str, Any]:
        candidate = deployments.store(
            unit, draft.locality, f"回测：{draft.title}", files, prepared_by=actor.user_id
        )
        window = Window(draft.locality, asked.since, asked.until, asked.running_cases)
        row = table.ask(
            unit,
            locality=draft.locality,
            draft_id=draft.id,
            title=draft.title,
            candidate=candidate.id,
            running_cases=asked.running_cases,
            since=asked.since,
            until=asked.until,
            as_of=asked.as_of,
            total=past_decisions.count(unit, window, routes),
        )
        facts = {"draft": draft.id, "candidate": candidate.id, "cases": row.total}
        unit.audit(REGION_NONE, None, "backtest.asked", ("backtest", row.id), facts)
        return {"backtest_id": row.id}

    return UUID(str(database.run(actor, "backtest.ask", key, body)["backtest_id"]))


def cancel(database: Database, actor: Actor, backtest_id: UUID, *, key: str) -> None:
    """The back-test stops; what it found so far stays readable."""

    def body(unit: Unit) -> dict[str, Any]:
        row = table.get(unit, backtest_id, lock=True)
        _require(unit, actor, row)
        table.stop(unit, row, "cancelled")
        unit.audit(REGION_NONE, None, "backtest.cancelled", ("backtest", row.id), {})
        return {}

    database.run(actor, "backtest.cancel", key, body)


def listing(database: Database, actor: Actor, draft_id: UUID) -> list[Progress]:
    """The draft's back-tests, newest first."""
    with database.read(actor) as unit:
        draft_of(unit, actor, draft_id)
        return [_progress(row) for row in table.of_draft(unit, draft_id, MAX_LISTED)]


def answer(database: Database, actor: Actor, backtest_id: UUID) -> Answer:
    """The back-test with its lines; raises NotFound, Forbidden."""
    with database.read(actor) as unit:
        row = table.get(unit, backtest_id)
        _require(unit, actor, row)
        lines = tuple(_unpacked(one) for one in table.lines(unit, row.id))
        receipts = [
            Receipt(township, legal_day(at), amount)
            for township, at, amount in journal.reserve_receipts(unit, row.since_at, row.until_at)
        ]
        names = {organ.code: organ.name for organ in people.organs(unit)}
    return Answer(_progress(row), impact(lines, receipts, OWN_LEVEL), lines, names)


def work(database: Database) -> bool:
    """The oldest waiting back-test is worked to its end, cancellation or failure.

    False when there was none. Whoever runs workers calls this; several may.
    """
    lease = timedelta(seconds=table.LEASE_S)
    with database.read() as unit:  # an idle worker takes no write lock
        if not table.waits(unit, unit.now - lease):
            return False
    with database.begin(SYSTEM) as unit:
        row = table.claim(unit, unit.now - lease)
        if row is None:
            return False
        files = deployments.files(unit, row.candidate)
        current = deployments.current(unit, row.locality)
        base = deployments.files(unit, current.id) if current is not None else {}
    try:
        _run(database, row, package_of(row.locality, files), base)
    except AppError as error:
        with database.begin(SYSTEM) as unit:
            table.stop(unit, table.get(unit, row.id, lock=True), "failed", error.message)
    return True


def _run(database: Database, row: BacktestRow, package: Package, base: Mapping[str, bytes]) -> None:
    replayer = Replayer(
        Library(package.files), plans_of(package), row.as_of_at, Library(base) if base else None
    )
    window = Window(row.locality, row.since_at, row.until_at, row.running_cases)
    cursor = (row.cursor_region, row.cursor_id) if row.cursor_id else None
    choice = random.Random(row.id.int)  # noqa: S311 - which cases to ask twice, no secret
    while True:
        with database.read() as unit:
            page = past_decisions.page(
                unit,
                window,
                replayer.routes,
                replayer.decisions,
                after=cursor,
                limit=PIECE_CASES,
            )
            asked = [(one, _questions(unit, one)) for one in page]
        found = [(one, replayer.replay(one.case.route, told), told) for one, told in asked]
        sample = [each for each in found if choice.random() < SAMPLE_SHARE]
        for one, replayed, told in sample:
            _refuse_difference(one, replayed, replayer.replay(one.case.route, told, remember=False))
        lines = [
            _packed(_line(one, result, told.get(replayer.decision_of(one.case.route, "level"))))
            for one, result, told in found
            if result is not None
        ]
        last = page[-1].case if len(page) == PIECE_CASES else None
        before, cursor = cursor, (last.region, last.id) if last is not None else None
        with database.begin(SYSTEM) as unit:
            fresh = table.get(unit, row.id, lock=True)
            stood = (fresh.cursor_region, fresh.cursor_id) if fresh.cursor_id else None
            if fresh.state != "running" or stood != before:
                return  # stopped by a person, or taken up by another worker
            table.keep(unit, fresh, lines, cursor=cursor, cases=len(page), checked=len(sample))
        if cursor is None:
            return


def _refuse_difference(case: PastCase, one: Replayed | None, other: Replayed | None) -> None:
    if one != other:
        raise Refused(
            "backtest_differs",
            f"个案 {case.case.case_no} 两次重算结果不同，回测已停止，请告知系统管理员。",
        )


def _questions(unit: Unit, past: PastCase) -> dict[str, Question]:
    return {
        name: Question(name, decisions.inputs(unit, row), row.output.get("value"), row.at)
        for name, row in past.decisions.items()
        if not row.errors
    }


def _line(past: PastCase, replayed: Replayed, asked: Question | None) -> Line:
    case = past.case
    on = legal_day(case.closed_at or case.reported_at)
    asked_on = legal_day(asked.at) if asked is not None else None
    return line(case.case_no, case.township, case.route, on, replayed, asked_on)


def _packed(one: Line) -> list[Any]:
    sides = [
        [side.eligible, side.amount.fen if side.amount else None, side.level, side.source]
        for side in (one.before, one.after)
    ]
    return [
        one.case_no, one.township, one.route, one.on.isoformat(), one.asked_on.isoformat(),
        one.verdict, *sides, one.note,
    ]  # fmt: skip


def _unpacked(packed: Sequence[Any]) -> Line:
    case_no, township, route, on, asked_on, verdict, before, after, note = packed
    return Line(
        case_no=case_no,
        township=township,
        route=route,
        on=date.fromisoformat(on),
        asked_on=date.fromisoformat(asked_on),
        verdict=verdict,
        before=_side(*before),
        after=_side(*after),
        note=note,
    )


def _side(eligible: bool | None, fen: int | None, level: str, source: str) -> Side:
    return Side(eligible, None if fen is None else Money(fen), level, source)


def _progress(row: BacktestRow) -> Progress:
    return Progress(
        id=row.id,
        locality=row.locality,
        draft_id=row.draft_id,
        title=row.title,
        running_cases=row.running_cases,
        since=row.since_at,
        until=row.until_at,
        as_of=row.as_of_at,
        state=row.state,
        total=row.total,
        done=row.done,
        checked=row.checked,
        problem=row.problem,
        asked_by=row.asked_by_name,
        asked_at=row.asked_at,
    )


def _require(unit: Unit, actor: Actor, row: BacktestRow) -> None:
    if row.locality not in governed(unit, actor, EDITOR) | governed(unit, actor, PUBLISHER):
        raise Forbidden("not_your_policy", "这个地区的政策不归您编制或发布，不能查看回测。")


def _refuse_time(asked: Asked) -> None:
    if asked.since >= asked.until:
        raise Invalid("回测的起始日须早于截止日。")
    if asked.until - asked.since > timedelta(days=366 * MAX_YEARS):
        raise Invalid(f"一次回测最多 {MAX_YEARS} 年的个案。")
