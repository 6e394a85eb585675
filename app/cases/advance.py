"""The bend of the river: engine step, perform what it asks for, answer, until it waits.

This is the only loop between the engine and the world. It is bounded, and all of it lies in one
transaction: a call that is refused undoes the command that led to it.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime

from app.cases import access, calls
from app.cases.plain import cited_clauses, matched_rules, plain
from app.cases.work import CODEC_VERSION, CaseWork
from app.kernel.audit import digest
from app.kernel.clock import local
from app.kernel.errors import Parked
from app.kernel.workdays import read_limit
from app.process.step import Call, DecisionTaken, OpenedItem, Step
from app.store import clocks, decisions, instances, messages, timers, work_items

MAX_CALLS = 100  # calls performed in one command


def carry(work: CaseWork, step: Step) -> None:
    """Everything the step says is on record, its calls are performed, the instance is saved."""
    waiting: deque[Call] = deque()
    last = step
    _record(work, step)
    waiting.extend(step.calls)
    for _ in range(MAX_CALLS):
        if not waiting:
            _save(work, last)
            carry_beside(work)
            return
        call = waiting.popleft()
        answer = calls.perform(work, call)
        last = work.run.answer(call.token, answer, now=local(work.now))
        _record(work, last)
        waiting.extend(last.calls)
    raise Parked(
        "too_many_calls",
        f"一次办理触发了超过 {MAX_CALLS} 次系统调用，流程可能有死循环，请政策管理员检查。",
        retryable=False,
    )


def carry_beside(work: CaseWork) -> None:
    """What the command did to other instances (`cases.branches`) is carried as well."""
    while work.beside:
        carry(*work.beside.pop(0))


def _record(work: CaseWork, step: Step) -> None:
    region, instance = work.case.region, work.instance
    if step.closed:
        work_items.close_tokens(work.unit, region, instance.id, step.closed)
    if step.timers_cleared:
        timers.clear(work.unit, region, instance.id, step.timers_cleared)
    for taken in step.decisions:
        _record_decision(work, taken)
    if step.passed:
        instances.record_passed(work.unit, instance, step.passed)
    for opened in step.opened:
        _open_item(work, opened)
    for timer in step.timers_set:
        timers.set_timer(
            work.unit,
            region,
            work.case.id,
            token=timer.token,
            kind="bpmn",
            due_at=timer.due_at,
            instance_id=instance.id,
            payload={"element_id": timer.element_id, "name": timer.name},
        )
    for incident in step.incidents:
        row = instances.open_incident(work.unit, instance, incident)
        work.audit("incident.opened", ("incident", row.id), {"element": incident.element_id})
        messages.tell_role(
            work.unit,
            region,
            "county_handler",
            region,
            "incident",
            f"案件 {work.case.case_no} 停在“{incident.name}”：{incident.message}",
            case_id=work.case.id,
        )


def _open_item(work: CaseWork, opened: OpenedItem) -> None:
    clock_key = opened.properties.get("clock", "")
    row = work_items.add(
        work.unit,
        work.case.region,
        work.case.id,
        work.instance.id,
        _plain_inputs(opened),
        organ_code=access.organ_for(work.unit, opened.role, work.case),
        due_at=_due(work, opened, clock_key),
        clock_key=clock_key,
    )
    work.audit("work_item.opened", ("work_item", row.id), {"element": opened.element_id})


def _plain_inputs(opened: OpenedItem) -> OpenedItem:
    return OpenedItem(
        token=opened.token,
        process_id=opened.process_id,
        element_id=opened.element_id,
        name=opened.name,
        role=opened.role,
        form_id=opened.form_id,
        due_at=opened.due_at,
        inputs=plain(opened.inputs),
        properties=opened.properties,
    )


def _due(work: CaseWork, opened: OpenedItem, clock_key: str) -> datetime | None:
    """When the step must be done: by the clock it serves or its own limit, whichever ends first."""
    due = [_clock_due(work, clock_key), _own_due(work, opened.properties.get("limit", ""))]
    return min((at for at in due if at is not None), default=None)


def _own_due(work: CaseWork, text: str) -> datetime | None:
    """The end of the limit of the step itself, None when it has none."""
    limit = read_limit(text)
    if limit is None:
        return None
    amount, unit = limit
    return work.office.calendar.deadline(started_at=work.now, amount=amount, unit=unit).due_at


def _clock_due(work: CaseWork, key: str) -> datetime | None:
    if not key:
        return None
    running = clocks.running(work.unit, work.case.region, work.case.id, key)
    return None if running is None else running.due_at


def _record_decision(work: CaseWork, taken: DecisionTaken) -> None:
    result = taken.result
    row = decisions.record(
        work.unit,
        work.case.region,
        work.case.id,
        work.instance.id,
        process_id=taken.process_id,
        element_id=taken.element_id,
        name=taken.name,
        decision_id=taken.decision_id,
        deployment_id=work.package.id,
        file=taken.file,
        file_sha256=digest(work.package.files[taken.file]),
        inputs=plain(taken.inputs),
        value=plain(result.value),
        matched=matched_rules(result),
        clauses=cited_clauses(result),
        warnings=[caution.message for caution in result.warnings],
        errors=[finding.message for finding in result.errors],
    )
    work.audit(
        "decision.taken",
        ("decision", row.id),
        {
            "decision_id": taken.decision_id,
            "file": taken.file,
            "file_sha256": row.file_sha256,
            "rules": [f"{rule['decision']}#{rule['number']}" for rule in row.matched],
            "value": plain(result.value),
        },
    )


def _save(work: CaseWork, last: Step) -> None:
    stopped = instances.open_incidents(work.unit, work.case.region, case_id=work.case.id)
    status = "ended" if last.ended else "incident" if stopped else "running"
    instances.save(
        work.unit,
        work.instance,
        state=work.run.dump(),
        codec_version=CODEC_VERSION,
        status=status,
        end_element_id=last.end_element_id,
    )
