"""协同 on a work item: 催办, 抄送, 委派 and 交回, 加签（会签） and its answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.cases import teamwork as verbs
from app.cases.work_items import ItemRef
from app.kernel.errors import FieldProblem, Invalid, Refused
from app.web import auth
from app.web.sent import sent_key
from app.web.services import services

blueprint = Blueprint("teamwork", __name__, url_prefix="/work-items/<region>/<uuid:item_id>")

MAX_CHARS = 500


@blueprint.post("/remind")
def remind(region: str, item_id: UUID) -> Response:
    """Who holds the item is told to hurry."""
    return _do(
        verbs.remind, region, item_id, "已催办，对方会在待办里看到。", reason="remind_reason"
    )


@blueprint.post("/copy")
def copy(region: str, item_id: UUID) -> Response:
    """The person may read the case."""
    return _ask(verbs.copy, region, item_id, "copy", "已抄送，对方可以查看本件。")


@blueprint.post("/cosign")
def cosign(region: str, item_id: UUID) -> Response:
    """The person's consent is needed."""
    return _ask(verbs.cosign, region, item_id, "cosign", "已请会签，对方答复前不能办结。")


@blueprint.post("/delegate")
def delegate(region: str, item_id: UUID) -> Response:
    """A colleague prepares the item."""
    return _ask(verbs.delegate, region, item_id, "delegate", "已委派，办好后会交回您确认。")


@blueprint.post("/hand-back")
def hand_back(region: str, item_id: UUID) -> Response:
    """The draft lies before the delegator."""
    return _do(verbs.hand_back, region, item_id, "已交回委派人确认。", comment="back_comment")


@blueprint.post("/requests/<uuid:request_id>/answer")
def answer(region: str, item_id: UUID, request_id: UUID) -> Response:
    """The co-signer has agreed or objected."""

    said = request.form.get("said", "")[:MAX_CHARS]
    body = partial(verbs.answer, request_id=request_id, said=said)
    return _do(body, region, item_id, "会签意见已记录。", comment="answer_comment")


@blueprint.post("/requests/<uuid:request_id>/take-back")
def take_back(region: str, item_id: UUID, request_id: UUID) -> Response:
    """The request no longer stands."""

    body = partial(verbs.take_back, request_id=request_id)
    return _do(body, region, item_id, "已收回。", reason="take_back_reason")


def _ask(verb: Callable[..., object], region: str, item_id: UUID, name: str, done: str) -> Response:
    def body(*args: Any, **kept: Any) -> object:
        return verb(*args, to_user=_person(f"{name}_to"), **kept)

    return _do(body, region, item_id, done, reason=f"{name}_reason")


def _do(
    verb: Callable[..., object], region: str, item_id: UUID, done: str, **fields: str
) -> Response:
    """The verb with the texts of the named fields, then the item's page with what came of it."""
    texts = {key: request.form.get(name, "")[:MAX_CHARS] for key, name in fields.items()}
    ref = ItemRef(region, item_id)
    try:
        verb(services().office, auth.actor(), ref, **texts, key=sent_key())
    except Invalid as error:
        flash(error.problems[0].message if error.problems else error.message, "warn")
    except Refused as error:
        flash(error.message, "warn")
    else:
        flash(done, "ok")
    return redirect(url_for("work_items.show", region=region, item_id=item_id), 303)


def _person(field: str) -> UUID:
    try:
        return UUID(request.form.get(field, ""))
    except ValueError:
        problem = FieldProblem(field, "请谁", "请选择一个人。")
        raise Invalid("请选择一个人。", [problem]) from None
