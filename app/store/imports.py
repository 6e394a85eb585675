"""Lists taken in from other offices: one file, one batch, which can be withdrawn as a whole.

A row names a person; who it is stays sealed, the blind index finds the register's person. A
withdrawn batch stays on record and counts no more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKeyConstraint, Index, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import NotFound, Refused
from app.store.base import Base, Code, IdKey, Label, RegionKey, Sha, Words
from app.store.session import Unit

MAX_LISTED = 50  # batches on a page


class ImportBatchRow(Base):
    """One file as it was taken in."""

    __tablename__ = "import_batches"
    __table_args__ = (Index("ix_import_batches_state", "region", "state", "at"),)

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    kind: Mapped[Code]  # "events" (who may need relief) or the code of a list
    name: Mapped[Label]
    source: Mapped[Label]  # which office sent it
    rows: Mapped[int]
    sha256: Mapped[Sha]
    state: Mapped[Code]  # "preview" | "active" | "withdrawn"
    at: Mapped[datetime]
    by_name: Mapped[Label]
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[Label] = mapped_column(default="")
    reason: Mapped[Words] = mapped_column(default="")  # of the withdrawal


class ImportLineRow(Base):
    """One line of a file."""

    __tablename__ = "import_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "batch_id"],
            ["import_batches.region", "import_batches.id"],
            name="fk_import_lines_import_batches",
        ),
        Index("ix_import_lines_person", "region", "person_key"),
    )

    region: Mapped[RegionKey]
    batch_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)  # as the file counts, the heading is 1
    person_key: Mapped[Sha]  # blind index of the ID number
    masked: Mapped[Label]
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    township: Mapped[Code]  # organ code, "" = not said
    village: Mapped[Code]
    happened_on: Mapped[date | None] = mapped_column(Date(), default=None)
    state: Mapped[Code] = mapped_column(default="open")  # "open" | "reported" | "no_need"
    handled_at: Mapped[datetime | None] = mapped_column(default=None)
    handled_by: Mapped[Label] = mapped_column(default="")
    reason: Mapped[Words] = mapped_column(default="")


@dataclass(frozen=True, slots=True)
class Line:
    """One checked line of a file, in clear."""

    number: int
    masked: str
    id_number: str
    content: dict[str, str]  # heading -> text
    township: str
    village: str
    happened_on: date | None


def preview(
    unit: Unit,
    region: str,
    *,
    kind: str,
    name: str,
    source: str,
    sha256: str,
    lines: Sequence[Line],
) -> ImportBatchRow:
    """The file is kept as it would be taken in; nothing counts yet."""
    batch = ImportBatchRow(
        region=region,
        id=unit.new_id(),
        kind=kind,
        name=name,
        source=source,
        rows=len(lines),
        sha256=sha256,
        state="preview",
        at=unit.now,
        by_name=unit.actor.name,
    )
    unit.session.add(batch)
    unit.session.flush()
    unit.session.add_all(_row(unit, batch, line) for line in lines)
    unit.session.flush()
    return batch


def get(unit: Unit, region: str, batch_id: UUID, *, lock: bool = False) -> ImportBatchRow:
    """The batch; raises NotFound."""
    query = select(ImportBatchRow).where(
        ImportBatchRow.region == region, ImportBatchRow.id == batch_id
    )
    row = unit.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound("no_batch", "没有这一批名单，或您无权查看。")
    return row


def listing(unit: Unit, regions: Collection[str]) -> list[ImportBatchRow]:
    """The batches of those counties, newest first."""
    query = select(ImportBatchRow).where(ImportBatchRow.region.in_(regions))
    return list(unit.session.scalars(query.order_by(ImportBatchRow.at.desc()).limit(MAX_LISTED)))


def lines(unit: Unit, batch: ImportBatchRow) -> list[ImportLineRow]:
    """The lines of the batch in the order of the file."""
    query = select(ImportLineRow).where(
        ImportLineRow.region == batch.region, ImportLineRow.batch_id == batch.id
    )
    return list(unit.session.scalars(query.order_by(ImportLineRow.line)))


def content(unit: Unit, row: ImportLineRow) -> dict[str, Any]:
    """The line in clear; who shows it to a person records why."""
    value: dict[str, Any] = unit.vault.unseal_json(
        row.content_sealed, region=row.region, table=_table(row.line), row_id=row.batch_id
    )
    return value


def decide(unit: Unit, row: ImportBatchRow, *, state: str, reason: str = "") -> None:
    """The batch counts from now on ("active"), or no more ("withdrawn")."""
    if row.state == "withdrawn" or (state == "active") != (row.state == "preview"):
        raise Refused("batch_decided", "这一批名单已经处理过，请刷新后再看。")
    row.state, row.reason = state, reason
    row.decided_at, row.decided_by = unit.now, unit.actor.name
    unit.session.flush()


def handle(unit: Unit, row: ImportLineRow, *, state: str, reason: str) -> None:
    """Somebody has looked into the line."""
    row.state, row.reason = state, reason
    row.handled_at, row.handled_by = unit.now, unit.actor.name
    unit.session.flush()


def _row(unit: Unit, batch: ImportBatchRow, line: Line) -> ImportLineRow:
    return ImportLineRow(
        region=batch.region,
        batch_id=batch.id,
        line=line.number,
        person_key=unit.vault.blind_index(line.id_number),
        masked=line.masked,
        content_sealed=unit.vault.seal_json(
            line.content, region=batch.region, table=_table(line.number), row_id=batch.id
        ),
        township=line.township,
        village=line.village,
        happened_on=line.happened_on,
    )


def _table(number: int) -> str:
    """Binds the sealed content to its line, for lines have no id of their own."""
    return f"import_lines:{number}"
