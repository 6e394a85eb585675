"""转介台账 and 差错与容错台账: who was sent where with what outcome; errors and their class."""

from __future__ import annotations

from collections.abc import Iterator

from app.cases.ledgers.reading import Reading, Row
from app.form.describe import text_of
from app.kernel.clock import legal_day
from app.store import referral_registers, submissions
from app.store.cases import CaseRow
from app.store.work_items import WorkItemRow

_DONE = "done"


def referrals(reading: Reading) -> Iterator[Row]:
    """One line per referral sent in the period."""
    for row, case in referral_registers.referrals_in(reading.unit, reading.span()):
        if reading.asked.state not in ("", row.status):
            continue
        yield {
            **reading.who(case),
            "referral_no": row.referral_no,
            "need": reading.label(row.region, "need", row.need),
            "receiver": row.receiver_name,
            "sent_at": row.sent_at,
            "sent_by": row.sent_by_name,
            "due_at": row.due_at,
            "answered_at": row.answered_at,
            "answered_by": row.answered_by,
            "state": row.status,
            "outcome": row.outcome,
            "done_on": legal_day(row.done_at) if row.done_at else None,
            "followed_by": row.followed_by,
        }


def error_cases(reading: Reading) -> Iterator[Row]:
    """One line per error: who judged it, as what, and what was concluded.

    The file names the forms in order: the judgement first, the conclusion second.
    """
    forms = list(reading.codes("kinds"))
    found: dict[object, dict[str, tuple[WorkItemRow, CaseRow]]] = {}
    for item, case in referral_registers.items_of_forms(reading.unit, reading.span(), forms):
        found.setdefault(item.instance_id, {})[item.form_id or ""] = (item, case)
    for parts in found.values():
        steps = [parts.get(form_id) for form_id in forms]
        known = next(step for step in steps if step is not None)
        state = "closed" if steps[-1] and steps[-1][0].state == _DONE else "open"
        if reading.asked.state not in ("", state):
            continue
        said: dict[str, str] = {}
        for step in steps:
            if step is not None and step[0].state == _DONE:
                said |= _answers(reading, *step)
        judged, ended = (step[0] if step else None for step in (steps[0], steps[-1]))
        yield {
            **reading.who(known[1]),
            "found_at": known[0].opened_at,
            "facts": said.get("facts_found", "") if reading.opened else "",
            "loss": said.get("loss", ""),
            "class": said.get("error_class", ""),
            "evidence": said.get("error_evidence", ""),
            "judged_by": reading.names.user(judged.done_by) if judged else "",
            "outcome": said.get("error_outcome", ""),
            "ended_by": reading.names.user(ended.done_by) if ended else "",
            "ended_on": legal_day(ended.done_at) if ended and ended.done_at else None,
            "state": state,
        }


def _answers(reading: Reading, item: WorkItemRow, case: CaseRow) -> dict[str, str]:
    """Answer name -> words, of what was filled in at that item."""
    package = reading.package(case.region)
    rows = submissions.of_case(reading.unit, case.region, case.id, form_id=item.form_id)
    mine = [row for row in rows if row.work_item_id == item.id]
    if not mine or item.form_id not in package.form_ids:
        return {}
    form = package.form(item.form_id)
    values = form.load(submissions.values(reading.unit, mine[-1]))
    return {
        key: text_of(form.field(key), value, mask=not reading.opened)
        for key, value in values.items()
        if key in form.field_paths() and value not in (None, "", [])
    }
