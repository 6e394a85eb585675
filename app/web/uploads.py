"""上传: files drawn elsewhere pass the gate into a draft, or everything wrong is said at once."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.kernel.errors import Refused, Stale
from app.studio import drafts
from app.studio.checking import surroundings
from app.studio.drafts import Draft
from app.studio.gate import Inspection, Upload, inspect
from app.studio.overlay import seen
from app.studio.report import Noted
from app.web import auth, errors
from app.web.findings import grouped
from app.web.sent import key_input, sent_key
from app.web.services import services
from app.web.studio import finding_link

blueprint = Blueprint("uploads", __name__, url_prefix="/studio/drafts/<uuid:draft_id>/upload")

Answer = Response | str | tuple[str, int]


@blueprint.get("/")
def ask(draft_id: UUID) -> str:
    """Where files are chosen."""
    found = drafts.load(services().database, auth.actor(), draft_id)
    return _render(found, None, target=request.args.get("target", ""))


@blueprint.post("/")
def upload(draft_id: UUID) -> Answer:
    """The files are in the draft, all or none."""
    here, actor = services(), auth.actor()
    found = drafts.load(here.database, actor, draft_id)
    drafts.require_open(found)
    target = request.form.get("target", "")
    sent = [
        Upload(file.filename or "", file.stream.read())
        for file in request.files.getlist("files")
        if file.filename
    ]
    around = surroundings(here.database, here.now())
    try:
        inspected = inspect(found.package, sent, around, target=target)
    except Refused as error:
        return _render(found, None, target=target, refused=error), errors.status_of(error)
    if not inspected.passes:
        return _render(found, inspected, target=target), 422
    try:
        _store(found, inspected)
    except (Refused, Stale) as error:
        return _render(found, inspected, target=target, refused=error), errors.status_of(error)
    names = "、".join(path.rpartition("/")[2] for path in list(inspected.files)[:10])
    same = f"另有 {inspected.unchanged} 个与草稿相同。" if inspected.unchanged else ""
    flash(f"已存入草稿 {len(inspected.files)} 个文件：{names}。{same}", "ok")
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


def _store(found: Draft, inspected: Inspection) -> None:
    """The files are written over what the gate saw beside them."""
    drafts.write_files(
        *(services().database, auth.actor(), found.id, inspected.files),
        expected=seen(found.package.stored, inspected.files),
        key=sent_key(),
    )


def _render(
    found: Draft,
    inspected: Inspection | None,
    *,
    target: str,
    refused: Refused | Stale | None = None,
) -> str:
    notes = (
        [Noted("gate", one) for one in (*inspected.blocking, *inspected.telling)]
        if inspected
        else []
    )
    return render_template(
        "draft_upload.html",
        draft=found,
        findings=grouped(notes, finding_link(found)),
        inspected=inspected,
        target=target,
        refused=refused,
        key_input=key_input,
    )
