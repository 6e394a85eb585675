"""异议: anybody objects to a notice; who re-checks opens what was said, on record."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from app.cases import objections as verbs
from app.cases.objections import Objection
from app.cases.views.lists import public_notices
from app.kernel.errors import Invalid
from app.web import auth
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("objections", __name__)

Answer = Response | str | tuple[str, int]


@blueprint.get("/notices/<uuid:notice_id>/objection")
def ask(notice_id: UUID) -> str:
    """The form on which anybody may object."""
    return _render(notice_id, Objection("", "", ""), {})


@blueprint.post("/notices/<uuid:notice_id>/objection")
def send(notice_id: UUID) -> Answer:
    """The objection is with the re-checker; nothing of it is shown here again."""
    said = Objection(
        request.form.get("name", ""),
        request.form.get("phone", ""),
        request.form.get("statement", ""),
    )
    try:
        verbs.file(services().office, notice_id, said, key=sent_key())
    except Invalid as error:
        return _render(notice_id, said, {one.key: one.message for one in error.problems}), 422
    return render_template("objection_sent.html", notice_id=notice_id)


@blueprint.get("/objections/<region>/<uuid:case_id>")
def waiting(region: str, case_id: UUID) -> str:
    """How many objections wait, before they are opened."""
    lines = verbs.lines(services().office, auth.actor(), region, case_id)
    return render_template(
        "objections.html", region=region, case_id=case_id, lines=lines, opened=None
    )


@blueprint.post("/objections/<region>/<uuid:case_id>")
def open_all(region: str, case_id: UUID) -> str:
    """What was said and by whom, this once; the opening is on record."""
    office, actor = services().office, auth.actor()
    lines = verbs.lines(office, actor, region, case_id)
    opened = verbs.opened(office, actor, region, case_id)
    return render_template(
        "objections.html", region=region, case_id=case_id, lines=lines, opened=opened
    )


def _render(notice_id: UUID, said: Objection, problems: dict[str, str]) -> str:
    office = services().office
    notice = next((one for one in public_notices(office) if one.id == notice_id), None)
    if notice is None:
        abort(404)
    return render_template(
        "objection.html",
        notice=notice,
        accepts=verbs.accepts(office, notice_id),
        said=said,
        problems=problems,
        key_input=key_input,
    )
