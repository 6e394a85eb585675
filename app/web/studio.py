"""政策工作室: what waits for this person, what holds where, and one draft worked on.

Everything here works without JavaScript: a file is downloaded, changed with any tool and uploaded
again through the gate. The designers are offered where they are installed.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response

from app.kernel.errors import Invalid
from app.studio import drafts as verbs
from app.studio.checking import surroundings
from app.studio.contents import KIND_LABELS, FileLine, contents, kind_of
from app.studio.drafts import Draft
from app.studio.localities import statute_files
from app.studio.overlay import own_path
from app.studio.publications import PAST, Publication, history, standings
from app.studio.report import Report
from app.web import auth
from app.web.findings import FindingGroup, Link, groups
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("studio", __name__, url_prefix="/studio")

Answer = Response | str | tuple[str, int]

STATE_WORDS = {
    "editing": ("编制中", "calm"),
    "submitted": ("等第二人签字", "soon"),
    "published": ("已发布", "done"),
    "withdrawn": ("已撤下", "ahead"),
}
CHANGE_WORDS = {"added": "新增", "changed": "已改", "removed": "已删去"}
DESIGNERS = {
    "process": ("designers.process", "画流程"),
    "table": ("designers.table", "编标准"),
    "form": ("form_designer.edit", "设表单"),
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file on the draft's page."""

    line: FileLine
    designer: tuple[str, str] | None  # address and words of its designer


@blueprint.get("/")
def home() -> str:
    """The first page of policy staff."""
    return _home()


@blueprint.post("/drafts")
def open_draft() -> Answer:
    """A draft is opened over what is in force."""
    title, locality = request.form.get("title", ""), request.form.get("locality", "")
    try:
        draft_id = verbs.open_draft(
            services().database, auth.actor(), locality, title, key=sent_key() or ""
        )
    except Invalid as error:
        return _home(title=title, problem=error.message), 422
    flash("草稿已建好，从现行版本开始。现行版本不受影响，发布以后才生效。", "ok")
    return redirect(url_for(".draft", draft_id=draft_id), 303)


@blueprint.get("/drafts/<uuid:draft_id>/")
def draft(draft_id: UUID) -> str:
    """The draft: what differs, what the checks say, all its files."""
    here, actor = services(), auth.actor()
    found = verbs.load(here.database, actor, draft_id)
    report = verbs.check_draft(
        here.database, actor, draft_id, surroundings(here.database, here.now())
    )
    return render_draft(found, report)


@blueprint.get("/drafts/<uuid:draft_id>/file/<path:path>")
def download(draft_id: UUID, path: str) -> Response:
    """The file as the draft has it."""
    found = verbs.read_file(services().database, auth.actor(), draft_id, path)
    return send_file(
        io.BytesIO(found.content),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=found.path.rpartition("/")[2],
    )


@blueprint.post("/drafts/<uuid:draft_id>/revert/<path:path>")
def revert(draft_id: UUID, path: str) -> Response:
    """The file is again as it was when the draft began."""
    verbs.revert_file(services().database, auth.actor(), draft_id, path, key=sent_key())
    flash(f"{path.rpartition('/')[2]} 已恢复成起草时的样子。", "ok")
    return redirect(url_for(".draft", draft_id=draft_id), 303)


@blueprint.post("/drafts/<uuid:draft_id>/remove/<path:path>")
def remove(draft_id: UUID, path: str) -> Response:
    """The file will not be part of what is published."""
    verbs.remove_file(services().database, auth.actor(), draft_id, path, key=sent_key())
    flash(f"{path.rpartition('/')[2]} 已从草稿中删去，发布以前都可以恢复。", "ok")
    return redirect(url_for(".draft", draft_id=draft_id), 303)


def render_draft(found: Draft, report: Report, **more: object) -> str:
    """The page of a draft, with what another thread has to say on it."""
    lines = contents(found.package, found.changed)
    kinds: dict[str, list[FileRow]] = {}
    for line in lines:
        kinds.setdefault(line.kind, []).append(FileRow(line, _designer(found, line)))
    actor = auth.actor()
    may_publish = found.state == "submitted" and actor.user_id not in found.hands
    return render_template(
        "draft.html",
        draft=found,
        state=STATE_WORDS[found.state],
        report=report,
        findings=finding_groups(found, report),
        kinds=kinds,
        kind_labels=KIND_LABELS,
        change_words=CHANGE_WORDS,
        changed=[row for rows in kinds.values() for row in rows if row.line.change],
        may_sign=may_publish and actor.holds("publisher"),
        may_edit=actor.holds("policy_editor"),
        outdated=_outdated(found),
        new_clauses=_new_clauses(found),
        own_path=own_path,
        key_input=key_input,
        installed=current_app.view_functions,
        **more,
    )


def finding_groups(found: Draft, report: Report) -> list[FindingGroup]:
    """The findings by severity, each linking to its element's designer."""
    return groups(
        report,
        finding_link(found),
        lambda key: url_for("draft_findings.finding", draft_id=found.id, key=key),
    )


def finding_link(found: Draft) -> Link:
    """Where a finding of the draft leads: into the designer of its file."""
    return lambda path, **place: _designer_url(found, path, **place)


def _outdated(found: Draft) -> Publication | None:
    """A publication the draft does not stand on: what holds now, or what is to come after it."""
    if found.state not in ("editing", "submitted"):
        return None
    lines = history(services().database, auth.actor(), found.locality)
    standing = [one for one in lines if one.standing != PAST]  # those to come first
    if any(one.deployment_id == found.base_id for one in standing):
        standing = [one for one in standing[:1] if one.deployment_id != found.base_id]
    return standing[0] if standing else None


def _new_clauses(found: Draft) -> int:
    """How many files of clauses the installation has otherwise than the draft."""
    on_file = statute_files(services().models_dir)
    present = found.package.statutes
    return sum(on_file.get(path) != present.get(path) for path in {*on_file, *present})


def _designer(found: Draft, line: FileLine) -> tuple[str, str] | None:
    url = _designer_url(found, line.path)
    return (url, DESIGNERS[line.kind][1]) if url and line.change != "removed" else None


def _designer_url(found: Draft, path: str, **place: str | int) -> str:
    """The address of a file's designer, "" when it has none here."""
    kind = kind_of(path) if path in found.package.files else ""
    endpoint = DESIGNERS.get(kind, ("", ""))[0]
    if endpoint not in current_app.view_functions:
        return ""
    wanted = {"process": ("element",), "table": ("rule", "element"), "form": ("field",)}[kind]
    if kind == "form" and "element" in place:
        place["field"] = place.pop("element")
    kept: dict[str, Any] = {n: value for n, value in place.items() if n in wanted and value}
    return url_for(endpoint, draft_id=found.id, file=path, **kept)


def _home(*, title: str = "", problem: str = "") -> str:
    here, actor = services(), auth.actor()
    cards = verbs.drafts(here.database, actor)
    found = standings(here.database, actor)
    return render_template(
        "studio.html",
        waiting=[card for card in cards if card.awaits_me],
        mine=[card for card in cards if card.mine],
        others=[card for card in cards if not card.mine and not card.awaits_me],
        standings=found,
        names={one.locality: one.name for one in found},
        state_words=STATE_WORDS,
        title=title,
        problem=problem,
        key_input=key_input,
        installed=current_app.view_functions,
    )
