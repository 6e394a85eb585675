"""跟改: examples and scenarios a change has made out of date, taken over by a person's word.

Nothing is mended by itself: whoever changes a standard sees each old and new answer and says which
examples follow it; a new task is answered once for the scenarios that stop at it.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.form import Submission
from app.kernel.clock import local
from app.kernel.errors import Invalid, NotFound
from app.studio import drafts, example_files, mending, trials
from app.studio.drafts import Draft
from app.studio.example_files import Failing
from app.studio.mending import Stuck
from app.studio.subject import Subject, Surroundings
from app.studio.trials import Bench
from app.web import auth
from app.web.form_fields import Button, form_view, render_form
from app.web.sent import key_input, read_sent
from app.web.services import services
from app.web.shell import csrf_input

blueprint = Blueprint("mending", __name__, url_prefix="/studio/drafts/<uuid:draft_id>")

Answer = Response | str | tuple[str, int]


@blueprint.get("/examples/")
def examples(draft_id: UUID) -> str:
    """The worked examples that do not come true, old and new answer beside each other."""
    draft = _draft(draft_id)
    return render_template(
        "examples.html", draft=draft, failing=_failing(draft), key_input=key_input
    )


@blueprint.post("/examples/")
def take_over(draft_id: UUID) -> Response:
    """The chosen examples expect what the tables answer now."""
    draft = _draft(draft_id)
    chosen = set(request.form.getlist("example"))
    accepted: dict[str, list[Failing]] = {}
    for one in _failing(draft):
        if f"{one.path}|{one.line}" in chosen and one.changes:
            accepted.setdefault(one.path, []).append(one)
    for path, some in accepted.items():
        _write(draft_id, path, example_files.taken_over(draft.package.companions[path], some))
    count = sum(len(some) for some in accepted.values())
    flash(
        f"{count} 个算例已按新标准改过来。" if count else "没有选算例。", "ok" if count else "warn"
    )
    return redirect(url_for(".examples", draft_id=draft_id), 303)


@blueprint.get("/scenarios/fill")
def ask_step(draft_id: UUID) -> str:
    """The new task's form, to be answered once for all scenarios that stop at it."""
    draft = _draft(draft_id)
    on = trials.bench(draft.package)
    return _fill_page(draft, on, _stuck(on, request.args.get("element", "")))


@blueprint.post("/scenarios/fill")
def fill_step(draft_id: UUID) -> Answer:
    """The answer stands in every scenario that stopped at the task."""
    draft = _draft(draft_id)
    on = trials.bench(draft.package)
    found = _stuck(on, request.form.get("_element", ""))
    sent = Submission({})
    if found.item.form_id:
        form = trials.form_of(on, found.item)
        sent = read_sent(form).submission
        if sent.action:
            return _fill_page(draft, on, found, form.after_action(sent))
    try:
        files = mending.filled(on, found, sent)
    except Invalid as error:
        return _fill_page(draft, on, found, sent, error), 422
    for path, raw in files.items():
        _write(draft_id, path, raw)
    flash(f"{len(found.scenarios)} 个情景已补上“{found.name}”。", "ok")
    return redirect(url_for("trials.scenarios", draft_id=draft_id), 303)


def _draft(draft_id: UUID) -> Draft:
    return drafts.load(services().database, auth.actor(), draft_id)


def _failing(draft: Draft) -> list[Failing]:
    subject = Subject(draft.package, Surroundings(now=services().now()))
    return example_files.failing(draft.package, subject.ask)


def _write(draft_id: UUID, path: str, raw: bytes) -> None:
    here, actor = services(), auth.actor()
    drafts.edit_file(here.database, actor, draft_id, path, lambda _seen: raw, key=None)


def _stuck(on: Bench, element: str) -> Stuck:
    for one in mending.stuck(trials.played(on)):
        if one.element_id == element:
            return one
    raise NotFound("not_stuck", "没有情景停在这个环节，可能刚刚补过了。")


def _fill_page(
    draft: Draft,
    on: Bench,
    found: Stuck,
    typed: Submission | None = None,
    error: Invalid | None = None,
) -> str:
    rendered = Markup("")
    if found.item.form_id:
        form = trials.form_of(on, found.item)
        context = trials.context_of(found.outcome, found.item)
        now = local(found.outcome.now)
        view = form_view(
            form,
            typed or form.fill(form.initial(context, now)),
            error.problems if error else (),
            context,
            now=now,
        )
        hidden = csrf_input() + Markup('<input type="hidden" name="_element" value="{}">').format(
            found.element_id
        )
        rendered = render_form(
            current_app.jinja_env,
            view,
            action=url_for(".fill_step", draft_id=draft.id),
            csrf_field=hidden,
            buttons=[Button(f"补进这 {len(found.scenarios)} 个情景")],
        )
    return render_template("scenario_fill.html", draft=draft, found=found, form=rendered)
