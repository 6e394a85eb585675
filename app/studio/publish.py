"""Putting a package in force: checked, signed by two people, immutable, named by its content.

Running cases keep the deployment they started with. Publishing an older package again is the way
back. Whoever prepared a package does not publish it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.kernel.audit import digest
from app.kernel.clock import SHANGHAI, as_utc
from app.kernel.errors import FieldProblem, Forbidden, Invalid, ModelError
from app.store import deployments
from app.store.base import REGION_NONE
from app.store.session import SYSTEM, Actor, Database, Unit
from app.studio.localities import Package, package_of
from app.studio.people import EDITOR, PUBLISHER
from app.studio.records import changes_between, record_of
from app.studio.report import Report, check
from app.studio.subject import Surroundings

MAX_LABEL = 100  # characters
MAX_DOCUMENT_NO = 100  # characters

BLAME = "发布内容有 {count} 处错误，不能发布；第一处：{first}"


@dataclass(frozen=True, slots=True)
class Order:
    """What a publication says about itself."""

    label: str  # Chinese: what changes
    document_no: str = ""  # the paper that orders it
    effective_from: datetime | None = None  # aware UTC; None = at once


def sha256(package: Package) -> str:
    """The name of the deployment the package would be."""
    digests = {path: digest(raw) for path, raw in package.stored.items()}
    return deployments.deployment_id(package.locality, digests)


def publish(
    database: Database,
    package: Package,
    order: Order,
    *,
    author: Actor,
    publisher: Actor,
    surroundings: Surroundings,
    key: str,
    reasons: Mapping[str, str] | None = None,
) -> str:
    """The id of the deployment that is in force for the locality from the given instant on.

    The same files already in force then stay what they are. `reasons`: by key of each soft
    finding, why it is published nevertheless; the publisher signs them. Raises: Forbidden when
    one person signs twice or has not the role; Invalid for an order without a name or into the
    past, and for a soft finding without a reason; ModelError with all findings when a check says
    no.
    """
    _refuse_people(author, publisher)
    refuse_order(order, surroundings.now)
    before = in_force(database, package.locality, order.effective_from)
    report = check(package, replace(surroundings, previous=before))
    _refuse_errors(report)
    refuse_unanswered(report, reasons or {})
    record = record_of(
        changes_between(before, package, surroundings.now),
        report,
        reasons or {},
        why=order.label,
        hands=[author.name],
        signed_by=publisher.name,
    )

    def body(unit: Unit) -> dict[str, Any]:
        put_in_force(unit, package, order, author.user_id, record)
        return {"deployment_id": sha256(package)}

    answer = database.run(
        publisher, "deployment.publish", key, body, fingerprint=_fingerprint(package, order)
    )
    return str(answer["deployment_id"])


def first_import(
    database: Database,
    package: Package,
    *,
    surroundings: Surroundings,
    effective_from: datetime | None = None,
) -> str | None:
    """The id of the locality's first deployment; None when it has one already.

    In force since the newest document it rests on, if no instant is given. The system signs alone,
    because nobody who could sign is known before. Raises ModelError with all findings when a
    check says no.
    """
    with database.read() as unit:
        if deployments.history(unit, package.locality):
            return None
    _refuse_errors(check(package, surroundings))
    since = effective_from or _since(package)
    order = Order(label=f"{package.name}：初始版本", effective_from=since)

    def body(unit: Unit) -> dict[str, Any]:
        put_in_force(unit, package, order, SYSTEM.user_id, {})
        return {"deployment_id": sha256(package)}

    key = f"first_import:{package.locality}"
    return str(database.run(SYSTEM, "deployment.import", key, body)["deployment_id"])


def in_force(database: Database, locality: str, at: datetime | None = None) -> Package | None:
    """The package in force for the locality at an instant (now if not given), as published."""
    with database.read() as unit:
        row = deployments.current(unit, locality, at)
        return None if row is None else package_of(locality, deployments.files(unit, row.id))


def _since(package: Package) -> datetime | None:
    """The day of the newest document in `basis` of locality.toml, None when it names none."""
    basis = package.chain[0].data.get("basis", [])
    documents = [one for one in basis if isinstance(one, Mapping)]
    days = [one["date"] for one in documents if isinstance(one.get("date"), date)]
    if not days:
        return None
    newest = max(days)
    return datetime(newest.year, newest.month, newest.day, tzinfo=SHANGHAI)


def put_in_force(
    unit: Unit, package: Package, order: Order, author: str, record: Mapping[str, Any]
) -> UUID | None:
    """The package is in force from the order's instant; answers the publication, None if it was.

    author: user id of who prepared it. record: what its page shows for good, see
    `app.studio.records`.
    """
    effective_from = as_utc(order.effective_from or unit.now)
    row = deployments.store(unit, package.locality, order.label, package.stored, prepared_by=author)
    before = deployments.current(unit, package.locality, effective_from)
    if before is not None and before.id == row.id:
        return None
    publication = deployments.publish(
        unit,
        row,
        effective_from=effective_from,
        document_no=order.document_no,
        label=order.label,
        prepared_by=author,
        record=record,
    )
    facts = {
        "locality": package.locality,
        "label": order.label,
        "document_no": order.document_no,
        "effective_from": effective_from,
        "prepared_by": author,
        "supersedes": publication.supersedes,
        "files": len(package.stored),
        "soft": record.get("soft", []),
    }
    unit.audit(REGION_NONE, None, "deployment.published", ("deployment", row.id), facts)
    return publication.id


def _refuse_people(author: Actor, publisher: Actor) -> None:
    if author.user_id == publisher.user_id:
        raise Forbidden("same_person", "编制人不能自己发布，请由另一人审批发布。")
    if not author.holds(EDITOR):
        raise Forbidden("not_editor", f"“{author.name}”不是政策管理员，不能编制发布内容。")
    if not publisher.holds(PUBLISHER):
        raise Forbidden("not_publisher", f"“{publisher.name}”不是发布审批人，不能发布。")


def refuse_order(order: Order, now: datetime) -> None:
    """Raises Invalid for an order without a name or into the past."""
    if not 0 < len(order.label.strip()) <= MAX_LABEL:
        raise Invalid(f"请写明本次发布改了什么（1 至 {MAX_LABEL} 字）。")
    if len(order.document_no) > MAX_DOCUMENT_NO:
        raise Invalid(f"文号不超过 {MAX_DOCUMENT_NO} 字。")
    if order.effective_from is not None and as_utc(order.effective_from) < as_utc(now):
        raise Invalid("生效时间不能早于现在：已经办结的个案按当时的规定办理。")


def refuse_unanswered(report: Report, reasons: Mapping[str, str]) -> None:
    """Raises Invalid naming every soft finding without a written reason."""
    problems = [
        FieldProblem(f"reason-{note.key}", "理由", f"请写明理由：{note.finding.message}")
        for note in report.unanswered(reasons)
    ]
    if problems:
        raise Invalid(f"有 {len(problems)} 处要写明理由才能发布。", problems)


def _refuse_errors(report: Report) -> None:
    errors = report.of("error")
    if errors:
        text = BLAME.format(count=len(errors), first=errors[0].message)
        raise ModelError(text, [note.finding for note in report.notes], locality=report.locality)


def _fingerprint(package: Package, order: Order) -> str:
    facts: Mapping[str, str] = {
        "deployment": sha256(package),
        "label": order.label,
        "document_no": order.document_no,
        "effective_from": str(order.effective_from or ""),
    }
    return digest("\n".join(f"{name}={facts[name]}" for name in sorted(facts)).encode())
