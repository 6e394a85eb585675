"""画流程 and 编标准: the pages of the two designers and what their scripts ask of the server.

The pages hold the script's settings as JSON (`designer_page`); everything else goes over small
JSON endpoints that answer errors as JSON too (`designer_json`).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    redirect,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from app.kernel.errors import Invalid, NotFound, Stale
from app.studio import drafts as verbs
from app.studio.checking import checked
from app.studio.drafts import Draft, DraftFile
from app.studio.localities import MAX_FILE_BYTES
from app.studio.people import held_roles
from app.studio.skeletons import KINDS, new_file, new_path
from app.studio.statutes import read_statutes
from app.studio.subject import Surroundings
from app.studio.trying import decisions_of, try_decision
from app.web import auth, designer_json, security
from app.web.designer_json import as_json, finding_json, moment, text_of, trial_json
from app.web.designer_page import designer_page, new_file_page
from app.web.services import services

blueprint = Blueprint("designers", __name__, url_prefix="/studio/drafts/<uuid:draft_id>")

_ENDINGS = {kind: ending for kind, (_, ending) in KINDS.items()}
MAX_SHOWN = 200  # findings sent to a page


@blueprint.get("/process/<path:file>")
def process(draft_id: UUID, file: str) -> Response:
    """The diagram designer; `?element=` selects and centres an element."""
    return designer_page("process", *_both(draft_id, "process", file))


@blueprint.get("/table/<path:file>")
def table(draft_id: UUID, file: str) -> Response:
    """The table designer; `?element=` and `?rule=` open the table and mark the row."""
    return designer_page("table", *_both(draft_id, "table", file))


@blueprint.get("/process/<path:file>/content", defaults={"kind": "process"})
@blueprint.get("/table/<path:file>/content", defaults={"kind": "table"})
@as_json
def content(draft_id: UUID, kind: str, file: str) -> Response:
    """The text of the file, its SHA-256, and the token unsafe requests must carry."""
    found = _file(draft_id, kind, file)
    return jsonify(
        content=found.content.decode("utf-8", errors="replace"),
        sha256=found.sha256,
        inherited_from=found.inherited_from,
        token=security.csrf_token(),
    )


@blueprint.post("/process/<path:file>/content", defaults={"kind": "process"})
@blueprint.post("/table/<path:file>/content", defaults={"kind": "table"})
@as_json
def save(draft_id: UUID, kind: str, file: str) -> Response:
    """The file is saved; answers its SHA-256, the revision of the draft and the findings."""
    sent = designer_json.sent()
    _right_kind(kind, file)
    saved = verbs.write_file(
        services().database,
        auth.actor(),
        draft_id,
        file,
        text_of(sent, "content").encode("utf-8"),
        expected_sha256=text_of(sent, "expected_sha256"),
        key=None,
    )
    answer: dict[str, Any] = {"sha256": saved.sha256, "revision": saved.revision}
    return jsonify(answer | _report(draft_id, file))


@blueprint.get("/process/<path:file>/findings", defaults={"kind": "process"})
@blueprint.get("/table/<path:file>/findings", defaults={"kind": "table"})
@as_json
def findings(draft_id: UUID, kind: str, file: str) -> Response:
    """What the checks say about the file as it is saved."""
    _right_kind(kind, file)
    return jsonify(_report(draft_id, file))


@blueprint.get("/table/<path:file>/questions")
@as_json
def questions(draft_id: UUID, file: str) -> Response:
    """The decisions of the saved file and the inputs each needs."""
    draft, found = _both(draft_id, "table", file)
    asked = decisions_of(found.content, found.path, draft.package.files)
    return jsonify(decisions=[asdict(one) for one in asked])


@blueprint.post("/table/<path:file>/try")
@as_json
def attempt(draft_id: UUID, file: str) -> Response:
    """A decision of the file, or of the text sent along, asked once; nothing is stored."""
    sent = designer_json.sent()
    draft, found = _both(draft_id, "table", file)
    given = sent.get("inputs", {})
    if not isinstance(given, dict) or not all(isinstance(one, str) for one in given.values()):
        raise Invalid("输入须逐项写成文字。")
    raw = text_of(sent, "content").encode("utf-8") if "content" in sent else found.content
    if len(raw) > MAX_FILE_BYTES:
        raise Invalid(f"文件超过 {MAX_FILE_BYTES // 1000} KB。")
    trial = try_decision(
        raw,
        found.path,
        draft.package.files,
        decision=text_of(sent, "decision"),
        given=given,
        now=moment(text_of(sent, "on") if "on" in sent else "", services().now()),
    )
    return jsonify(trial_json(trial))


@blueprint.post("/process/<path:file>/copy", defaults={"kind": "process"})
@blueprint.post("/table/<path:file>/copy", defaults={"kind": "table"})
def copy(draft_id: UUID, kind: str, file: str) -> AnyResponse:
    """The inherited file is a file of the draft's own, word for word."""
    found = _file(draft_id, kind, file)
    if found.inherited_from:
        verbs.write_file(
            services().database,
            auth.actor(),
            draft_id,
            found.path,
            found.content,
            expected_sha256=found.sha256,
            key=None,
        )
        flash("已复制为本地文件，现在可以修改。", "ok")
    return redirect(url_for(f"designers.{kind}", draft_id=draft_id, file=found.path), 303)


@blueprint.get("/new/<any(process, table):kind>")
def ask_new(draft_id: UUID, kind: str) -> str:
    """The form for a new file."""
    return new_file_page(_draft(draft_id), kind)


@blueprint.post("/new/<any(process, table):kind>")
def create(draft_id: UUID, kind: str) -> AnyResponse | tuple[str, int]:
    """The new file is part of the draft and opens in its designer."""
    key, label = request.form.get("key", "").strip(), request.form.get("label", "").strip()
    draft = _draft(draft_id)
    try:
        path = new_path(kind, draft.locality, key)
        raw = new_file(kind, draft.locality, key, label)
        verbs.write_file(
            services().database, auth.actor(), draft_id, path, raw, expected_sha256="", key=None
        )
    except Invalid as error:
        problems = [{"href": f"#{one.key}", "message": one.message} for one in error.problems]
        return new_file_page(draft, kind, key=key, label=label, problems=problems), 422
    except Stale:
        problems = [{"href": "#key", "message": f"已经有编号为“{key}”的文件，请换一个编号。"}]
        return new_file_page(draft, kind, key=key, label=label, problems=problems), 422
    return redirect(url_for(f"designers.{kind}", draft_id=draft_id, file=path), 303)


def _draft(draft_id: UUID) -> Draft:
    return verbs.load(services().database, auth.actor(), draft_id)


def _file(draft_id: UUID, kind: str, file: str) -> DraftFile:
    _right_kind(kind, file)
    found = verbs.read_file(services().database, auth.actor(), draft_id, file)
    if not found.sha256:
        raise NotFound("no_file", f"草稿里没有文件 {file}。")
    return found


def _both(draft_id: UUID, kind: str, file: str) -> tuple[Draft, DraftFile]:
    return _draft(draft_id), _file(draft_id, kind, file)


def _right_kind(kind: str, file: str) -> None:
    if not file.endswith(_ENDINGS[kind]):
        raise NotFound("wrong_kind", f"{file} 不能在这里打开。")


def _report(draft_id: UUID, file: str) -> dict[str, Any]:
    """The findings of the file, and how many errors the rest of the draft has."""
    draft = _draft(draft_id)
    around = Surroundings(now=services().now(), held_roles=held_roles(services().database))
    report = checked(draft.package, around, draft.base)
    statutes = read_statutes(draft.package.statutes)
    clauses = {name: clause.cited for name, clause in statutes.clauses.items()}
    here = [note for note in report.notes if note.finding.place.file == file]
    elsewhere = [
        note
        for note in report.notes
        if note.finding.place.file != file and note.finding.severity == "error"
    ]
    return {
        "findings": [
            finding_json(note.finding, clauses) | {"check": note.check, "key": note.key}
            for note in here[:MAX_SHOWN]
        ],
        "elsewhere": len(elsewhere),
    }
