"""公示台账: what was published, how long it had to stay and stayed, and what was said to it."""

from __future__ import annotations

from collections.abc import Iterator

from app.cases.ledgers.reading import Reading, Row
from app.store import registers
from app.store.notices import NoticeRow


def notices(reading: Reading) -> Iterator[Row]:
    """One line per notice posted in the period; state "up" hangs, "over" ran out, "down" taken."""
    rows = registers.notices_in(reading.unit, reading.span())
    cases = registers.cases_of(reading.unit, [row.case_id for row in rows])
    said = registers.objections_to(reading.unit, rows)
    for row in rows:
        state = _state(reading, row)
        if reading.asked.state not in ("", state):
            continue
        yield {
            **reading.who(cases[row.case_id]),
            "title": str(row.fields.get("title", "")),
            "posted_at": row.posted_at,
            "until": row.take_down_at,
            "down_at": row.taken_down_at or (row.take_down_at if state == "over" else None),
            "state": state,
            "objections": said.get(row.id, 0),
            "posted_by": reading.names.user(row.posted_by),
        }


def _state(reading: Reading, row: NoticeRow) -> str:
    if row.taken_down_at is not None:
        return "down"
    over = row.take_down_at is not None and row.take_down_at <= reading.unit.now
    return "over" if over else "up"
