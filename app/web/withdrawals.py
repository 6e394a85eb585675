"""撤回: the applicant withdraws, or the township takes a work item back; both with a reason."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.cases import recalls
from app.cases import withdrawals as verbs
from app.kernel.errors import Invalid
from app.web import auth
from app.web.sent import sent_key
from app.web.services import services

blueprint = Blueprint("withdrawals", __name__, url_prefix="/cases")

MAX_ID_CHARS = 100


@blueprint.post("/<region>/<uuid:case_id>/withdraw")
def withdraw(region: str, case_id: UUID) -> Response:
    """The application is withdrawn and the case over."""
    reason = request.form.get("withdraw_reason", "")
    try:
        verbs.withdraw(
            services().office, auth.actor(), region, case_id, reason=reason, key=sent_key()
        )
    except Invalid as error:
        flash(error.problems[0].message, "warn")
    else:
        flash("申请已撤回，本件办结，告知书已生成。", "ok")
    return _back(region, case_id)


@blueprint.post("/<region>/<uuid:case_id>/recall")
def recall(region: str, case_id: UUID) -> Response:
    """The work item is taken back."""
    element_id = request.form.get("element_id", "")[:MAX_ID_CHARS]
    reason = request.form.get("recall_reason", "")
    try:
        recalls.recall(
            services().office,
            auth.actor(),
            region,
            case_id,
            element_id=element_id,
            reason=reason,
            key=sent_key(),
        )
    except Invalid as error:
        flash(error.problems[0].message, "warn")
    else:
        flash("已撤回，理由已通知原来的办理人。", "ok")
    return _back(region, case_id)


def _back(region: str, case_id: UUID) -> Response:
    return redirect(url_for("cases.show", region=region, case_id=case_id), 303)
