"""监督: complaints, audit issues, inspections and errors; evidence packs; samples."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, render_template

from app.cases.intake import signs
from app.cases.views.evidence import evidence_pack
from app.cases.views.samples import sample_page
from app.cases.views.supervision import supervision
from app.web import auth, case_words, labels
from app.web.services import services

blueprint = Blueprint("supervision", __name__, url_prefix="/supervision")


@blueprint.get("/")
def overview() -> str:
    """What is under supervision, errors after it; the doors by which more is opened."""
    office, actor = services().office, auth.actor()
    return render_template(
        "supervision.html",
        page=supervision(office, actor),
        doors=[sign for sign in signs(office, actor) if not sign.is_relief],
        status_words=case_words.status_words,
        outcome_words=labels.OUTCOME,
        class_words=labels.ERROR_CLASS,
        may_audit=auth.holds("auditor", "county_handler", "county_approver", "city_approver"),
    )


@blueprint.get("/errors/<region>/<uuid:case_id>")
def evidence(region: str, case_id: UUID) -> str:
    """What somebody who was late had before them."""
    pack = evidence_pack(services().office, auth.actor(), region, case_id)
    return render_template("evidence.html", pack=pack)


@blueprint.get("/samples/<region>/<uuid:case_id>")
def sample(region: str, case_id: UUID) -> str:
    """The sample of an inspection, drawn again to compare."""
    page = sample_page(services().office, auth.actor(), region, case_id)
    if page is None:
        abort(404)
    return render_template("sample.html", page=page, region=region, case_id=case_id)
