"""What was given is shown to the public, masked; the one place that needs no signing in."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import notices as verbs
from app.cases import objections
from app.cases.views.lists import public_notices
from app.form.papers import letter_lines
from app.form.sheets import Sheet, Signatures, Text
from app.web import auth
from app.web.letters import pdf_answer
from app.web.sent import sent_key
from app.web.services import services

blueprint = Blueprint("notices", __name__, url_prefix="/notices")

PAGE_LINES = 30
MAX_REASON_CHARS = 500


@blueprint.get("/")
def board() -> str:
    """The notices that hang now."""
    found = public_notices(services().office)
    township = request.args.get("township", "")
    names = sorted({one.township for one in found})
    shown = [one for one in found if township in ("", one.township)]
    pages = max(1, -(-len(shown) // PAGE_LINES))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "notices.html",
        notices=shown[(page - 1) * PAGE_LINES : page * PAGE_LINES],
        total=len(shown),
        townships=names,
        township=township,
        page=page,
        pages=pages,
        page_url=lambda number: url_for(".board", township=township or None, page=number),
    )


@blueprint.get("/<uuid:notice_id>")
def one(notice_id: UUID) -> str:
    """One notice, to be printed and posted."""
    found = next((one for one in public_notices(services().office) if one.id == notice_id), None)
    if found is None:
        abort(404)
    accepts = objections.accepts(services().office, notice_id)
    return render_template(
        "notice.html", notice=found, accepts=accepts, staff=auth.visitor() is not None
    )


@blueprint.get("/<uuid:notice_id>/print")
def as_pdf(notice_id: UUID) -> Response:
    """The notice as PDF for the board of the village; for staff, so that nobody keeps us busy."""
    found = next((one for one in public_notices(services().office) if one.id == notice_id), None)
    if found is None:
        abort(404)
    sheet = Sheet(
        title=found.title,
        number="",
        subtitle="",
        parts=(Text(letter_lines(found.title, found.body)), Signatures(("单位（盖章）",))),
        made_at=found.posted_at,
    )
    return pdf_answer(sheet, found.title)


@blueprint.post("/<region>/<uuid:notice_id>/take-down")
def take_down(region: str, notice_id: UUID) -> Response:
    """The notice hangs no longer."""
    reason = request.form.get("reason", "")[:MAX_REASON_CHARS]
    answer = verbs.take_down(
        services().office, auth.actor(), region, notice_id, reason=reason, key=sent_key()
    )
    flash("公示已撤下。", "ok")
    return redirect(url_for("cases.show", region=region, case_id=answer["case_id"]), 303)
