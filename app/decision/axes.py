"""The atoms of one column: its constants and the gaps between neighbouring constants.

Numbers and texts are ordered as FEEL orders them; dates and durations are counted in whole days,
months or nanoseconds. Where lawful values lie on a grid (fen, whole persons, days), a gap without
a grid point is an empty atom.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

from app.decision.moments import Date, DaysDuration, MonthsDuration, date_of_days
from app.decision.result import Value

_WIDE = Context(prec=80, Emin=-99_999, Emax=99_999)


@dataclass(frozen=True, slots=True)
class Kind:
    """How values of one FEEL kind are ordered and named between two constants."""

    key: Callable[[Any], Any]  # value -> sortable key
    value: Callable[[Any], Value]  # key -> value, None when there is none
    step: Any  # smallest distance of keys, None when dense


def _date_of_key(days: int) -> Value:
    return date_of_days(days)


_KINDS: Mapping[str, Kind] = {
    "number": Kind(lambda v: v, lambda key: key, None),
    "string": Kind(lambda v: v, lambda key: key, None),
    "date": Kind(lambda v: v.days(), _date_of_key, 1),
    "days and time duration": Kind(lambda v: v.nanos, DaysDuration, 1),
    "years and months duration": Kind(lambda v: v.months, MonthsDuration, 1),
}
KEY_TYPES: Mapping[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": Date,
    "days and time duration": DaysDuration,
    "years and months duration": MonthsDuration,
}


@dataclass(frozen=True, slots=True)
class Axis:
    """The atoms of one column.

    Ordered axes have 2n+1 atoms for n cuts: odd atom 2i+1 is cut i, even atoms lie between.
    Other axes have one atom per cut and a last one for everything else.
    """

    kind: str  # FEEL kind of the values; "" when no cell says anything about them
    ordered: bool
    keys: tuple[Any, ...]  # sorted keys of the cuts
    cuts: tuple[Value, ...]  # the constants themselves, in the same order
    points: tuple[Value, ...]  # one value inside each atom; None when the atom is empty

    @property
    def size(self) -> int:
        """Number of atoms, empty ones included."""
        return len(self.points)

    def key(self, value: Value) -> Any:
        """The sortable key of a value of the axis's kind."""
        return _key(self.kind, value)

    def atom_of_cut(self, value: Value) -> int:
        """The atom of one of the cuts."""
        index = bisect_left(self.keys, self.key(value))
        return 2 * index + 1 if self.ordered else index

    def atom_of_value(self, value: Value) -> int:
        """The atom of any value of an ordered axis's kind."""
        key = self.key(value)
        index = bisect_left(self.keys, key)
        return 2 * index + int(index < len(self.keys) and bool(self.keys[index] == key))


def _key(kind: str, value: Value) -> Any:
    return value if kind == "boolean" else _KINDS[kind].key(value)


def make_axis(kind: str, constants: Iterable[Value], *, ordered: bool, step: Any = None) -> Axis:
    """The axis cut by these constants of one kind; `step` is the distance of lawful values."""
    if kind == "":
        return Axis("", False, (), (), (Decimal(0),))
    if kind == "boolean":
        return Axis(kind, False, (False, True), (False, True), (False, True))
    by_key = {_key(kind, value): value for value in constants}
    keys = tuple(sorted(by_key))
    cuts = tuple(by_key[key] for key in keys)
    if not ordered:
        return Axis(kind, False, keys, cuts, (*cuts, _other_text(cuts)))
    points: list[Value] = []
    step = _KINDS[kind].step if step is None else step
    for index in range(len(keys) + 1):
        low = keys[index - 1] if index else None
        high = keys[index] if index < len(keys) else None
        between = _between(kind, low, high, step)
        points.append(None if between is None else _KINDS[kind].value(between))
        if high is not None:
            on_grid = kind != "number" or step is None or _WIDE.remainder(high, step) == 0
            points.append(cuts[index] if on_grid else None)
    return Axis(kind, True, keys, cuts, tuple(points))


def _other_text(cuts: Sequence[Value]) -> str:
    text = "其他"
    while text in cuts:
        text += "*"
    return text


def _between(kind: str, low: Any, high: Any, step: Any) -> Any:
    """A key strictly between two neighbouring cuts (None: no cut on that side), or None."""
    if kind == "string":
        return _text_between(low, high)
    if low is None:
        if high is None:
            return 0 if kind != "number" else Decimal(0)
        return _grid_below(high, step)
    above = _grid_above(low, step)
    if high is None or above < high:
        if step is None and high is not None:
            return _short_middle(low, high)
        return above
    return None if step is not None else _short_middle(low, high)


def _text_between(low: str | None, high: str | None) -> str | None:
    text = "" if low is None else low + "\0"
    return text if high is None or text < high else None


def _grid_above(key: Any, step: Any) -> Any:
    """The first lawful key above `key`."""
    if not isinstance(key, Decimal):
        return key + 1
    if step is None:
        return _WIDE.add(key, Decimal(1))
    return _WIDE.multiply(_WIDE.add(_floor(_WIDE.divide(key, step)), Decimal(1)), step)


def _grid_below(key: Any, step: Any) -> Any:
    """The last lawful key below `key`."""
    if not isinstance(key, Decimal):
        return key - 1
    if step is None:
        return _WIDE.subtract(key, Decimal(1))
    below = _floor(_WIDE.divide(key, step))
    if _WIDE.multiply(below, step) == key:
        below = _WIDE.subtract(below, Decimal(1))
    return _WIDE.multiply(below, step)


def _floor(value: Decimal) -> Decimal:
    return value.to_integral_value(rounding="ROUND_FLOOR")


def _short_middle(low: Decimal, high: Decimal) -> Decimal:
    """A number strictly between, with as few digits as the middle allows."""
    middle = _WIDE.divide(_WIDE.add(low, high), Decimal(2))
    for places in range(-3, 40):
        rounded = middle.quantize(Decimal((0, (1,), -places)), context=_WIDE)
        if low < rounded < high:
            return rounded
    return middle


def lawful_above(axis: Axis, cut: int, step: Any) -> Value:
    """The first lawful value above that cut, None when values are dense."""
    return _step_from(axis, cut, step, _grid_above)


def lawful_below(axis: Axis, cut: int, step: Any) -> Value:
    """The last lawful value below that cut, None when values are dense."""
    return _step_from(axis, cut, step, _grid_below)


def _step_from(axis: Axis, cut: int, step: Any, move: Callable[[Any, Any], Any]) -> Value:
    step = _KINDS[axis.kind].step if step is None else step
    if step is None:
        return None
    return _KINDS[axis.kind].value(move(axis.keys[cut], step))
