"""Running cases taken over into a newer deployment: looked at one by one, then moved, or back.

A case keeps the files it started with unless a publisher moves it, knowingly and with a reason
that stands in the case's record. What waits must be there in the new files; nothing moves while
a meeting is open or money is promised, for those rest on what was decided under the old rules.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.cases.office import Office
from app.cases.package import Package
from app.kernel.errors import AppError, Forbidden, Invalid, Refused
from app.process.moving import reasons_against
from app.store import cases, deployments, instances, ledger, meetings, moves, people, work_items
from app.store.instances import InstanceRow
from app.store.session import Actor, Unit

PUBLISHER = "publisher"
MAX_MOVED = 500  # instances of one batch
MAX_REASON = 1_000  # characters


@dataclass(frozen=True, slots=True)
class Stock:
    """A deployment by whose files cases still run."""

    deployment_id: str
    label: str
    since: datetime  # when it was made
    running: int  # instances


@dataclass(frozen=True, slots=True)
class Candidate:
    """One running instance, and whether it can be moved."""

    region: str
    case_id: UUID
    instance_id: UUID
    case_no: str
    process: str  # name on the diagram
    waits_at: Sequence[str]  # names of the steps it waits at
    reasons: Sequence[str]  # Chinese: why not; empty = it can be moved

    @property
    def can_move(self) -> bool:
        """True when nothing stands against it."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Moved:
    """One instance of a batch, as it went."""

    region: str
    case_id: UUID
    case_no: str
    from_deployment: str
    to_deployment: str
    reason: str
    at: datetime
    by: str  # name


def stocks(office: Office, actor: Actor, locality: str) -> list[Stock]:
    """The older deployments of the locality that running cases still have, newest first."""
    with office.database.read(actor) as unit:
        _require(unit, actor, locality)
        current = deployments.current(unit, locality)
        return [
            Stock(row.id, row.label, row.created_at, count)
            for row in deployments.deployments(unit, locality)
            if (current is None or row.id != current.id)
            and (count := len(instances.running_on(unit, row.id)))
        ]


def preview(
    office: Office, actor: Actor, from_deployment: str, to_deployment: str
) -> list[Candidate]:
    """The dry run: each running case of the one deployment, and what stands against the other."""
    with office.database.read(actor) as unit:
        _require_pair(unit, actor, from_deployment, to_deployment)
        target = office.packages.load(unit, to_deployment)
        rows = instances.running_on(unit, from_deployment)[:MAX_MOVED]
        return [_candidate(office, unit, row, target) for row in rows]


def move(
    office: Office,
    actor: Actor,
    chosen: Collection[UUID],
    from_deployment: str,
    to_deployment: str,
    reason: str,
    *,
    key: str,
) -> UUID:
    """Each chosen instance that still can runs by the other files; answers the batch.

    Every case is a transaction of its own, checked again under its lock; the page of the batch
    shows which went. Raises Forbidden; Invalid without reason or choice; Refused when none went.
    """
    if not 0 < len(reason.strip()) <= MAX_REASON:
        raise Invalid(f"请写明迁移的理由（1 至 {MAX_REASON} 字）。")
    if not 0 < len(chosen) <= MAX_MOVED:
        raise Invalid(f"请选择 1 至 {MAX_MOVED} 件个案。")
    with office.database.read(actor) as unit:
        _require_pair(unit, actor, from_deployment, to_deployment)
        target = office.packages.load(unit, to_deployment)
        rows = {row.id: row for row in instances.running_on(unit, from_deployment)}
    begun = office.database.run(actor, "moves.begin", key, lambda unit: {"batch_id": unit.new_id()})
    batch_id = UUID(str(begun["batch_id"]))
    went = 0
    for instance_id in sorted(chosen, key=str):
        row = rows.get(instance_id)
        if row is not None and _moved(office, actor, row, target, batch_id, reason.strip()):
            went += 1
    if not went and not batch(office, actor, batch_id):
        raise Refused("nothing_moved", "选中的个案现在都不能迁移，请重新看试算结果。")
    return batch_id


def batch(office: Office, actor: Actor, batch_id: UUID) -> list[Moved]:
    """The cases a batch moved; raises Forbidden for other people's."""
    with office.database.read(actor) as unit:
        rows = moves.of_batch(unit, batch_id)
        for deployment in {row.to_deployment for row in rows}:
            _require(unit, actor, deployments.get(unit, deployment).locality)
        return [
            Moved(
                region=row.region,
                case_id=row.case_id,
                case_no=cases.get(unit, row.region, row.case_id).case_no,
                from_deployment=row.from_deployment,
                to_deployment=row.to_deployment,
                reason=row.reason,
                at=row.at,
                by=row.by_name,
            )
            for row in rows
        ]


def undo(office: Office, actor: Actor, batch_id: UUID, reason: str, *, key: str) -> UUID:
    """The cases of the batch that still can run by their earlier files again; a batch itself."""
    with office.database.read(actor) as unit:
        rows = moves.of_batch(unit, batch_id)
    if not rows:
        raise Refused("nothing_moved", "这一批没有迁移过个案。")
    return move(
        *(office, actor, {row.instance_id for row in rows}),
        *(rows[0].to_deployment, rows[0].from_deployment, reason),
        key=key,
    )


def _moved(
    office: Office, actor: Actor, row: InstanceRow, target: Package, batch_id: UUID, reason: str
) -> bool:
    """True when the instance was moved; False when something stood against it after all."""

    def body(unit: Unit) -> dict[str, Any]:
        found = instances.get(unit, row.region, row.id, lock=True)
        if found.deployment_id != row.deployment_id or found.ended_at is not None:
            raise Refused("moved_meanwhile", "个案刚刚办结或已经迁移。")
        against = _reasons(office, unit, found, target)
        if against:
            raise Refused("can_not_move", "；".join(against))
        done = moves.move(unit, found, target.id, batch_id=batch_id, reason=reason)
        opened = {one.token: one for one in target.engine.load(found.state).waiting}
        for item in work_items.of_case(unit, found.region, found.case_id, waiting_only=True):
            if item.instance_id == found.id and item.token in opened:
                moves.retell(unit, item, opened[item.token])
        facts = {
            "from": done.from_deployment,
            "to": done.to_deployment,
            "batch": batch_id,
            "reason": reason,
        }
        unit.audit(found.region, found.case_id, "instance.moved", ("instance", found.id), facts)
        return {"moved": True}

    try:
        office.database.run(
            actor, "moves.one", f"move:{batch_id}:{row.id}", body, region=row.region
        )
    except AppError:
        return False  # the batch's page shows which cases went; the dry run says why others do not
    return True


def _candidate(office: Office, unit: Unit, row: InstanceRow, target: Package) -> Candidate:
    source = office.packages.load(unit, row.deployment_id)
    run = source.engine.load(row.state)
    waits = [*(one.name for one in run.waiting), *(one.name for one in run.messages)]
    return Candidate(
        region=row.region,
        case_id=row.case_id,
        instance_id=row.id,
        case_no=cases.get(unit, row.region, row.case_id).case_no,
        process=source.library.definition(row.process_id).name or row.process_id,
        waits_at=tuple(dict.fromkeys(name for name in waits if name)),
        reasons=tuple(_reasons(office, unit, row, target)),
    )


def _reasons(office: Office, unit: Unit, row: InstanceRow, target: Package) -> list[str]:
    """Everything that stands against moving the instance now."""
    source = office.packages.load(unit, row.deployment_id)
    found = reasons_against(row.state, source.library, target.library)
    if any(one.status != "closed" for one in meetings.of_case(unit, row.region, row.case_id)):
        found.append("会议还没有开完，表决结束以后再迁移")
    if ledger.held_year(unit, row.region, str(row.case_id)) is not None:
        found.append("已经预留的资金还没有支付或解除，办完以后再迁移")
    return found


def _require_pair(unit: Unit, actor: Actor, from_id: str, to_id: str) -> None:
    before, after = deployments.get(unit, from_id), deployments.get(unit, to_id)
    if before.locality != after.locality or from_id == to_id:
        raise Refused("other_locality", "只能在同一地区的两个版本之间迁移。")
    _require(unit, actor, before.locality)


def _require(unit: Unit, actor: Actor, locality: str) -> None:
    if locality not in people.governed(unit, actor, PUBLISHER):
        raise Forbidden("not_publisher", "迁移在办个案由本地区的发布审批人办理。")
