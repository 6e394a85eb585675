"""Calls about limits: start, stop, cancel; lengths and escalation come from the deadline tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from app.cases.plain import cited_clauses
from app.cases.work import CaseWork, instant_argument
from app.kernel.clock import SHANGHAI, as_utc, legal_day
from app.kernel.errors import ModelError
from app.kernel.workdays import Unit
from app.process.step import Call
from app.store import clocks, timers
from app.store.clocks import DeadlineRow

FULL = 100  # percent of a limit


def start(work: CaseWork, call: Call) -> dict[str, Any]:
    """The limit `key` runs from `from`; its reminders are timers."""
    key = _key(call)
    limit, clause = _limit(work, call, key)
    deadline = work.office.calendar.deadline(
        started_at=instant_argument(call.inputs, "from", work.now),
        amount=int(limit["amount"]),
        unit=Unit(str(limit["unit"])),
    )
    row = clocks.start(
        work.unit,
        work.case.region,
        work.case.id,
        key,
        str(limit.get("name") or call.name),
        deadline,
        clause=clause,
    )
    _set_reminders(work, call, row)
    return {"due_at": row.due_at.astimezone(SHANGHAI).isoformat()}


def stop(work: CaseWork, call: Call) -> dict[str, Any]:
    """The deed was done at `at`; the answer says whether and how far it was late."""
    row = _running(work, _key(call))
    at = instant_argument(call.inputs, "at", work.now)
    late = clocks.stop(work.unit, row, at)
    _clear_reminders(work, row)
    return {
        "late": late,
        "late_seconds": Decimal(_late_seconds(row, at) if late else 0),
        "late_workdays": Decimal(work.office.calendar.workdays_late(row.due_at, at) if late else 0),
        "due_at": row.due_at.astimezone(SHANGHAI).isoformat(),
    }


def cancel(work: CaseWork, call: Call) -> dict[str, Any]:
    """The limit no longer applies; nothing happens when it does not run."""
    row = clocks.running(work.unit, work.case.region, work.case.id, _key(call))
    if row is not None:
        clocks.cancel(work.unit, row, str(call.inputs.get("reason") or call.name))
        _clear_reminders(work, row)
    return {}


def _late_seconds(row: DeadlineRow, at: datetime) -> int:
    return math.ceil((as_utc(at) - row.due_at).total_seconds())


def _key(call: Call) -> str:
    key = call.inputs.get("key")
    if not isinstance(key, str) or not key:
        raise ModelError(f"“{call.name}”没有写明期限编号 key。", element_id=call.element_id)
    return key


def _running(work: CaseWork, key: str) -> DeadlineRow:
    row = clocks.running(work.unit, work.case.region, work.case.id, key)
    if row is None:
        raise ModelError(f"期限“{key}”没有在计时，无法停止。", key=key)
    return row


def _limit(work: CaseWork, call: Call, key: str) -> tuple[Mapping[str, Any], str]:
    result = work.decide("deadline", call.token, {"key": key})
    if not isinstance(result.value, Mapping) or "amount" not in result.value:
        raise ModelError(
            f"期限表没有“{key}”这一行，“{call.name}”无法计时。请政策管理员补充期限表。", key=key
        )
    clause = str(result.value.get("clause") or ",".join(cited_clauses(result)))
    return result.value, clause


def _set_reminders(work: CaseWork, call: Call, row: DeadlineRow) -> None:
    ladder = work.decide("escalation", call.token, {"key": row.key}).value
    for rung in ladder if isinstance(ladder, list) else []:
        percent = int(rung["percent"])
        timers.set_timer(
            work.unit,
            work.case.region,
            work.case.id,
            token=f"{row.id}:{percent}:{rung['role']}",
            kind="escalation",
            due_at=_reminder_at(work, row, percent),
            payload={
                "key": row.key,
                "deadline_id": str(row.id),
                "percent": percent,
                "role": str(rung["role"]),
                "text": str(rung.get("text") or ""),
            },
        )


def _reminder_at(work: CaseWork, row: DeadlineRow, percent: int) -> datetime:
    """The moment at which that share of the limit is used; for days, the day's beginning."""
    if percent >= FULL:
        return row.due_at
    if row.unit != Unit.WORKDAYS:
        return row.started_at + (row.due_at - row.started_at) * percent / FULL
    count = math.ceil(row.amount * percent / FULL)
    day, _ = work.office.calendar.nth_workday(legal_day(row.started_at), count)
    return as_utc(datetime.combine(day, time(0), SHANGHAI))


def _clear_reminders(work: CaseWork, row: DeadlineRow) -> None:
    timers.clear_of_case(
        work.unit, work.case.region, work.case.id, kind="escalation", prefix=str(row.id)
    )
