"""补登逾期台账 and 时效月报: limits that were not kept, and how often they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from app.cases.ledgers.reading import Reading, Row, hours, percent, quantile
from app.kernel.workdays import Unit as Counted
from app.store import registers
from app.store.clocks import DeadlineRow

_MIDDLE, _NINE_TENTHS = Decimal("0.5"), Decimal("0.9")


def limits(reading: Reading) -> Iterator[Row]:
    """One line per limit that was met too late ("met") or is overdue to this moment ("open")."""
    now = reading.unit.now
    rows = registers.deadlines_in(reading.unit, reading.span(), keys=reading.codes("clocks"))
    late = [(row, case) for row, case in rows if row.late_at(now)]
    chain = registers.answering_for(reading.unit, [case.id for _, case in late])
    for row, case in late:
        state = "open" if row.stopped_at is None else "met"
        if reading.asked.state not in ("", state):
            continue
        until = row.stopped_at or now
        in_days = row.unit != Counted.HOURS
        yield {
            **reading.who(case),
            "limit": row.name,
            "started_at": row.started_at,
            "due_at": row.due_at,
            "stopped_at": row.stopped_at,
            "late_hours": hours(until - row.due_at),
            "late_workdays": (
                reading.office.calendar.workdays_late(row.due_at, until) if in_days else None
            ),
            "state": state,
            "done_by": chain[case.id][-1].user_name if case.id in chain else "",
        }


def timeliness(reading: Reading) -> Iterator[Row]:
    """One line per township and limit: how many began in the period and what became of them."""
    now = reading.unit.now
    groups: dict[tuple[str, str], list[DeadlineRow]] = {}
    rows = registers.deadlines_in(reading.unit, reading.span(), keys=reading.codes("clocks"))
    for row, case in rows:
        if row.cancelled_at is None:
            groups.setdefault((case.township, row.name), []).append(row)
    for (township, name), found in sorted(groups.items()):
        met = [row for row in found if row.stopped_at is not None]
        late = sum(1 for row in met if row.late_at(now))
        overdue = sum(1 for row in found if row.stopped_at is None and row.late_at(now))
        lengths = [_length(row) for row in met]
        yield {
            "township": reading.names.organ(township),
            "limit": name,
            "started": len(found),
            "on_time": len(met) - late,
            "late": late,
            "late_open": overdue,
            "running": len(found) - len(met) - overdue,
            "share": percent(len(met) - late, len(met) + overdue),
            "median": hours(quantile(lengths, _MIDDLE)),
            "p90": hours(quantile(lengths, _NINE_TENTHS)),
        }


def _length(row: DeadlineRow) -> timedelta:
    assert row.stopped_at is not None
    return row.stopped_at - row.started_at
