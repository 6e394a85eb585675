"""投诉举报: anybody hands in a complaint without a log-in; nothing of it is shown here again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.cases import complaints as verbs
from app.cases.intake import Door
from app.form import Submission
from app.kernel.clock import local
from app.kernel.errors import AppError, Invalid, Refused
from app.web import errors
from app.web.reports import door_form
from app.web.sent import read_sent
from app.web.services import services

blueprint = Blueprint("complaints", __name__, url_prefix="/complaints")

Answer = Response | str | tuple[str, int]


@blueprint.get("/")
def choose() -> Answer:
    """The counties and what can be handed in there; the form at once when there is only one."""
    counties = verbs.public_doors(services().office)
    if len(counties) == 1 and len(counties[0].signs) == 1:
        only = counties[0]
        return redirect(url_for(".ask", region=only.region, process_id=only.signs[0].process_id))
    return render_template("complaints.html", counties=counties)


@blueprint.get("/<region>/<process_id>/")
def ask(region: str, process_id: str) -> str:
    """The form, untouched."""
    door = verbs.door(services().office, region, process_id)
    values = door.form.initial(door.context, local(services().now()))
    return _render(door, door.form.fill(values))


@blueprint.post("/<region>/<process_id>/")
def send(region: str, process_id: str) -> Answer:
    """The complaint is with the county; the page says its number and nothing else."""
    office = services().office
    door = verbs.door(office, region, process_id)
    sent = read_sent(door.form)
    if sent.submission.action:
        return _render(door, door.form.after_action(sent.submission), key=sent.key)
    try:
        answer = verbs.hand_in(
            office, region, process_id, sent.submission, files=sent.files, key=sent.key
        )
    except (Invalid, Refused) as error:
        return _render(door, sent.submission, error=error), errors.status_of(error)
    return render_template("complaint_sent.html", sign=door.sign, case_no=answer["case_no"])


def _render(
    door: Door, submission: Submission, *, error: AppError | None = None, key: str | None = None
) -> str:
    action = url_for(".send", region=door.region, process_id=door.sign.process_id)
    return render_template(
        "report.html",
        door=door,
        sign=door.sign,
        others=(),
        form=door_form(door, submission, action=action, error=error, key=key),
        refused=error if isinstance(error, Refused) else None,
    )
