"""走访和监测: lists of households to be visited, the visits, the campaigns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import watches as verbs
from app.cases.views.watches import watch_page
from app.cases.watches import Told
from app.form.days import read_moment
from app.kernel.errors import FieldProblem, Invalid
from app.web import auth
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("watches", __name__, url_prefix="/watches")

Answer = Response | str | tuple[str, int]


@blueprint.get("/")
def listing() -> str:
    """Whose visit is due, first; then everybody on the lists."""
    return _render({}, {})


@blueprint.post("/campaigns")
def announce() -> Answer:
    """Everybody on the list is to be visited between the two days."""
    typed = {
        key: request.form.get(key, "") for key in ("name", "list_code", "starts_on", "ends_on")
    }
    office, actor = services().office, auth.actor()
    try:
        starts_on, ends_on = (
            _day(typed, "starts_on", "开始日期"),
            _day(typed, "ends_on", "结束日期"),
        )
        verbs.open_campaign(
            office,
            actor,
            request.form.get("region", ""),
            name=typed["name"],
            list_code=typed["list_code"],
            starts_on=starts_on,
            ends_on=ends_on,
            key=sent_key(),
        )
    except Invalid as error:
        return _render(typed, {one.key: one.message for one in error.problems}), 422
    flash("已布置集中走访。", "ok")
    return redirect(url_for(".listing"), 303)


@blueprint.post("/<region>/households/<uuid:household_id>/put-on")
def put_on(region: str, household_id: UUID) -> Response:
    """The household stands on the list."""
    said = request.form.get("watch_reason", "")
    return _deed(
        region,
        household_id,
        lambda: verbs.put_on(
            services().office,
            auth.actor(),
            region,
            household_id,
            list_code=request.form.get("list_code", ""),
            reason=said,
            key=sent_key(),
        ),
        "已列入名单，到期提醒走访。",
    )


@blueprint.post("/<region>/households/<uuid:household_id>/visit")
def visit(region: str, household_id: UUID) -> Response:
    """The visit is on record."""

    def deed() -> None:
        told = Told(_moment(request.form.get("visited_at", "")), request.form.get("findings", ""))
        verbs.visit(services().office, auth.actor(), region, household_id, told, key=sent_key())

    return _deed(region, household_id, deed, "走访已登记。")


@blueprint.post("/<region>/households/<uuid:household_id>/take-off/<uuid:watch_id>")
def take_off(region: str, household_id: UUID, watch_id: UUID) -> Response:
    """The household is off the list."""
    said = request.form.get("off_reason", "")
    return _deed(
        region,
        household_id,
        lambda: verbs.take_off(
            services().office, auth.actor(), region, watch_id, reason=said, key=sent_key()
        ),
        "已移出名单，理由已留痕。",
    )


def _deed(region: str, household_id: UUID, deed: Callable[[], object], done: str) -> Response:
    """Back on the household's page, with what was done or what must be mended."""
    try:
        deed()
    except Invalid as error:
        flash(f"没有办成：{error.message}", "warn")
    else:
        flash(done, "ok")
    return redirect(
        url_for("households.show", region=region, household_id=household_id, _anchor="visits"), 303
    )


def _moment(text: str) -> datetime:
    read = read_moment(text)
    if read is None:
        said = "走访时间请写成 2026-03-01 14:30。"
        raise Invalid(said, [FieldProblem("visited_at", "走访时间", said)])
    return datetime.fromisoformat(read)


def _day(typed: dict[str, str], field: str, label: str) -> date:
    try:
        return date.fromisoformat(typed[field].strip())
    except ValueError:
        said = f"{label}请写成 2026-03-01。"
        raise Invalid(said, [FieldProblem(field, label, said)]) from None


def _render(typed: dict[str, str], problem_of: dict[str, str]) -> str:
    return render_template(
        "watches.html",
        page=watch_page(services().office, auth.actor(), request.args.get("list", "")),
        typed=typed,
        problem_of=problem_of,
        problems=[{"href": f"#{key}", "message": text} for key, text in problem_of.items()],
        may_announce=any(code == "county_handler" for code, _ in auth.actor().roles),
        key_input=key_input,
    )
