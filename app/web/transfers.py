"""银行代发: transfers that wait, batches that went out, the bank's answers and what stays open."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import transfers as verbs
from app.cases.bank_files import MAX_BYTES
from app.cases.views.transfers import batch_page, transfers_page
from app.kernel.errors import FieldProblem, Invalid, Refused
from app.kernel.ids import uuid7
from app.web import auth, errors, labels
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("transfers", __name__, url_prefix="/transfers")

Answer = Response | str | tuple[str, int]


@blueprint.get("/")
def overview() -> str:
    """What waits and what went out."""
    return _overview()


@blueprint.post("/send")
def send() -> Answer:
    """What waits has gone into one batch."""
    here, actor = services(), auth.actor()
    region = transfers_page(here.office, actor).region
    try:
        done = verbs.send(here.office, actor, region, key=sent_key() or uuid7(here.now()).hex)
    except Refused as error:
        return _overview(error), errors.status_of(error)
    flash(f"已生成代发批次 {done['batch_no']}，请下载文件送银行。", "ok")
    return redirect(url_for(".show", batch_id=done["batch_id"]), 303)


@blueprint.get("/<uuid:batch_id>")
def show(batch_id: UUID) -> str:
    """One batch with its reconciliation."""
    return _render(batch_id)


@blueprint.post("/<uuid:batch_id>/file")
def download(batch_id: UUID) -> Answer:
    """The file with account numbers, this once; the download is on record."""
    here, actor = services(), auth.actor()
    region = transfers_page(here.office, actor).region
    try:
        name, content = verbs.download(
            here.office, actor, region, batch_id, request.form.get("purpose", "")
        )
    except Refused as error:
        return _render(batch_id, error), errors.status_of(error)
    answer = Response(content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/<uuid:batch_id>/answer")
def answer(batch_id: UUID) -> Answer:
    """The bank's answer is booked."""
    here, actor = services(), auth.actor()
    region = transfers_page(here.office, actor).region
    try:
        file = request.files.get("answer")
        if file is None or not file.filename:
            message = "请选择银行回单文件。"
            raise Invalid(message, [FieldProblem("answer", "回单文件", message)])
        content = file.stream.read(MAX_BYTES + 1)
        key = sent_key() or uuid7(here.now()).hex
        done = verbs.take_answer(here.office, actor, region, batch_id, content, key=key)
    except (Invalid, Refused) as error:
        return _render(batch_id, error), errors.status_of(error)
    if done["again"]:
        flash("这份回单已经导入过，没有任何改动。", "ok")
    else:
        flash(f"回单已导入：到账 {done['paid']} 笔，退回 {done['failed']} 笔。", "ok")
    return redirect(url_for(".show", batch_id=batch_id), 303)


def _overview(error: Refused | None = None) -> str:
    return render_template(
        "transfers.html",
        page=transfers_page(services().office, auth.actor()),
        refused=error,
        may_send=_may_send(),
        key_input=key_input,
    )


def _render(batch_id: UUID, error: Invalid | Refused | None = None) -> str:
    problems = error.problems if isinstance(error, Invalid) else ()
    return render_template(
        "batch.html",
        page=batch_page(services().office, auth.actor(), batch_id),
        problems=[{"href": "#answer", "message": one.message} for one in problems],
        refused=error if isinstance(error, Refused) else None,
        status_words=labels.TRANSFER,
        may_send=_may_send(),
        key_input=key_input,
    )


def _may_send() -> bool:
    person = auth.visitor()
    return person is not None and person.holds(*verbs.ROLES)
