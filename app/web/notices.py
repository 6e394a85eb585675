"""What was given is shown to the public, masked; the one place that needs no signing in."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("/")
def board() -> str:
    """The notices that hang now."""
    return render_template("notices.html", notices=[])
