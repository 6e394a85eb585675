"""Cases, their numbers, and who answers for them until somebody else has accepted.

The applicant's data are sealed; a blind index finds earlier cases of the same person without
opening anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import legal_day
from app.kernel.errors import NotFound, Refused
from app.store import counters
from app.store.base import Base, Code, IdKey, Label, RegionKey, Sha, Words
from app.store.session import Unit

PAGE_ROWS = 200
RELIEF = "relief"  # one household's or person's trouble
MATTER = "matter"  # a township's business with the county about money: no person, no relief
SUPERVISION = "supervision"  # a complaint, an audit issue, an inspection: seen by few, no relief
NUMBER_SIGNS = {MATTER: "Z", SUPERVISION: "J"}  # before the year, where the series is its own


class CaseRow(Base):
    """One household's or person's trouble and what is done about it."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("region", "case_no", name="uq_cases_region_case_no"),
        Index("ix_cases_applicant", "region", "applicant_index"),
        Index("ix_cases_status", "region", "status", "opened_at"),
        Index("ix_cases_township", "region", "township", "status"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_no: Mapped[Code]  # human number, gap-free per county and year
    locality: Mapped[Code]  # whose models run it
    township: Mapped[Code]  # organ code
    village: Mapped[Code]  # organ code, "" = not in a village
    route: Mapped[Code]  # answer of the routing decision, "" = not yet routed
    status: Mapped[Code]  # "open" | "closed" | "refused" | "withdrawn"
    cause: Mapped[Code]  # class of the trouble, as the form has it
    title: Mapped[Label]  # Chinese, without personal data
    applicant_masked: Mapped[Label]  # "张*"
    applicant_index: Mapped[Sha]  # blind index of the ID number, "" = none known
    applicant_sealed: Mapped[bytes] = mapped_column(LargeBinary())
    reported_at: Mapped[datetime]  # the first report or application
    channel: Mapped[Code]  # "window" | "hotline" | "village" | ...
    is_demo: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[Code] = mapped_column(default=RELIEF)  # RELIEF | MATTER | SUPERVISION
    opened_at: Mapped[datetime]
    opened_by: Mapped[Code]  # user id
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    outcome: Mapped[Code] = mapped_column(default="")
    version: Mapped[int] = mapped_column(init=False)  # raised by every change; a lost race is Stale

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class HandoverRow(Base):
    """One link of the chain of responsibility; the newest accepted one answers for the case."""

    __tablename__ = "handovers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_handovers_cases"
        ),
        UniqueConstraint("region", "case_id", "seq", name="uq_handovers_seq"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    seq: Mapped[int]  # 1 = the first-asked person
    user_id: Mapped[Code]
    user_name: Mapped[Label]
    organ_code: Mapped[Code]
    since: Mapped[datetime]
    reason: Mapped[Words] = mapped_column(default="")
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    accepted_by: Mapped[Code | None] = mapped_column(default=None)


def open_case(
    unit: Unit,
    region: str,
    *,
    locality: str,
    township: str,
    village: str,
    cause: str,
    title: str,
    applicant_masked: str,
    applicant: Mapping[str, Any],
    id_number: str,
    reported_at: datetime,
    channel: str,
    organ_code: str,
    is_demo: bool = False,
    kind: str = RELIEF,
) -> CaseRow:
    """A numbered, open case whose first-asked person is the actor.

    applicant: personal data, sealed at once. id_number: "" when not known yet. A matter (资金事项)
    has a number of its own series and stays out of every list and count of relief.
    """
    case_id = unit.new_id()
    row = CaseRow(
        region=region,
        id=case_id,
        case_no=_next_case_no(unit, region, kind),
        locality=locality,
        township=township,
        village=village,
        route="",
        status="open",
        cause=cause,
        title=title,
        applicant_masked=applicant_masked,
        applicant_index=unit.vault.blind_index(id_number) if id_number else "",
        applicant_sealed=_sealed(unit, region, case_id, applicant),
        reported_at=reported_at,
        channel=channel,
        is_demo=is_demo,
        kind=kind,
        opened_at=unit.now,
        opened_by=unit.actor.user_id,
    )
    unit.session.add(row)
    unit.session.flush()
    _link(unit, row, 1, unit.actor.user_id, unit.actor.name, organ_code, "", accepted=True)
    return row


def get(unit: Unit, region: str, case_id: UUID, *, lock: bool = False) -> CaseRow:
    """The case; raises NotFound. `lock` makes other commands on it wait."""
    query = select(CaseRow).where(CaseRow.region == region, CaseRow.id == case_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = unit.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("no_case", "没有这个案件，或您无权查看。")
    return row


def find(
    unit: Unit,
    *,
    region: str | None = None,
    townships: Collection[str] | None = None,
    statuses: Collection[str] = (),
    case_no: str = "",
    opened_before: datetime | None = None,
    limit: int = PAGE_ROWS,
    kind: str = RELIEF,
) -> list[CaseRow]:
    """Cases newest first; every given condition narrows, `townships` None = all."""
    query = select(CaseRow).where(CaseRow.kind == kind)
    query = query.order_by(CaseRow.opened_at.desc(), CaseRow.id.desc())
    if region is not None:
        query = query.where(CaseRow.region == region)
    if townships is not None:
        query = query.where(CaseRow.township.in_(townships))
    if statuses:
        query = query.where(CaseRow.status.in_(statuses))
    if case_no:
        query = query.where(CaseRow.case_no == case_no)
    if opened_before is not None:
        query = query.where(CaseRow.opened_at < opened_before)
    return list(unit.session.scalars(query.limit(min(limit, PAGE_ROWS))))


def many(unit: Unit, region: str, ids: Collection[UUID]) -> dict[UUID, CaseRow]:
    """The county's cases of those ids, in as few statements as may be."""
    wanted, found = list(dict.fromkeys(ids)), dict[UUID, CaseRow]()
    for start in range(0, len(wanted), PAGE_ROWS):
        query = select(CaseRow).where(
            CaseRow.region == region, CaseRow.id.in_(wanted[start : start + PAGE_ROWS])
        )
        found |= {row.id: row for row in unit.session.scalars(query)}
    return found


def numbers(unit: Unit, region: str, case_ids: Collection[UUID]) -> dict[UUID, str]:
    """Case -> its number."""
    rows = unit.session.execute(
        select(CaseRow.id, CaseRow.case_no).where(
            CaseRow.region == region, CaseRow.id.in_(case_ids)
        )
    )
    return {case_id: number for case_id, number in rows}


def count_by_status(unit: Unit, region: str) -> dict[str, int]:
    """Status -> how many cases of the county."""
    rows = unit.session.execute(
        select(CaseRow.status, func.count())
        .where(CaseRow.region == region, CaseRow.kind == RELIEF)
        .group_by(CaseRow.status)
    )
    return {status: number for status, number in rows}


def of_person(unit: Unit, id_number: str, *, region: str | None = None) -> list[CaseRow]:
    """Cases of the same ID number, newest report first; of all counties unless one is named."""
    query = select(CaseRow).where(CaseRow.applicant_index == unit.vault.blind_index(id_number))
    if region is not None:
        query = query.where(CaseRow.region == region)
    return list(unit.session.scalars(query.order_by(CaseRow.reported_at.desc()).limit(PAGE_ROWS)))


def numbers_opened(
    unit: Unit, region: str, start: datetime, end: datetime, *, township: str = "", limit: int
) -> list[str]:
    """Numbers of the relief cases opened in the span, its end excluded; sorted, at most `limit`."""
    query = select(CaseRow.case_no).where(
        CaseRow.region == region,
        CaseRow.kind == RELIEF,
        CaseRow.opened_at >= start,
        CaseRow.opened_at < end,
    )
    if township:
        query = query.where(CaseRow.township == township)
    return list(unit.session.scalars(query.order_by(CaseRow.case_no).limit(limit)))


def count_opened(unit: Unit, region: str, *, by: str, since: datetime) -> int:
    """How many cases that user has opened since then."""
    query = select(func.count()).where(
        CaseRow.region == region, CaseRow.opened_by == by, CaseRow.opened_at >= since
    )
    return int(unit.session.scalar(query) or 0)


def applicant(unit: Unit, row: CaseRow) -> dict[str, Any]:
    """The applicant's data in clear; the caller records why they were opened."""
    value: dict[str, Any] = unit.vault.unseal_json(
        row.applicant_sealed, region=row.region, table="cases", row_id=row.id
    )
    return value


def change_applicant(
    unit: Unit, row: CaseRow, applicant: Mapping[str, Any], *, id_number: str, masked: str
) -> None:
    """The case carries these applicant data instead."""
    row.applicant_sealed = _sealed(unit, row.region, row.id, applicant)
    row.applicant_index = unit.vault.blind_index(id_number) if id_number else ""
    row.applicant_masked = masked


def close(unit: Unit, row: CaseRow, *, status: str, outcome: str) -> None:
    """The case is over with that status and outcome; Refused("case_over") the second time."""
    if row.closed_at is not None:
        raise Refused("case_over", f"案件 {row.case_no} 已办结，不能重复办结。")
    row.status, row.outcome, row.closed_at = status, outcome, unit.now
    unit.session.flush()


def hand_over(
    unit: Unit, case: CaseRow, *, user_id: str, user_name: str, organ_code: str, reason: str = ""
) -> HandoverRow:
    """The named person or organ is asked to take over; until accepted the one before answers."""
    last = handovers(unit, case.region, case.id)[-1]
    if last.accepted_at is None:
        raise Refused("handover_open", f"上一次移交（{last.user_name}）尚未接收，请先等待接收。")
    return _link(unit, case, last.seq + 1, user_id, user_name, organ_code, reason, accepted=False)


def accept_handover(unit: Unit, case: CaseRow) -> HandoverRow:
    """The actor has taken over; raises Refused when nothing was handed over."""
    last = handovers(unit, case.region, case.id, lock=True)[-1]
    if last.accepted_at is not None:
        raise Refused("no_handover", "没有待接收的移交。")
    last.accepted_at, last.accepted_by = unit.now, unit.actor.user_id
    unit.session.flush()
    return last


def handovers(unit: Unit, region: str, case_id: UUID, *, lock: bool = False) -> list[HandoverRow]:
    """The chain of responsibility, the first-asked person first."""
    query = select(HandoverRow).where(HandoverRow.region == region, HandoverRow.case_id == case_id)
    if lock:
        query = query.with_for_update()
    return list(unit.session.scalars(query.order_by(HandoverRow.seq)))


def responsible(unit: Unit, region: str, case_id: UUID) -> HandoverRow:
    """Who answers for the case now: the newest accepted link."""
    return [row for row in handovers(unit, region, case_id) if row.accepted_at is not None][-1]


def _next_case_no(unit: Unit, region: str, kind: str) -> str:
    year = legal_day(unit.now).year
    if sign := NUMBER_SIGNS.get(kind):
        return f"{region}-{sign}{year}-{counters.next_number(unit, region, f'{kind}:{year}'):06d}"
    number = counters.next_number(unit, region, f"case:{year}")
    return f"{region}-{year}-{number:06d}"


def _sealed(unit: Unit, region: str, case_id: UUID, applicant: Mapping[str, Any]) -> bytes:
    return unit.vault.seal_json(dict(applicant), region=region, table="cases", row_id=case_id)


def _link(
    unit: Unit,
    case: CaseRow,
    seq: int,
    user_id: str,
    user_name: str,
    organ_code: str,
    reason: str,
    *,
    accepted: bool,
) -> HandoverRow:
    row = HandoverRow(
        region=case.region,
        id=unit.new_id(),
        case_id=case.id,
        seq=seq,
        user_id=user_id,
        user_name=user_name,
        organ_code=organ_code,
        since=unit.now,
        reason=reason,
        accepted_at=unit.now if accepted else None,
        accepted_by=user_id if accepted else None,
    )
    unit.session.add(row)
    unit.session.flush()
    return row
