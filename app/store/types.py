"""Column types that keep exactly what they were given, on SQLite as on PostgreSQL.

They refuse what would be guessed later: an instant without offset, a float, an unknown object.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.kernel.clock import as_utc
from app.kernel.money import Money

MAX_DEPTH = 40  # levels of nesting in a stored JSON value


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out; ValueError for a naive one."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL keeps the zone; SQLite keeps UTC wall time as text."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database's form."""
        if value is None:
            return None
        instant = as_utc(value)
        return instant if dialect.name == "postgresql" else instant.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database's form."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Fen(TypeDecorator[Money]):
    """Money as whole fen in a 64-bit integer."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | int | None, dialect: Dialect) -> int | None:
        """To fen; a bare integer is taken as fen so that SQL arithmetic can be written."""
        return value.fen if isinstance(value, Money) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Money | None:
        """From fen; a sum comes back from PostgreSQL as a whole Decimal."""
        return None if value is None else Money(int(value))


class Exact(TypeDecorator[Decimal]):
    """A Decimal kept digit by digit as text, for SQLite would make it a float."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """To text."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """From text."""
        return None if value is None else Decimal(value)


class Json(TypeDecorator[Any]):
    """A JSON value as text, key order and decimals kept; see `dump` for the tags."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """To text."""
        return None if value is None else dump(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """From text."""
        return None if value is None else load(value)


def dump(value: Any) -> str:
    """`value` as compact JSON text that `load` turns back into an equal value.

    Decimals, instants, days, ids and money are tagged: {"$dec": "1.20"}, {"$at": "..Z"},
    {"$day": ".."}, {"$id": ".."}, {"$fen": 120}; a key of its own that begins with "$" gets one
    more. Raises TypeError for floats and other objects, ValueError below MAX_DEPTH levels.
    """
    return json.dumps(_tagged(value, 0), ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Any:
    """The value that `dump` wrote."""
    return _untagged(json.loads(text))


def _tagged(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {_key(key): _tagged(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_tagged(item, depth + 1) for item in value]
    if isinstance(value, Decimal):
        return {"$dec": str(value)}
    if isinstance(value, datetime):
        return {"$at": as_utc(value).isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    if isinstance(value, UUID):
        return {"$id": str(value)}
    if isinstance(value, Money):
        return {"$fen": value.fen}
    raise TypeError(f"not a record value: {type(value).__name__}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key must be text: {key!r}")
    return "$" + key if key.startswith("$") else key


_READERS = {
    "$dec": Decimal,
    "$at": datetime.fromisoformat,
    "$day": date.fromisoformat,
    "$id": UUID,
    "$fen": Money,
}


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(key, item)] = value.items()
        if key in _READERS:
            return _READERS[key](item)  # type: ignore[operator]
    return {_plain_key(key): _untagged(item) for key, item in value.items()}


def _plain_key(key: str) -> str:
    return key[1:] if key.startswith("$$") else key
