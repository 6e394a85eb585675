"""Gap-free numbers: case numbers, ledger entries, vouchers.

A counter is a row raised in the transaction that uses the number; an undone deed gives it back.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, String, update
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, RegionKey, insert_if_absent
from app.store.session import Unit


class CounterRow(Base):
    """The last number given out under one name."""

    __tablename__ = "counters"

    region: Mapped[RegionKey]
    name: Mapped[str] = mapped_column(String(120), primary_key=True)  # "case:2026"
    value: Mapped[int] = mapped_column(BigInteger())  # 0 = none yet


def next_number(unit: Unit, region: str, name: str) -> int:
    """The next number of that name, from 1; others wait until this transaction ends."""
    raised = (
        update(CounterRow)
        .where(CounterRow.region == region, CounterRow.name == name)
        .values(value=CounterRow.value + 1)
        .returning(CounterRow.value)
        .execution_options(synchronize_session=False)
    )
    number = unit.session.execute(raised).scalar_one_or_none()
    if number is None:
        insert_if_absent(unit.session, CounterRow, {"region": region, "name": name, "value": 0})
        number = unit.session.execute(raised).scalar_one()
    return number
