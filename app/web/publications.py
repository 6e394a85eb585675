"""What was published: the record of one publication, to be read and printed; the way back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.studio import bases
from app.studio import publications as views
from app.studio.comparison import compare
from app.studio.contents import KIND_LABELS
from app.studio.localities import package_of
from app.web import auth
from app.web.comparisons import STATE_WORDS, shown
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint(
    "publications", __name__, url_prefix="/studio/publications/<uuid:publication_id>"
)

STANDING_WORDS = {
    "in_force": ("现行", "done"),
    "coming": ("将要施行", "soon"),
    "past": ("已被取代", "ahead"),
}


@blueprint.get("/")
def show(publication_id: UUID) -> str:
    """The record of the publication, ready to print."""
    here, actor = services(), auth.actor()
    found = views.publication(here.database, actor, publication_id)
    return render_template(
        "publication.html",
        one=found,
        record=views.record(here.database, actor, publication_id),
        package=views.package(here.database, actor, found.deployment_id),
        standing=STANDING_WORDS[found.standing],
        kind_labels=KIND_LABELS,
        may_edit=actor.holds("policy_editor"),
        may_publish=actor.holds("publisher"),
        key_input=key_input,
    )


@blueprint.get("/changes")
def changes(publication_id: UUID) -> str:
    """The publication against the one it superseded: words, pictures, rows."""
    here, actor = services(), auth.actor()
    found = views.publication(here.database, actor, publication_id)
    after = views.package(here.database, actor, found.deployment_id)
    before = (
        views.package(here.database, actor, found.supersedes)
        if found.supersedes
        else package_of(found.locality, {})
    )
    return render_template(
        "publication_changes.html",
        one=found,
        files=shown(compare(before, after, here.now())),
        state_words=STATE_WORDS,
        kind_labels=KIND_LABELS,
    )


@blueprint.post("/restore")
def restore(publication_id: UUID) -> Response:
    """A draft with this text is there, to be handed in and signed like any other."""
    here = services()
    draft_id = bases.rollback(here.database, auth.actor(), publication_id, key=sent_key() or "")
    flash("已按这个版本的内容建好草稿。送审并由第二人签字以后才会恢复。", "ok")
    return redirect(url_for("approvals.changes", draft_id=draft_id), 303)
