"""看板: the leaders' page."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.cases import dashboard as verbs
from app.web import auth
from app.web.services import services

blueprint = Blueprint("dashboard", __name__, url_prefix="/dashboard")

WARM, HOT = 1, 5  # work items waiting at a step from which its cell is shown fuller
SHADES = ("", "few", "many")


@blueprint.get("/")
def overview() -> str:
    """The territory as it stands now."""
    page = verbs.dashboard(services().office, auth.actor())
    return render_template("dashboard.html", page=page, shade=shade)


def shade(count: int) -> str:
    """How full a cell of the table of steps is shown; the number stands in it all the same."""
    return SHADES[(count >= WARM) + (count >= HOT)]
