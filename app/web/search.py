"""Finding a case by its number, a name or the last four of an identity number."""

from __future__ import annotations

from flask import Blueprint, render_template, request

blueprint = Blueprint("search", __name__, url_prefix="/search")

MAX_QUERY_CHARS = 64


@blueprint.get("/")
def find() -> str:
    """The cases that fit."""
    query = request.args.get("q", "").strip()[:MAX_QUERY_CHARS]
    return render_template("search.html", query=query, found=[])
