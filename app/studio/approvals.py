"""A draft on its way into force: handed in by who made it, signed by somebody else.

Nothing with an error passes. What the law wants "in principle" passes with a written reason for
each finding and a second signature under each. What was published is never changed: the way back
is a new publication of the old text, checked against the law of today and signed again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.kernel.audit import digest
from app.kernel.errors import FieldProblem, Forbidden, Invalid, Refused, Stale
from app.store import deployments
from app.store import drafts as table
from app.store.base import REGION_NONE
from app.store.drafts import DraftRow
from app.store.session import Actor, Database, Unit
from app.studio import drafts
from app.studio.checking import checked
from app.studio.drafts import Draft, require
from app.studio.people import EDITOR, PUBLISHER
from app.studio.publish import Order, put_in_force, refuse_order, sha256
from app.studio.records import changes_between, record_of, soft_reasons
from app.studio.report import Noted, Report
from app.studio.subject import Surroundings

MAX_REASON = 1_000  # characters


def submit(
    database: Database,
    actor: Actor,
    draft_id: UUID,
    order: Order,
    reasons: Mapping[str, str],
    *,
    why: str,
    surroundings: Surroundings,
    key: str | None,
) -> None:
    """The draft waits for its second signature and is not changed any more.

    `reasons`: written reasons by `Noted.key`; `why`: what the change is for. Raises: Refused for
    errors, no change or an outdated base; Invalid for what is missing in words.
    """
    draft = drafts.load(database, actor, draft_id)
    report = checked(draft.package, surroundings, draft.base)
    _refuse_errors(report)
    refuse_order(order, surroundings.now)
    _require_reasons(report, reasons, why)

    def body(unit: Unit) -> dict[str, Any]:
        row = _row(unit, actor, draft, table.EDITING, EDITOR)
        _refuse_outdated(unit, row, order.effective_from)
        _refuse_unchanged(unit, draft)
        row.state, row.submitted_at = table.SUBMITTED, unit.now
        row.label, row.document_no = order.label.strip(), order.document_no.strip()
        row.effective_from = order.effective_from
        row.reason, row.note = why.strip(), ""
        row.soft = soft_reasons(report, reasons)
        table.touch(unit, row)
        facts = {**_facts(row), "files": _file_facts(unit, row), "soft": row.soft}
        unit.audit(REGION_NONE, None, "draft.submitted", ("draft", row.id), facts)
        return {}

    fingerprint = digest(f"{draft_id} {draft.revision} {order.label}".encode())
    database.run(actor, "draft.submit", key, body, fingerprint=fingerprint)


def send_back(
    database: Database, actor: Actor, draft_id: UUID, reason: str, *, key: str | None
) -> None:
    """The draft may be changed again; its author reads why."""
    _require_words(reason, "退回原因", "reason")

    def body(unit: Unit) -> dict[str, Any]:
        row = _waiting(unit, actor, draft_id, EDITOR, PUBLISHER)
        row.state, row.note = table.EDITING, reason.strip()
        row.submitted_at = None
        unit.audit(
            REGION_NONE, None, "draft.sent_back", ("draft", row.id), {"reason": reason.strip()}
        )
        return {}

    database.run(actor, "draft.send_back", key, body, fingerprint=digest(str(draft_id).encode()))


def withdraw(
    database: Database, actor: Actor, draft_id: UUID, reason: str, *, key: str | None
) -> None:
    """The draft will not be published; what it held stays to be read."""
    _require_words(reason, "撤下原因", "reason")

    def body(unit: Unit) -> dict[str, Any]:
        row = table.get(unit, draft_id, lock=True)
        require(unit, actor, row.locality, EDITOR)
        if row.state not in table.OPEN:
            raise Refused("draft_closed", "这份草稿已经办结。")
        row.state, row.note = table.WITHDRAWN, reason.strip()
        row.decided_at, row.decided_by = unit.now, actor.user_id
        unit.audit(
            REGION_NONE, None, "draft.withdrawn", ("draft", row.id), {"reason": reason.strip()}
        )
        return {}

    database.run(actor, "draft.withdraw", key, body, fingerprint=digest(str(draft_id).encode()))


def approve(
    database: Database,
    actor: Actor,
    draft_id: UUID,
    signed: Collection[str],
    *,
    surroundings: Surroundings,
    key: str | None,
) -> UUID:
    """The draft is published by a second person; answers the publication.

    `signed`: keys of the soft findings the person takes on. Raises: Forbidden for who worked on
    it; Refused when something is not in order any more; Invalid when a signature is missing.
    """
    draft = drafts.load(database, actor, draft_id)
    report = checked(draft.package, surroundings, draft.base)
    _refuse_errors(report)
    given = {one["key"]: one["reason"] for one in draft.row.soft}
    if report.unanswered(given):
        raise Refused("new_findings", "送审以后检查又有新的发现，请退回编制人写明理由。")
    missing = [note for note in report.soft if note.key not in signed]
    if missing:
        raise Invalid("请逐条签字。", [_unsigned(note) for note in missing])
    changes = changes_between(draft.base, draft.package, surroundings.now)

    def body(unit: Unit) -> dict[str, Any]:
        row = _waiting(unit, actor, draft_id, PUBLISHER)
        if actor.user_id in table.hands(unit, row.id):
            raise Forbidden("same_person", "参与编制的人不能发布，请由另一人签字。")
        if row.revision != draft.revision:
            raise Stale("draft_changed", "草稿刚刚有改动，请重新看过再签字。")
        if row.effective_from is not None and row.effective_from < unit.now:
            raise Refused("date_passed", "定好的施行时间已经过去，请退回编制人另定。")
        _refuse_outdated(unit, row, row.effective_from)
        record = record_of(
            changes,
            report,
            given,
            why=row.reason,
            hands=sorted(table.hands(unit, row.id).values()),
            signed_by=actor.name,
        )
        order = Order(row.label, row.document_no, row.effective_from)
        made = put_in_force(unit, draft.package, order, row.author, record)
        if made is None:
            raise Refused("nothing_changed", "现行版本已经与草稿相同，不用再发布。")
        row.state, row.publication_id = table.PUBLISHED, made
        row.signed_by = actor.user_id if row.soft else ""
        row.decided_at, row.decided_by = unit.now, actor.user_id
        return {"publication_id": made}

    answer = database.run(
        actor,
        "draft.approve",
        key,
        body,
        fingerprint=digest(f"{draft_id} {draft.revision}".encode()),
    )
    return UUID(str(answer["publication_id"]))


def _row(unit: Unit, actor: Actor, draft: Draft, state: str, *roles: str) -> DraftRow:
    """The draft, locked, in that state and as it was looked at."""
    row = table.get(unit, draft.id, lock=True)
    require(unit, actor, row.locality, *roles)
    if row.state != state:
        raise Refused("draft_closed", "这份草稿的状态已经变了，请刷新后再看。")
    if row.revision != draft.revision:
        raise Stale("draft_changed", "草稿刚刚有改动，请重新看过再办。")
    return row


def _waiting(unit: Unit, actor: Actor, draft_id: UUID, *roles: str) -> DraftRow:
    row = table.get(unit, draft_id, lock=True)
    require(unit, actor, row.locality, *roles)
    if row.state != table.SUBMITTED:
        raise Refused("draft_closed", "这份草稿不在等签字，请刷新后再看。")
    return row


def _refuse_errors(report: Report) -> None:
    errors = report.of("error")
    if errors:
        raise Refused(
            "checks_failed",
            f"检查发现 {len(errors)} 处错误，改正以后才能办。第一处：{errors[0].message}",
            count=len(errors),
        )


def _refuse_outdated(unit: Unit, row: DraftRow, effective_from: datetime | None) -> None:
    """Raises Stale unless the draft stands on what it would supersede."""
    before = deployments.current(unit, row.locality, effective_from)
    if before is None and not deployments.history(unit, row.locality):
        return  # the first publication of a new locality supersedes nothing
    if before is None or before.id != row.base_deployment:
        raise Stale(
            "base_outdated",
            "起草以后又发布了别的版本。请先把草稿换到新版本上，再看一遍改了什么。",
        )


def _refuse_unchanged(unit: Unit, draft: Draft) -> None:
    is_new = not deployments.history(unit, draft.locality)
    if sha256(draft.package) == draft.base_id and not is_new:
        raise Refused("nothing_changed", "草稿与现行版本相同，没有可送审的改动。")


def _require_reasons(report: Report, reasons: Mapping[str, str], why: str) -> None:
    """Raises Invalid naming every finding without a reason."""
    problems = []
    if not why.strip():
        problems.append(FieldProblem("why", "改动理由", "请写明为什么改。"))
    problems += [_unanswered(note) for note in report.unanswered(reasons)]
    for name, text in (("why", why), *((f"reason-{k}", t) for k, t in reasons.items())):
        if len(text) > MAX_REASON:
            problems.append(FieldProblem(name, "理由", f"理由不超过 {MAX_REASON} 字。"))
    if problems:
        raise Invalid("还有理由没有写。", problems)


def _require_words(text: str, label: str, field: str) -> None:
    if not 0 < len(text.strip()) <= MAX_REASON:
        message = f"请写明{label}（1 至 {MAX_REASON} 字）。"
        raise Invalid(message, [FieldProblem(field, label, message)])


def _unanswered(note: Noted) -> FieldProblem:
    return FieldProblem(f"reason-{note.key}", "理由", f"请写明理由：{note.finding.message}")


def _unsigned(note: Noted) -> FieldProblem:
    return FieldProblem(f"signed-{note.key}", "签字", f"没有签字：{note.finding.message}")


def _facts(row: DraftRow) -> dict[str, Any]:
    return {
        "locality": row.locality,
        "title": row.title,
        "label": row.label,
        "document_no": row.document_no,
        "effective_from": row.effective_from,
        "revision": row.revision,
        "why": row.reason,
    }


def _file_facts(unit: Unit, row: DraftRow) -> dict[str, str]:
    return {one.path: one.sha256 or "" for one in table.changes(unit, row.id)}
