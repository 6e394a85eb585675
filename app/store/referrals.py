"""Referrals (转介): who sent whom where, who took over, what came of it; and services bought.

What the receiver needs to know – the need in words and how to reach the person – is sealed. Means,
illness and other findings of the case are never part of a referral.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import legal_day
from app.kernel.errors import NotFound
from app.kernel.money import Money
from app.store import counters
from app.store.base import Base, Code, IdKey, Label, RegionKey, Words
from app.store.session import Unit

PAGE_ROWS = 300
SENT, ACCEPTED, DECLINED, DONE = "sent", "accepted", "declined", "done"


class ReferralRow(Base):
    """One referral of one person or household to one receiver."""

    __tablename__ = "referrals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_referrals_cases"
        ),
        UniqueConstraint("region", "referral_no", name="uq_referrals_referral_no"),
        Index("ix_referrals_case", "region", "case_id", "sent_at"),
        Index("ix_referrals_receiver", "region", "receiver_kind", "status"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    case_id: Mapped[UUID]
    referral_no: Mapped[Code]
    township: Mapped[Code]
    need: Mapped[Code]  # code of the need
    receiver: Mapped[Code]  # code in the locality's catalogue
    receiver_name: Mapped[Label]
    receiver_kind: Mapped[Code]  # "department" | "charity" | "social_work"
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary())  # {need, name, phone}
    rules: Mapped[list[Any]]  # rows of the matching table that proposed the receiver
    status: Mapped[Code]  # SENT | ACCEPTED | DECLINED | DONE
    sent_at: Mapped[datetime]
    sent_by: Mapped[Code]  # user id: answers for the matter until it is accepted (首问负责)
    sent_by_name: Mapped[Label]
    due_at: Mapped[datetime]  # by when the receiver says yes or no
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by: Mapped[Label] = mapped_column(default="")  # the receiver's person
    answer_note: Mapped[Words] = mapped_column(default="")
    outcome: Mapped[Code] = mapped_column(default="")  # "helped" | "partly" | "not_helped"
    outcome_note: Mapped[Words] = mapped_column(default="")
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    followed_by: Mapped[Code] = mapped_column(default="")  # number of the next one, when declined
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ServiceRow(Base):
    """One service that was bought for a referred person (NA7: who, what, procedure, cost)."""

    __tablename__ = "purchased_services"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "referral_id"],
            ["referrals.region", "referrals.id"],
            name="fk_purchased_services_referrals",
        ),
        Index("ix_purchased_services_referral", "region", "referral_id", "at"),
    )

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    referral_id: Mapped[UUID]
    provider: Mapped[Label]
    what: Mapped[Words]
    procedure: Mapped[Code]  # code of how it was bought
    cost_fen: Mapped[Money]
    at: Mapped[datetime]
    by_user: Mapped[Code]
    by_name: Mapped[Label]


def send(
    unit: Unit,
    region: str,
    *,
    case_id: UUID,
    township: str,
    need: str,
    receiver: tuple[str, str, str],
    content: dict[str, Any],
    rules: list[Any],
    due_at: datetime,
) -> ReferralRow:
    """The referral waits for its receiver. receiver: (code, name, kind)."""
    year = legal_day(unit.now).year
    number = counters.next_number(unit, region, f"referral:{year}")
    row_id = unit.new_id()
    row = ReferralRow(
        region=region,
        id=row_id,
        case_id=case_id,
        referral_no=f"{region}-ZJ-{year}-{number:05d}",
        township=township,
        need=need,
        receiver=receiver[0],
        receiver_name=receiver[1],
        receiver_kind=receiver[2],
        content_sealed=unit.vault.seal_json(
            content, region=region, table="referrals", row_id=row_id
        ),
        rules=rules,
        status=SENT,
        sent_at=unit.now,
        sent_by=unit.actor.user_id,
        sent_by_name=unit.actor.name,
        due_at=due_at,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def content(unit: Unit, row: ReferralRow) -> dict[str, Any]:
    """Need and contact in clear; who opens it records it."""
    opened: dict[str, Any] = unit.vault.unseal_json(
        row.content_sealed, region=row.region, table="referrals", row_id=row.id
    )
    return opened


def get(unit: Unit, region: str, referral_id: UUID, *, lock: bool = False) -> ReferralRow:
    """The referral; raises NotFound."""
    query = select(ReferralRow).where(ReferralRow.region == region, ReferralRow.id == referral_id)
    row = unit.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound("no_referral", "没有这件转介，或您无权查看。")
    return row


def of_case(unit: Unit, region: str, case_id: UUID) -> list[ReferralRow]:
    """The referrals of the case, oldest first."""
    return list(
        unit.session.scalars(
            select(ReferralRow)
            .where(ReferralRow.region == region, ReferralRow.case_id == case_id)
            .order_by(ReferralRow.sent_at, ReferralRow.id)
        )
    )


def within(
    unit: Unit, *, regions: Collection[str], townships: Collection[str], kinds: Collection[str] = ()
) -> list[ReferralRow]:
    """The referrals of a territory, of some kinds of receiver if named, newest first."""
    query = select(ReferralRow).where(
        or_(ReferralRow.region.in_(regions), ReferralRow.township.in_(townships))
    )
    if kinds:
        query = query.where(ReferralRow.receiver_kind.in_(kinds))
    order = (ReferralRow.sent_at.desc(), ReferralRow.id.desc())
    return list(unit.session.scalars(query.order_by(*order).limit(PAGE_ROWS)))


def add_service(
    unit: Unit, row: ReferralRow, *, provider: str, what: str, procedure: str, cost: Money
) -> ServiceRow:
    """The bought service stands in the register."""
    service = ServiceRow(
        region=row.region,
        id=unit.new_id(),
        referral_id=row.id,
        provider=provider,
        what=what,
        procedure=procedure,
        cost_fen=cost,
        at=unit.now,
        by_user=unit.actor.user_id,
        by_name=unit.actor.name,
    )
    unit.session.add(service)
    unit.session.flush()
    return service


def services(unit: Unit, region: str, referral_ids: Collection[UUID]) -> list[ServiceRow]:
    """The services bought for these referrals, oldest first."""
    return list(
        unit.session.scalars(
            select(ServiceRow)
            .where(ServiceRow.region == region, ServiceRow.referral_id.in_(referral_ids))
            .order_by(ServiceRow.at, ServiceRow.id)
        )
    )
