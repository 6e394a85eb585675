"""台账和报表: the list, one of them on the screen, and taken out as a file on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.cases.ledgers import page as verbs
from app.cases.ledgers.page import LedgerPage
from app.cases.ledgers.reading import Filter
from app.form.ledger_columns import QUERIES
from app.form.ledgers import GROUPS
from app.form.pdf import render as render_pdf
from app.form.spreadsheet import csv_bytes, xlsx_bytes
from app.kernel.errors import FieldProblem, Invalid, Refused
from app.kernel.roles import ROLES
from app.web import auth, errors, labels
from app.web import ledger_cells as cells
from app.web.services import services

blueprint = Blueprint("ledgers", __name__, url_prefix="/ledgers")

PAGE_LINES = 50
MAX_TEXT_CHARS = 200
YEARS = range(2000, 2200)  # no ledger has an earlier or later day
MAX_DAY_CHARS = 20  # of a mistyped day that the answer repeats
MAX_PDF_ROWS = 2_000  # above it nobody prints; the spreadsheet takes them all
FORMS = {
    "xlsx": (
        "电子表格（xlsx）",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": ("文本表格（CSV）", "text/csv; charset=utf-8"),
    "pdf": ("打印件（PDF）", "application/pdf"),
}


@blueprint.get("/")
def listing() -> str:
    """The ledgers and reports the person may read."""
    found = verbs.listing(services().office, auth.actor())
    groups = [
        (words, [one for one in found if one.group == code]) for code, words in GROUPS.items()
    ]
    roles = [ROLES[code] for code, _ in auth.actor().roles if code in ROLES]
    leads = any(role.reads_all and role.reads_money for role in roles)
    return render_template("ledgers.html", groups=groups, total=len(found), leads=leads)


@blueprint.get("/<ledger_id>")
def show(ledger_id: str) -> str | tuple[str, int]:
    """One ledger, masked, fifty rows a page."""
    try:
        asked = _asked(request.args)
        page = verbs.read(services().office, auth.actor(), ledger_id, asked)
    except Invalid as error:
        page = verbs.read(services().office, auth.actor(), ledger_id, Filter())
        return _render(page, error=error, typed=request.args), 422
    return _render(page)


@blueprint.post("/<ledger_id>/export")
def export(ledger_id: str) -> AnyResponse | tuple[str, int]:
    """The ledger as a file; who took it out and why is on record."""
    here, actor = services(), auth.actor()
    form = request.form.get("form", "")
    try:
        if form not in FORMS:
            problem = FieldProblem("form", "格式", "请选择文件格式。")
            raise Invalid("请选择文件格式。", [problem])
        page = verbs.export(
            here.office,
            actor,
            ledger_id,
            _asked(request.form),
            purpose=request.form.get("purpose", ""),
            form=form,
            opened=request.form.get("opened") == "yes",
        )
        content = _content(page, form)
    except (Invalid, Refused) as error:
        page = verbs.read(here.office, actor, ledger_id, _asked_or_all())
        return _render(page, error=error, typed=request.form), errors.status_of(error)
    name = quote(f"{page.ledger.title} {cells.period(page)}.{form}", safe="")
    answer = Response(content, content_type=FORMS[form][1])
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def _content(page: LedgerPage, form: str) -> bytes:
    if form == "csv":
        return csv_bytes(cells.head(page), cells.values(page))
    if form == "xlsx":
        title = page.ledger.title
        return xlsx_bytes(title, cells.head(page), cells.values(page), made_at=page.read_at)
    if len(page.rows) > MAX_PDF_ROWS:
        raise Refused(
            "too_long_to_print",
            f"共 {len(page.rows)} 行，超过打印件的 {MAX_PDF_ROWS} 行：请缩短期间，或导出电子表格。",
        )
    return render_pdf(cells.sheet(page))


def _asked(given: Mapping[str, str]) -> Filter:
    """What the request asks for; raises Invalid for a day that is none."""
    problems: list[FieldProblem] = []
    asked = Filter(
        since=_day(given, "since", "起始日期", problems),
        until=_day(given, "until", "截止日期", problems),
        township=given.get("township", "").strip()[:MAX_TEXT_CHARS],
        route=given.get("route", "").strip()[:MAX_TEXT_CHARS],
        state=given.get("state", "").strip()[:MAX_TEXT_CHARS],
    )
    if problems:
        raise Invalid("期间有误。", problems)
    return asked


def _day(
    given: Mapping[str, str], name: str, label: str, problems: list[FieldProblem]
) -> date | None:
    text = given.get(name, "").strip()
    try:
        day = date.fromisoformat(text) if text else None
        if day is not None and day.year not in YEARS:
            raise ValueError
        return day
    except ValueError:
        message = f"{label}“{text[:MAX_DAY_CHARS]}”不是日期，应如 2026-04-07。"
        problems.append(FieldProblem(name, label, message))
        return None


def _asked_or_all() -> Filter:
    try:
        return _asked(request.form)
    except Invalid:
        return Filter()


def _render(
    page: LedgerPage,
    *,
    error: Invalid | Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    pages = max(1, -(-len(page.rows) // PAGE_LINES))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = page.rows[(number - 1) * PAGE_LINES : number * PAGE_LINES]
    problems = error.problems if isinstance(error, Invalid) else ()
    query = QUERIES[page.ledger.query]
    asked: dict[str, Any] = {
        "since": page.asked.since.isoformat() if page.asked.since else None,
        "until": page.asked.until.isoformat() if page.asked.until else None,
        "township": page.asked.township or None,
        "route": page.asked.route or None,
        "state": page.asked.state or None,
    }
    return render_template(
        "ledger.html",
        page=page,
        period=cells.period(page),
        columns=[
            (one.text, one.column.kind in cells.RIGHT, one.column.key)
            for one in page.ledger.headings
        ],
        rows=[(cells.texts(page, row), row) for row in shown],
        totals=cells.totals(page),
        sums=cells.sums(page),
        filters=query.filters,
        routes=labels.ROUTE,
        states=cells.states(page),
        asked=asked,
        number=number,
        pages=pages,
        page_url=lambda at: url_for(".show", ledger_id=page.ledger.id, page=at, **asked),
        forms=[(code, words) for code, (words, _) in FORMS.items()],
        personal=any(one.column.personal for one in page.ledger.headings),
        links_cases=_links_cases(),
        typed=typed or {},
        problems=[{"href": f"#{one.key}", "message": one.message} for one in problems],
        problem_of={one.key: one.message for one in problems},
        refused=error if isinstance(error, Refused) else None,
    )


def _links_cases() -> bool:
    """True when the person may open the cases a ledger names."""
    roles = [ROLES[code] for code, _ in auth.actor().roles if code in ROLES]
    return any(role.reads_all for role in roles)
