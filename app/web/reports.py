"""报告急难: the first questions of a case, asked by whoever hears of it first."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.cases import intake
from app.cases.intake import Door
from app.form import Submission
from app.kernel.clock import local
from app.kernel.errors import AppError, Invalid, Refused
from app.web import auth, errors
from app.web.form_fields import Button, form_view, render_form
from app.web.sent import key_input, read_sent
from app.web.services import services
from app.web.shell import csrf_input

blueprint = Blueprint("reports", __name__, url_prefix="/reports/new")

EFFECT = "登记后立即转乡镇（街道）受理，先行救助时限开始计算"

Answer = Response | str | tuple[str, int]


@blueprint.get("/")
def ask() -> str:
    """The intake form, untouched."""
    door = intake.door(services().office, auth.actor())
    values = door.form.initial(door.context, local(services().now()))
    return _render(door, door.form.fill(values))


@blueprint.post("/")
def take() -> Answer:
    """A case is open; or the form is shown again with what must be mended."""
    here, actor = services(), auth.actor()
    door = intake.door(here.office, actor)
    sent = read_sent(door.form)
    if sent.submission.action:
        return _render(door, door.form.after_action(sent.submission), key=sent.key)
    try:
        answer = intake.report(here.office, actor, sent.submission, files=sent.files, key=sent.key)
    except (Invalid, Refused) as error:
        return _render(door, sent.submission, error=error), errors.status_of(error)
    flash(f"已登记，个案编号 {answer['case_no']}。您是首问责任人，乡镇受理前由您负责。", "ok")
    return redirect(url_for("cases.show", region=answer["region"], case_id=answer["case_id"]), 303)


def _render(
    door: Door, submission: Submission, *, error: AppError | None = None, key: str | None = None
) -> str:
    problems = error.problems if isinstance(error, Invalid) else ()
    view = form_view(door.form, submission, problems, door.context, now=local(services().now()))
    form = render_form(
        current_app.jinja_env,
        view,
        action=url_for("reports.take"),
        csrf_field=csrf_input() + key_input(key),
        buttons=[
            Button(
                "登记报告并开始计时",
                note=EFFECT,
            )
        ],
    )
    refused = error if isinstance(error, Refused) else None
    return render_template("report.html", door=door, form=form, refused=refused, effect=EFFECT)
