"""The record of who did what: append-only, one hash chain per case, one per county for the rest.

A record is appended in the transaction of the deed itself. Database triggers refuse changes;
`verify` finds those made around them. Cutting off the newest records together with their head row
shows only against an anchor kept elsewhere: `heads` gives what to print or send away daily.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Uuid, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.audit import GENESIS, link
from app.store.base import Base, Code, Label, RegionKey, Sha, Words, insert_if_absent
from app.store.types import dump, load

if TYPE_CHECKING:
    from app.store.session import Unit

REGION_CHAIN = UUID(int=0)  # the chain of records that belong to no case
PAGE_ROWS = 500


class AuditHeadRow(Base):
    """The newest link of one chain; its row lock orders the writers."""

    __tablename__ = "audit_heads"

    region: Mapped[RegionKey]
    chain_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger())  # 0 = nothing recorded yet
    hash: Mapped[Sha]


class AuditRow(Base):
    """One deed."""

    __tablename__ = "audit_records"
    __table_args__ = (
        Index("ix_audit_records_region_at", "region", "at"),
        Index("ix_audit_records_object", "region", "object_kind", "object_id"),
    )

    region: Mapped[RegionKey]
    chain_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)  # case id or REGION_CHAIN
    seq: Mapped[int] = mapped_column(BigInteger(), primary_key=True)  # 1, 2, 3, ... in its chain
    at: Mapped[datetime]
    actor_id: Mapped[Code]  # user id, or the name of a system actor
    actor_name: Mapped[Label]
    on_behalf_of: Mapped[Label]  # "" = for oneself
    action: Mapped[Code]  # fact: "work_item.completed"
    object_kind: Mapped[Code]
    object_id: Mapped[Label]
    body_json: Mapped[Words]  # text as written by types.dump; no personal data in clear
    prev_hash: Mapped[Sha]
    hash: Mapped[Sha]

    @property
    def body(self) -> Any:
        """The facts of the deed."""
        return load(self.body_json)

    @property
    def signed_by(self) -> str:
        """Whose deed it was, in words: “乙 代 甲” when done in an absent colleague's stead."""
        return f"{self.actor_name} 代 {self.on_behalf_of}" if self.on_behalf_of else self.actor_name

    @property
    def case_id(self) -> UUID | None:
        """The case it belongs to, None on the county's own chain."""
        return None if self.chain_id == REGION_CHAIN else self.chain_id


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain no longer holds."""

    region: str
    chain_id: UUID
    seq: int  # first bad record; one more than the last when records are missing at the end
    reason: str  # Chinese sentence


def append(
    unit: Unit,
    region: str,
    case_id: UUID | None,
    action: str,
    target: tuple[str, str],
    body: Mapping[str, Any],
    *,
    on_behalf_of: str = "",
) -> AuditRow:
    """The deed is the newest record of its chain."""
    chain_id = case_id or REGION_CHAIN
    head = _locked_head(unit, region, chain_id)
    row = AuditRow(
        region=region,
        chain_id=chain_id,
        seq=head.seq + 1,
        at=unit.now,
        actor_id=unit.actor.user_id,
        actor_name=unit.actor.own_name or unit.actor.name,
        on_behalf_of=on_behalf_of or (unit.actor.behalf.name if unit.actor.behalf else ""),
        action=action,
        object_kind=target[0],
        object_id=str(target[1]),
        body_json=dump(dict(body)),
        prev_hash=head.hash,
        hash="",
    )
    row.hash = _hash(row, head.hash, unit.vault.audit_key)
    head.seq, head.hash = row.seq, row.hash
    unit.session.add(row)
    return row


def of_case(unit: Unit, region: str, case_id: UUID) -> list[AuditRow]:
    """All records of a case, oldest first."""
    return list(
        unit.session.scalars(
            select(AuditRow)
            .where(AuditRow.region == region, AuditRow.chain_id == case_id)
            .order_by(AuditRow.seq)
        )
    )


def page(unit: Unit, region: str, *, before: datetime | None = None) -> list[AuditRow]:
    """The county's newest records (at most PAGE_ROWS) of all chains, before an instant."""
    query = select(AuditRow).where(AuditRow.region == region)
    if before is not None:
        query = query.where(AuditRow.at < before)
    order = (AuditRow.at.desc(), AuditRow.chain_id, AuditRow.seq.desc())
    return list(unit.session.scalars(query.order_by(*order).limit(PAGE_ROWS)))


def heads(unit: Unit, region: str | None = None) -> dict[tuple[str, UUID], tuple[int, str]]:
    """(region, chain) -> (seq, hash) of every chain: the anchor to keep on another machine."""
    query = select(AuditHeadRow)
    if region is not None:
        query = query.where(AuditHeadRow.region == region)
    return {(row.region, row.chain_id): (row.seq, row.hash) for row in unit.session.scalars(query)}


def verify(
    unit: Unit,
    region: str | None = None,
    *,
    anchors: Mapping[tuple[str, UUID], tuple[int, str]] | None = None,
) -> list[Break]:
    """The first break of every broken chain, [] when all hold.

    With `anchors` (an earlier answer of `heads`) a chain that lost records since then, or was
    rewritten, is found as well.
    """
    breaks = {}
    known = heads(unit, region)
    kept = {
        chain: anchor
        for chain, anchor in (anchors or {}).items()
        if region is None or chain[0] == region
    }
    seen: set[tuple[str, UUID]] = set()
    for chain, rows in _chains(unit, region):
        seen.add(chain)
        key = unit.vault.audit_key
        if found := _first_break(chain, rows, known.get(chain), kept.get(chain), key):
            breaks[chain] = found
    for chain in kept.keys() - seen:
        breaks[chain] = Break(*chain, 1, "整条审计链的记录不见了")
    return [breaks[chain] for chain in sorted(breaks)]


def _locked_head(unit: Unit, region: str, chain_id: UUID) -> AuditHeadRow:
    """The head of the chain, locked until the unit ends and therefore asked for only once in it."""
    known: dict[tuple[str, UUID], AuditHeadRow] = unit.session.info.setdefault("audit_heads", {})
    if (region, chain_id) not in known:
        known[region, chain_id] = _lock_head(unit, region, chain_id)
    return known[region, chain_id]


def _lock_head(unit: Unit, region: str, chain_id: UUID) -> AuditHeadRow:
    query = (
        select(AuditHeadRow)
        .where(AuditHeadRow.region == region, AuditHeadRow.chain_id == chain_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    head = unit.session.scalars(query).one_or_none()
    if head is None:
        first = {"region": region, "chain_id": chain_id, "seq": 0, "hash": GENESIS}
        insert_if_absent(unit.session, AuditHeadRow, first)
        head = unit.session.scalars(query).one()
    return head


def _chains(
    unit: Unit, region: str | None
) -> Iterator[tuple[tuple[str, UUID], Iterator[AuditRow]]]:
    query = select(AuditHeadRow.region, AuditHeadRow.chain_id)
    orphans = select(AuditRow.region, AuditRow.chain_id)
    if region is not None:
        query = query.where(AuditHeadRow.region == region)
        orphans = orphans.where(AuditRow.region == region)
    for name, chain_id in unit.session.execute(query.union(orphans)).all():
        yield (name, chain_id), _records(unit, name, chain_id)


def _records(unit: Unit, region: str, chain_id: UUID) -> Iterator[AuditRow]:
    last = -1  # a forged record numbered 0 is read too
    while True:
        rows = unit.session.scalars(
            select(AuditRow)
            .where(AuditRow.region == region, AuditRow.chain_id == chain_id, AuditRow.seq > last)
            .order_by(AuditRow.seq)
            .limit(PAGE_ROWS)
            .execution_options(populate_existing=True)
        ).all()
        yield from rows
        if len(rows) < PAGE_ROWS:
            return
        last = rows[-1].seq


def _first_break(
    chain: tuple[str, UUID],
    rows: Iterator[AuditRow],
    head: tuple[int, str] | None,
    anchor: tuple[int, str] | None,
    key: bytes,
) -> Break | None:
    previous, expected = GENESIS, 1
    for row in rows:
        if row.seq != expected:
            return Break(*chain, expected, f"缺少第 {expected} 条记录")
        if row.prev_hash != previous:
            return Break(*chain, row.seq, f"第 {row.seq} 条记录与前一条接不上")
        if row.hash != _hash(row, previous, key):
            return Break(*chain, row.seq, f"第 {row.seq} 条记录的内容被改动")
        if anchor and anchor[0] == row.seq and anchor[1] != row.hash:
            return Break(*chain, row.seq, f"第 {row.seq} 条记录与外存锚点不符")
        previous, expected = row.hash, expected + 1
    last = expected - 1
    if head is None or head[0] != last or head[1] != previous:
        return Break(
            *chain, expected, f"链尾不符：链头登记 {head[0] if head else 0} 条，实有 {last} 条"
        )
    if anchor and anchor[0] > last:
        return Break(*chain, expected, f"锚点登记 {anchor[0]} 条，实有 {last} 条：末尾记录被截去")
    return None


def _hash(row: AuditRow, previous: str, key: bytes) -> str:
    return link(
        previous,
        {
            "region": row.region,
            "chain": row.chain_id,
            "seq": row.seq,
            "at": row.at,
            "actor_id": row.actor_id,
            "actor_name": row.actor_name,
            "on_behalf_of": row.on_behalf_of,
            "action": row.action,
            "object_kind": row.object_kind,
            "object_id": row.object_id,
            "body": row.body_json,
        },
        key,
    )
