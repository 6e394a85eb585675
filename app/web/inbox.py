"""待办: what waits for the person, overdue first, then by remaining time."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import messages
from app.cases.views import inbox as views
from app.cases.views.inbox import Inbox
from app.cases.views.lines import ItemLine
from app.cases.views.meetings import my_open_meetings
from app.kernel.clock import legal_day
from app.web import auth
from app.web.lines import ItemRow, item_row, item_rows
from app.web.sent import key_input
from app.web.services import services

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")

MAX_FILTER_CHARS = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; "" = everything."""

    step: str
    township: str
    pressing: bool

    def fits(self, line: ItemLine) -> bool:
        """True when the line is asked for."""
        return (
            self.step in ("", line.name)
            and self.township in ("", line.township)
            and (not self.pressing or line.late or line.near or _due_today(line))
        )

    def __bool__(self) -> bool:
        return bool(self.step or self.township or self.pressing)


@blueprint.get("/")
def mine() -> str:
    """The person's and the group's work items."""
    here = services()
    found = views.inbox(here.office, auth.actor())
    meetings = my_open_meetings(here.office, auth.actor())
    filters = _filters()
    everything = (*found.mine, *found.stead, *found.group)
    return render_template(
        "inbox.html",
        heading=_heading(found, len(meetings)),
        earliest=item_row(found.earliest) if found.earliest else None,
        mine=_rows(found.mine, filters),
        stead=_rows(found.stead, filters),
        group=_rows(found.group, filters),
        notes=found.notes,
        meetings=meetings,
        filters=filters,
        steps=sorted({line.name for line in everything}),
        townships=sorted({line.township for line in everything}),
        total=len(everything),
        key_input=key_input,
    )


@blueprint.post("/notes/<region>/<uuid:note_id>/read")
def read_note(region: str, note_id: UUID) -> Response:
    """The note is read and shown no longer."""
    messages.mark_read(services().office, auth.actor(), region, note_id)
    return redirect(url_for(".mine", _anchor="notes"), 303)


def _rows(lines: tuple[ItemLine, ...], filters: Filters) -> list[ItemRow]:
    return item_rows(line for line in lines if filters.fits(line))


def _filters() -> Filters:
    def asked(name: str) -> str:
        return request.args.get(name, "")[:MAX_FILTER_CHARS]

    return Filters(asked("step"), asked("township"), asked("pressing") == "1")


def _heading(found: Inbox, meetings: int) -> str:
    """The answer to the page's one question, in words and numbers."""
    parts = []
    if found.late:
        parts.append(f"{found.late} 件已超期")
    if found.due_today:
        parts.append(f"{found.due_today} 件今天到期")
    if meetings:
        parts.append(f"{meetings} 个会议等您表决")
    if parts:
        return "，".join(parts)
    waiting = len(found.mine) + len(found.stead) + len(found.group)
    if waiting:
        return f"今天没有到期的，待办共 {waiting} 件"
    return "没有待办"


def _due_today(line: ItemLine) -> bool:
    return line.due_at is not None and legal_day(line.due_at) <= legal_day(services().now())
