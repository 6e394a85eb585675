"""The two pages of the designers as HTML: settings for the script, and what to say without it.

Only these pages loosen the content policy, and only for styles: the editors write style elements
of their own.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

from flask import Response, current_app, render_template, request, url_for

from app.studio.drafts import Draft, DraftFile
from app.studio.people import EDITOR
from app.studio.toolbox import table_box, toolbox
from app.web import auth, security
from app.web.services import services

LOOSE_POLICY = security.CONTENT_POLICY.replace(
    "style-src 'self'", "style-src 'self' 'unsafe-inline'"
)
TITLES = {"process": "画流程", "table": "编标准"}


def new_file_page(
    draft: Draft,
    kind: str,
    *,
    key: str = "",
    label: str = "",
    problems: list[dict[str, str]] | None = None,
) -> str:
    """The form for a new file, with what was typed and what is wrong with it."""
    return render_template(
        "designer_new.html",
        draft=draft,
        kind=kind,
        key=key,
        label=label,
        problems=problems or [],
        back=_back(draft.id),
    )


def designer_page(kind: str, draft: Draft, found: DraftFile) -> Response:
    """The designer of one file; only to be looked at where the person or the draft may not."""
    editable = draft.is_open and auth.posts() and _edits() and not found.inherited_from
    settings = {
        "kind": kind,
        "file": found.path,
        "draft": str(draft.id),
        "readonly": not editable,
        "element": request.args.get("element", ""),
        "rule": request.args.get("rule", ""),
        "urls": _urls(kind, draft.id, found.path),
        "token": security.csrf_token(),
    }
    now = services().now()
    settings["offers"] = (
        toolbox(draft.package, now) if kind == "process" else table_box(draft.package, now)
    )
    page = render_template(
        "designer.html",
        draft=draft,
        file=found,
        kind=kind,
        name=PurePosixPath(found.path).name,
        title=TITLES[kind],
        settings=settings,
        bundle=_bundle(kind),
        back=_back(draft.id),
        may_copy=draft.is_open and bool(found.inherited_from) and _edits(),
        inherited_name=_locality_name(draft, found.inherited_from),
    )
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = LOOSE_POLICY
    return response


def _urls(kind: str, draft_id: UUID, file: str) -> dict[str, str]:
    at: dict[str, Any] = {"draft_id": draft_id, "file": file}
    urls = {
        "content": url_for("designers.content", kind=kind, **at),
        "findings": url_for("designers.findings", kind=kind, **at),
        "sign_in": url_for("auth.ask", next=request.full_path.rstrip("?")),
        "process": url_for("designers.process", draft_id=draft_id, file=""),
        "table": url_for("designers.table", draft_id=draft_id, file=""),
        "draft": _back(draft_id),
    }
    if kind == "table":
        urls |= {
            "try": url_for("designers.attempt", **at),
            "questions": url_for("designers.questions", **at),
        }
    return urls


def _bundle(kind: str) -> bool:
    """True when the script of the designer was built."""
    folder = current_app.static_folder or ""
    return all(_exists(folder, f"dist/{kind}.{ending}") for ending in ("js", "css"))


def _exists(folder: str, name: str) -> bool:
    return (Path(folder) / name).is_file()


def _back(draft_id: UUID) -> str:
    if "studio.draft" in current_app.view_functions:
        return url_for("studio.draft", draft_id=draft_id)
    return url_for("places.home")


def _edits() -> bool:
    person = auth.visitor()
    return person is not None and person.holds(EDITOR)


def _locality_name(draft: Draft, code: str) -> str:
    return next((one.name for one in draft.package.chain if one.code == code), code)
