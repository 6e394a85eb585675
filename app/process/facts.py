"""Routing facts: what may be one, how they are copied, how they travel as text.

Facts are values, never objects with behaviour: numbers are `Decimal`, temporals are FEEL's own,
lists and contexts are copied on every way in and out, so that a later step can not rewrite an
earlier record. Keys that a careless serializer would take for types are refused.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.decision.temporal import (
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    from_python,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)
from app.kernel.errors import ModelError
from app.process import limits

FORBIDDEN_KEYS = frozenset({"typename", "data_objects"})
_TEMPORALS = {
    Date: "date",
    Time: "time",
    DateTime: "datetime",
    DaysDuration: "days",
    MonthsDuration: "months",
}
_PARSERS: dict[str, Any] = {
    "date": parse_date,
    "time": parse_time,
    "datetime": parse_date_time,
    "days": parse_duration,
    "months": parse_duration,
}


def good_key(key: object) -> bool:
    """True when `key` may name a fact: text, no type word, no leading double underscore."""
    return (
        isinstance(key, str)
        and 0 < len(key) <= limits.ID_CHARS
        and key not in FORBIDDEN_KEYS
        and not key.startswith("__")
        and key.isprintable()
    )


def copy_facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """An independent copy with FEEL values; raises ModelError naming the key that can not be."""
    made = {}
    for key, value in values.items():
        if not good_key(key):
            raise ModelError(f"事实名“{key}”不能使用，请换一个名称。", key=str(key))
        made[key] = copy_value(value, key)
    return made


def copy_value(value: Any, key: str, depth: int = 0) -> Any:
    """An independent FEEL value of `value`; raises ModelError for what is none."""
    if value is None or isinstance(value, str | bool) or type(value) in _TEMPORALS:
        return value
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ModelError(f"“{key}”不是有限的数。", key=key)
        return value
    if isinstance(value, int):
        return Decimal(value)
    if depth >= limits.VALUE_DEPTH:
        raise ModelError(f"“{key}”嵌套超过 {limits.VALUE_DEPTH} 层。", key=key)
    if isinstance(value, list | tuple):
        _check_size(len(value), key)
        return [copy_value(item, key, depth + 1) for item in value]
    if isinstance(value, Mapping):
        _check_size(len(value), key)
        bad = [name for name in value if not good_key(name)]
        if bad:
            raise ModelError(f"“{key}”中的“{bad[0]}”不能用作名称。", key=key)
        return {name: copy_value(item, key, depth + 1) for name, item in value.items()}
    temporal = from_python(value)
    if temporal is None:
        kind = type(value).__name__
        raise ModelError(f"“{key}”的值（{kind}）不能作为流程事实。", key=key)
    return temporal


def _check_size(count: int, key: str) -> None:
    if count > limits.VALUE_ITEMS:
        raise ModelError(f"“{key}”超过 {limits.VALUE_ITEMS} 项。", key=key)


def exact(value: Any) -> Any:
    """The same value with every binary float replaced by the decimal it was written as.

    For readers of JSON and YAML; facts themselves refuse floats.
    """
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [exact(item) for item in value]
    if isinstance(value, Mapping):
        return {name: exact(item) for name, item in value.items()}
    return value


def to_plain(value: Any) -> Any:
    """JSON-ready form of a fact; `from_plain` gives the equal value back, to the last digit."""
    if isinstance(value, Decimal):
        return {"$d": str(value)}
    kind = _TEMPORALS.get(type(value))
    if kind is not None:
        return {"$t": [kind, str(value)]}
    if isinstance(value, dict):
        return {("$" + k if k.startswith("$") else k): to_plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    return value


def from_plain(value: Any) -> Any:
    """The fact written by `to_plain`; raises ValueError for anything else."""
    if isinstance(value, dict):
        if len(value) == 1:
            (key, inner), *_ = value.items()
            if key == "$d":
                return Decimal(inner)
            if key == "$t":
                return _temporal(inner)
        return {(k[1:] if k.startswith("$") else k): from_plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [from_plain(item) for item in value]
    return value


def _temporal(inner: Any) -> Any:
    kind, text = inner
    made = _PARSERS[kind](text)
    if made is None:
        raise ValueError(f"no {kind}: {text!r}")
    return made


def text_of(value: Any) -> str:
    """Compact JSON text of a plain value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def check_facts_size(facts: Mapping[str, Any]) -> None:
    """Raise ModelError when a scope holds more than the engine is meant to carry."""
    size = len(text_of(to_plain(dict(facts))).encode())
    if size > limits.FACTS_BYTES:
        raise ModelError(
            f"流程事实共 {size} 字节，超过 {limits.FACTS_BYTES}；流程只应保存走向所需的事实。",
            size=size,
        )
