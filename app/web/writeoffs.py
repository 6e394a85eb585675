"""销账: a month's payments with their vouchers, sent up to be written off."""

from __future__ import annotations

import hashlib

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import fund
from app.cases import writeoffs as verbs
from app.cases.views.writeoffs import package_page
from app.form import HEAD_BYTES, UploadedFile
from app.kernel.errors import Invalid, Refused
from app.kernel.ids import uuid7
from app.web import auth, errors, labels
from app.web.amounts import money_of
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("writeoffs", __name__, url_prefix="/writeoffs")

Answer = Response | str | tuple[str, int]


@blueprint.post("/<region>/<township>/begin")
def begin(region: str, township: str) -> Answer:
    """The month's package exists and waits to be sent up."""
    here, actor = services(), auth.actor()
    try:
        done = verbs.begin(
            here.office,
            actor,
            region,
            township,
            request.form.get("year", 0, type=int),
            request.form.get("month", 0, type=int),
            key=sent_key() or uuid7(here.now()).hex,
        )
    except Refused as error:
        flash(error.message, "bad")
        return redirect(url_for("fund.book", township=township), 303)
    flash(f"已生成销账批次 {done['package_no']}，请核对凭证后在待办里上报。", "ok")
    return redirect(url_for(".show", region=region, package_no=done["package_no"]), 303)


@blueprint.get("/<region>/<package_no>")
def show(region: str, package_no: str) -> str:
    """One package: monthly list, vouchers, in January last year's summary."""
    return _render(region, package_no)


@blueprint.post("/<region>/<package_no>/voucher")
def voucher(region: str, package_no: str) -> Answer:
    """A payment has its paper."""
    here, actor = services(), auth.actor()
    number = request.form.get("voucher_no", "")
    try:
        verbs.add_voucher(
            here.office,
            actor,
            region,
            number,
            note=request.form.get("note", ""),
            upload=_upload(),
            key=sent_key() or uuid7(here.now()).hex,
        )
    except Refused as error:
        return _render(region, package_no, error=error), errors.status_of(error)
    flash(f"凭证 {number} 已补登。", "ok")
    return redirect(url_for(".show", region=region, package_no=package_no), 303)


@blueprint.post("/<region>/<package_no>/supplement")
def supplement(region: str, package_no: str) -> Answer:
    """The county has added to the reserve against this package."""
    here, actor = services(), auth.actor()
    try:
        amount = money_of(request.form.get("supplement", ""), "supplement", "追加金额")
        key = sent_key() or uuid7(here.now()).hex
        fund.supplement(here.office, actor, region, package_no, amount, key=key)
    except (Invalid, Refused) as error:
        return _render(region, package_no, error=error), errors.status_of(error)
    flash(f"已凭 {package_no} 追加备用金 {amount} 元。", "ok")
    return redirect(url_for(".show", region=region, package_no=package_no), 303)


def _upload() -> tuple[UploadedFile, bytes] | None:
    file = request.files.get("paper")
    if file is None or not file.filename:
        return None
    content = file.stream.read()
    ref = hashlib.sha256(content).hexdigest()
    return UploadedFile(ref, file.filename, len(content), content[:HEAD_BYTES]), content


def _render(region: str, package_no: str, *, error: Invalid | Refused | None = None) -> str:
    person = auth.visitor()
    problems = error.problems if isinstance(error, Invalid) else ()
    page = package_page(services().office, auth.actor(), region, package_no)
    return render_template(
        "writeoff.html",
        page=page,
        refused=error if isinstance(error, Refused) else None,
        problems=[{"href": f"#{one.key}", "message": one.message} for one in problems],
        problem_of={one.key: one.message for one in problems},
        may_add=person is not None and person.holds("county_finance"),
        typed=request.form,
        status_words=labels.PACKAGE,
        may_prove=person is not None
        and person.holds("township_handler", "county_finance")
        and page.row.status != "settled",
        key_input=key_input,
    )
