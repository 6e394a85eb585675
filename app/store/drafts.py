"""Drafts of policy: changed files over a deployment, until a second person puts them in force.

A draft holds only what differs from its base; the contents lie among the blobs of deployments.
What was signed and why stays on the row when the draft is published or withdrawn.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.audit import digest
from app.kernel.errors import NotFound
from app.store.base import Base, Code, IdKey, Label, Sha, Words, insert_if_absent
from app.store.deployments import MAX_PATH, BlobRow
from app.store.session import Unit

MAX_LISTED = 200  # drafts shown

EDITING, SUBMITTED, PUBLISHED, WITHDRAWN = "editing", "submitted", "published", "withdrawn"
OPEN = (EDITING, SUBMITTED)


class DraftRow(Base):
    """One change of policy on its way."""

    __tablename__ = "drafts"
    __table_args__ = (Index("ix_drafts_locality", "locality", "state", "changed_at"),)

    id: Mapped[IdKey]
    locality: Mapped[Code]
    title: Mapped[Label]
    base_deployment: Mapped[Sha] = mapped_column(ForeignKey("deployments.id"))
    author: Mapped[Code]  # user id
    author_name: Mapped[Label]
    state: Mapped[Code]  # EDITING | SUBMITTED | PUBLISHED | WITHDRAWN
    revision: Mapped[int]  # 1, 2, 3 …: one more at every change of a file or of the order
    label: Mapped[Label] = mapped_column(default="")  # what changes, as the publication says it
    document_no: Mapped[Label] = mapped_column(default="")
    effective_from: Mapped[datetime | None] = mapped_column(default=None)  # None = at once
    reason: Mapped[Words] = mapped_column(default="")  # the author's, for soft findings
    soft: Mapped[list[Any]]  # sentences of the soft findings that were signed
    signed_by: Mapped[Code] = mapped_column(default="")  # user id of the second signature
    note: Mapped[Words] = mapped_column(default="")  # why it was sent back or withdrawn
    publication_id: Mapped[UUID | None] = mapped_column(ForeignKey("publications.id"), default=None)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[Code] = mapped_column(default="")  # user id of who published or withdrew


class DraftFileRow(Base):
    """One file in which a draft differs from its base."""

    __tablename__ = "draft_files"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(MAX_PATH), primary_key=True)
    sha256: Mapped[Sha | None] = mapped_column(ForeignKey("blobs.sha256"))  # None = removed
    changed_by: Mapped[Code]
    changed_by_name: Mapped[Label]
    changed_at: Mapped[datetime]


class DraftHandRow(Base):
    """One person who worked on a draft, even if the file was put back later."""

    __tablename__ = "draft_hands"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[Label]


@dataclass(frozen=True, slots=True)
class Hand:
    """Who put a file of a draft into its present state, and when."""

    name: str
    at: datetime


def add(unit: Unit, locality: str, title: str, base_deployment: str) -> DraftRow:
    """An empty draft over that deployment, the actor's."""
    row = DraftRow(
        id=unit.new_id(),
        locality=locality,
        title=title,
        base_deployment=base_deployment,
        author=unit.actor.user_id,
        author_name=unit.actor.name,
        state=EDITING,
        revision=1,
        soft=[],
        created_at=unit.now,
        changed_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    _touched_by(unit, row.id)
    return row


def get(unit: Unit, draft_id: UUID, *, lock: bool = False) -> DraftRow:
    """The draft; raises NotFound. With `lock` others wait with their changes."""
    query = select(DraftRow).where(DraftRow.id == draft_id)
    row = unit.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound("no_draft", "没有这份草稿。")
    return row


def listing(
    unit: Unit, localities: Collection[str], states: Collection[str] = OPEN
) -> list[DraftRow]:
    """The drafts of those localities in those states, the last changed first."""
    return list(
        unit.session.scalars(
            select(DraftRow)
            .where(DraftRow.locality.in_(localities), DraftRow.state.in_(states))
            .order_by(DraftRow.changed_at.desc(), DraftRow.id.desc())
            .limit(MAX_LISTED)
        )
    )


def changes(unit: Unit, draft_id: UUID) -> list[DraftFileRow]:
    """The files in which the draft differs, by path."""
    return list(
        unit.session.scalars(
            select(DraftFileRow)
            .where(DraftFileRow.draft_id == draft_id)
            .order_by(DraftFileRow.path)
        )
    )


def contents(unit: Unit, digests: Collection[str]) -> dict[str, bytes]:
    """SHA-256 -> content of those blobs."""
    rows = unit.session.execute(
        select(BlobRow.sha256, BlobRow.content).where(BlobRow.sha256.in_(digests))
    )
    return {sha256: bytes(content) for sha256, content in rows}


def size(unit: Unit, digests: Collection[str]) -> int:
    """Bytes of those blobs together."""
    query = select(func.sum(BlobRow.size)).where(BlobRow.sha256.in_(digests))
    return int(unit.session.scalar(query) or 0)


def put(unit: Unit, row: DraftRow, path: str, content: bytes | None) -> None:
    """The draft has that content at the path, or (None) has it removed."""
    name = None if content is None else digest(content)
    if content is not None:
        insert_if_absent(
            unit.session, BlobRow, {"sha256": name, "size": len(content), "content": content}
        )
    found = unit.session.get(DraftFileRow, (row.id, path))
    if found is None:
        found = DraftFileRow(
            draft_id=row.id,
            path=path,
            sha256=name,
            changed_by=unit.actor.user_id,
            changed_by_name=unit.actor.name,
            changed_at=unit.now,
        )
        unit.session.add(found)
    found.sha256 = name
    found.changed_by, found.changed_by_name = unit.actor.user_id, unit.actor.name
    found.changed_at = unit.now
    touch(unit, row)


def revert(unit: Unit, row: DraftRow, path: str) -> None:
    """The draft no longer differs from its base at the path."""
    found = unit.session.get(DraftFileRow, (row.id, path))
    if found is not None:
        unit.session.delete(found)
        touch(unit, row)


def hands(unit: Unit, draft_id: UUID) -> dict[str, str]:
    """User id -> name of everybody who worked on the draft."""
    rows = unit.session.scalars(select(DraftHandRow).where(DraftHandRow.draft_id == draft_id))
    return {row.user_id: row.name for row in rows}


def touch(unit: Unit, row: DraftRow) -> None:
    """The draft was changed now by the actor."""
    row.revision += 1
    row.changed_at = unit.now
    unit.session.flush()
    _touched_by(unit, row.id)


def _touched_by(unit: Unit, draft_id: UUID) -> None:
    values = {"draft_id": draft_id, "user_id": unit.actor.user_id, "name": unit.actor.name}
    insert_if_absent(unit.session, DraftHandRow, values)
