"""Columns of a batch: exact integers, coded texts, flags and days, one array each.

Money comes as int64 fen (`fen(array)`); binary floating point is refused, because 0.1 + 0.2 is not
0.3 there. A plain sequence of values is accepted too and read one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.decision.axes import Axis
from app.decision.convert import InputError, to_feel
from app.decision.moments import date_of_days
from app.decision.result import Value
from app.decision.values import feel_type_name

MAX_BATCH = 20_000_000  # rows of one batch

_WIDE = Context(prec=80, Emin=-99_999, Emax=99_999)

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """Exact decimal numbers: each is `numbers[i] / 10**decimals`, or null."""

    numbers: Ints
    decimals: int
    nulls: Flags | None = None  # True where the value is null


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Texts by number: `texts[codes[i]]`, or null where the code is negative."""

    codes: Ints
    texts: tuple[str, ...]


ColumnData = Scaled | Coded | NDArray[Any] | Sequence[Any]


def fen(numbers: NDArray[Any], nulls: Flags | None = None) -> Scaled:
    """Amounts in fen as a column of yuan."""
    return Scaled(np.asarray(numbers, dtype=np.int64), 2, nulls)


@dataclass(frozen=True, slots=True, eq=False)
class Feed:
    """One column made ready: its kind, and each row's value on demand."""

    kind: str  # FEEL kind of every non-null value; "" when rows are of different kinds
    data: Scaled | Coded | NDArray[Any] | Sequence[Any]

    def value(self, row: int) -> Value:
        """The FEEL value of a row."""
        data = self.data
        if isinstance(data, Scaled):
            if data.nulls is not None and data.nulls[row]:
                return None
            return Decimal(int(data.numbers[row])).scaleb(-data.decimals)
        if isinstance(data, Coded):
            code = int(data.codes[row])
            return data.texts[code] if code >= 0 else None
        if isinstance(data, np.ndarray):
            if self.kind == "boolean":
                return bool(data[row])
            number = data[row]
            return None if np.isnat(number) else date_of_days(int(number.astype(np.int64)))
        return to_feel(data[row])


def make_feed(name: str, data: ColumnData) -> Feed:
    """The column ready to be read; raises InputError for floating-point arrays."""
    if isinstance(data, Scaled):
        return Feed("number", data)
    if isinstance(data, Coded):
        return Feed("string", data)
    if isinstance(data, np.ndarray):
        return _array_feed(name, data)
    kinds = {feel_type_name(to_feel(value)) for value in data} - {"null"}
    return Feed(kinds.pop() if len(kinds) == 1 else "", data)


def _array_feed(name: str, data: NDArray[Any]) -> Feed:
    if data.dtype.kind == "b":
        return Feed("boolean", data)
    if data.dtype.kind in "iu":
        return Feed("number", Scaled(data.astype(np.int64), 0))
    if data.dtype.kind == "M":
        return Feed("date", data.astype("datetime64[D]"))
    if data.dtype.kind == "f":
        raise InputError(f"“{name}”是浮点数，不能保证精确；金额请用整数分，fen(...)")
    return make_feed(name, data.tolist())


def length_of(feeds: Mapping[str, Feed]) -> int:
    """The common number of rows; raises InputError when columns differ or are too long."""
    lengths = {_length(feed.data) for feed in feeds.values()}
    if len(lengths) != 1:
        raise InputError("各列的行数不一致")
    length = lengths.pop()
    if length > MAX_BATCH:
        raise InputError(f"一批最多 {MAX_BATCH} 行")
    return length


def _length(data: ColumnData) -> int:
    if isinstance(data, Scaled):
        return len(data.numbers)
    return len(data.codes) if isinstance(data, Coded) else len(data)


def atoms_of(feed: Feed, axis: Axis) -> Ints:
    """Per row the atom of its value; null has the number after the last atom."""
    data = feed.data
    if isinstance(data, Scaled):
        found = _scaled_atoms(data, axis)
        return found if data.nulls is None else np.where(data.nulls, axis.size, found)
    if isinstance(data, Coded):
        table = np.array([*[_atom(axis, text) for text in data.texts], axis.size], dtype=np.int64)
        return table[np.where(data.codes < 0, len(data.texts), data.codes)]
    if isinstance(data, np.ndarray):
        if feed.kind == "boolean":
            return data.astype(np.int64)
        days = data.astype(np.int64)
        return np.where(np.isnat(data), axis.size, _scaled_atoms(Scaled(days, 0), axis))
    values = [to_feel(value) for value in data]
    return np.array([_atom(axis, value) for value in values], dtype=np.int64)


def _atom(axis: Axis, value: Value) -> int:
    if value is None:
        return axis.size
    if axis.ordered:
        return axis.atom_of_value(value)
    index = axis.cuts.index(value) if value in axis.cuts else axis.size - 1
    return index


def _scaled_atoms(data: Scaled, axis: Axis) -> Ints:
    """Atoms of integers by one search; a cut between two integers is no integer's value."""
    limits: list[int] = []
    atoms = [0]
    for index, key in enumerate(axis.keys):
        exact = _WIDE.scaleb(Decimal(key), data.decimals)
        first = int(exact.to_integral_value(rounding=ROUND_FLOOR))
        if exact == first:
            limits.append(first)
            atoms.append(2 * index + 1)
        limits.append(first + 1)
        atoms.append(2 * index + 2)
    bound = np.iinfo(np.int64)
    clipped = [min(max(limit, bound.min), bound.max) for limit in limits]
    keep = [i for i, limit in enumerate(limits) if limit <= bound.max]
    edges = np.array([clipped[i] for i in keep], dtype=np.int64)
    table = np.array([atoms[0], *[atoms[i + 1] for i in keep]], dtype=np.int64)
    return table[np.searchsorted(edges, data.numbers, side="right")]
