"""抽查: a drawn sample with all it takes to draw it again, and whether that gives the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.cases import access, sampling
from app.cases.office import Office
from app.store import cases, samples, work_items
from app.store.session import Actor


@dataclass(frozen=True, slots=True)
class DrawnCase:
    """One case of the sample."""

    case_no: str
    id: UUID | None  # None when the reader may not open it


@dataclass(frozen=True, slots=True)
class SamplePage:
    """The page 抽样记录."""

    case_no: str  # of the inspection
    criteria: dict[str, Any]
    seed: str
    population: tuple[str, ...]
    drawn: tuple[DrawnCase, ...]
    at: datetime
    by_name: str
    repeats: bool  # drawing again from seed and population gives the same cases


def sample_page(office: Office, actor: Actor, region: str, case_id: UUID) -> SamplePage | None:
    """The newest sample of the inspection, None when none was drawn; raises Forbidden."""
    with office.database.read(actor) as unit:
        case = cases.get(unit, region, case_id)
        access.require_case(unit, actor, case, work_items.of_case(unit, region, case_id))
        rows = samples.of_case(unit, region, case_id)
        if not rows:
            return None
        row = rows[-1]
        drawn = []
        for number in row.drawn:
            found = cases.find(unit, region=region, case_no=str(number))
            open_to = bool(found) and access.may_see_case(unit, actor, found[0])
            drawn.append(DrawnCase(str(number), found[0].id if open_to else None))
        again = sampling.draw(
            sampling.seed_of(case_id, row.population), row.population, len(row.drawn)
        )
        return SamplePage(
            case_no=case.case_no,
            criteria=dict(row.criteria),
            seed=row.seed,
            population=tuple(row.population),
            drawn=tuple(drawn),
            at=row.at,
            by_name=row.by_name,
            repeats=list(again) == list(row.drawn),
        )
