"""Files that people hand in, sealed; named by us, never by the path they came with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.audit import digest
from app.kernel.errors import NotFound, Refused
from app.store.base import Base, Code, IdKey, Label, RegionKey, Sha
from app.store.session import Unit

MAX_BYTES = 20 * 1024 * 1024
MAX_PER_CASE = 200


class AttachmentRow(Base):
    """One file."""

    __tablename__ = "attachments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_attachments_cases"
        ),
        Index("ix_attachments_case", "region", "case_id"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    work_item_id: Mapped[UUID | None] = mapped_column(default=None)
    field_key: Mapped[Code] = mapped_column(default="")  # form field it answers
    name: Mapped[Label]  # as the person called it, for display only
    media_type: Mapped[Label]
    size: Mapped[int]  # bytes, before sealing
    sha256: Mapped[Sha]  # of the content before sealing
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary(), deferred=True)
    added_at: Mapped[datetime]
    added_by: Mapped[Code]


def add(
    unit: Unit,
    region: str,
    case_id: UUID,
    content: bytes,
    *,
    name: str,
    media_type: str,
    work_item_id: UUID | None = None,
    field_key: str = "",
) -> AttachmentRow:
    """The file is kept, sealed; Refused("file_too_big" | "empty_file" | "too_many_files")."""
    if not content:
        raise Refused("empty_file", f"文件“{name}”是空的，请重新选择。")
    if len(content) > MAX_BYTES:
        raise Refused("file_too_big", f"文件“{name}”超过 {MAX_BYTES // 2**20} MB，请压缩后上传。")
    if len(of_case(unit, region, case_id)) >= MAX_PER_CASE:
        raise Refused("too_many_files", f"每案最多 {MAX_PER_CASE} 个附件。")
    row_id = unit.new_id()
    row = AttachmentRow(
        region=region,
        id=row_id,
        case_id=case_id,
        work_item_id=work_item_id,
        field_key=field_key,
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=digest(content),
        content_sealed=unit.vault.seal(content, region=region, table="attachments", row_id=row_id),
        added_at=unit.now,
        added_by=unit.actor.user_id,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def get(unit: Unit, region: str, attachment_id: UUID) -> AttachmentRow:
    """The file's record; raises NotFound."""
    row = unit.session.get(AttachmentRow, (region, attachment_id))
    if row is None:
        raise NotFound("no_attachment", "没有这个附件。")
    return row


def content(unit: Unit, row: AttachmentRow) -> bytes:
    """The file in clear; who opens it records why."""
    return unit.vault.unseal(
        row.content_sealed, region=row.region, table="attachments", row_id=row.id
    )


def of_case(unit: Unit, region: str, case_id: UUID) -> list[AttachmentRow]:
    """The case's files without their content, oldest first."""
    return list(
        unit.session.scalars(
            select(AttachmentRow)
            .where(AttachmentRow.region == region, AttachmentRow.case_id == case_id)
            .order_by(AttachmentRow.added_at, AttachmentRow.id)
        )
    )
