"""The audit chains of an installation recomputed, for the command line and the auditor."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.store import audit
from app.store.session import Database

Anchors = Mapping[tuple[str, UUID], tuple[int, str]]
"""(county, chain) -> (number of records, last hash), as printed on an earlier day."""


def heads(database: Database) -> dict[tuple[str, UUID], tuple[int, str]]:
    """What to keep on another machine, so that cut-off records show."""
    with database.read() as unit:
        return audit.heads(unit)


def breaks(database: Database, anchors: Anchors | None = None) -> list[audit.Break]:
    """The first break of every broken chain, [] when all hold."""
    with database.read() as unit:
        return audit.verify(unit, anchors=anchors)
