"""Calls that put words before people: the public notice and the letter to the applicant.

Both are filled from the case's own records only. A notice is checked field by field against the
publicity table at the moment it is posted, whatever the template says (guard-rail G20).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from app.cases import paper_fields, publicity
from app.cases.calls.money import amount_argument
from app.cases.separation import words
from app.cases.work import CaseWork
from app.form.paper_fields import FIELDS
from app.form.papers import Paper, problems_of
from app.form.sheets import dump_parts
from app.kernel.clock import SHANGHAI, end_of_day, legal_day
from app.kernel.errors import ModelError, Refused
from app.kernel.money import in_capitals
from app.process.step import Call
from app.store import letters, notices

MAX_DAYS = 366  # a notice never stays longer


def publish(work: CaseWork, call: Call) -> dict[str, Any]:
    """The notice is public for `days` working days; raises Refused for a field not allowed."""
    paper = _paper(work, call, "notice")
    result = work.decide("publicity_fields", call.token, {})
    allowed = frozenset(str(name) for name in result.value or [])
    wrong = problems_of(paper, allowed)
    if wrong:
        raise Refused("notice_not_allowed", f"公示模板不能使用：{wrong[0]}", clause="r649-61")
    known = {**_known(work, call), **publicity.place_of(work)}
    body = paper.fill(known)
    publicity.refuse_private(work, paper, body)
    take_down_at = _take_down_at(work, call)
    row = notices.publish(
        work.unit,
        work.case.region,
        work.case.id,
        template_id=paper.id,
        township=work.case.township,
        village=work.case.village,
        fields={
            "title": paper.title,
            "body": body,
            "fields": [{"label": FIELDS[name], "value": known[name]} for name in paper.fields],
        },
        take_down_at=take_down_at,
    )
    until = None if take_down_at is None else take_down_at.astimezone(SHANGHAI).isoformat()
    return {"notice_id": str(row.id), "posted_at": row.posted_at.isoformat(), "until": until}


def _take_down_at(work: CaseWork, call: Call) -> datetime | None:
    days = call.inputs.get("days")
    if days is None:
        return None
    if not isinstance(days, Decimal | int) or not 0 < days <= MAX_DAYS:
        raise ModelError(f"“{call.name}”的公示天数“{days}”不对。", element_id=call.element_id)
    last, _ = work.office.calendar.nth_workday(legal_day(work.now), int(days))
    return end_of_day(last)


def issue_letter(work: CaseWork, call: Call) -> dict[str, Any]:
    """The letter is numbered and kept with the case, ready to print.

    With `once` a second letter of the same paper is refused unless `again_reason` says why.
    """
    paper = _paper(work, call, "letter", "record")
    again = str(call.inputs.get("again_reason") or "").strip()
    if call.inputs.get("once") is True and not again:
        _require_first(work, call, paper)
    known = _known(work, call)
    known["remedies"] = paper.remedies
    if again:
        known["reasons"] = f"{known['reasons']}\n再次告知的理由：{again}"
    made = paper_fields.filled(work, paper, known)
    row = letters.issue(
        work.unit,
        work.case.region,
        work.case.id,
        template_id=paper.id,
        title=paper.title,
        body=made.body,
        parts=dump_parts(made.parts),
    )
    return {"letter_no": row.letter_no}


def _require_first(work: CaseWork, call: Call, paper: Paper) -> None:
    """Raises Refused when the case already has a letter of that paper (一次性告知)."""
    earlier = [
        row
        for row in letters.of_case(work.unit, work.case.region, work.case.id)
        if row.template_id == paper.id
    ]
    if earlier:
        raise Refused(
            "told_once",
            f"一次性告知：本件已于 {legal_day(earlier[0].issued_at):%Y-%m-%d} 告知过全部要求，"
            "不得再次要求补充。补来的材料本身引出新问题的，写明理由后可以再告知。",
            clause=call.properties.get("clause", ""),
            letter_no=earlier[0].letter_no,
        )


def _known(work: CaseWork, call: Call) -> dict[str, str]:
    """The words of the case's records, and instead of them what the diagram gives."""
    known = paper_fields.of_case(work)
    if reasons := call.inputs.get("reasons"):
        known["reasons"] = str(reasons)
    if clauses := call.inputs.get("clauses"):
        known["clauses"] = paper_fields.articles_of(work, words(str(clauses)))
    if call.inputs.get("amount") is not None:
        amount = amount_argument(call)
        known["amount"], known["amount_capitals"] = str(amount), in_capitals(amount)
    return known


def _paper(work: CaseWork, call: Call, *kinds: str) -> Paper:
    paper = work.package.paper(str(call.inputs.get("paper") or ""))
    if paper.kind not in kinds:
        raise ModelError(f"“{call.name}”引用的文书“{paper.id}”不是所需的种类。", paper=paper.id)
    return paper
