"""个案: a case with all that belongs to it, and the list of cases."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.cases import incidents, papers, recalls, reveal
from app.cases.referrals import SENDERS
from app.cases.step_backs import recallable
from app.cases.views.case import CasePage, case_page
from app.cases.views.clauses import clauses_for_case
from app.cases.views.households import of_case as household_of
from app.cases.views.lists import case_list
from app.cases.views.referrals import of_case as referrals_of
from app.kernel.errors import Invalid
from app.web import auth, case_words, labels
from app.web.diagram import TwinRow, draw, twin
from app.web.diagram_reader import UndrawableError, picture_of
from app.web.lines import item_rows, limit_row
from app.web.sent import key_input, sent_key
from app.web.services import services

blueprint = Blueprint("cases", __name__, url_prefix="/cases")

STATUSES = ("", "open", "closed", "refused", "withdrawn")
PAGE_LINES = 50
MAX_TEXT_CHARS = 64


@dataclass(frozen=True, slots=True)
class Path:
    """One diagram of the case: the picture (empty when nothing is drawn) and its twin."""

    name: str
    svg: Markup
    rows: list[TwinRow]


@blueprint.get("/")
def listing() -> str:
    """The cases the person may read."""
    status = request.args.get("status", "")
    status = status if status in STATUSES else ""
    found = case_list(services().office, auth.actor(), status=status)
    pages = max(1, -(-len(found) // PAGE_LINES))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "cases.html",
        lines=found[(page - 1) * PAGE_LINES : page * PAGE_LINES],
        total=len(found),
        status=status,
        page=page,
        pages=pages,
        status_words=case_words.status_words,
        page_url=lambda number: url_for(".listing", status=status or None, page=number),
    )


@blueprint.get("/<region>/<uuid:case_id>")
def show(region: str, case_id: UUID) -> str:
    """The page of the case."""
    return _render(case_page(services().office, auth.actor(), region, case_id))


@blueprint.post("/<region>/<uuid:case_id>/reveal")
def show_applicant(region: str, case_id: UUID) -> str | tuple[str, int]:
    """The applicant's data in clear, this once; the purpose is on record."""
    here, actor = services(), auth.actor()
    purpose = request.form.get("purpose", "")
    try:
        data = reveal.applicant(here.office, actor, region, case_id, purpose)
    except Invalid as error:
        page = case_page(here.office, actor, region, case_id)
        return _render(page, purpose_problem=error.problems[0].message), 422
    page = case_page(here.office, actor, region, case_id)
    return _render(page, revealed=data)


@blueprint.post("/<region>/<uuid:case_id>/incidents/<uuid:incident_id>/retry")
def retry(region: str, case_id: UUID, incident_id: UUID) -> Response:
    """The stopped element was tried again."""
    incidents.retry(services().office, auth.actor(), region, incident_id, key=sent_key())
    flash("已重新办理停下的环节，结果见下。", "ok")
    return redirect(url_for(".show", region=region, case_id=case_id), 303)


@blueprint.get("/<region>/<uuid:case_id>/letters/<uuid:letter_id>")
def ask_letter(region: str, case_id: UUID, letter_id: UUID) -> str:
    """Says that opening the letter is recorded, before it is opened."""
    page = case_page(services().office, auth.actor(), region, case_id)
    found = next((one for one in page.letters if one.id == letter_id), None)
    if found is None:
        abort(404)
    return render_template("letter.html", page=page, ask=found, letter=None)


@blueprint.post("/<region>/<uuid:case_id>/letters/<uuid:letter_id>")
def open_letter(region: str, case_id: UUID, letter_id: UUID) -> str:
    """The letter, ready to print; the opening is on record."""
    here, actor = services(), auth.actor()
    page = case_page(here.office, actor, region, case_id)
    letter = reveal.letter(here.office, actor, region, letter_id)
    return render_template("letter.html", page=page, ask=None, letter=letter, letter_id=letter_id)


def _render(
    page: CasePage, *, revealed: dict[str, object] | None = None, purpose_problem: str = ""
) -> str:
    now = services().now()
    return render_template(
        "case.html",
        page=page,
        sentence=case_words.state_sentence(page),
        status=case_words.status_words(page.line.status),
        duty=case_words.duty_words(page),
        first_asked=case_words.first_asked_words(page, now),
        waiting=item_rows(page.waiting),
        limits=[limit_row(line) for line in page.limits],
        clause_names=_clause_names(page),
        paths=_paths(page),
        told=case_words.told(page),
        attached=papers.of_case(services().office, auth.actor(), page.line.region, page.line.id),
        revealed=_revealed_rows(revealed),
        purpose_problem=purpose_problem,
        deed_words=labels.DEED,
        aid_words=labels.AID,
        action_words=labels.ACTION,
        my_roles={post.role_label for post in auth.posts()},
        offered=recalls.offered(services().office, auth.actor(), page.line.region, page.line.id),
        referred=referrals_of(services().office, auth.actor(), page.line.region, page.line.id),
        may_refer=any(auth.actor().holds(role) for role in SENDERS),
        own_steps=recallable(services().office, auth.actor(), page.line.region, page.line.id),
        key_input=key_input,
        household_id=household_of(services().office, auth.actor(), page.line.region, page.line.id),
    )


def _clause_names(page: CasePage) -> dict[str, str]:
    """Clause id -> document and article, for the limits of the case."""
    asked = [limit.clause for limit in page.limits]
    found = clauses_for_case(services().office, auth.actor(), page.line.region, page.line.id, asked)
    return {clause.id: f"{clause.document} {clause.article}".strip() for clause in found}


_APPLICANT_LABELS = {
    "applicant_name": "姓名",
    "applicant_id_number": "身份证号",
    "applicant_phone": "联系电话",
    "reporter_name": "报告人",
    "reporter_phone": "报告人电话",
    "address": "详细地点",
}


def _revealed_rows(data: dict[str, object] | None) -> list[tuple[str, str]]:
    return [(_APPLICANT_LABELS.get(key, key), str(value)) for key, value in (data or {}).items()]


def _paths(page: CasePage) -> list[Path]:
    here = services()
    found = []
    for number, state in enumerate(page.diagrams):
        marks, passed = case_words.marks(page, state, now=here.now(), calendar=here.calendar)
        name = state.definition.name or state.definition.id
        try:
            picture = picture_of(state.definition)
        except UndrawableError:
            continue
        title = f"{page.line.case_no} 在“{name}”上走到哪里"
        svg = draw(picture, marks, passed=passed, title=title, uid=f"dg{number}")
        found.append(Path(name, svg, twin(picture, marks)))
    return found
