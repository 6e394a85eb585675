"""Published models: immutable sets of files named by their content, and since when each is valid.

A deployment is published for a locality from an instant on; publishing an older one again is the
way back. Running cases keep the deployment they started with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.audit import digest
from app.kernel.errors import NotFound, Refused
from app.store.base import Base, Code, IdKey, Label, Sha, insert_if_absent
from app.store.session import Unit

MAX_FILES = 2_000
MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_PATH = 300  # characters


class BlobRow(Base):
    """File content, kept once however many deployments have it."""

    __tablename__ = "blobs"

    sha256: Mapped[Sha] = mapped_column(primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary())


class DeploymentRow(Base):
    """One set of files."""

    __tablename__ = "deployments"

    id: Mapped[Sha] = mapped_column(primary_key=True)  # see `deployment_id`
    locality: Mapped[Code]
    label: Mapped[Label]
    prepared_by: Mapped[Code]  # user id of the editor
    created_at: Mapped[datetime]


class DeploymentFileRow(Base):
    """One file of a deployment."""

    __tablename__ = "deployment_files"

    deployment_id: Mapped[Sha] = mapped_column(ForeignKey("deployments.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(MAX_PATH), primary_key=True)
    sha256: Mapped[Sha] = mapped_column(ForeignKey("blobs.sha256"))


class PublicationRow(Base):
    """One deployment put in force for its locality from an instant on."""

    __tablename__ = "publications"
    __table_args__ = (
        Index("ix_publications_locality", "locality", "effective_from", "published_at"),
    )

    id: Mapped[IdKey]
    locality: Mapped[Code]
    deployment_id: Mapped[Sha] = mapped_column(ForeignKey("deployments.id"))
    document_no: Mapped[Label]  # the paper that orders it, "" when there is none
    effective_from: Mapped[datetime]
    published_at: Mapped[datetime]
    published_by: Mapped[Code]  # user id; not the editor
    supersedes: Mapped[Sha | None] = mapped_column(default=None)  # the deployment in force before
    label: Mapped[Label] = mapped_column(default="")  # what changed; "" = as the deployment says
    prepared_by: Mapped[Code] = mapped_column(default="")  # user id; "" = who made the deployment
    record: Mapped[dict[str, Any]]  # changes in words, reasons and signatures, what was checked


def deployment_id(locality: str, digests: Mapping[str, str]) -> str:
    """SHA-256 over the locality and the sorted lines "path sha256"."""
    lines = [locality, *(f"{path} {digests[path]}" for path in sorted(digests))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def store(
    unit: Unit, locality: str, label: str, files: Mapping[str, bytes], *, prepared_by: str
) -> DeploymentRow:
    """The files are a deployment; the same files of the same locality are the same deployment.

    files: path -> content. Raises Refused("too_many_files" | "file_too_big").
    """
    if not 0 < len(files) <= MAX_FILES:
        raise Refused("too_many_files", f"一次发布的文件数须为 1 至 {MAX_FILES} 个。")
    digests = {}
    for path, content in files.items():
        if len(content) > MAX_FILE_BYTES or len(path) > MAX_PATH:
            raise Refused("file_too_big", f"文件过大或路径过长：{path}", path=path)
        digests[path] = digest(content)
    found = unit.session.get(DeploymentRow, name := deployment_id(locality, digests))
    if found is not None:
        return found
    for path in sorted(files):
        blob = {"sha256": digests[path], "size": len(files[path]), "content": files[path]}
        insert_if_absent(unit.session, BlobRow, blob)
    row = DeploymentRow(
        id=name, locality=locality, label=label, prepared_by=prepared_by, created_at=unit.now
    )
    unit.session.add(row)
    unit.session.flush()
    unit.session.add_all(
        DeploymentFileRow(deployment_id=name, path=path, sha256=digests[path])
        for path in sorted(files)
    )
    unit.session.flush()
    return row


def publish(
    unit: Unit,
    deployment: DeploymentRow,
    *,
    effective_from: datetime,
    document_no: str = "",
    label: str = "",
    prepared_by: str = "",
    record: Mapping[str, Any] | None = None,
) -> PublicationRow:
    """The deployment is in force for its locality from that instant on.

    record: what the page of the publication shows for good, see `app.studio.publish`.
    """
    before = current(unit, deployment.locality, effective_from)
    row = PublicationRow(
        id=unit.new_id(),
        locality=deployment.locality,
        deployment_id=deployment.id,
        document_no=document_no,
        effective_from=effective_from,
        published_at=unit.now,
        published_by=unit.actor.user_id,
        supersedes=None if before is None else before.id,
        label=label,
        prepared_by=prepared_by,
        record=dict(record or {}),
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def current(unit: Unit, locality: str, at: datetime | None = None) -> DeploymentRow | None:
    """The deployment in force at that instant (now if not given), None when there is none."""
    return unit.session.scalars(
        select(DeploymentRow)
        .join(PublicationRow, PublicationRow.deployment_id == DeploymentRow.id)
        .where(
            PublicationRow.locality == locality,
            PublicationRow.effective_from <= (at or unit.now),
        )
        .order_by(
            PublicationRow.effective_from.desc(),
            PublicationRow.published_at.desc(),
            PublicationRow.id.desc(),
        )
        .limit(1)
    ).one_or_none()


def get(unit: Unit, name: str) -> DeploymentRow:
    """The deployment of that id; raises NotFound."""
    row = unit.session.get(DeploymentRow, name)
    if row is None:
        raise NotFound("no_deployment", "没有这个发布版本。")
    return row


def files(unit: Unit, name: str) -> dict[str, bytes]:
    """Path -> content of all files of the deployment."""
    rows = unit.session.execute(
        select(DeploymentFileRow.path, BlobRow.content)
        .join(BlobRow, BlobRow.sha256 == DeploymentFileRow.sha256)
        .where(DeploymentFileRow.deployment_id == name)
        .order_by(DeploymentFileRow.path)
    )
    return {path: bytes(content) for path, content in rows}


def digests(unit: Unit, name: str) -> dict[str, str]:
    """Path -> SHA-256 of all files of the deployment."""
    rows = unit.session.execute(
        select(DeploymentFileRow.path, DeploymentFileRow.sha256)
        .where(DeploymentFileRow.deployment_id == name)
        .order_by(DeploymentFileRow.path)
    )
    return {path: sha256 for path, sha256 in rows}


def file(unit: Unit, name: str, path: str) -> bytes:
    """One file of the deployment; raises NotFound."""
    content = unit.session.scalars(
        select(BlobRow.content)
        .join(DeploymentFileRow, DeploymentFileRow.sha256 == BlobRow.sha256)
        .where(DeploymentFileRow.deployment_id == name, DeploymentFileRow.path == path)
    ).one_or_none()
    if content is None:
        raise NotFound("no_file", f"该发布版本中没有文件 {path}。")
    return bytes(content)


def history(unit: Unit, locality: str) -> list[tuple[PublicationRow, DeploymentRow]]:
    """The locality's publications with their deployments, newest first."""
    rows = unit.session.execute(
        select(PublicationRow, DeploymentRow)
        .join(DeploymentRow, DeploymentRow.id == PublicationRow.deployment_id)
        .where(PublicationRow.locality == locality)
        .order_by(PublicationRow.effective_from.desc(), PublicationRow.published_at.desc())
    )
    return [(publication, deployment) for publication, deployment in rows]


def deployments(unit: Unit, locality: str | None = None) -> list[DeploymentRow]:
    """All deployments, of one locality if named, newest first."""
    query = select(DeploymentRow).order_by(DeploymentRow.created_at.desc(), DeploymentRow.id)
    if locality is not None:
        query = query.where(DeploymentRow.locality == locality)
    return list(unit.session.scalars(query))


def publication(unit: Unit, publication_id: UUID) -> PublicationRow:
    """The publication; raises NotFound."""
    row = unit.session.get(PublicationRow, publication_id)
    if row is None:
        raise NotFound("no_publication", "没有这条发布记录。")
    return row
