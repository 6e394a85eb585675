"""送审、签字、发布: a draft handed in by one person and put in force by another.

Who signs sees the change in business words, on the picture and row by row, what the checks said,
and the author's reasons; each soft finding is signed by itself.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.kernel.clock import SHANGHAI, as_utc
from app.kernel.errors import AppError, FieldProblem, Invalid, Refused, Stale
from app.studio import approvals as verbs
from app.studio import bases, drafts
from app.studio.checking import surroundings
from app.studio.comparison import compare
from app.studio.contents import KIND_LABELS
from app.studio.drafts import Draft
from app.studio.localities import statute_files
from app.studio.publications import reasons_before
from app.studio.publish import Order
from app.studio.report import Report
from app.studio.subject import Surroundings
from app.web import auth, errors
from app.web.comparisons import STATE_WORDS, shown
from app.web.findings import grouped
from app.web.sent import key_input, sent_key
from app.web.services import services
from app.web.studio import STATE_WORDS as DRAFT_WORDS
from app.web.studio import finding_groups

blueprint = Blueprint("approvals", __name__, url_prefix="/studio/drafts/<uuid:draft_id>")

Answer = Response | str | tuple[str, int]


@blueprint.get("/changes")
def changes(draft_id: UUID) -> str:
    """The draft against the version it started from."""
    return _render("draft_changes.html", draft_id)


@blueprint.get("/submit")
def ask(draft_id: UUID) -> str:
    """What is asked of who hands the draft in."""
    return _render("draft_submit.html", draft_id)


@blueprint.post("/submit")
def submit(draft_id: UUID) -> Answer:
    """The draft waits for the second signature."""
    form = request.form
    reasons = {
        name.removeprefix("reason-"): text
        for name, text in form.items()
        if name.startswith("reason-")
    }
    here = services()
    try:
        order = Order(form.get("label", ""), form.get("document_no", ""), _day(form.get("day", "")))
        verbs.submit(
            *(here.database, auth.actor(), draft_id, order, reasons),
            why=form.get("why", ""),
            surroundings=_around(),
            key=sent_key(),
        )
    except (Invalid, Refused, Stale) as error:
        return _render("draft_submit.html", draft_id, error=error), errors.status_of(error)
    flash("已送审，等第二人签字。签字以前可以退回来再改。", "ok")
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


@blueprint.get("/sign")
def sign(draft_id: UUID) -> str:
    """What the second person reads before signing."""
    return _render("draft_sign.html", draft_id)


@blueprint.post("/approve")
def approve(draft_id: UUID) -> Answer:
    """The draft is in force from its day on."""
    here = services()
    signed = {name for name in request.form if name.startswith("signed-")}
    try:
        made = verbs.approve(
            *(here.database, auth.actor(), draft_id),
            {name.removeprefix("signed-") for name in signed},
            surroundings=_around(),
            key=sent_key(),
        )
    except (Invalid, Refused, Stale) as error:
        return _render("draft_sign.html", draft_id, error=error), errors.status_of(error)
    flash("已发布。新受理的个案从施行时间起用这个版本，在办个案不变。", "ok")
    return redirect(url_for("publications.show", publication_id=made), 303)


@blueprint.post("/send-back")
def send_back(draft_id: UUID) -> Answer:
    """The draft is its author's again."""
    template = "draft_sign.html"
    return _decide(draft_id, verbs.send_back, "已退回编制人修改。", template)


@blueprint.post("/withdraw")
def withdraw(draft_id: UUID) -> Answer:
    """The draft will not be published."""
    return _decide(draft_id, verbs.withdraw, "草稿已撤下。", "draft_submit.html")


@blueprint.post("/rebase")
def rebase(draft_id: UUID) -> Response:
    """The draft stands on what is in force now."""
    at = _instant(request.form.get("at", ""))
    both = bases.rebase(services().database, auth.actor(), draft_id, at=at, key=sent_key())
    names = "、".join(path.rpartition("/")[2] for path in both)
    if both:
        flash(f"已换到新版本。这些文件两边都改过，保留的是草稿的内容，请核对：{names}。", "warn")
    else:
        flash("已换到新版本，没有两边都改过的文件。", "ok")
    return redirect(url_for(".changes", draft_id=draft_id), 303)


@blueprint.post("/clauses")
def take_clauses(draft_id: UUID) -> Response:
    """The draft rests on the clauses and guard-rails on file today."""
    here = services()
    files = statute_files(here.models_dir)
    count = bases.take_clauses(here.database, auth.actor(), draft_id, files, key=sent_key())
    flash(f"已换用现有条款，与起草时相比有 {count} 个条款文件不同。", "ok")
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


def _decide(draft_id: UUID, verb: object, said: str, template: str) -> Answer:
    assert callable(verb)
    reason = request.form.get("reason", "")
    try:
        verb(services().database, auth.actor(), draft_id, reason, key=sent_key())
    except Invalid as error:
        return _render(template, draft_id, error=error), 422
    flash(said, "ok")
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


def _render(template: str, draft_id: UUID, *, error: AppError | None = None) -> str:
    here, actor = services(), auth.actor()
    found = drafts.load(here.database, actor, draft_id)
    report = drafts.check_draft(here.database, actor, draft_id, _around())
    return render_template(
        template,
        draft=found,
        state=DRAFT_WORDS[found.state],
        report=report,
        findings=finding_groups(found, report),
        soft=_soft(found, report),
        files=shown(compare(found.base, found.package, here.now())),
        state_words=STATE_WORDS,
        kind_labels=KIND_LABELS,
        problems=_problems(error),
        refused=error if isinstance(error, Refused | Stale) else None,
        typed=request.form,
        earlier=reasons_before(here.database, found.locality),
        may_sign=found.state == "submitted"
        and actor.user_id not in found.hands
        and actor.holds("publisher"),
        key_input=key_input,
    )


def _soft(found: Draft, report: Report) -> list[tuple[object, str]]:
    """Each soft finding that asks for a reason, with the reason given for it."""
    given = {one["key"]: one["reason"] for one in found.row.soft}
    lines = [line for group in grouped(report.soft, lambda *_a, **_k: "") for line in group.lines]
    return [(line, given.get(line.key, "")) for line in lines]


def _problems(error: AppError | None) -> list[dict[str, str]]:
    if not isinstance(error, Invalid):
        return []
    problems = error.problems or (FieldProblem("label", "", error.message),)
    return [{"href": f"#{one.key}", "message": one.message} for one in problems]


def _around() -> Surroundings:
    here = services()
    return surroundings(here.database, here.now())


def _day(text: str) -> datetime | None:
    """The first instant of a day in Shanghai, None for at once; raises Invalid."""
    if not text.strip():
        return None
    try:
        day = datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=SHANGHAI)
    except ValueError:
        message = "施行日期请写成 2026-07-01 的样子，或留空表示立即施行。"
        raise Invalid(message, [FieldProblem("day", "施行日期", message)]) from None
    return as_utc(day)


def _instant(text: str) -> datetime | None:
    try:
        return as_utc(datetime.fromisoformat(text)) if text else None
    except ValueError:
        return None
