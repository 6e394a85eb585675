"""地区: what holds in one, where it comes from, two beside each other, one founded, all as files.

What is in force is public policy: policy staff of one locality may read that of another.
"""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from app.kernel.clock import legal_day
from app.kernel.errors import Forbidden, Invalid, NotFound, Refused
from app.studio import founding, inheritance, publications
from app.studio.checking import surroundings
from app.studio.citations import cited_clauses
from app.studio.comparison import compare
from app.studio.contents import KIND_LABELS
from app.studio.localities import Package, package_of
from app.studio.overlay import own_path
from app.studio.parcels import pack
from app.studio.publish import in_force
from app.studio.subject import Subject
from app.web import auth, errors
from app.web.comparisons import STATE_WORDS, shown
from app.web.publications import STANDING_WORDS
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("localities", __name__, url_prefix="/studio/localities")

Answer = Response | str | tuple[str, int]

CLAUSE_WORDS = {
    "ended": ("已失效", "refused"),
    "ending": ("半年内失效", "soon"),
    "not_yet": ("还没有施行", "ahead"),
    "in_force": ("现行有效", "done"),
}


@blueprint.get("/<locality>/")
def show(locality: str) -> str:
    """What holds in the locality and what held before: its change log."""
    here, actor = services(), auth.actor()
    lines = publications.history(here.database, actor, locality)
    return render_template(
        "locality.html",
        locality=locality,
        package=_in_force(locality),
        lines=lines,
        standing_words=STANDING_WORDS,
        others=[one for one in publications.published(here.database) if one[0] != locality],
        may_edit=actor.holds("policy_editor"),
        may_publish=actor.holds("publisher"),
    )


@blueprint.get("/<locality>/sources")
def sources(locality: str) -> str:
    """Where each file and each value comes from."""
    package = _in_force(locality)
    return render_template(
        "locality_sources.html",
        locality=locality,
        package=package,
        sources=inheritance.sources(package),
        values=inheritance.values(package),
        kind_labels=KIND_LABELS,
    )


@blueprint.get("/<locality>/clauses")
def clauses(locality: str) -> str:
    """Every clause with what rests on it, those that ended or will end first."""
    here = services()
    package = _in_force(locality)
    subject = Subject(package, surroundings(here.database, here.now()))
    found = cited_clauses(subject, legal_day(here.now()))
    return render_template(
        "locality_clauses.html",
        locality=locality,
        package=package,
        clauses=found,
        ended=[one for one in found if one.standing in ("ended", "ending") and one.cites],
        clause_words=CLAUSE_WORDS,
    )


@blueprint.get("/<locality>/against/<other>")
def against(locality: str, other: str) -> str:
    """Two localities beside each other, in business words."""
    left, right = _in_force(locality), _in_force(other)
    moved = {own_path(left.locality, path): raw for path, raw in right.stored.items()}
    renamed = package_of(left.locality, moved)
    files = shown(compare(left, renamed, services().now()))
    return render_template(
        "locality_against.html",
        left=left,
        right=right,
        files=[one for one in files if one.change.kind != "locality"],
        state_words={
            "added": (f"只有{right.name}有", "calm"),
            "removed": (f"只有{left.name}有", "calm"),
            "changed": STATE_WORDS["changed"],
        },
        kind_labels=KIND_LABELS,
    )


@blueprint.get("/<locality>/export")
def export(locality: str) -> Response:
    """The package in force as one file, the same bytes each time."""
    package = _in_force(locality)
    return send_file(
        io.BytesIO(pack(package.stored)),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{locality}.zip",
    )


@blueprint.get("/new")
def ask() -> str:
    """What a new locality is asked for."""
    return _wizard()


@blueprint.post("/new")
def found() -> Answer:
    """The draft of the new locality is there."""
    form = request.form
    wanted = founding.Founding(
        *(form.get(name, "").strip() for name in ("code", "name", "region", "parent"))
    )
    try:
        draft_id = founding.found(services().database, auth.actor(), wanted, key=sent_key() or "")
    except Invalid as error:
        return _wizard({one.key: one.message for one in error.problems}), 422
    except Refused as error:
        return _wizard({"code": error.message}), errors.status_of(error)
    flash("新地区的草稿已建好，现在全部沿用上级。改好本地的表以后送审，由第二人签字发布。", "ok")
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


def _wizard(problems: dict[str, str] | None = None) -> str:
    here = services()
    found = publications.standings(here.database, auth.actor())
    return render_template(
        "locality_new.html",
        parents=[one for one in found if one.may_edit and one.current],
        problems=problems or {},
        typed=request.form,
        key_input=key_input,
    )


def _in_force(locality: str) -> Package:
    """What holds in the locality; raises Forbidden for others than policy staff, NotFound."""
    actor = auth.actor()
    if not (actor.holds("policy_editor") or actor.holds("publisher")):
        raise Forbidden("not_policy_staff", "政策工作室由政策管理员和发布审批人使用。")
    found = in_force(services().database, locality)
    if found is None:
        raise NotFound("unknown_locality", f"没有地区“{locality}”，或者它还没有发布过。")
    return found
