"""会议: one page for who votes, who runs the meeting and who signs; a form for each deed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import meetings as verbs
from app.cases.meetings import MeetingRef
from app.cases.views.meetings import meeting_list, meeting_page, open_meeting_of
from app.kernel.clock import SHANGHAI
from app.kernel.errors import AppError, FieldProblem, Invalid, Refused
from app.web import auth, errors
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("meetings", __name__, url_prefix="/meetings")

Answer = Response | str | tuple[str, int]

CHOICES = (("yes", "赞成"), ("no", "反对"), ("abstain", "弃权"))
STATUS_WORDS = {"convened": "等待通知", "noticed": "正在进行", "closed": "已结束"}
OUTCOME_WORDS = {
    "passed": "通过",
    "tie": "平票，不通过",
    "not_passed": "不通过",
    "no_quorum": "人数不够，重新召集",
}
MAX_CHARS = 500


@blueprint.get("/")
def listing() -> str:
    """The meetings this person is called to or may read."""
    found = meeting_list(services().office, auth.actor())
    return render_template(
        "meetings.html", meetings=found, status_words=STATUS_WORDS, outcome_words=OUTCOME_WORDS
    )


@blueprint.get("/of-case/<region>/<uuid:case_id>")
def of_case(region: str, case_id: UUID) -> Response:
    """The newest meeting about the case."""
    found = open_meeting_of(services().office, auth.actor(), region, case_id)
    if found is None:
        abort(404)
    return redirect(url_for(".show", region=region, meeting_id=found))


@blueprint.get("/<region>/<uuid:meeting_id>/")
def show(region: str, meeting_id: UUID) -> str:
    """The page of the meeting."""
    return _render(MeetingRef(region, meeting_id))


@blueprint.get("/<region>/<uuid:meeting_id>/minutes")
def minutes(region: str, meeting_id: UUID) -> str:
    """The minutes, to be printed."""
    page = meeting_page(services().office, auth.actor(), MeetingRef(region, meeting_id))
    if not page.minutes:
        abort(404)
    return render_template("minutes.html", page=page)


@blueprint.post("/<region>/<uuid:meeting_id>/notice")
def notify(region: str, meeting_id: UUID) -> Answer:
    """Everybody called is told when and where."""

    def deed(ref: MeetingRef) -> None:
        verbs.notify(
            services().office,
            auth.actor(),
            ref,
            held_at=_moment(_text("held_at")),
            place=_text("place"),
            remark=_text("remark"),
            key=sent_key(),
        )

    return _try(MeetingRef(region, meeting_id), deed, "通知已发给名单里的每个人。")


@blueprint.post("/<region>/<uuid:meeting_id>/declaration")
def declare(region: str, meeting_id: UUID) -> Answer:
    """The member has declared ties, or none."""

    def deed(ref: MeetingRef) -> None:
        related = _text("related")
        if related not in ("yes", "no"):
            problem = FieldProblem("related", "近亲属申报", "请选择有没有近亲属关系。")
            raise Invalid("请先申报。", [problem])
        verbs.declare(
            services().office,
            auth.actor(),
            ref,
            related=related == "yes",
            reason=_text("reason"),
            key=sent_key(),
        )

    return _try(MeetingRef(region, meeting_id), deed, "申报已登记。")


@blueprint.post("/<region>/<uuid:meeting_id>/ballot")
def vote(region: str, meeting_id: UUID) -> Answer:
    """The member's vote is in the box."""

    def deed(ref: MeetingRef) -> None:
        verbs.cast_ballot(
            services().office,
            auth.actor(),
            ref,
            choice=_text("choice"),
            opinion=_text("opinion"),
            key=sent_key(),
        )

    return _try(MeetingRef(region, meeting_id), deed, "表决已记下，一人一票，不能再改。")


@blueprint.post("/<region>/<uuid:meeting_id>/attendance")
def attend(region: str, meeting_id: UUID) -> Answer:
    """Who is there is on record."""

    def deed(ref: MeetingRef) -> None:
        present = request.form.getlist("present")
        verbs.record_attendance(
            services().office, auth.actor(), ref, present=present, key=sent_key()
        )

    return _try(MeetingRef(region, meeting_id), deed, "到会已登记。")


@blueprint.post("/<region>/<uuid:meeting_id>/recusal")
def recuse(region: str, meeting_id: UUID) -> Answer:
    """A member takes no part, by the office's word."""

    def deed(ref: MeetingRef) -> None:
        verbs.recuse(
            services().office,
            auth.actor(),
            ref,
            user_id=_text("member"),
            reason=_text("recuse_reason"),
            key=sent_key(),
        )

    return _try(MeetingRef(region, meeting_id), deed, "回避已登记。")


@blueprint.post("/<region>/<uuid:meeting_id>/closing")
def close(region: str, meeting_id: UUID) -> Answer:
    """The votes are counted and the case goes on."""

    def deed(ref: MeetingRef) -> None:
        verbs.close(
            services().office,
            auth.actor(),
            ref,
            sent_to=_text("sent_to"),
            confirmed=request.form.get("confirmed") == "1",
            key=sent_key(),
        )

    return _try(MeetingRef(region, meeting_id), deed, "会议已结束，票已计好，纪要已生成。")


def _text(name: str) -> str:
    return request.form.get(name, "").strip()[:MAX_CHARS]


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        problem = FieldProblem("held_at", "开会时间", "请填写日期和时间，如 2026-04-15 09:00。")
        raise Invalid("请填写开会时间。", [problem]) from None


def _try(ref: MeetingRef, deed: Callable[[MeetingRef], None], done: str) -> Answer:
    try:
        deed(ref)
    except (Invalid, Refused) as error:
        return _render(ref, error), errors.status_of(error)
    flash(done, "ok")
    return redirect(url_for(".show", region=ref.region, meeting_id=ref.id), 303)


def _render(ref: MeetingRef, error: AppError | None = None) -> str:
    problems = error.problems if isinstance(error, Invalid) else ()
    return render_template(
        "meeting.html",
        page=meeting_page(services().office, auth.actor(), ref),
        choices=CHOICES,
        status_words=STATUS_WORDS,
        outcome_words=OUTCOME_WORDS,
        refused=error if isinstance(error, Refused) else None,
        problems=[{"href": f"#{one.key}", "message": one.message} for one in problems],
        wrong={one.key: one.message for one in problems},
        typed=request.form,
        key_input=key_input,
    )
