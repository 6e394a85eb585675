"""家庭: find a household, see it masked, open it in clear with a purpose on record."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request

from app.cases import reveal
from app.cases.views.household import household_page
from app.cases.views.households import find, listing, may_find
from app.cases.watches import KEEPERS, VISITORS
from app.kernel.errors import Invalid
from app.web import auth, case_words
from app.web.sent import key_input
from app.web.services import services

blueprint = Blueprint("households", __name__, url_prefix="/households")

STATE_WORDS = {  # of a clue -> words, tag
    "open": ("等县级核对", "late"),
    "repeat": ("认定为重复", "refused"),
    "allowed": ("可以继续", "done"),
    "noted": ("仅供参考", "ahead"),
}
SCHEME_WORDS = {
    "certified": "已认定",
    "applied": "已申请",
    "admitted": "已纳入",
    "refused": "不予纳入",
}
PART_WORDS = {
    "learned": "首次登记",
    "name": "姓名",
    "id_number": "身份证号",
    "phones": "联系电话",
    "accounts": "收款账号",
}


@blueprint.get("/")
def index() -> str:
    """The households that changed last, and the box to find one."""
    found = listing(services().office, auth.actor())
    return render_template("households.html", lines=found, asked=False, county=_county())


@blueprint.post("/")
def search() -> str:
    """Whose ID number, last four digits or name it is; asked by POST, so no address keeps it."""
    text = request.form.get("person", "").strip()
    office, actor = services().office, auth.actor()
    readable = may_find(text)
    found = find(office, actor, text) if readable else ()
    if not readable:
        listing(office, actor)  # refuses who may not look
    return render_template(
        "households.html", lines=found, asked=True, readable=readable, county=_county()
    )


@blueprint.get("/<region>/<uuid:household_id>")
def show(region: str, household_id: UUID) -> str:
    """The page of the household."""
    return _render(region, household_id)


@blueprint.post("/<region>/<uuid:household_id>/reveal")
def show_people(region: str, household_id: UUID) -> str | tuple[str, int]:
    """Names and numbers in clear, this once; the purpose is on record."""
    purpose = request.form.get("purpose", "")
    try:
        data = reveal.household(services().office, auth.actor(), region, household_id, purpose)
    except Invalid as error:
        return _render(region, household_id, problem=error.problems[0].message), 422
    return _render(region, household_id, revealed=data)


def _render(
    region: str,
    household_id: UUID,
    *,
    revealed: dict[str, object] | None = None,
    problem: str = "",
) -> str:
    return render_template(
        "household.html",
        page=household_page(services().office, auth.actor(), region, household_id),
        revealed=revealed,
        purpose_problem=problem,
        status_words=case_words.status_words,
        state_words=STATE_WORDS,
        scheme_words=SCHEME_WORDS,
        part_words=PART_WORDS,
        may_visit=_holds(*VISITORS),
        may_watch=_holds(*KEEPERS),
        key_input=key_input,
    )


def _county() -> bool:
    """True when the person keeps the county's lists."""
    return _holds("county_handler", "county_approver", "auditor")


def _holds(*roles: str) -> bool:
    return any(code in roles for code, _ in auth.actor().roles)
