"""What the system does by itself when its moment has come: timers of diagrams, reminders.

Each timer is one command with the key `timer:<id>`; a worker that is killed loses and doubles
nothing. A failing timer is put back with a growing pause and does not hold up the others.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.cases import access, advance
from app.cases.office import Office
from app.cases.work import open_work
from app.kernel.clock import local
from app.kernel.errors import AppError, Stale
from app.store import cases, clocks, messages, timers
from app.store.session import Actor, Unit
from app.store.timers import TimerRow

TIMER = Actor(user_id="timer", name="系统定时", kind="system")
FULL = 100  # percent of a limit
MAX_ROUNDS = 200  # batches in one call


def fire_due(office: Office) -> int:
    """Every timer due by now has been performed or put back; answers how many were performed."""
    done = 0
    for _ in range(MAX_ROUNDS):
        with office.database.read() as unit:
            due = timers.due_ids(unit)
        if not due:
            break
        done += sum(_fire_one(office, region, timer_id) for region, timer_id in due)
    return done


def _fire_one(office: Office, region: str, timer_id: UUID) -> bool:
    def body(unit: Unit) -> dict[str, Any]:
        row = timers.claim(unit, region, timer_id)
        if row is None:
            raise Stale("timer_gone", "这个定时事项已由他人处理。")  # leaves no answer behind
        if row.kind == "escalation":
            _remind(unit, row)
        else:
            _advance(office, unit, row)
        timers.mark_done(unit, row)
        return {"done": True}

    try:
        answer = office.database.run(TIMER, "timer.fire", f"timer:{timer_id}", body, region=region)
        return bool(answer["done"])
    except Stale as gone:
        if gone.code != "timer_gone":
            _put_back(office, region, timer_id, gone)
        return False
    except AppError as error:
        _put_back(office, region, timer_id, error)
        return False


def _put_back(office: Office, region: str, timer_id: UUID, error: AppError) -> None:
    with office.database.begin(TIMER) as unit:
        row = timers.claim(unit, region, timer_id)
        if row is not None:
            timers.mark_failed(unit, row, f"{error.code}: {error.message}")


def _advance(office: Office, unit: Unit, row: TimerRow) -> None:
    if row.instance_id is None:
        return
    work = open_work(office, unit, row.region, row.instance_id)
    work.audit("timer.fired", ("timer", row.id), {"due_at": row.due_at, **row.payload})
    advance.carry(work, work.run.fire(row.token, now=local(unit.now)))


def _remind(unit: Unit, row: TimerRow) -> None:
    """The rung of the ladder is climbed, unless the deed was done meanwhile."""
    case = cases.get(unit, row.region, row.case_id)
    deadline = clocks.by_id(unit, row.region, UUID(str(row.payload["deadline_id"])))
    if deadline.stopped_at is not None or deadline.cancelled_at is not None:
        return
    percent, role = int(row.payload["percent"]), str(row.payload["role"])
    what = "已超期" if percent >= FULL else f"已用 {percent}%"
    due = local(deadline.due_at)
    text = f"案件 {case.case_no}：{deadline.name}{what}，应于 {due:%Y-%m-%d %H:%M} 前办结。"
    organ = access.organ_for(unit, role, case)
    messages.tell_role(
        unit, row.region, role, organ, "escalation", text + row.payload["text"], case_id=case.id
    )
    action = "deadline.breached" if percent >= FULL else "deadline.reminded"
    unit.audit(
        row.region,
        case.id,
        action,
        ("deadline", deadline.id),
        {"key": deadline.key, "percent": percent, "role": role, "due_at": deadline.due_at},
    )
