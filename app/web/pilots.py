"""试点登记: what is tried out, written down before it begins."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import pilots as verbs
from app.cases.pilots import Pilot
from app.kernel.errors import Invalid
from app.web import auth
from app.web.outages import moment
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("pilots", __name__, url_prefix="/supervision/pilots")

Answer = Response | str | tuple[str, int]
FIELDS = ("process_id", "title", "purpose", "document_no", "starts_at", "ends_at")


@blueprint.get("/")
def listing() -> str:
    """The pilots, newest first, and the form for those who register them."""
    return _render({}, {})


@blueprint.post("/")
def register() -> Answer:
    """The pilot stands on record, numbered."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    said = Pilot(
        typed["process_id"],
        typed["title"],
        typed["purpose"],
        typed["document_no"],
        moment(typed["starts_at"]),
        moment(typed["ends_at"]),
    )
    try:
        answer = verbs.register(services().office, auth.actor(), said, key=sent_key())
    except Invalid as error:
        return _render(typed, {one.key: one.message for one in error.problems}), 422
    flash(f"已登记，试点编号 {answer['pilot_no']}。", "ok")
    return redirect(url_for(".listing"), 303)


def _render(typed: dict[str, str], problems: dict[str, str]) -> str:
    return render_template(
        "pilots.html",
        page=verbs.page(services().office, auth.actor()),
        typed=typed,
        problems=problems,
        key_input=key_input,
    )
