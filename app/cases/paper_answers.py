"""The answers given in a case, read for papers: the newest first, in the words of their forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.cases.work import CaseWork
from app.form import Form
from app.form.describe import text_of
from app.form.model import RowList, valued
from app.form.paper_fields import LISTS
from app.kernel.clock import legal_day
from app.store import people, submissions, work_items
from app.store.work_items import WorkItemRow

_OPINIONS = ("decision", "signoff", "opinion", "review_opinion", "findings", "appraisal_note")


@dataclass(frozen=True, slots=True)
class Given:
    """One filled form of the case."""

    item_id: object  # work item, None for the intake
    form: Form
    values: Mapping[str, Any]

    def text(self, key: str) -> str:
        """The answer in words, "" when there is none."""
        value = self.values.get(key)
        if value is None or value == "" or value == [] or key not in self.form.field_paths():
            return ""
        return text_of(self.form.field(key), value, mask=False)


def given_in(work: CaseWork) -> list[Given]:
    """Every filled form of the case, the newest first."""
    found = []
    known = set(work.package.form_ids)
    for row in reversed(submissions.of_case(work.unit, work.case.region, work.case.id)):
        if row.form_id in known:
            form = work.package.form(row.form_id)
            values = form.load(submissions.values(work.unit, row))
            found.append(Given(row.work_item_id, form, values))
    return found


def newest(given: Sequence[Given], keys: Sequence[str]) -> str:
    """The newest answer under any of those names, "" when there is none."""
    for one in given:
        for key in keys:
            if text := one.text(key):
                return text
    return ""


def answered_rows(given: Sequence[Given], name: str) -> list[dict[str, str]]:
    """The rows of the newest list question that asks one of the list's columns."""
    columns = [column for column in LISTS[name] if column != "signature"]
    for one in given:
        for path in one.form.field_paths():
            asked = one.form.field(path)
            if not isinstance(asked, RowList) or not one.values.get(asked.name):
                continue
            cells = {part.name: part for part in valued(asked.components)}
            if columns[0] in cells:
                return [
                    {
                        key: text_of(cells[key], row.get(key), mask=False)
                        for key in columns
                        if key in cells
                    }
                    for row in one.values[asked.name]
                ]
    return []


def done_items(work: CaseWork) -> list[WorkItemRow]:
    """The work items that were done, in order."""
    rows = work_items.of_case(work.unit, work.case.region, work.case.id)
    done = [row for row in rows if row.state == "done"]
    return sorted(done, key=lambda row: (row.done_at or row.opened_at, row.id))


def opinion(row: WorkItemRow, given: Sequence[Given]) -> str:
    """What was said when the item was done, "" for nothing."""
    texts = [one.text(key) for one in given if one.item_id == row.id for key in _OPINIONS]
    return "；".join(text for text in texts if text)


def person(work: CaseWork, row: WorkItemRow) -> str:
    """The name of who did the item."""
    found = people.user(work.unit, UUID(row.done_by)) if row.done_by else None
    return found.name if found else ""


def done_on(row: WorkItemRow) -> str:
    """The legal day on which it was done."""
    return f"{legal_day(row.done_at):%Y-%m-%d}" if row.done_at else ""
