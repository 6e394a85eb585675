"""Frozen evidence for replays: what was asked of past cases, in pages, and never written to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_

from app.store.cases import CaseRow
from app.store.decisions import DecisionRow
from app.store.session import Unit


@dataclass(frozen=True, slots=True)
class Window:
    """Which cases are looked at."""

    locality: str
    since: datetime  # aware UTC, included
    until: datetime  # aware UTC, excluded
    running: bool = False  # False: closed in that time; True: still open, reported in that time


@dataclass(frozen=True, slots=True)
class PastCase:
    """One case with the last record of each decision that was asked for."""

    case: CaseRow
    decisions: Mapping[str, DecisionRow]


def count(unit: Unit, window: Window, routes: Collection[str]) -> int:
    """How many cases the window holds."""
    query = _cases(window, routes).with_only_columns(func.count()).order_by(None)
    return int(unit.session.scalar(query) or 0)


def page(
    unit: Unit,
    window: Window,
    routes: Collection[str],
    decisions: Collection[str],
    *,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[PastCase]:
    """The next cases in order of their keys, after the given (region, case id)."""
    query = _cases(window, routes).limit(limit)
    if after is not None:
        query = query.where(tuple_(CaseRow.region, CaseRow.id) > tuple_(*after))
    cases = list(unit.session.scalars(query))
    found: dict[tuple[str, UUID], dict[str, DecisionRow]] = {
        (case.region, case.id): {} for case in cases
    }
    for row in _records(unit, list(found), decisions):
        found[row.region, row.case_id][row.decision_id] = row
    return [PastCase(case, found[case.region, case.id]) for case in cases]


def _cases(window: Window, routes: Collection[str]) -> Select[CaseRow]:
    moment = CaseRow.reported_at if window.running else CaseRow.closed_at
    query = (
        select(CaseRow)
        .where(
            CaseRow.locality == window.locality,
            CaseRow.route.in_(routes),
            moment >= window.since,
            moment < window.until,
        )
        .order_by(CaseRow.region, CaseRow.id)
    )
    if window.running:
        return query.where(CaseRow.closed_at.is_(None))
    return query.where(CaseRow.status.in_(("closed", "refused")))


def _records(
    unit: Unit, cases: list[tuple[str, UUID]], decisions: Collection[str]
) -> Iterator[DecisionRow]:
    """Records of these cases, oldest first, so that the last one read is the last one made."""
    if not cases:
        return
    by_region: dict[str, list[UUID]] = {}
    for region, case_id in cases:
        by_region.setdefault(region, []).append(case_id)
    for region, ids in by_region.items():
        yield from unit.session.scalars(
            select(DecisionRow)
            .where(
                DecisionRow.region == region,
                DecisionRow.case_id.in_(ids),
                DecisionRow.decision_id.in_(decisions),
            )
            .order_by(DecisionRow.at, DecisionRow.id)
        )
