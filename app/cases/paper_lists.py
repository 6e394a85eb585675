"""The lists that papers show: household, things handed over, opinions, papers handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from app.cases.paper_answers import (
    Given,
    answered_rows,
    done_items,
    given_in,
    opinion,
    person,
)
from app.cases.work import CaseWork
from app.kernel.clock import legal_day, local
from app.store import attachments, cases, slips


def rows_of(work: CaseWork, lists: frozenset[str]) -> dict[str, list[dict[str, str]]]:
    """List (paper_fields.LISTS) -> its rows, column -> text."""
    given = given_in(work)
    return {
        name: _ROWS[name](work) if name in _ROWS else answered_rows(given, name) for name in lists
    }


def _members(work: CaseWork) -> list[dict[str, str]]:
    found = answered_rows(given_in(work), "members")
    if not found:
        applicant = cases.applicant(work.unit, work.case)
        found = [
            {
                "member_name": str(applicant.get("applicant_name") or ""),
                "relation": "本人",
                "member_id_number": str(applicant.get("applicant_id_number") or ""),
            }
        ]
    return found


def _handed_over(work: CaseWork) -> list[dict[str, str]]:
    return [
        {
            "item": line.item,
            "quantity": f"{line.quantity.normalize():f} {line.measure}",
            "value": str(line.value_fen),
            "voucher_no": slip.voucher_no,
            "paid_on": f"{legal_day(slip.paid_at):%Y-%m-%d}",
        }
        for slip, lines in slips.of_case(work.unit, work.case.region, work.case.id)
        for line in lines
    ]


def _opinions(work: CaseWork) -> list[dict[str, str]]:
    given = given_in(work)
    return list(_opinion_rows(work, given))


def _opinion_rows(work: CaseWork, given: Sequence[Given]) -> Iterator[dict[str, str]]:
    for row in done_items(work):
        if text := opinion(row, given):
            yield {
                "step": row.name,
                "person": person(work, row),
                "at": f"{local(row.done_at):%Y-%m-%d %H:%M}" if row.done_at else "",
                "opinion": text,
            }


def _attachments(work: CaseWork) -> list[dict[str, str]]:
    return [
        {"name": row.name, "added_on": f"{legal_day(row.added_at):%Y-%m-%d}"}
        for row in attachments.of_case(work.unit, work.case.region, work.case.id)
    ]


_ROWS: Mapping[str, Callable[[CaseWork], list[dict[str, str]]]] = {
    "members": _members,
    "handed_over": _handed_over,
    "opinions": _opinions,
    "attachments": _attachments,
}
