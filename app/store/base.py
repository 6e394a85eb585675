"""The declarative base, the column shapes every table shares, and two portable statements.

The county code `region` leads every key of a table that could ever be split by county; the few
tables without it are small reference data (deployments, people) that every shard would copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, dataclass_transform
from uuid import UUID

from sqlalchemy import MetaData, String, Text, Uuid
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, Session, mapped_column

from app.kernel.money import Money
from app.store.types import Fen, Json, UtcDateTime

REGION_NONE = "000000"  # records that belong to no county: start-up, publication, log-in failures

Region = Annotated[str, mapped_column(String(6))]
RegionKey = Annotated[str, mapped_column(String(6), primary_key=True)]
IdKey = Annotated[UUID, mapped_column(Uuid(), primary_key=True)]
Code = Annotated[str, mapped_column(String(64))]  # ASCII snake_case or a model id
Label = Annotated[str, mapped_column(String(400))]  # Chinese, one line; or an engine token
Sha = Annotated[str, mapped_column(String(64))]  # SHA-256 in hexadecimal
Words = Annotated[str, mapped_column(Text())]  # Chinese, any length

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


@dataclass_transform(kw_only_default=True, field_specifiers=(mapped_column,))
class Base(MappedAsDataclass, DeclarativeBase, kw_only=True, eq=False, repr=False):
    """Root of all rows; constructors take keywords only, so that a missing column is a type error.

    JSON values are replaced, never changed in place: a change inside one is not noticed.
    """

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy
        datetime: UtcDateTime(),
        Money: Fen(),
        dict[str, Any]: Json(),
        list[Any]: Json(),
        UUID: Uuid(),
    }


def insert_if_absent(session: Session, table: type[Base], values: Mapping[str, Any]) -> bool:
    """A row with `values` exists; True when this call made it, False when a key was taken."""
    if session.get_bind().dialect.name == "postgresql":
        made = session.execute(
            postgresql.insert(table).values(**values).on_conflict_do_nothing().returning(1)
        )
    else:
        made = session.execute(
            sqlite.insert(table).values(**values).on_conflict_do_nothing().returning(1)
        )
    return made.first() is not None
