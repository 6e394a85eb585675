"""在办个案迁移: the dry run case by case, the move with its reason, and the way back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import moves as verbs
from app.kernel.errors import AppError, Invalid, Refused
from app.studio.publications import standings
from app.web import auth, errors
from app.web.sent import key_input, sent_key
from app.web.services import services
from app.web.shell import is_uuid

blueprint = Blueprint("moves", __name__, url_prefix="/studio/moves")

Answer = Response | str | tuple[str, int]


@blueprint.get("/<locality>/")
def stocks(locality: str) -> str:
    """Which older versions running cases still have."""
    here, actor = services(), auth.actor()
    found = verbs.stocks(here.office, actor, locality)
    standing = next((o for o in standings(here.database, actor) if o.locality == locality), None)
    return render_template("moves.html", stocks=found, standing=standing, locality=locality)


@blueprint.get("/<locality>/<from_id>/<to_id>/")
def preview(locality: str, from_id: str, to_id: str) -> str:
    """The dry run of one version into another."""
    return _preview(locality, from_id, to_id)


@blueprint.post("/<locality>/<from_id>/<to_id>/")
def move(locality: str, from_id: str, to_id: str) -> Answer:
    """The chosen cases run by the other version."""
    chosen = [UUID(one) for one in request.form.getlist("chosen") if is_uuid(one)]
    reason = request.form.get("reason", "")
    try:
        batch_id = verbs.move(
            *(services().office, auth.actor(), chosen, from_id, to_id, reason),
            key=sent_key() or "",
        )
    except (Invalid, Refused) as error:
        return _preview(locality, from_id, to_id, error=error), errors.status_of(error)
    flash("迁移已办完，没有迁过去的个案不受影响。", "ok")
    return redirect(url_for(".batch", batch_id=batch_id), 303)


@blueprint.get("/batches/<uuid:batch_id>/")
def batch(batch_id: UUID) -> str:
    """The cases one batch moved."""
    lines = verbs.batch(services().office, auth.actor(), batch_id)
    return render_template(
        "moves_batch.html", lines=lines, batch_id=batch_id, key_input=key_input, problem=""
    )


@blueprint.post("/batches/<uuid:batch_id>/undo")
def undo(batch_id: UUID) -> Answer:
    """The cases of the batch that still can go back, go back."""
    office, actor = services().office, auth.actor()
    reason = request.form.get("reason", "")
    try:
        back = verbs.undo(office, actor, batch_id, reason, key=sent_key() or "")
    except (Invalid, Refused) as error:
        lines = verbs.batch(office, actor, batch_id)
        page = render_template(
            *("moves_batch.html",),
            lines=lines,
            batch_id=batch_id,
            key_input=key_input,
            problem=error.message,
        )
        return page, errors.status_of(error)
    flash("已迁回原来的版本；已经往前办、回不去的个案没有动。", "ok")
    return redirect(url_for(".batch", batch_id=back), 303)


def _preview(locality: str, from_id: str, to_id: str, *, error: AppError | None = None) -> str:
    lines = verbs.preview(services().office, auth.actor(), from_id, to_id)
    return render_template(
        "moves_preview.html",
        lines=lines,
        can=[line for line in lines if line.can_move],
        locality=locality,
        from_id=from_id,
        to_id=to_id,
        problem=error.message if error else "",
        typed=request.form,
        chosen=set(request.form.getlist("chosen")),
        key_input=key_input,
    )
