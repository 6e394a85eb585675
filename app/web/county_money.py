"""县级资金: pools, what is approved and unpaid, year against year, the January review."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import fund, reviews
from app.cases.views.county_money import county_money
from app.kernel.errors import FieldProblem, Invalid, Refused
from app.kernel.ids import uuid7
from app.ledger.entry import Source
from app.web import auth, errors, labels
from app.web.amounts import money_of
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("county_money", __name__, url_prefix="/county-money")

Answer = Response | str | tuple[str, int]

MAX_TEXT_CHARS = 100


@blueprint.get("/")
def overview() -> str:
    """The county's money."""
    return _render()


@blueprint.post("/allot")
def allot() -> Answer:
    """A pool has grown."""
    here, actor = services(), auth.actor()
    region = county_money(here.office, actor).region
    names = ("pool", "amount", "source", "document_no")
    typed = {name: request.form.get(name, "").strip()[:MAX_TEXT_CHARS] for name in names}
    try:
        amount = money_of(typed["amount"], "amount", "到账金额")
        fund.allot_pool(
            here.office,
            actor,
            region,
            typed["pool"],
            amount,
            source=_source(typed["source"]),
            document_no=_required(typed, "document_no", "文号或捐赠凭证"),
            key=sent_key() or uuid7(here.now()).hex,
        )
    except (Invalid, Refused) as error:
        return _render(typed, error), errors.status_of(error)
    flash(f"已登记到账 {amount} 元。", "ok")
    return redirect(url_for(".overview"), 303)


@blueprint.post("/reviews")
def review() -> Answer:
    """The township's review of this year has begun."""
    here, actor = services(), auth.actor()
    region = county_money(here.office, actor).region
    township = request.form.get("township", "")
    key = sent_key() or uuid7(here.now()).hex
    try:
        done = reviews.begin(here.office, actor, region, township, key=key)
    except Refused as error:
        return _render({}, error), errors.status_of(error)
    flash(f"已发起年度核定 {done['case_no']}，由县级民政在待办里拟定预算。", "ok")
    return redirect(url_for(".overview"), 303)


def _source(code: str) -> Source:
    if code not in {source.value for source in Source}:
        message = "请选择资金来源。"
        raise Invalid(message, [FieldProblem("source", "资金来源", message)])
    return Source(code)


def _required(typed: dict[str, str], key: str, label: str) -> str:
    if not typed[key]:
        message = f"请填写{label}。"
        raise Invalid(message, [FieldProblem(key, label, message)])
    return typed[key]


def _render(typed: dict[str, str] | None = None, error: Invalid | Refused | None = None) -> str:
    person = auth.visitor()
    problems = error.problems if isinstance(error, Invalid) else ()
    return render_template(
        "county_money.html",
        page=county_money(services().office, auth.actor()),
        typed=typed or {},
        problems=[{"href": f"#{one.key}", "message": one.message} for one in problems],
        problem_of={one.key: one.message for one in problems},
        refused=error if isinstance(error, Refused) else None,
        source_words=labels.SOURCE,
        may_allot=person is not None and person.holds("county_finance"),
        may_review=person is not None and person.holds("county_finance", "county_handler"),
        sees_cases=person is not None
        and person.holds("county_handler", "county_approver", "auditor"),
        key_input=key_input,
    )
