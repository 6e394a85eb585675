"""撤回 of one's own step on the case page, 退回 to a done step on the page of a work item."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.cases import step_backs as verbs
from app.cases.work_items import ItemRef
from app.kernel.errors import Invalid, Refused
from app.web import auth
from app.web.sent import sent_key
from app.web.services import services

blueprint = Blueprint("step_backs", __name__)

MAX_CHARS = 300


@blueprint.post("/cases/<region>/<uuid:case_id>/step-recall")
def recall(region: str, case_id: UUID) -> Response:
    """The person's own step waits again with the person."""
    try:
        verbs.recall(
            services().office,
            auth.actor(),
            region,
            case_id,
            item_id=_item(),
            reason=request.form.get("step_reason", "")[:MAX_CHARS],
            key=sent_key(),
        )
    except (Invalid, Refused) as error:
        flash(error.message, "warn")
    else:
        flash("已撤回，原来填的内容在草稿里，改好后重新办结。", "ok")
    return redirect(url_for("cases.show", region=region, case_id=case_id), 303)


@blueprint.post("/work-items/<region>/<uuid:item_id>/send-back")
def send_back(region: str, item_id: UUID) -> Response:
    """The case stands at an earlier step again."""
    try:
        done = verbs.send_back(
            services().office,
            auth.actor(),
            ItemRef(region, item_id),
            item_id=_item(),
            reason=request.form.get("return_reason", "")[:MAX_CHARS],
            key=sent_key(),
        )
    except (Invalid, Refused) as error:
        flash(error.message, "warn")
        return redirect(url_for("work_items.show", region=region, item_id=item_id), 303)
    flash("已退回，原办理人会收到理由。时限继续计算。", "ok")
    return redirect(url_for("cases.show", region=region, case_id=UUID(done["case_id"])), 303)


def _item() -> UUID:
    """The completed work item named by the form; Invalid when none is."""
    try:
        return UUID(request.form.get("step", ""))
    except ValueError:
        raise Invalid("请选择要退回的环节。") from None
