"""回测: a draft tried on past cases; who would get more, less or nothing, and on whose desk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.form.spreadsheet import Value, csv_bytes
from app.kernel.clock import SHANGHAI, local
from app.kernel.errors import AppError, FieldProblem, Invalid
from app.kernel.money import Money
from app.studio import backtests as verbs
from app.studio import drafts, workload
from app.studio.backtests import Answer, Asked
from app.studio.impact import VERDICTS, Line, TownshipImpact, sentence
from app.studio.workload import Staffing
from app.web import auth, errors, labels
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("backtests", __name__, url_prefix="/studio")

PAGE_LINES = 50
STATES = {
    "waiting": "等待开始",
    "running": "正在重算",
    "done": "已完成",
    "cancelled": "已停止",
    "failed": "没有做成",
}
_HEADINGS = (
    *(
        "个案",
        "乡镇（街道）",
        "路径",
        "办结日",
        "结果",
        "原金额（元）",
        "新金额（元）",
        "相差（元）",
    ),
    *("原审批层级", "新审批层级", "原资金", "新资金", "说明"),
)
_ASSUMED = {"people": "每处几个人审批", "each": "每人每天办几件", "limit": "几个工作日算慢"}
_COUNT = re.compile(r"[1-9][0-9]{0,3}")


@blueprint.get("/drafts/<uuid:draft_id>/backtests/")
def listing(draft_id: UUID) -> str:
    """The draft's back-tests and the form that asks for one."""
    return _listing(draft_id)


@blueprint.post("/drafts/<uuid:draft_id>/backtests/")
def ask(draft_id: UUID) -> AnyResponse | tuple[str, int]:
    """A back-test is asked for."""
    names = ("since", "until", "as_of", "cases")
    typed = {name: request.form.get(name, "").strip()[:40] for name in names}
    try:
        asked = _asked(typed)
        key = sent_key() or services().now().isoformat()
        made = verbs.ask(services().database, auth.actor(), draft_id, asked, key=key)
    except Invalid as error:
        problems = [{"href": f"#{one.key}", "message": one.message} for one in error.problems]
        shown = problems or [{"href": "#since", "message": error.message}]
        return _listing(draft_id, typed=typed, problems=shown), errors.status_of(error)
    except AppError as error:
        said = [{"href": "", "message": error.message}]
        return _listing(draft_id, typed=typed, problems=said), errors.status_of(error)
    return redirect(url_for(".show", backtest_id=made), 303)


@blueprint.get("/backtests/<uuid:backtest_id>")
def show(backtest_id: UUID) -> str:
    """What the back-test found, or how far it is."""
    answer = verbs.answer(services().database, auth.actor(), backtest_id)
    wanted = request.args.get("verdict", "")
    chosen = [one for one in answer.lines if one.verdict == wanted or not wanted]
    chosen.sort(key=_by_change)
    pages = max(1, -(-len(chosen) // PAGE_LINES))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    progress = answer.progress
    return render_template(
        "backtest.html",
        progress=progress,
        state_words=STATES[progress.state],
        share=100 * progress.done // progress.total if progress.total else 100,
        impact=answer.impact,
        sentence=sentence(answer.impact),
        more_own=_less_own(answer),
        verdicts=VERDICTS,
        assumptions=_ASSUMED,
        wanted=wanted,
        lines=chosen[(number - 1) * PAGE_LINES : number * PAGE_LINES],
        number=number,
        pages=pages,
        page_url=lambda at: url_for(".show", backtest_id=backtest_id, verdict=wanted, page=at),
        names=answer.names,
        bars=_bars(answer.impact.townships),
        **_desks(answer),
        last_day=(local(progress.until) - timedelta(days=1)).date(),
        first_day=local(progress.since).date(),
        key_input=key_input,
    )


@blueprint.post("/backtests/<uuid:backtest_id>/cancel")
def cancel(backtest_id: UUID) -> AnyResponse:
    """The back-test stops where it is."""
    key = sent_key() or f"cancel:{backtest_id}"
    verbs.cancel(services().database, auth.actor(), backtest_id, key=key)
    flash("已停止，已经重算的结果留着。", "ok")
    return redirect(url_for(".show", backtest_id=backtest_id), 303)


@blueprint.get("/backtests/<uuid:backtest_id>/lines.csv")
def lines_csv(backtest_id: UUID) -> Response:
    """Every line, for a spreadsheet; no cell is read as a formula."""
    answer = verbs.answer(services().database, auth.actor(), backtest_id)
    table = csv_bytes(_HEADINGS, (_cells(one, answer) for one in answer.lines))
    name = f"backtest-{answer.progress.asked_at:%Y%m%d}.csv"
    return Response(
        table,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _listing(
    draft_id: UUID,
    *,
    typed: dict[str, str] | None = None,
    problems: Sequence[dict[str, str]] = (),
) -> str:
    here = services()
    draft = drafts.load(here.database, auth.actor(), draft_id)
    today = local(here.now()).date()
    first = date(today.year - 1, 1, 1)
    start = {"since": first.isoformat(), "until": today.isoformat(), "as_of": "", "cases": "past"}
    return render_template(
        "backtests.html",
        draft=draft,
        found=verbs.listing(here.database, auth.actor(), draft_id),
        states=STATES,
        typed=typed or start,
        problems=problems,
        key_input=key_input,
    )


def _asked(typed: dict[str, str]) -> Asked:
    problems: list[FieldProblem] = []
    since = _day(typed["since"], "since", "从哪天", problems)
    until = _day(typed["until"], "until", "到哪天", problems)
    as_of = _day(typed["as_of"], "as_of", "标准按哪天", problems) if typed["as_of"] else None
    if problems or since is None or until is None:
        raise Invalid("请改正下列各项。", problems)
    return Asked(
        since=_start(since),
        until=_start(until) + timedelta(days=1),
        running_cases=typed["cases"] == "running",
        as_of=_start(as_of) if as_of else None,
    )


def _day(text: str, key: str, label: str, problems: list[FieldProblem]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append(FieldProblem(key, label, f"“{label}”请写成 2026-01-31 这样的日期。"))
        return None


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def _desks(answer: Answer) -> dict[str, Any]:
    """The workload section: what was assumed, and what each desk would go through."""
    levels = sorted({side.level for one in answer.lines for side in (one.before, one.after)} - {""})
    typed = {
        f"{name}_{level}": request.args.get(f"{name}_{level}", "").strip()[:6]
        for level in levels
        for name in _ASSUMED
    }
    numbers = {key: int(text) for key, text in typed.items() if _COUNT.fullmatch(text)}
    staffing = {
        level: Staffing(*(numbers[f"{name}_{level}"] for name in _ASSUMED))
        for level in levels
        if all(f"{name}_{level}" in numbers for name in _ASSUMED)
    }
    wrong = [key for key, text in typed.items() if text and key not in numbers]
    found = workload.desks(answer.lines, staffing, verbs.OWN_LEVEL, services().calendar)
    return {"levels": levels, "assumed": typed, "wrong": wrong, "desks": found}


def _by_change(one: Line) -> tuple[int, str]:
    before = one.before.amount or Money.zero()
    after = one.after.amount or Money.zero()
    return -abs(after.fen - before.fen), one.case_no


def _less_own(answer: Answer) -> tuple[int, int, Money]:
    """(cases that go up from the townships, cases that come down, change of their spending)."""
    moved = answer.impact.moved
    own = verbs.OWN_LEVEL
    up = sum(number for (before, _), number in moved.items() if before == own)
    down = sum(number for (_, after), number in moved.items() if after == own)
    before = sum((one.own_before for one in answer.impact.townships), Money.zero())
    after = sum((one.own_after for one in answer.impact.townships), Money.zero())
    return up, down, after - before


def _bars(townships: Sequence[TownshipImpact]) -> list[tuple[TownshipImpact, int, int]]:
    """Widths of before and after, of a thousand."""
    largest = max((max(one.before.fen, one.after.fen) for one in townships), default=0) or 1
    return [
        (one, one.before.fen * 1000 // largest, one.after.fen * 1000 // largest)
        for one in townships
    ]


def _cells(one: Line, answer: Answer) -> list[Value]:
    before, after = one.before.amount, one.after.amount
    return [
        one.case_no,
        answer.names.get(one.township, one.township),
        labels.value(one.route),
        one.on,
        VERDICTS[one.verdict],
        before,
        after,
        None if before is None or after is None else after - before,
        labels.value(one.before.level),
        labels.value(one.after.level),
        labels.value(one.before.source),
        labels.value(one.after.source),
        one.note,
    ]
