"""办理: one work item: what is asked, the evidence beside it, and what may be done with it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.cases import papers
from app.cases import work_items as verbs
from app.cases.meetings import STEP as MEETING_STEP
from app.cases.statutes import ClauseText
from app.cases.step_backs import returnable
from app.cases.views.clauses import clauses_for_item
from app.cases.views.deeds import DECISION, deed_words
from app.cases.views.item import ItemPage, item_page
from app.cases.views.panel import Panel, panel_of
from app.cases.views.teamwork import teamwork_of
from app.cases.work_items import ItemRef
from app.form import Submission
from app.kernel.clock import local
from app.kernel.errors import AppError, FieldProblem, Invalid, Refused
from app.web import auth, errors
from app.web.form_fields import Button, form_view, render_form
from app.web.lines import item_row, limit_row
from app.web.sent import DRAFT_FIELD, key_input, read_sent, sent_key
from app.web.services import services
from app.web.shell import csrf_input

blueprint = Blueprint("work_items", __name__, url_prefix="/work-items/<region>/<uuid:item_id>")

Answer = Response | str | tuple[str, int]

MAX_REASON_CHARS = 500
EFFECT = "办结后记录不能再改，个案自动进入下一环节"


@blueprint.get("/")
def show(region: str, item_id: UUID) -> str | Response:
    """The page of the work item; a meeting has a page of its own."""
    page = _page(ItemRef(region, item_id))
    if page.step == MEETING_STEP and page.may_work:
        return redirect(url_for("meetings.of_case", region=region, case_id=page.line.case_id))
    return _render(page, page.submission)


@blueprint.post("/")
def complete(region: str, item_id: UUID) -> Answer:
    """The item is done with the answers sent; or a draft is kept; or the form is shown again."""
    ref = ItemRef(region, item_id)
    page = _page(ref)
    if page.form is None:
        return _finish(page, ref, Submission({}), {}, sent_key())
    sent = read_sent(page.form)
    if sent.submission.action:
        return _render(page, page.form.after_action(sent.submission), key=sent.key)
    if sent.draft:
        verbs.save_draft(services().office, auth.actor(), ref, sent.submission)
        flash("草稿已保存，只有您看得到。", "ok")
        return redirect(url_for(".show", region=region, item_id=item_id), 303)
    return _finish(page, ref, sent.submission, sent.files, sent.key)


@blueprint.post("/claim")
def claim(region: str, item_id: UUID) -> Response:
    """The item is the person's to do."""
    verbs.claim(services().office, auth.actor(), ItemRef(region, item_id), key=sent_key())
    flash("已签收，现在由您办理。", "ok")
    return redirect(url_for(".show", region=region, item_id=item_id), 303)


@blueprint.post("/release")
def release(region: str, item_id: UUID) -> Response:
    """Anyone of the group may take the item again."""
    reason = request.form.get("release_reason", "")[:MAX_REASON_CHARS]
    ref = ItemRef(region, item_id)
    verbs.release(services().office, auth.actor(), ref, reason=reason, key=sent_key())
    flash("已退回本组，其他人可以签收。", "ok")
    return redirect(url_for("inbox.mine"), 303)


@blueprint.post("/reassign")
def reassign(region: str, item_id: UUID) -> Answer:
    """The item is handed on to a named colleague."""
    ref = ItemRef(region, item_id)
    reason = request.form.get("reason", "")[:MAX_REASON_CHARS]
    try:
        to_user = _colleague(request.form.get("to_user", ""))
        verbs.reassign(
            services().office, auth.actor(), ref, to_user=to_user, reason=reason, key=sent_key()
        )
    except Invalid as error:
        page = _page(ref)
        return _render(page, page.submission, handing=error, reason=reason), 422
    flash("已转办，对方会在待办里看到。", "ok")
    return redirect(url_for("inbox.mine"), 303)


def _colleague(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        problem = FieldProblem("to_user", "转给谁", "请选择转给谁。")
        raise Invalid("请选择转给谁。", [problem]) from None


def _page(ref: ItemRef) -> ItemPage:
    return item_page(services().office, auth.actor(), ref)


def _finish(
    page: ItemPage,
    ref: ItemRef,
    submission: Submission,
    files: dict[str, bytes],
    key: str | None,
) -> Answer:
    try:
        verbs.complete(services().office, auth.actor(), ref, submission, files=files, key=key)
    except Invalid as error:
        return _render(page, submission, error=error), 422
    except Refused as error:
        return _render(page, submission, error=error), errors.status_of(error)
    flash(f"“{page.line.name}”已办结，个案已进入下一环节。", "ok")
    return redirect(url_for("cases.show", region=ref.region, case_id=page.line.case_id), 303)


def _render(
    page: ItemPage,
    submission: Submission | None,
    *,
    error: AppError | None = None,
    handing: Invalid | None = None,
    reason: str = "",
    key: str | None = None,
) -> str:
    refused = error if isinstance(error, Refused) else None
    line = page.line
    panel = _panel(page, submission)
    return render_template(
        "work_item.html",
        page=page,
        row=item_row(line),
        limit=limit_row(page.limit) if page.limit else None,
        form=_form(page, submission, error, key, panel),
        panel=panel,
        team=teamwork_of(services().office, auth.actor(), ItemRef(line.region, line.id)),
        refused=refused,
        quoted=_quoted(page, refused),
        problem=error,
        handing={one.key: one.message for one in handing.problems} if handing else {},
        reason=reason,
        attached=papers.of_case(services().office, auth.actor(), line.region, line.case_id),
        returnable=returnable(services().office, auth.actor(), ItemRef(line.region, line.id)),
        key_input=key_input,
        deed_words=_deed_words(page, submission),
        effect=EFFECT,
    )


def _panel(page: ItemPage, submission: Submission | None) -> Panel:
    """What the standards say of the answers so far, for whoever may give them."""
    if not page.may_work:
        return Panel()
    ref = ItemRef(page.line.region, page.line.id)
    return panel_of(services().office, auth.actor(), ref, submission)


def _form(
    page: ItemPage,
    submission: Submission | None,
    error: AppError | None,
    key: str | None,
    panel: Panel,
) -> Markup:
    """The form, open to whoever may work on the item; "" when there is none to fill."""
    if page.form is None or submission is None or not page.may_work:
        return Markup("")
    problems = error.problems if isinstance(error, Invalid) else ()
    draft = "下面是您上次保存的草稿。" if page.has_draft and error is None else ""
    view = form_view(
        page.form,
        submission,
        problems,
        page.context,
        now=local(services().now()),
        draft=draft,
        watched=panel.keys | ({DECISION} if len(page.deeds) > 1 else frozenset()),
    )
    # A refused or mended form is a new attempt: the old key would answer with the old outcome.
    return render_form(
        current_app.jinja_env,
        view,
        action=url_for(".complete", region=page.line.region, item_id=page.line.id),
        csrf_field=csrf_input() + key_input(key),
        buttons=_buttons(_deed_words(page, submission)),
    )


def _buttons(deed: str) -> list[Button]:
    done = Button(deed, note=EFFECT)
    return [done, Button("保存草稿", DRAFT_FIELD, "1", "quiet")]


def _deed_words(page: ItemPage, submission: Submission | None) -> str:
    """The button's words: as the diagram says them with the sum, else 办结“现场核实”."""
    said = deed_words(page.deeds, page.form, submission, page.context, services().now())
    return said or f"办结“{page.line.name}”"


def _quoted(page: ItemPage, refused: Refused | None) -> tuple[ClauseText, ...]:
    if refused is None:
        return ()
    ids = [refused.clause, *(other.clause for other in refused.alternatives)]
    ref = ItemRef(page.line.region, page.line.id)
    text = ",".join(dict.fromkeys(one for one in ids if one))
    return clauses_for_item(services().office, auth.actor(), ref, text)
