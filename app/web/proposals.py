"""上级新规定: rules not in force held against what the tables of each locality answer now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from app.kernel.errors import Forbidden, ModelError
from app.studio.checking import surroundings
from app.studio.proposals import Line, Proposal, compare, proposals, read_proposal
from app.studio.publications import standings
from app.studio.publish import in_force
from app.studio.subject import Subject
from app.web import auth
from app.web.services import services

blueprint = Blueprint("proposals", __name__, url_prefix="/studio/proposals")

Answer = Response | str | tuple[str, int]

STANDING_WORDS = {
    "conflict": ("有出入", "refused"),
    "agrees": ("相合", "done"),
    "by_hand": ("人工核对", "soon"),
    "not_asked": ("本地没有这张表", "ahead"),
}
_ORDER = list(STANDING_WORDS)


@dataclass(frozen=True, slots=True)
class Held:
    """One proposal held against one locality."""

    locality: str  # name
    lines: Sequence[Line]

    @property
    def conflicts(self) -> int:
        """How many points do not agree."""
        return sum(line.standing == "conflict" for line in self.lines)


@blueprint.get("/")
def overview() -> str:
    """The proposals on file against the localities of this person."""
    _require_staff()
    return _render(proposals(services().models_dir))


@blueprint.post("/")
def load() -> Answer:
    """A proposal somebody brings, compared at once and kept nowhere."""
    _require_staff()
    sent = request.files.get("file")
    raw = sent.stream.read() if sent and sent.filename else b""
    if not raw:
        return _render([], problem="请选择一个文件。"), 422
    try:
        found = read_proposal(raw, "上传的规定")
    except ModelError as error:
        return _render([], problem=error.message), 422
    return _render([found], brought=True)


def _render(found: Sequence[Proposal], *, problem: str = "", brought: bool = False) -> str:
    subjects = _subjects()
    held = [
        (
            proposal,
            [
                Held(
                    name,
                    sorted(compare(proposal, one), key=lambda line: _ORDER.index(line.standing)),
                )
                for name, one in subjects
            ],
        )
        for proposal in found
    ]
    return render_template(
        "proposals.html",
        held=held,
        problem=problem,
        brought=brought,
        words=STANDING_WORDS,
        total=sum(one.conflicts for _, ones in held for one in ones),
    )


def _subjects() -> list[tuple[str, Subject]]:
    here = services()
    around = surroundings(here.database, here.now())
    found = []
    for one in standings(here.database, auth.actor()):
        package = in_force(here.database, one.locality)
        if package is not None:
            found.append((one.name, Subject(package, around)))
    return found


def _require_staff() -> None:
    actor = auth.actor()
    if not (actor.holds("policy_editor") or actor.holds("publisher")):
        raise Forbidden("not_policy_staff", "政策工作室由政策管理员和发布审批人使用。")
