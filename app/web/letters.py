"""出具文书: what may be issued in a case, one issued, and any of them as PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import letters as verbs
from app.cases import reveal
from app.cases.views.case import case_page
from app.cases.views.writeoffs import package_page
from app.form.papers import letter_lines
from app.form.pdf import render as render_pdf
from app.form.sheets import Sheet, Text, load_parts
from app.kernel.errors import Refused
from app.web import auth, errors
from app.web.sent import key_input, sent_key
from app.web.services import services
from app.web.writeoff_sheet import writeoff_sheet

blueprint = Blueprint("letters", __name__, url_prefix="/letters")

PDF = "application/pdf"


@blueprint.get("/<region>/<uuid:case_id>")
def offers(region: str, case_id: UUID) -> str:
    """The papers the person may issue in the case, and those issued."""
    return _render(region, case_id)


@blueprint.post("/<region>/<uuid:case_id>/issue")
def issue(region: str, case_id: UUID) -> Response | tuple[str, int]:
    """The paper is numbered and archived with the case."""
    paper_id = request.form.get("paper_id", "")
    try:
        made = verbs.issue(
            services().office, auth.actor(), region, case_id, paper_id, key=sent_key()
        )
    except Refused as error:
        return _render(region, case_id, refused=error), errors.status_of(error)
    flash(f"已出具，编号 {made['letter_no']}。", "ok")
    return redirect(url_for(".offers", region=region, case_id=case_id), 303)


@blueprint.post("/<region>/<uuid:letter_id>/pdf")
def as_pdf(region: str, letter_id: UUID) -> Response:
    """The paper as a PDF file; the opening is on record."""
    letter = reveal.letter(services().office, auth.actor(), region, letter_id)
    return pdf_answer(sheet_of(letter), f"{letter['title']} {letter['letter_no']}")


@blueprint.get("/write-offs/<region>/<package_no>")
def writeoff_pdf(region: str, package_no: str) -> Response:
    """A write-off package as PDF; amounts and vouchers only."""
    page = package_page(services().office, auth.actor(), region, package_no)
    sheet = writeoff_sheet(page)
    return pdf_answer(sheet, f"{sheet.title} {sheet.number}")


def sheet_of(letter: Mapping[str, Any]) -> Sheet:
    """The kept letter as a sheet; the same letter always gives the same one."""
    lines = letter_lines(letter["title"], letter["body"])
    parts = load_parts(letter["parts"])
    return Sheet(
        title=letter["title"],
        number=letter["letter_no"],
        subtitle="",
        parts=(*((Text(lines),) if lines else ()), *parts),
        made_at=letter["issued_at"],
    )


def pdf_answer(sheet: Sheet, name: str) -> Response:
    """The sheet to be saved under that name."""
    answer = Response(render_pdf(sheet), content_type=PDF)
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}.pdf"
    answer.headers["Content-Disposition"] = disposition
    return answer


def _render(region: str, case_id: UUID, *, refused: Refused | None = None) -> str:
    office, actor = services().office, auth.actor()
    return render_template(
        "letters.html",
        page=case_page(office, actor, region, case_id),
        offered=verbs.offered(office, actor, region, case_id),
        refused=refused,
        key_input=key_input,
    )
