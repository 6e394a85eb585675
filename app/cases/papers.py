"""Photographs and papers handed in with a case: what there is, and opening one on record.

They are shown to who reads cases in the territory; others see what they handed in themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.cases import access
from app.cases.office import Office
from app.cases.views.lines import Names
from app.kernel.errors import Forbidden
from app.store import attachments, cases, work_items
from app.store.attachments import AttachmentRow
from app.store.session import Actor, Unit


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper of a case, without its content."""

    region: str
    case_id: UUID
    id: UUID
    name: str  # as the person called it
    media_type: str  # as its first bytes say
    size: int  # bytes
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, opened."""

    name: str
    media_type: str
    content: bytes


def of_case(office: Office, actor: Actor, region: str, case_id: UUID) -> tuple[PaperLine, ...]:
    """The papers of the case the actor may open, oldest first."""
    with office.database.read(actor) as unit:
        names = Names(unit)
        return tuple(
            PaperLine(
                region,
                case_id,
                row.id,
                row.name,
                row.media_type,
                row.size,
                row.added_at,
                names.user(row.added_by),
            )
            for row in attachments.of_case(unit, region, case_id)
            if _may_open(unit, actor, row)
        )


def open_paper(office: Office, actor: Actor, region: str, paper_id: UUID) -> Paper:
    """The paper in clear; who opened it stands in the case's record.

    Raises: NotFound, Forbidden.
    """
    with office.database.begin(actor) as unit:
        row = attachments.get(unit, region, paper_id)
        case = cases.get(unit, region, row.case_id)
        access.require_case(unit, actor, case, work_items.of_case(unit, region, case.id))
        if not _may_open(unit, actor, row):
            raise Forbidden("not_your_paper", "这份材料不在您的查看范围内。")
        unit.audit(region, case.id, "paper.opened", ("attachment", row.id), {"sha256": row.sha256})
        return Paper(row.name, row.media_type, attachments.content(unit, row))


def _may_open(unit: Unit, actor: Actor, row: AttachmentRow) -> bool:
    case = cases.get(unit, row.region, row.case_id)
    scope = access.scope_of(unit, actor, access.reads_cases)
    within = scope.covers(region=case.region, township=case.township, village=case.village)
    return within or row.added_by == actor.user_id
