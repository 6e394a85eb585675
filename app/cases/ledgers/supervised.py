"""投诉、问题、抽查台账: what the reader may see of it; who is complained of sees nothing."""

from __future__ import annotations

from collections.abc import Iterator

from app.cases.ledgers.reading import Reading, Row
from app.cases.views.supervision import matters_seen
from app.kernel.clock import legal_day

_OPEN = "open"


def supervised(reading: Reading) -> Iterator[Row]:
    """One line per complaint, audit issue and inspection registered in the period, oldest first."""
    since, until = reading.asked.since, reading.asked.until
    matters = matters_seen(reading.unit, reading.unit.actor, reading.scope.regions)
    for one in reversed(matters):
        day = legal_day(one.reported_at)
        state = _OPEN if one.status == _OPEN else "closed"
        if (since and day < since) or (until and day > until):
            continue
        if reading.asked.state not in ("", state):
            continue
        yield {
            "_region": one.region,
            "_case_id": str(one.id),
            "case_no": one.case_no,
            "matter": one.title,
            "reported_at": one.reported_at,
            "step": one.step,
            "due_at": one.due_at,
            "late": "有超期" if one.late else "",
            "state": state,
            "outcome": one.outcome,
            "closed_on": legal_day(one.closed_at) if one.closed_at else None,
        }
