"""Work items: what waits for a person, who holds it, and every change of hands with its reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    and_,
    false,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import NotFound, Stale
from app.process.step import OpenedItem
from app.store.base import Base, Code, IdKey, Label, RegionKey, Words
from app.store.instances import InstanceRow
from app.store.session import Lent, Unit

WAITING = ("open", "claimed")
PAGE_ROWS = 200


class WorkItemRow(Base):
    """One user task of one instance."""

    __tablename__ = "work_items"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_work_items_cases"
        ),
        ForeignKeyConstraint(
            ["region", "instance_id"],
            ["process_instances.region", "process_instances.id"],
            name="fk_work_items_instances",
        ),
        UniqueConstraint("region", "instance_id", "token", name="uq_work_items_token"),
        Index("ix_work_items_inbox", "region", "organ_code", "role", "state", "due_at"),
        Index("ix_work_items_assignee", "assignee", "state"),
        Index("ix_work_items_case", "region", "case_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    instance_id: Mapped[UUID]
    token: Mapped[Label]
    process_id: Mapped[Code]
    element_id: Mapped[Code]
    name: Mapped[Label]
    role: Mapped[Code]
    organ_code: Mapped[Code]  # the organ whose holders of the role may take it
    form_id: Mapped[Code]  # "" when the task asks nothing
    properties: Mapped[dict[str, Any]]
    inputs: Mapped[dict[str, Any]]
    state: Mapped[Code]  # "open" | "claimed" | "done" | "closed" (taken away by the engine)
    assignee: Mapped[Code | None] = mapped_column(default=None)  # user id
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    clock_key: Mapped[Code] = mapped_column(default="")  # the case deadline it serves
    opened_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(default=None)  # completed or taken away
    done_by: Mapped[Code | None] = mapped_column(default=None)
    done_for: Mapped[Code | None] = mapped_column(default=None)  # whom the doer stood in for
    outcome: Mapped[Code] = mapped_column(default="")
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ItemMoveRow(Base):
    """One change of hands: claimed, released, reassigned, delegated, returned."""

    __tablename__ = "work_item_moves"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "work_item_id"],
            ["work_items.region", "work_items.id"],
            name="fk_work_item_moves_items",
        ),
        Index("ix_work_item_moves_item", "region", "work_item_id", "at"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    work_item_id: Mapped[UUID]
    kind: Mapped[Code]  # "claimed" | "released" | "reassigned" | "delegated" | "returned"
    from_user: Mapped[Code | None] = mapped_column(default=None)
    to_user: Mapped[Code | None] = mapped_column(default=None)
    to_organ: Mapped[Code]
    reason: Mapped[Words]
    at: Mapped[datetime]
    by_user: Mapped[Code]


def add(
    unit: Unit,
    region: str,
    case_id: UUID,
    instance_id: UUID,
    opened: OpenedItem,
    *,
    organ_code: str,
    due_at: datetime | None = None,
    clock_key: str = "",
    assignee: str | None = None,
) -> WorkItemRow:
    """The engine's open user task is a work item of that organ.

    due_at: the case deadline it serves, else the task's own. Raises Stale when it exists already.
    """
    row = WorkItemRow(
        region=region,
        id=unit.new_id(),
        case_id=case_id,
        instance_id=instance_id,
        token=opened.token,
        process_id=opened.process_id,
        element_id=opened.element_id,
        name=opened.name,
        role=opened.role,
        organ_code=organ_code,
        form_id=opened.form_id,
        properties=dict(opened.properties),
        inputs=dict(opened.inputs),
        state="claimed" if assignee else "open",
        assignee=assignee,
        claimed_at=unit.now if assignee else None,
        due_at=due_at or opened.due_at,
        clock_key=clock_key,
        opened_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def get(unit: Unit, region: str, item_id: UUID, *, lock: bool = False) -> WorkItemRow:
    """The work item; raises NotFound. `lock` makes other commands on it wait."""
    query = select(WorkItemRow).where(WorkItemRow.region == region, WorkItemRow.id == item_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = unit.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("no_work_item", "没有这项待办，或您无权查看。")
    return row


def find(unit: Unit, item_id: UUID) -> WorkItemRow:
    """The work item of that id in whichever county; raises NotFound. For addresses without one."""
    row = unit.session.scalars(select(WorkItemRow).where(WorkItemRow.id == item_id)).one_or_none()
    if row is None:
        raise NotFound("no_work_item", "没有这项待办，或您无权查看。")
    return row


def inbox(unit: Unit, *, region: str | None = None, limit: int = PAGE_ROWS) -> list[WorkItemRow]:
    """What the actor holds or may claim, the nearest deadline first, none last."""
    query = (
        select(WorkItemRow)
        .where(_mine_or_claimable(unit))
        .order_by(WorkItemRow.due_at.is_(None), WorkItemRow.due_at, WorkItemRow.opened_at)
        .limit(min(limit, PAGE_ROWS))
    )
    if region is not None:
        query = query.where(WorkItemRow.region == region)
    return list(unit.session.scalars(query))


def of_case(
    unit: Unit, region: str, case_id: UUID, *, waiting_only: bool = False
) -> list[WorkItemRow]:
    """The work items of the case in order of opening."""
    query = select(WorkItemRow).where(WorkItemRow.region == region, WorkItemRow.case_id == case_id)
    if waiting_only:
        query = query.where(WorkItemRow.state.in_(WAITING))
    return list(unit.session.scalars(query.order_by(WorkItemRow.opened_at, WorkItemRow.id)))


def waiting_forms(unit: Unit, region: str) -> list[tuple[WorkItemRow, str]]:
    """The county's waiting items that ask a form, each with the deployment it runs on."""
    rows = unit.session.execute(
        select(WorkItemRow, InstanceRow.deployment_id)
        .join(
            InstanceRow,
            (InstanceRow.region == WorkItemRow.region)
            & (InstanceRow.id == WorkItemRow.instance_id),
        )
        .where(
            WorkItemRow.region == region,
            WorkItemRow.state.in_(WAITING),
            WorkItemRow.form_id != "",
        )
        .order_by(WorkItemRow.opened_at)
    )
    return [(item, deployment) for item, deployment in rows]


def done_by(
    unit: Unit, region: str, case_id: UUID, element_ids: Collection[str]
) -> dict[str, set[str]]:
    """Element id -> user ids who completed it in this case; for the rule that two must differ.

    Who stood in for an absent colleague and the colleague both count.
    """
    found: dict[str, set[str]] = {}
    rows = unit.session.execute(
        select(WorkItemRow.element_id, WorkItemRow.done_by, WorkItemRow.done_for).where(
            WorkItemRow.region == region,
            WorkItemRow.case_id == case_id,
            WorkItemRow.element_id.in_(element_ids),
            WorkItemRow.state == "done",
        )
    )
    for element_id, *persons in rows:
        found.setdefault(element_id, set()).update(person for person in persons if person)
    return found


def overdue(unit: Unit, *, region: str | None = None) -> list[WorkItemRow]:
    """What still waits although its deadline has passed, the longest overdue first."""
    query = select(WorkItemRow).where(WorkItemRow.state.in_(WAITING), WorkItemRow.due_at < unit.now)
    if region is not None:
        query = query.where(WorkItemRow.region == region)
    return list(unit.session.scalars(query.order_by(WorkItemRow.due_at).limit(PAGE_ROWS)))


def claim(unit: Unit, row: WorkItemRow) -> None:
    """The actor holds the item; raises Stale when another does or it waits no longer.

    Who stands in takes it for the absent colleague, in whose hands it is when the time is over.
    """
    _require_waiting(row)
    holder = unit.actor.behalf.user_id if unit.actor.behalf else unit.actor.user_id
    if row.assignee == holder:
        return
    if row.assignee is not None:
        raise Stale("claimed_by_other", f"“{row.name}”已由他人签收，请刷新待办列表。")
    row.state, row.assignee, row.claimed_at = "claimed", holder, unit.now
    _move(unit, row, "claimed", None, "")


def release(unit: Unit, row: WorkItemRow, reason: str = "") -> None:
    """Nobody holds the item."""
    _require_waiting(row)
    before = row.assignee
    row.state, row.assignee, row.claimed_at = "open", None, None
    _move(unit, row, "released", before, reason)


def reassign(
    unit: Unit,
    row: WorkItemRow,
    *,
    to_user: str | None,
    reason: str,
    to_organ: str = "",
    kind: str = "reassigned",
) -> None:
    """The item is the named person's, or open to the named organ; the reason is on record."""
    _require_waiting(row)
    before = row.assignee
    row.assignee, row.claimed_at = to_user, unit.now if to_user else None
    row.state = "claimed" if to_user else "open"
    row.organ_code = to_organ or row.organ_code
    _move(unit, row, kind, before, reason)


def finish(unit: Unit, row: WorkItemRow, outcome: str) -> None:
    """The actor has completed the item; raises Stale when somebody already did.

    Take `row` with lock=True: of many who press the button one wins, the others hear Stale.
    """
    _require_waiting(row)
    row.state, row.outcome = "done", outcome
    row.done_at, row.done_by = unit.now, unit.actor.user_id
    row.done_for = unit.actor.behalf.user_id if unit.actor.behalf else None
    unit.session.flush()


def close_tokens(
    unit: Unit, region: str, instance_id: UUID, tokens: Collection[str]
) -> list[WorkItemRow]:
    """Waiting items of those tokens wait no longer: the engine took them away."""
    rows = list(
        unit.session.scalars(
            select(WorkItemRow)
            .where(
                WorkItemRow.region == region,
                WorkItemRow.instance_id == instance_id,
                WorkItemRow.token.in_(tokens),
                WorkItemRow.state.in_(WAITING),
            )
            .with_for_update()
        )
    )
    for row in rows:
        row.state, row.done_at = "closed", unit.now
    unit.session.flush()
    return rows


def moves(unit: Unit, region: str, item_id: UUID) -> list[ItemMoveRow]:
    """The changes of hands, oldest first."""
    return list(
        unit.session.scalars(
            select(ItemMoveRow)
            .where(ItemMoveRow.region == region, ItemMoveRow.work_item_id == item_id)
            .order_by(ItemMoveRow.at, ItemMoveRow.id)
        )
    )


def _mine_or_claimable(unit: Unit) -> ColumnElement[bool]:
    mine = and_(WorkItemRow.assignee == unit.actor.user_id, WorkItemRow.state == "claimed")
    posts = [*unit.actor.roles, *((post.role, post.organ) for post in unit.actor.lent)]
    if not posts:
        return or_(mine, false())
    pair = tuple_(WorkItemRow.role, WorkItemRow.organ_code)
    ours = and_(WorkItemRow.state == "open", pair.in_(posts))
    return or_(mine, ours, *(_left_by(post) for post in unit.actor.lent))


def _left_by(post: Lent) -> ColumnElement[bool]:
    """What the absent colleague holds in the lent post."""
    return and_(
        WorkItemRow.assignee == post.user_id,
        WorkItemRow.state == "claimed",
        WorkItemRow.role == post.role,
        WorkItemRow.organ_code == post.organ,
    )


def _require_waiting(row: WorkItemRow) -> None:
    if row.state not in WAITING:
        raise Stale(
            "item_not_waiting",
            f"“{row.name}”已办理或已撤回，请刷新待办列表。",
            done_by=row.done_by,
            state=row.state,
        )


def _move(unit: Unit, row: WorkItemRow, kind: str, before: str | None, reason: str) -> None:
    unit.session.add(
        ItemMoveRow(
            region=row.region,
            id=unit.new_id(),
            work_item_id=row.id,
            kind=kind,
            from_user=before,
            to_user=row.assignee,
            to_organ=row.organ_code,
            reason=reason,
            at=unit.now,
            by_user=unit.actor.user_id,
        )
    )
    unit.session.flush()
