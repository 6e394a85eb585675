"""中断登记: outages of networks and platforms, registered as evidence."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import outages as verbs
from app.cases.outages import Outage
from app.kernel.clock import SHANGHAI
from app.kernel.errors import Invalid
from app.web import auth
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("outages", __name__, url_prefix="/supervision/outages")

Answer = Response | str | tuple[str, int]
FIELDS = ("what", "began_at", "ended_at", "source", "note")


@blueprint.get("/")
def listing() -> str:
    """The outages, newest first, and the form for those who register them."""
    return _render({}, {})


@blueprint.post("/")
def register() -> Answer:
    """The outage stands on record."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    said = Outage(
        typed["what"],
        moment(typed["began_at"]),
        moment(typed["ended_at"]),
        typed["source"],
        typed["note"],
    )
    try:
        verbs.register(services().office, auth.actor(), said, key=sent_key())
    except Invalid as error:
        return _render(typed, {one.key: one.message for one in error.problems}), 422
    flash("已登记，不能更改；登记错的另登记一条说明。", "ok")
    return redirect(url_for(".listing"), 303)


def moment(text: str) -> datetime | None:
    """The instant of a datetime-local control (Shanghai time), None when it is none."""
    try:
        return datetime.fromisoformat(text.strip().replace(" ", "T")).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None


def _render(typed: dict[str, str], problems: dict[str, str]) -> str:
    return render_template(
        "outages.html",
        rows=verbs.listed(services().office, auth.actor()),
        may_register=auth.holds(*verbs.REGISTRARS),
        typed=typed,
        problems=problems,
        key_input=key_input,
    )
