"""Opening a photograph or paper of a case; a POST, for opening is put on record."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response

from app.cases import papers as verbs
from app.web import auth
from app.web.services import services

blueprint = Blueprint("papers", __name__, url_prefix="/papers")

SHOWN_IN_BROWSER = ("image/jpeg", "image/png")
# A shown picture may load nothing and run nothing, whatever it claims to be.
PICTURE_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@blueprint.post("/<region>/<uuid:paper_id>")
def open_paper(region: str, paper_id: UUID) -> Response:
    """The paper itself: pictures are shown, everything else is saved."""
    paper = verbs.open_paper(services().office, auth.actor(), region, paper_id)
    shown = paper.media_type in SHOWN_IN_BROWSER
    kind = paper.media_type if shown else "application/octet-stream"
    name = quote(paper.name, safe="")
    answer = Response(paper.content, content_type=kind)
    way = "inline" if shown else "attachment"
    answer.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{name}"
    answer.headers["Content-Security-Policy"] = PICTURE_POLICY
    return answer
