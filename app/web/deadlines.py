"""期限台账: every limit that was not kept, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template

from app.cases.views.lists import LateLine, late_list
from app.kernel.workdays import Unit
from app.web import auth, wording
from app.web.lines import LimitRow, limit_row
from app.web.services import services

blueprint = Blueprint("deadlines", __name__, url_prefix="/deadlines")


@dataclass(frozen=True, slots=True)
class LateRow:
    """One limit that was not kept, in words."""

    late: LateLine
    limit: LimitRow
    by: str  # "超期 2 个工作日"
    open: bool  # not met to this day


@blueprint.get("/")
def ledger() -> str:
    """The late list of the person's territory."""
    rows = [_row(line) for line in late_list(services().office, auth.actor())]
    return render_template(
        "deadlines.html",
        running=[row for row in rows if row.open],
        ended=[row for row in rows if not row.open],
    )


def _row(late: LateLine) -> LateRow:
    is_open = late.limit.stopped_at is None and late.limit.cancelled_at is None
    return LateRow(late, limit_row(late.limit), _by(late), is_open)


def _by(late: LateLine) -> str:
    if late.limit.unit == Unit.HOURS:
        return f"超期 {wording.span(timedelta(seconds=late.late_seconds))}"
    if late.late_workdays:
        return f"超期 {late.late_workdays} 个工作日"
    return "超期不足 1 个工作日"
