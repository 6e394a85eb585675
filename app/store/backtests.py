"""Back-tests as rows: asked for, worked through in pieces, stopped at will, kept with their answer.

A back-test pins the draft it tries as a set of files, so that its answer can be read years later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import NotFound, Refused
from app.store.base import Base, Code, IdKey, Label, Sha, Words
from app.store.session import Unit

LEASE_S = 120  # a worker that says nothing for so long is taken for dead
OPEN_STATES = ("waiting", "running")


class BacktestRow(Base):
    """One back-test."""

    __tablename__ = "backtests"
    __table_args__ = (
        Index("ix_backtests_state", "state", "asked_at"),
        Index("ix_backtests_locality", "locality", "asked_at"),
    )

    id: Mapped[IdKey]
    locality: Mapped[Code]
    draft_id: Mapped[UUID | None] = mapped_column(default=None)
    title: Mapped[Label]  # what is tried
    candidate: Mapped[Sha] = mapped_column(ForeignKey("deployments.id"))
    running_cases: Mapped[bool]  # True: a shadow run over open cases
    since_at: Mapped[datetime]
    until_at: Mapped[datetime]
    as_of_at: Mapped[datetime | None] = mapped_column(default=None)  # today() of the draft's tables
    state: Mapped[Code]  # waiting | running | done | cancelled | failed
    total: Mapped[int]
    done: Mapped[int]
    checked: Mapped[int]  # cases asked a second time, without memory, and found the same
    cursor_region: Mapped[Code] = mapped_column(default="")
    cursor_id: Mapped[UUID | None] = mapped_column(default=None)
    heard_at: Mapped[datetime | None] = mapped_column(default=None)  # last sign of its worker
    problem: Mapped[Words] = mapped_column(default="")
    asked_by: Mapped[Code]
    asked_by_name: Mapped[Label]
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class BacktestPieceRow(Base):
    """The lines of some cases."""

    __tablename__ = "backtest_pieces"

    backtest_id: Mapped[UUID] = mapped_column(ForeignKey("backtests.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    lines: Mapped[list[Any]]  # one list a case; amounts and case numbers, no personal data


def ask(
    unit: Unit,
    *,
    locality: str,
    draft_id: UUID | None,
    title: str,
    candidate: str,
    running_cases: bool,
    since: datetime,
    until: datetime,
    as_of: datetime | None,
    total: int,
) -> BacktestRow:
    """A back-test waits for a worker."""
    row = BacktestRow(
        id=unit.new_id(),
        locality=locality,
        draft_id=draft_id,
        title=title,
        candidate=candidate,
        running_cases=running_cases,
        since_at=since,
        until_at=until,
        as_of_at=as_of,
        state="waiting",
        total=total,
        done=0,
        checked=0,
        asked_by=unit.actor.user_id,
        asked_by_name=unit.actor.name,
        asked_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def get(unit: Unit, backtest_id: UUID, *, lock: bool = False) -> BacktestRow:
    """The back-test; raises NotFound."""
    query = select(BacktestRow).where(BacktestRow.id == backtest_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = unit.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("no_backtest", "没有这次回测。")
    return row


def of_draft(unit: Unit, draft_id: UUID, limit: int) -> list[BacktestRow]:
    """The draft's back-tests, newest first."""
    query = select(BacktestRow).where(BacktestRow.draft_id == draft_id)
    return list(unit.session.scalars(query.order_by(BacktestRow.asked_at.desc()).limit(limit)))


def of_locality(unit: Unit, locality: str, limit: int) -> list[BacktestRow]:
    """The locality's back-tests, newest first."""
    query = select(BacktestRow).where(BacktestRow.locality == locality)
    return list(unit.session.scalars(query.order_by(BacktestRow.asked_at.desc()).limit(limit)))


def waits(unit: Unit, dead_before: datetime) -> bool:
    """True when `claim` would find one; asks without locking anything."""
    query = select(BacktestRow.id).where(_free(dead_before)).limit(1)
    return unit.session.scalar(query) is not None


def _free(dead_before: datetime) -> ColumnElement[bool]:
    left = (BacktestRow.state == "running") & (BacktestRow.heard_at < dead_before)
    return (BacktestRow.state == "waiting") | left


def claim(unit: Unit, dead_before: datetime) -> BacktestRow | None:
    """The oldest one waiting, or left behind by a dead worker; None when there is nothing."""
    row = unit.session.scalars(
        select(BacktestRow)
        .where(_free(dead_before))
        .order_by(BacktestRow.asked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is not None:
        row.state, row.heard_at = "running", unit.now
        unit.session.flush()
    return row


def keep(
    unit: Unit,
    row: BacktestRow,
    lines: Sequence[Sequence[Any]],
    *,
    cursor: tuple[str, UUID] | None,
    cases: int,
    checked: int,
) -> None:
    """The next piece is kept; without a cursor the back-test is done."""
    if lines:
        last = unit.session.scalar(
            select(func.max(BacktestPieceRow.seq)).where(BacktestPieceRow.backtest_id == row.id)
        )
        unit.session.add(
            BacktestPieceRow(backtest_id=row.id, seq=(last or 0) + 1, lines=list(lines))
        )
    row.done += cases
    row.checked += checked
    row.heard_at = unit.now
    if cursor is None:
        row.state, row.ended_at = "done", unit.now
    else:
        row.cursor_region, row.cursor_id = cursor
    unit.session.flush()


def stop(unit: Unit, row: BacktestRow, state: str, problem: str = "") -> None:
    """The back-test ends as cancelled or failed; Refused when it has ended already."""
    if row.state not in OPEN_STATES:
        raise Refused("backtest_over", "这次回测已经结束。")
    row.state, row.problem, row.ended_at = state, problem, unit.now
    unit.session.flush()


def lines(unit: Unit, backtest_id: UUID) -> list[list[Any]]:
    """Every kept line, in the order of the work."""
    pieces = unit.session.scalars(
        select(BacktestPieceRow.lines)
        .where(BacktestPieceRow.backtest_id == backtest_id)
        .order_by(BacktestPieceRow.seq)
    )
    return [one for piece in pieces for one in piece]
