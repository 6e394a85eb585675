"""名单比对: take a list in, look at it before it counts, compare it, act on it, withdraw it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import imports as verbs
from app.cases.list_files import KNOWN, Fault
from app.cases.surveys import survey
from app.cases.views.imports import batch_list, batch_page
from app.kernel.errors import Invalid
from app.web import auth
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("imports", __name__, url_prefix="/lists")

Answer = Response | str | tuple[str, int]

STATES = {
    "preview": ("预览，还没有生效", "soon"),
    "active": ("已生效", "done"),
    "withdrawn": ("已撤回", "ahead"),
}
LINE_STATES = {
    "open": ("等处理", "soon"),
    "reported": ("已登记报告", "done"),
    "no_need": ("不需要", "ahead"),
}


@blueprint.get("/")
def listing() -> str:
    """The batches of the county, and the form to take in another."""
    return _render({}, ())


@blueprint.post("/")
def take_in() -> Answer:
    """A sound file stands as a preview; the faults of another are told line by line."""
    typed = {key: request.form.get(key, "") for key in ("kind", "name", "source")}
    file = request.files.get("file")
    try:
        answer, faults = verbs.take_in(
            services().office,
            auth.actor(),
            request.form.get("region", ""),
            file.stream.read() if file else b"",
            kind=typed["kind"],
            name=typed["name"],
            source=typed["source"],
            key=sent_key(),
        )
    except Invalid as error:
        return _render(typed, (), error.message), 422
    if faults:
        return _render(typed, faults), 422
    flash("请核对预览，确认以后才生效。", "ok")
    region = request.form.get("region", "")
    return redirect(url_for(".show", region=region, batch_id=answer["batch_id"]), 303)


@blueprint.get("/repeats")
def sweep() -> str:
    """What a sweep over the county's cases finds now: repeats and divided needs."""
    return render_template("survey.html", found=survey(services().office, auth.actor()))


@blueprint.get("/<region>/<uuid:batch_id>")
def show(region: str, batch_id: UUID) -> str:
    """The batch line by line, compared with the register and the cases."""
    return _show(region, batch_id)


@blueprint.post("/<region>/<uuid:batch_id>/confirm")
def confirm(region: str, batch_id: UUID) -> Response:
    """The batch counts from now on."""
    answer = verbs.confirm(services().office, auth.actor(), region, batch_id, key=sent_key())
    put = answer["put_on"]
    flash(f"名单已生效。{f'新列入监测 {put} 户。' if put else ''}", "ok")
    return redirect(url_for(".show", region=region, batch_id=batch_id), 303)


@blueprint.post("/<region>/<uuid:batch_id>/withdraw")
def withdraw(region: str, batch_id: UUID) -> Answer:
    """The batch counts no more; its record stays."""
    reason = request.form.get("withdraw_reason", "")
    try:
        answer = verbs.withdraw(
            services().office, auth.actor(), region, batch_id, reason=reason, key=sent_key()
        )
    except Invalid as error:
        return _show(region, batch_id, error.message), 422
    flash(f"整批名单已撤回，移出监测 {answer['taken_off']} 户；记录都保留。", "ok")
    return redirect(url_for(".show", region=region, batch_id=batch_id), 303)


@blueprint.post("/<region>/<uuid:batch_id>/lines/<int:line>")
def handle(region: str, batch_id: UUID, line: int) -> Answer:
    """Somebody has looked into the line."""
    try:
        verbs.handle(
            services().office,
            auth.actor(),
            region,
            batch_id,
            line,
            state=request.form.get("state", ""),
            reason=request.form.get("line_reason", ""),
            key=sent_key(),
        )
    except Invalid as error:
        return _show(region, batch_id, f"第 {line} 行：{error.message}"), 422
    flash(f"第 {line} 行已处理。", "ok")
    return redirect(url_for(".show", region=region, batch_id=batch_id), 303)


def _show(region: str, batch_id: UUID, problem: str = "") -> str:
    return render_template(
        "list.html",
        page=batch_page(services().office, auth.actor(), region, batch_id),
        problem=problem,
        states=STATES,
        line_states=LINE_STATES,
        keeps=any(code == "county_handler" for code, _ in auth.actor().roles),
        key_input=key_input,
    )


def _render(typed: dict[str, str], faults: tuple[Fault, ...], problem: str = "") -> str:
    return render_template(
        "lists.html",
        page=batch_list(services().office, auth.actor()),
        typed=typed,
        faults=faults,
        problem=problem,
        columns=KNOWN,
        states=STATES,
        key_input=key_input,
        keeps=any(code == "county_handler" for code, _ in auth.actor().roles),
    )
