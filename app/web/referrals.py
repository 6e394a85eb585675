"""转介: the ledger, one referral for its sender and its receiver, and referring somebody."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import referral_answers as answers
from app.cases import referrals as verbs
from app.cases.referral_answers import Bought
from app.cases.referrals import Wish
from app.cases.views.referrals import ReferralLine, ledger, offer, referral_page
from app.kernel.errors import Invalid, Refused
from app.kernel.money import Money
from app.web import auth, errors
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("referrals", __name__)

Answer = Response | str | tuple[str, int]

MAX_CHARS = 500
STATUSES = {
    "sent": ("等待答复", "soon"),
    "accepted": ("已接受", "here"),
    "declined": ("不接受", "refused"),
    "done": ("已有结果", "done"),
}
OUTCOMES = {"helped": "已解决", "partly": "部分解决", "not_helped": "没有解决"}


@blueprint.get("/referrals/")
def overview() -> str:
    """The ledger, those that wait for an answer first asked."""
    status = request.args.get("status", "")
    status = status if status in STATUSES else ""
    lines = ledger(services().office, auth.actor(), status=status)
    return render_template(
        "referrals.html",
        lines=lines,
        status=status,
        statuses=STATUSES,
        outcomes=OUTCOMES,
        heading=_heading(lines),
    )


@blueprint.get("/referrals/<region>/<uuid:referral_id>")
def one(region: str, referral_id: UUID) -> str:
    """One referral."""
    return _render(region, referral_id)


@blueprint.post("/referrals/<region>/<uuid:referral_id>/answer")
def answer(region: str, referral_id: UUID) -> Answer:
    """The receiver takes over or declines."""
    accepts = request.form.get("answer") == "accept"
    try:
        answers.answer(
            services().office,
            auth.actor(),
            region,
            referral_id,
            accepts=accepts,
            person=_typed("person"),
            note=_typed("note"),
            key=sent_key(),
        )
    except (Invalid, Refused) as error:
        return _again(region, referral_id, error)
    flash("已接受，由您单位负责到底。" if accepts else "已退回转出人，原因已告知。", "ok")
    return _back(region, referral_id)


@blueprint.post("/referrals/<region>/<uuid:referral_id>/conclude")
def conclude(region: str, referral_id: UUID) -> Answer:
    """What came of it."""
    try:
        answers.conclude(
            services().office,
            auth.actor(),
            region,
            referral_id,
            outcome=_typed("outcome"),
            note=_typed("outcome_note"),
            key=sent_key(),
        )
    except (Invalid, Refused) as error:
        return _again(region, referral_id, error)
    flash("结果已登记，转出人会看到。", "ok")
    return _back(region, referral_id)


@blueprint.post("/referrals/<region>/<uuid:referral_id>/services")
def record_service(region: str, referral_id: UUID) -> Answer:
    """A service was bought."""
    bought = Bought(_typed("provider"), _typed("what"), _typed("procedure"), _cost())
    try:
        answers.record_service(
            services().office, auth.actor(), region, referral_id, bought, key=sent_key()
        )
    except (Invalid, Refused) as error:
        return _again(region, referral_id, error)
    flash("购买的服务已登记。", "ok")
    return _back(region, referral_id)


@blueprint.post("/referrals/<region>/<uuid:referral_id>/contact")
def open_contact(region: str, referral_id: UUID) -> Answer:
    """Name and phone, this once; the opening is on record."""
    try:
        contact = answers.open_contact(services().office, auth.actor(), region, referral_id)
    except Refused as error:
        return _again(region, referral_id, error)
    return _render(region, referral_id, contact=contact)


@blueprint.get("/cases/<region>/<uuid:case_id>/referrals/new")
def ask(region: str, case_id: UUID) -> str:
    """First the need, then the receivers that fit it."""
    wish = Wish(request.args.get("need", ""), "", "", request.args.get("after", "")[:64])
    return _ask(region, case_id, wish)


@blueprint.post("/cases/<region>/<uuid:case_id>/referrals/new")
def refer(region: str, case_id: UUID) -> Answer:
    """The person is referred."""
    wish = Wish(_typed("need"), _typed("receiver"), _typed("words"), _typed("after")[:64])
    try:
        verbs.refer(services().office, auth.actor(), region, case_id, wish, key=sent_key())
    except Invalid as error:
        return _ask(region, case_id, wish, {p.key: p.message for p in error.problems}), 422
    except Refused as error:
        return _ask(region, case_id, wish, refused=error), errors.status_of(error)
    flash("已转介，等对方答复；对方接受以前由您负责。", "ok")
    return redirect(url_for(".overview"), 303)


def _ask(
    region: str,
    case_id: UUID,
    wish: Wish,
    problems: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> str:
    return render_template(
        "referral_new.html",
        page=offer(services().office, auth.actor(), region, case_id, wish.need),
        wish=wish,
        problem_of=problems or {},
        problems=_links(problems or {}),
        refused=refused,
        statuses=STATUSES,
        key_input=key_input,
    )


def _render(
    region: str,
    referral_id: UUID,
    *,
    contact: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> str:
    return render_template(
        "referral.html",
        page=referral_page(services().office, auth.actor(), region, referral_id),
        contact=contact,
        typed=request.form,
        problem_of=problems or {},
        problems=_links(problems or {}),
        refused=refused,
        statuses=STATUSES,
        outcomes=OUTCOMES,
        key_input=key_input,
    )


def _again(region: str, referral_id: UUID, error: Invalid | Refused) -> tuple[str, int]:
    if isinstance(error, Invalid):
        problems = {p.key: p.message for p in error.problems}
        return _render(region, referral_id, problems=problems), 422
    return _render(region, referral_id, refused=error), errors.status_of(error)


def _links(problems: dict[str, str]) -> list[dict[str, str]]:
    return [{"href": f"#{key}", "message": text} for key, text in problems.items()]


def _heading(lines: tuple[ReferralLine, ...]) -> str:
    """The answer to the page's one question."""
    late = sum(line.late for line in lines)
    waiting = sum(line.status == "sent" for line in lines)
    back = sum(line.status == "declined" and not line.followed_by for line in lines)
    parts = [f"{late} 件超期没有答复"] if late else []
    parts += [f"{waiting} 件等待答复"] if waiting else []
    parts += [f"{back} 件被退回，要另行转介"] if back else []
    return "，".join(parts) or ("转介都有人接手" if lines else "还没有转介")


def _typed(name: str) -> str:
    return request.form.get(name, "")[:MAX_CHARS]


def _cost() -> Money | None:
    try:
        return Money.from_yuan(_typed("cost").replace(",", "").replace("，", "").strip())
    except ValueError:
        return None


def _back(region: str, referral_id: UUID) -> Response:
    return redirect(url_for(".one", region=region, referral_id=referral_id), 303)
