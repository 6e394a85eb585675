"""外出委托: who fills my posts while I am away, and whose I fill."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import absences as verbs
from app.cases.absences import Wish
from app.cases.views.absences import absence_page
from app.kernel.errors import Invalid, Refused
from app.web import auth, errors
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("absences", __name__, url_prefix="/absences")

Answer = Response | str | tuple[str, int]

MAX_CHARS = 300
MAX_POSTS = 20
STATES = {
    "ahead": ("还没开始", "ahead"),
    "here": ("委托中", "here"),
    "done": ("已到期", "done"),
    "refused": ("已收回", "ahead"),
}


@blueprint.get("/")
def mine() -> str:
    """What the person lends and fills, and the form to lend."""
    return _render(Wish((), None, None, None, ""))


@blueprint.post("/")
def declare() -> Answer:
    """The posts are the deputy's for those days."""
    wish = Wish(
        posts=tuple(_post(text) for text in request.form.getlist("posts")[:MAX_POSTS]),
        deputy=_uuid(request.form.get("deputy", "")),
        starts_on=_day(request.form.get("starts_on", "")),
        ends_on=_day(request.form.get("ends_on", "")),
        reason=request.form.get("reason", "")[:MAX_CHARS],
    )
    try:
        verbs.declare(services().office, auth.actor(), wish, key=sent_key())
    except Invalid as error:
        return _render(wish, {one.key: one.message for one in error.problems}), 422
    except Refused as error:
        return _render(wish, refused=error), errors.status_of(error)
    flash("已委托。到期自动结束，也可以随时收回。", "ok")
    return redirect(url_for(".mine"), 303)


@blueprint.post("/<region>/<uuid:absence_id>/revoke")
def revoke(region: str, absence_id: UUID) -> Response:
    """The delegation is over."""
    verbs.revoke(services().office, auth.actor(), region, absence_id, key=sent_key())
    flash("已收回委托，待办由您本人办理。", "ok")
    return redirect(url_for(".mine"), 303)


def _render(
    wish: Wish, problems: dict[str, str] | None = None, refused: Refused | None = None
) -> str:
    found = problems or {}
    return render_template(
        "absences.html",
        page=absence_page(services().office, auth.actor()),
        wish=wish,
        problem_of=found,
        problems=[{"href": f"#{key}", "message": text} for key, text in found.items()],
        refused=refused,
        states=STATES,
        key_input=key_input,
    )


def _post(text: str) -> tuple[str, str]:
    role, _, organ = text.partition("@")
    return role, organ


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
