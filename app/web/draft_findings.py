"""One finding of a draft on its own page: what, the clause, what to do, the way on the picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template
from markupsafe import Markup

from app.kernel.errors import NotFound
from app.process.model import ProcessDefinition
from app.studio import drafts as verbs
from app.studio.checking import surroundings
from app.studio.explanation import Explanation, explain, marks
from app.web import auth
from app.web.diagram import Mark, Progress, draw
from app.web.diagram_reader import UndrawableError, picture_of
from app.web.findings import SEVERITY_WORDS, line
from app.web.services import services
from app.web.studio import finding_link

blueprint = Blueprint("draft_findings", __name__, url_prefix="/studio/drafts")

_SAME, _ON_THE_WAY, _FAULT = Mark(Progress.SAME), Mark(Progress.DONE), Mark(Progress.INCIDENT)


@dataclass(frozen=True, slots=True)
class MarkedPicture:
    """A process with the way to the fault drawn on it."""

    name: str
    svg: Markup | None  # None when the file holds no drawing


@blueprint.get("/<uuid:draft_id>/findings/<key>")
def finding(draft_id: UUID, key: str) -> str:
    """One finding told in full."""
    office = services()
    draft = verbs.load(office.database, auth.actor(), draft_id)
    around = surroundings(office.database, office.now())
    report = verbs.check_draft(office.database, auth.actor(), draft_id, around)
    note = next((one for one in report.notes if one.key == key), None)
    if note is None:
        text = "这处检查结果已经没有了：草稿改过以后，请回到草稿看新的结果。"
        raise NotFound("no_such_finding", text)
    told = explain(draft.package, note)
    return render_template(
        "draft_finding.html",
        draft=draft,
        told=told,
        shown=line(note, finding_link(draft)),
        severity=SEVERITY_WORDS[note.finding.severity],
        steps=[one for one in told.way if not one.is_flow and one.label],
        pictures=_pictures(told),
    )


def _pictures(told: Explanation) -> list[MarkedPicture]:
    return [_picture(process, told, number) for number, process in enumerate(told.processes)]


def _picture(process: ProcessDefinition, told: Explanation, number: int) -> MarkedPicture:
    """The process with the way in the colour of what was done and the fault in that of a stop."""
    name = process.name or process.id
    ids: Iterable[str] = marks(told.note.finding).get(process.file, ())
    shown = {one: _ON_THE_WAY for one in ids if one in process.elements}
    if told.note.finding.place.file == process.file:
        shown[told.note.finding.place.element_id] = _FAULT
    passed = frozenset(one for one in ids if one in process.flows)
    try:
        picture = picture_of(process)
    except UndrawableError:
        return MarkedPicture(name, None)
    title = f"“{name}”：绿色是走过的路，红色是问题所在"
    svg = draw(picture, shown, passed=passed, title=title, uid=f"way{number}", rest=_SAME)
    return MarkedPicture(name, svg)
