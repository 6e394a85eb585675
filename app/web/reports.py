"""登记: the doors a person may use, the main one first; each asks the first questions of a case."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.cases import intake
from app.cases.intake import Door
from app.cases.repeat_hints import hints
from app.form import Submission
from app.form.dictionary import names_people
from app.kernel.clock import local
from app.kernel.errors import AppError, Invalid, Refused
from app.web import auth, errors
from app.web.form_fields import Button, form_view, render_form
from app.web.sent import key_input, read_sent
from app.web.services import services
from app.web.shell import csrf_input

blueprint = Blueprint("reports", __name__, url_prefix="/reports/new")

LOOK = Button("先查以前的救助", style="quiet", name="_refresh", value="1", note="只查，不登记")

Answer = Response | str | tuple[str, int]


@blueprint.get("/")
@blueprint.get("/<process_id>/")
def ask(process_id: str = "") -> str:
    """The form of the door, untouched."""
    door = intake.door(services().office, auth.actor(), process_id)
    values = door.form.initial(door.context, local(services().now()))
    return _render(door, door.form.fill(values))


@blueprint.post("/")
@blueprint.post("/<process_id>/")
def take(process_id: str = "") -> Answer:
    """A case is open; or the form is shown again with what must be mended."""
    here, actor = services(), auth.actor()
    door = intake.door(here.office, actor, process_id)
    sent = read_sent(door.form)
    if sent.submission.action:
        return _render(door, door.form.after_action(sent.submission), key=sent.key)
    try:
        answer = intake.report(
            here.office,
            actor,
            sent.submission,
            process_id=door.sign.process_id,
            files=sent.files,
            key=sent.key,
        )
    except (Invalid, Refused) as error:
        return _render(door, sent.submission, error=error), errors.status_of(error)
    said = "您是首问责任人，乡镇受理前由您负责。" if door.sign.is_relief else ""
    flash(f"已登记，个案编号 {answer['case_no']}。{said}", "ok")
    return redirect(url_for("cases.show", region=answer["region"], case_id=answer["case_id"]), 303)


def _render(
    door: Door, submission: Submission, *, error: AppError | None = None, key: str | None = None
) -> str:
    return render_template(
        "report.html",
        door=door,
        sign=door.sign,
        others=[
            sign
            for sign in intake.signs(services().office, auth.actor())
            if sign.process_id != door.sign.process_id
        ],
        form=door_form(
            door,
            submission,
            action=url_for("reports.take", process_id=door.sign.process_id),
            error=error,
            key=key,
            more=(LOOK,) if names_people(door.form) else (),
        ),
        refused=error if isinstance(error, Refused) else None,
        hints=hints(services().office, auth.actor(), door, submission),
    )


def door_form(
    door: Door,
    submission: Submission,
    *,
    action: str,
    error: AppError | None,
    key: str | None,
    more: Sequence[Button] = (),
) -> str:
    """The form of the door as HTML, with what was typed and what must be mended."""
    problems = error.problems if isinstance(error, Invalid) else ()
    view = form_view(door.form, submission, problems, door.context, now=local(services().now()))
    return render_form(
        current_app.jinja_env,
        view,
        action=action,
        csrf_field=csrf_input() + key_input(key),
        buttons=[Button(door.sign.button, note=door.sign.effect), *more],
    )
