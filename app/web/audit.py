"""监督: the county's record of deeds, whether its chains hold, and the record as a file."""

from __future__ import annotations

import csv
import io
import json

from flask import Blueprint, Response, render_template, request, url_for

from app.cases.views.lists import AuditLine, audit_page
from app.web import auth, labels, wording
from app.web.services import services

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

PAGE_LINES = 100
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get("/")
def overview() -> str:
    """The newest records, every chain and book recomputed."""
    page = audit_page(services().office, auth.actor())
    pages = max(1, -(-len(page.records) // PAGE_LINES))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "audit.html",
        page=page,
        records=page.records[(number - 1) * PAGE_LINES : number * PAGE_LINES],
        number=number,
        pages=pages,
        page_url=lambda at: url_for(".overview", page=at),
        action_words=labels.ACTION,
    )


@blueprint.get("/export.csv")
def export() -> Response:
    """The shown records as a CSV file that spreadsheets open with Chinese intact."""
    page = audit_page(services().office, auth.actor())
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(["时间", "由谁", "事项", "代码", "对象", "对象编号", "个案", "内容", "校验值"])
    writer.writerows(_cells(line) for line in page.records)
    name = f"audit-{wording.exact(page.checked_at)[:10]}.csv"
    return Response(
        "\ufeff" + sink.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _cells(line: AuditLine) -> list[str]:
    body = json.dumps(line.body, ensure_ascii=False, default=str, sort_keys=True)
    words = labels.ACTION.get(line.action, line.action)
    texts = (
        wording.exact(line.at),
        line.actor,
        words,
        line.action,
        line.object_kind,
        line.object_id,
        str(line.case_id or ""),
        body,
        line.hash,
    )
    # A cell that begins like a formula would be carried out by a spreadsheet.
    return [f"'{text}" if text.startswith(_FORMULA_STARTS) else text for text in texts]
