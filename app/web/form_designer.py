"""设表单: the questions of a form in order, one of them open, and the real form beside them.

Server-rendered: every change is a button, so that a keyboard is enough and no script is needed.
Each change is saved to the draft at once; what another person saved meanwhile is never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.decision.result import Finding
from app.form import check_form, load_form
from app.kernel.clock import local
from app.kernel.errors import AppError, FieldProblem, Invalid, ModelError, NotFound, Stale
from app.kernel.roles import ROLES
from app.studio import drafts, form_edits, form_settings
from app.studio.drafts import Draft, DraftFile
from app.studio.form_edits import Document
from app.studio.form_settings import Setting, When
from app.studio.statutes import read_statutes
from app.studio.subject import Subject, Surroundings
from app.web import auth, errors, security
from app.web.form_fields import Button, form_view, render_form
from app.web.sent import sent_key
from app.web.services import services

blueprint = Blueprint("form_designer", __name__, url_prefix="/studio/drafts/<uuid:draft_id>/form")

Answer = AnyResponse | str | tuple[str, int]

MAX_TYPED_CHARS = 20_000
PREVIEW_POLICY = security.CONTENT_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


@dataclass(frozen=True, slots=True)
class Typed:
    """One setting with what is in it, as printed."""

    setting: Setting
    id: str
    value: str
    problem: str


@dataclass(frozen=True, slots=True)
class Use:
    """A task that asks this form."""

    process: str
    task: str
    role: str


@blueprint.get("/<path:file>/")
def edit(draft_id: UUID, file: str) -> str:
    """The form; `?at=` or `?field=` opens a question."""
    return _page(draft_id, file, request.args.get("at", ""))


@blueprint.post("/<path:file>/")
def change(draft_id: UUID, file: str) -> Answer:
    """One change, saved; or the page again with what was typed and why not."""
    at = request.form.get("at", "")[:50]
    try:
        at = _changed(draft_id, file, at)
    except Invalid as error:
        typed = {key: text[:MAX_TYPED_CHARS] for key, text in request.form.items()}
        return _page(draft_id, file, at, typed=typed, error=error), errors.status_of(error)
    except Stale as error:
        typed = {key: text[:MAX_TYPED_CHARS] for key, text in request.form.items()}
        return _page(draft_id, file, at, typed=typed, error=error), 409
    return redirect(url_for(".edit", draft_id=draft_id, file=file, at=at, _anchor="open"), 303)


@blueprint.get("/<path:file>/preview")
def preview(draft_id: UUID, file: str) -> Response:
    """The form as people will see it, for the frame beside the designer."""
    found = _file(draft_id, file)
    try:
        form, problem = load_form(found.content, file=found.path), ""
    except ModelError as error:
        form, problem = None, error.message
    shown = Markup("")
    if form is not None:
        now = local(services().now())
        view = form_view(form, form.fill(form.initial({}, now)), (), {}, now=now)
        buttons = [Button("办结", style="quiet", note="预览，不会提交")]
        shown = render_form(
            current_app.jinja_env, view, action="", csrf_field=Markup(""), buttons=buttons
        )
    response = make_response(
        render_template("form_preview.html", form=shown, problem=problem, title=found.path)
    )
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@blueprint.post("/<path:file>/preview")
def asked_again(draft_id: UUID, file: str) -> Response:
    """The preview's own buttons change nothing."""
    return preview(draft_id, file)


def _changed(draft_id: UUID, file: str, at: str) -> str:
    """The deed asked for is saved; answers the place to open next."""
    found = _file(draft_id, file)
    if request.form.get("sha256", "") != found.sha256:
        raise Stale("stale_file", "这张表单刚刚被别人改过。请看新的内容，再改一次。")
    document = form_edits.parse(found.content)
    deed, _, where = request.form.get("deed", "").partition(":")
    at = where or at
    if deed == "add":
        inside = request.form.get("inside") == "1"
        document, at = form_edits.add(document, request.form.get("kind", ""), at, inside=inside)
    elif deed in ("up", "down"):
        document, at = form_edits.move(document, at, -1 if deed == "up" else 1)
    elif deed == "remove":
        document, at = form_edits.remove(document, at), ""
    elif deed == "name":
        document = {**document, "name": _name(request.form.get("form_name", ""))}
    elif deed == "set":
        document = _set(document, at)
    else:
        raise Invalid("没有写明要改什么。")
    _save(draft_id, found, document)
    return at


def _save(draft_id: UUID, found: DraftFile, document: Document) -> None:
    drafts.write_file(
        services().database,
        auth.actor(),
        draft_id,
        found.path,
        form_edits.dump(document),
        expected_sha256=found.sha256,
        key=sent_key(),
    )
    flash("已存入草稿。", "ok")


def _name(text: str) -> str:
    if not text.strip():
        raise Invalid("请写表单名称。", [FieldProblem("form_name", "表单名称", "请写表单名称。")])
    return " ".join(text.split())


def _set(document: Document, at: str) -> Document:
    one = form_edits.component(document, at)
    typed = {setting.name: "" for setting in form_settings.settings_of(str(one.get("type")))}
    typed |= {name: request.form[name][:MAX_TYPED_CHARS] for name in typed if name in request.form}
    when = When(
        request.form.get("when_key", ""),
        request.form.get("when_same", "yes") == "yes",
        request.form.get("when_value", "").strip(),
    )
    if when.key and "conditional.hide" in typed:
        if not when.value:
            problem = FieldProblem("when_value", "答案", "请写是哪个答案。")
            raise Invalid("请改正下列各项。", [problem])
        typed["conditional.hide"] = form_settings.hide_unless(when)
    made, problems = form_settings.apply(one, typed)
    if problems:
        raise Invalid("请改正下列各项。", problems)
    return form_edits.replace(document, at, made)


def _file(draft_id: UUID, file: str) -> DraftFile:
    if not file.endswith(".form"):
        raise NotFound("no_file", f"{file} 不是表单。")
    found = drafts.read_file(services().database, auth.actor(), draft_id, file)
    if not found.sha256:
        raise NotFound("no_file", f"草稿里没有表单 {file}。")
    return found


def _page(
    draft_id: UUID,
    file: str,
    at: str,
    *,
    typed: Mapping[str, str] | None = None,
    error: AppError | None = None,
) -> str:
    found = _file(draft_id, file)
    draft = drafts.load(services().database, auth.actor(), draft_id)
    try:
        document = form_edits.parse(found.content)
    except Invalid as broken:
        flash(broken.message, "warn")
        document = {"id": "", "name": file, "components": []}
    at = at or form_edits.at_key(document, request.args.get("field", ""))
    opened = _opened(document, at)
    findings = check_form(found.content, file=found.path)
    problems = error.problems if isinstance(error, Invalid) else ()
    return render_template(
        "form_designer.html",
        draft=draft,
        file=found,
        form_name=str(document.get("name") or document.get("id") or file),
        rows=form_edits.rows(document),
        at=at if opened else "",
        opened=opened,
        groups=_groups(opened, typed, problems) if opened else [],
        when=_when(opened, typed),
        asked_before=form_edits.keys_before(document, at) if opened else [],
        kinds=list(form_settings.kinds()),
        holds=bool(opened) and opened.get("type") in form_edits.NESTING,
        findings=findings,
        wrong=_wrong(findings),
        uses=_uses(draft, str(document.get("id") or "")),
        clauses=_clauses(draft),
        error=error,
        problems=[{"href": f"#{_id(one.key)}", "message": one.message} for one in problems]
        or ([{"href": "", "message": error.message}] if error else []),
        may_edit=draft.is_open,
    )


def _opened(document: Document, at: str) -> Mapping[str, object]:
    if not at:
        return {}
    try:
        return form_edits.component(document, at)
    except NotFound:
        return {}


def _groups(
    opened: Mapping[str, object],
    typed: Mapping[str, str] | None,
    problems: Sequence[FieldProblem],
) -> list[tuple[str, list[Typed]]]:
    wrong = {one.key: one.message for one in problems}
    lines = []
    for one in form_settings.settings_of(str(opened.get("type"))):
        kept = form_settings.read(opened, one)
        value = typed.get(one.name, "") if typed and typed.get("deed") == "set" else kept
        lines.append(Typed(one, _id(one.name), value, wrong.get(one.name, "")))
    return [(name, list(some)) for name, some in groupby(lines, lambda line: line.setting.group)]


def _id(name: str) -> str:
    return "set-" + name.replace(".", "-").replace("_", "-")


def _when(opened: Mapping[str, object], typed: Mapping[str, str] | None) -> When | None:
    if typed and typed.get("when_key"):
        return When(typed["when_key"], typed.get("when_same") == "yes", typed.get("when_value", ""))
    hide = opened.get("conditional")
    text = hide.get("hide", "") if isinstance(hide, Mapping) else ""
    return form_settings.simple_when(str(text)) if text else None


def _wrong(findings: Sequence[Finding]) -> Mapping[str, Finding]:
    """Key -> the first thing wrong with that question."""
    found: dict[str, Finding] = {}
    for one in findings:
        found.setdefault(one.place.element_id, one)
    return found


def _uses(draft: Draft, form_id: str) -> list[Use]:
    subject = Subject(draft.package, Surroundings(now=services().now()))
    return [
        Use(process.name or process.id, element.name, _role(element.role))
        for process, element in subject.elements()
        if element.form_id == form_id and form_id
    ]


def _role(code: str) -> str:
    return ROLES[code].label if code in ROLES else code


def _clauses(draft: Draft) -> list[tuple[str, str]]:
    statutes = read_statutes(draft.package.statutes)
    return [(one.id, f"{one.document} {one.article}") for one in statutes.clauses.values()]
