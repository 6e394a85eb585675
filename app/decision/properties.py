"""`value.name`: entries of contexts, parts of temporals and ranges, and nothing else.

Never asks Python for an attribute by a name from a model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.decision.daycount import NANOS_PER_SECOND, SECONDS_PER_DAY, twin_date
from app.decision.moments import Date, DateTime, DaysDuration, MonthsDuration, Time
from app.decision.result import Value
from app.decision.runtime import Runtime
from app.decision.temporal import seconds_with_fraction
from app.decision.values import Range, kind_label

_Getters = Mapping[str, Callable[[Any], Value]]


def _signed(size: int, part: int) -> Decimal:
    return Decimal(-part if size < 0 else part)


def _offset(value: Time | DateTime) -> Value:
    offset = value.utc_offset()
    return None if offset is None else DaysDuration(offset * NANOS_PER_SECOND)


def _duration_seconds(value: DaysDuration) -> Decimal:
    whole, nanos = divmod(abs(value.nanos), NANOS_PER_SECOND)
    seconds = Decimal(whole % 60) + Decimal(nanos).scaleb(-9)
    return -seconds if value.nanos < 0 else seconds


def _part(unit: int, cap: int) -> Callable[[DaysDuration], Decimal]:
    def get(value: DaysDuration) -> Decimal:
        count = abs(value.nanos) // (unit * NANOS_PER_SECOND)
        return _signed(value.nanos, count % cap if cap else count)

    return get


_DATE: _Getters = {
    "year": lambda v: Decimal(v.year),
    "month": lambda v: Decimal(v.month),
    "day": lambda v: Decimal(v.day),
    "weekday": lambda v: Decimal(twin_date(v.year, v.month, v.day).isoweekday()),
}
_TIME: _Getters = {
    "hour": lambda v: Decimal(v.hour),
    "minute": lambda v: Decimal(v.minute),
    "second": seconds_with_fraction,
    "time offset": _offset,
    "timezone": lambda v: v.zone,
}


def _on_date(get: Callable[[Any], Value]) -> Callable[[Any], Value]:
    return lambda v: get(v.date)


def _on_time(get: Callable[[Any], Value]) -> Callable[[Any], Value]:
    return lambda v: get(v.time)


_PROPERTIES: Mapping[type, _Getters] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: {
        **{name: _on_date(get) for name, get in _DATE.items()},
        **{name: _on_time(get) for name, get in _TIME.items()},
        "time offset": _offset,
    },
    DaysDuration: {
        "days": _part(SECONDS_PER_DAY, 0),
        "hours": _part(3_600, 24),
        "minutes": _part(60, 60),
        "seconds": _duration_seconds,
    },
    MonthsDuration: {
        "years": lambda v: _signed(v.months, abs(v.months) // 12),
        "months": lambda v: _signed(v.months, abs(v.months) % 12),
    },
    Range: {
        "start": lambda v: v.low,
        "end": lambda v: v.high,
        "start included": lambda v: v.low_closed,
        "end included": lambda v: v.high_closed,
    },
}

PROPERTY_NAMES: frozenset[str] = frozenset(
    name for getters in _PROPERTIES.values() for name in getters
)


def property_names(kind: type) -> frozenset[str]:
    """The names a value of that Python type answers; empty for contexts and plain values."""
    return frozenset(_PROPERTIES.get(kind, ()))


def get_property(rt: Runtime, value: Value, name: str) -> Value:
    """`value.name`; on a list, the list of the items' properties; null with a warning else."""
    kind = type(value)
    if kind is dict:
        if name in value:
            return value[name]
        rt.warn("unknown_entry", f"上下文中没有“{name}”")
        return None
    if kind is list:
        rt.spend(len(value))
        return [get_property(rt, item, name) for item in value]
    getter = _PROPERTIES.get(kind, {}).get(name)
    if getter is None:
        rt.warn("unknown_property", f"{kind_label(value)}没有属性“{name}”")
        return None
    return getter(value)
