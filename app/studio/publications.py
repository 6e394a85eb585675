"""What is, was and will be in force in a locality: its publications, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.store import deployments
from app.store.deployments import DeploymentRow, PublicationRow
from app.store.session import Actor, Database, Unit
from app.studio.drafts import require
from app.studio.localities import Package, package_of
from app.studio.people import EDITOR, PUBLISHER, governed, name_of
from app.studio.records import Record, read_record

IN_FORCE, COMING, PAST = "in_force", "coming", "past"


@dataclass(frozen=True, slots=True)
class Publication:
    """One deployment put in force."""

    id: UUID
    locality: str
    deployment_id: str
    label: str  # Chinese: what changed
    document_no: str
    effective_from: datetime
    published_at: datetime
    published_by: str  # name
    prepared_by: str  # name
    supersedes: str  # id of the deployment before, "" for the first
    standing: str  # IN_FORCE | COMING | PAST


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds in one locality."""

    locality: str
    name: str  # of the locality, Chinese
    current: Publication | None
    coming: tuple[Publication, ...]  # the next to take effect first
    may_edit: bool
    may_publish: bool


def standings(database: Database, actor: Actor) -> list[Standing]:
    """What holds in each locality whose policy the actor edits or publishes, by code."""
    with database.read(actor) as unit:
        edits, publishes = governed(unit, actor, EDITOR), governed(unit, actor, PUBLISHER)
        found = []
        for locality in sorted(edits | publishes):
            lines = _lines(unit, locality)
            current = next((one for one in lines if one.standing == IN_FORCE), None)
            coming = [one for one in lines if one.standing == COMING]
            name = _name(unit, locality, current)
            found.append(
                Standing(
                    *(locality, name, current, tuple(reversed(coming))),
                    locality in edits,
                    locality in publishes,
                )
            )
        return found


def history(database: Database, actor: Actor, locality: str) -> list[Publication]:
    """The locality's publications, newest first; raises Forbidden for other people's."""
    with database.read(actor) as unit:
        require(unit, actor, locality, EDITOR, PUBLISHER)
        return _lines(unit, locality)


def publication(database: Database, actor: Actor, publication_id: UUID) -> Publication:
    """One publication; raises NotFound, Forbidden."""
    with database.read(actor) as unit:
        row = deployments.publication(unit, publication_id)
        require(unit, actor, row.locality, EDITOR, PUBLISHER)
        return next(one for one in _lines(unit, row.locality) if one.id == publication_id)


def package(database: Database, actor: Actor, deployment_id: str) -> Package:
    """The files of a deployment; raises NotFound, Forbidden."""
    with database.read(actor) as unit:
        row = deployments.get(unit, deployment_id)
        require(unit, actor, row.locality, EDITOR, PUBLISHER)
        return package_of(row.locality, deployments.files(unit, row.id))


def _lines(unit: Unit, locality: str) -> list[Publication]:
    rows = deployments.history(unit, locality)
    acting = next((row.id for row, _ in rows if row.effective_from <= unit.now), None)
    return [_line(unit, row, deployment, acting) for row, deployment in rows]


def _line(
    unit: Unit, row: PublicationRow, deployment: DeploymentRow, acting: UUID | None
) -> Publication:
    standing = COMING if row.effective_from > unit.now else PAST
    return Publication(
        id=row.id,
        locality=row.locality,
        deployment_id=row.deployment_id,
        label=row.label or deployment.label,
        document_no=row.document_no,
        effective_from=row.effective_from,
        published_at=row.published_at,
        published_by=name_of(unit, row.published_by),
        prepared_by=name_of(unit, row.prepared_by or deployment.prepared_by),
        supersedes=row.supersedes or "",
        standing=IN_FORCE if row.id == acting else standing,
    )


def _name(unit: Unit, locality: str, current: Publication | None) -> str:
    if current is None:
        return locality
    return package_of(locality, deployments.files(unit, current.deployment_id)).name


def record(database: Database, actor: Actor, publication_id: UUID) -> Record:
    """What the publication says about itself for good; raises NotFound, Forbidden."""
    with database.read(actor) as unit:
        row = deployments.publication(unit, publication_id)
        require(unit, actor, row.locality, EDITOR, PUBLISHER)
        return read_record(row.record)


def reasons_before(database: Database, locality: str) -> dict[str, str]:
    """By key of a soft finding the reason last published for it, to be taken over knowingly."""
    found: dict[str, str] = {}
    with database.read() as unit:
        for row, _deployment in reversed(deployments.history(unit, locality)):
            found |= {one.key: one.reason for one in read_record(row.record).soft}
    return found


def published(database: Database) -> list[tuple[str, str]]:
    """(code, name) of all localities in which something is in force."""
    with database.read() as unit:
        found = []
        for code in sorted({row.locality for row in deployments.deployments(unit)}):
            row = deployments.current(unit, code)
            if row is not None:
                found.append((code, package_of(code, deployments.files(unit, row.id)).name))
        return found
