"""Finding a case by its number, its cause or a masked name."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.cases.views.households import named as households_named
from app.cases.views.lists import case_list
from app.web import auth, case_words
from app.web.services import services

blueprint = Blueprint("search", __name__, url_prefix="/search")

MAX_QUERY_CHARS = 64
MAX_FOUND = 50


@blueprint.get("/")
def find() -> str:
    """The cases that fit."""
    query = request.args.get("q", "").strip()[:MAX_QUERY_CHARS]
    found = case_list(services().office, auth.actor(), text=query) if query else ()
    homes = households_named(services().office, auth.actor(), query)
    return render_template(
        "search.html",
        query=query,
        lines=found[:MAX_FOUND],
        total=len(found),
        homes=homes,
        status_words=case_words.status_words,
    )
