"""Objections to a public notice: anybody may file one, only the re-checker reads who it was.

Filing sends the message `objection` to the case, which stops what would follow; a case that is
already being re-checked takes further objections into the same re-check.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.cases import access, advance
from app.cases.office import Office
from app.cases.work import CaseWork, open_view, open_work
from app.kernel.clock import local
from app.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound, Refused
from app.store import instances, notices, objections, work_items
from app.store.notices import NoticeRow
from app.store.session import Actor, Unit

MESSAGE = "objection"
PUBLIC = Actor(user_id="public", name="公众", kind="system")
MAX_NAME = 40  # characters
MAX_STATEMENT = 1_000  # characters
MAX_OPEN = 50  # objections of one case that wait at one time


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody says against a notice, and how to reach them."""

    name: str
    phone: str
    statement: str


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """One objection without its content."""

    id: UUID
    filed_at: datetime
    resolved_at: datetime | None


def accepts(office: Office, notice_id: UUID) -> bool:
    """True when the notice hangs and its case takes objections now."""
    with office.database.read(PUBLIC) as unit:
        notice = _notice(unit, notice_id)
        if notice is None:
            return False
        running = [
            row
            for row in instances.of_case(unit, notice.region, notice.case_id)
            if row.ended_at is None
        ]
        views = (open_view(office, unit, row.region, row.id) for row in running)
        return any(_awaited(view) for view in views) or bool(
            objections.of_case(unit, notice.region, notice.case_id, open_only=True)
        )


def file(office: Office, notice_id: UUID, said: Objection, *, key: str | None = None) -> None:
    """The objection is sealed and the case stops for a re-check.

    Raises: Invalid without a statement or a way to ask back; NotFound; Refused when the notice
    takes no objections any more.
    """
    _require_filled(said)
    with office.database.read(PUBLIC) as unit:
        hanging = _notice(unit, notice_id)
    if hanging is None:
        raise NotFound("no_notice", "没有这条公示，或者公示期已满。")
    notice = hanging

    def body(unit: Unit) -> dict[str, Any]:
        waiting = _waiting_work(office, unit, notice)
        pending = objections.of_case(unit, notice.region, notice.case_id, open_only=True)
        if waiting is None and not pending:
            raise Refused(
                "objection_closed", "这条公示现在不收异议。请向所在乡镇（街道）或县级民政部门反映。"
            )
        if len(pending) >= MAX_OPEN:
            raise Refused("too_many_objections", "异议太多，正在核查，请直接向乡镇（街道）反映。")
        content = {"name": said.name, "phone": said.phone, "statement": said.statement}
        row = objections.file(unit, notice.region, notice.case_id, notice.id, content)
        unit.audit(notice.region, notice.case_id, "objection.filed", ("objection", row.id), {})
        if waiting is not None:
            advance.carry(waiting, waiting.run.send(MESSAGE, {}, now=local(unit.now)))
        return {}

    office.database.run(PUBLIC, "objection.file", key, body, region=notice.region)


def lines(office: Office, actor: Actor, region: str, case_id: UUID) -> tuple[ObjectionLine, ...]:
    """How many objections and when, for who re-checks them; raises Forbidden for others."""
    with office.database.read(actor) as unit:
        _require_rechecker(unit, actor, region, case_id)
        rows = objections.of_case(unit, region, case_id)
        return tuple(ObjectionLine(row.id, row.filed_at, row.resolved_at) for row in rows)


def opened(office: Office, actor: Actor, region: str, case_id: UUID) -> list[dict[str, Any]]:
    """The open objections in clear; who opened them stands in the case's record."""

    def body(unit: Unit) -> dict[str, Any]:
        _require_rechecker(unit, actor, region, case_id)
        rows = objections.of_case(unit, region, case_id, open_only=True)
        for row in rows:
            unit.audit(region, case_id, "objection.opened", ("objection", row.id), {})
        found = [{**objections.content(unit, row), "filed_at": row.filed_at} for row in rows]
        return {"objections": found}

    answer = office.database.run(actor, "objection.open", None, body, region=region)
    return list(answer["objections"])


def _notice(unit: Unit, notice_id: UUID) -> NoticeRow | None:
    return next((row for row in notices.public(unit) if row.id == notice_id), None)


def _awaited(work: CaseWork) -> bool:
    return any(wait.message == MESSAGE for wait in work.run.messages)


def _waiting_work(office: Office, unit: Unit, notice: NoticeRow) -> CaseWork | None:
    """The running instance that waits for the message, locked; None when none does."""
    for row in instances.of_case(unit, notice.region, notice.case_id):
        if row.ended_at is None:
            work = open_work(office, unit, row.region, row.id)
            if _awaited(work):
                return work
    return None


def _require_filled(said: Objection) -> None:
    problems = []
    if not said.statement.strip():
        problems.append(FieldProblem("statement", "异议内容", "请写明对哪一点有异议、情况怎样。"))
    if not said.phone.strip():
        problems.append(FieldProblem("phone", "联系方式", "请留联系方式，核查时只问您本人。"))
    for key, label, text, most in (
        ("name", "姓名", said.name, MAX_NAME),
        ("phone", "联系方式", said.phone, MAX_NAME),
        ("statement", "异议内容", said.statement, MAX_STATEMENT),
    ):
        if len(text) > most:
            problems.append(FieldProblem(key, label, f"{label}不能超过 {most} 个字。"))
    if problems:
        raise Invalid("请补充下列各项后再提交。", problems)


def _require_rechecker(unit: Unit, actor: Actor, region: str, case_id: UUID) -> None:
    """Raises Forbidden unless the actor may do a waiting item that opens objections."""
    waiting = work_items.of_case(unit, region, case_id, waiting_only=True)
    for item in waiting:
        me = access.standing(actor, item)
        if item.properties.get("objections") and me is not None and access.is_free(me, item):
            return
    raise Forbidden("not_rechecker", "只有正在核查异议的人可以查看异议。")
