"""Run-time values of FEEL: what they are, when two are equal, which is less, how they are written.

A number is exactly `Decimal`, a truth value exactly `bool`, a list `list`, a context `dict`, null
`None`; temporals come from temporal.py; ranges and functions are here. Kinds are compared by
`type(v)`, because Python's bool is an int. Equality and order are three-valued: None means that
the question itself is wrong (two kinds), not that the answer is no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.decision.moments import Date, DateTime, DaysDuration, MonthsDuration, Time
from app.decision.result import Value
from app.decision.runtime import MAX_DEPTH, MAX_STRING, OutOfFuelError

NANOS = 1_000_000_000  # per second; FEEL compares times and instants by whole seconds


class Range:
    """An interval, or one of the comparisons `(< 5)` that DMN 1.5 counts as ranges."""

    __slots__ = ("high", "high_closed", "low", "low_closed", "op")

    def __init__(
        self,
        low: Value,
        high: Value,
        low_closed: bool = True,
        high_closed: bool = True,
        op: str = "",
    ) -> None:
        self.low = low  # None: unbounded when `op` says so, else an unknown end
        self.high = high
        self.low_closed = low_closed
        self.high_closed = high_closed
        self.op = op  # "" for an interval, or one of < <= > >= = != as it was written

    def contains(self, value: Value) -> bool | None:
        """Whether `value` lies inside; None when an end or the value is null or of another kind."""
        if self.op:
            end = self.high if self.op in ("<", "<=", "=", "!=") else self.low
            return feel_compare(self.op, value, end)
        above = feel_compare(">=" if self.low_closed else ">", value, self.low)
        if above is False:
            return None if value is None or self.high is None else False
        below = feel_compare("<=" if self.high_closed else "<", value, self.high)
        if above is None or below is None:
            return None
        return below

    def __eq__(self, other: object) -> bool:
        return type(other) is Range and feel_equal(self, other) is True

    def __hash__(self) -> int:
        return hash((self.op, self.low_closed, self.high_closed, str(self.low), str(self.high)))

    def __str__(self) -> str:
        if self.op:
            end = self.high if self.op in ("<", "<=", "=", "!=") else self.low
            return f"({self.op} {_nested_text(end, 0)})"
        left, right = ("[" if self.low_closed else "("), ("]" if self.high_closed else ")")
        return f"{left}{_nested_text(self.low, 0)}..{_nested_text(self.high, 0)}{right}"

    __repr__ = __str__


class Function:
    """Anything callable from FEEL: a builtin as value, a function literal, a BKM, a service."""

    __slots__ = ("call", "name", "parameters", "result_type", "types", "variadic")

    def __init__(
        self,
        name: str,
        parameters: tuple[str, ...],
        call: Callable[..., Value],
        types: tuple[Any, ...] = (),
        result_type: Any = None,
        variadic: bool = False,
    ) -> None:
        self.name = name  # "" for a function literal
        self.parameters = parameters
        self.call = call  # call(rt, *arguments in parameter order)
        self.types = types  # declared parameter types, () when none
        self.result_type = result_type
        self.variadic = variadic

    def __str__(self) -> str:
        return f"function({', '.join(self.parameters)})"

    __repr__ = __str__


KINDS: Mapping[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "days and time duration",
    MonthsDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
    type(None): "null",
}

KIND_LABELS: Mapping[str, str] = {
    "number": "数字",
    "string": "文本",
    "boolean": "是否",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "days and time duration": "时长（天时）",
    "years and months duration": "时长（年月）",
    "list": "列表",
    "context": "上下文",
    "range": "区间",
    "function": "函数",
    "null": "空值",
}


def feel_type_name(value: Value) -> str:
    """FEEL's name of the value's kind; "null" for null."""
    return KINDS.get(type(value), "unknown")


def kind_label(value: Value) -> str:
    """The kind in Chinese, for messages."""
    return KIND_LABELS.get(feel_type_name(value), "未知类型")


def feel_equal(a: Value, b: Value) -> bool | None:
    """`a = b`; null equals only null; None when the kinds differ."""
    return _equal(a, b, 0)


def _equal(a: Value, b: Value, depth: int) -> bool | None:
    if a is None or b is None:
        return a is b
    kind = type(a)
    if kind is not type(b):
        return None
    if kind is Decimal or kind is str or kind is bool:
        return bool(a == b)
    if depth > MAX_DEPTH:
        raise OutOfFuelError("MAX_DEPTH", MAX_DEPTH)
    if kind is list:
        return _equal_lists(a, b, depth)
    if kind is dict:
        return _equal_contexts(a, b, depth)
    if kind is Time or kind is DateTime:
        return _equal_moments(a, b)
    if kind is Range:
        return _equal_ranges(a, b, depth)
    if kind is Function:
        return a is b or None
    return bool(a == b)


def _equal_lists(a: list[Value], b: list[Value], depth: int) -> bool | None:
    if len(a) != len(b):
        return False
    answer: bool | None = True
    for left, right in zip(a, b, strict=True):
        same = _equal(left, right, depth + 1)
        if same is False:
            return False
        if same is None:
            answer = None
    return answer


def _equal_contexts(a: dict[str, Value], b: dict[str, Value], depth: int) -> bool | None:
    if a.keys() != b.keys():
        return False
    return _equal_lists(list(a.values()), [b[key] for key in a], depth)


def _equal_ranges(a: Range, b: Range, depth: int) -> bool | None:
    if (a.op, a.low_closed, a.high_closed) != (b.op, b.low_closed, b.high_closed):
        return False
    return _equal_lists([a.low, a.high], [b.low, b.high], depth)


def _equal_moments(a: Time | DateTime, b: Time | DateTime) -> bool | None:
    if a.is_local != b.is_local:
        return False
    return _seconds_of(a) == _seconds_of(b)


def _seconds_of(value: Time | DateTime) -> int:
    """The moment in whole seconds, in UTC where the zone is known."""
    local = value.seconds if type(value) is Time else value.local_seconds()  # type: ignore[union-attr]
    return local - (value.utc_offset() or 0)


def order_key(value: Value) -> Any:
    """A key that orders values of one kind; None for kinds without order."""
    kind = type(value)
    if kind is Decimal or kind is str:
        return value
    if kind is Date:
        return (value.year, value.month, value.day)
    if kind is Time or kind is DateTime:
        return _seconds_of(value)
    if kind is DaysDuration:
        return value.nanos
    if kind is MonthsDuration:
        return value.months
    return None


def feel_compare(op: str, a: Value, b: Value) -> bool | None:
    """`a op b` for = != < <= > >=; None where FEEL answers null."""
    if op == "=":
        return feel_equal(a, b)
    if op == "!=":
        same = feel_equal(a, b)
        return None if same is None else not same
    if type(a) is not type(b):
        return None
    left, right = order_key(a), order_key(b)
    if left is None or right is None:
        return None
    if (type(a) is Time or type(a) is DateTime) and a.is_local != b.is_local:
        return None
    if op == "<":
        return bool(left < right)
    if op == "<=":
        return bool(left <= right)
    if op == ">":
        return bool(left > right)
    return bool(left >= right)


def number_text(value: Decimal) -> str:
    """The number in plain notation, without exponent and without trailing zeros."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def to_text(value: Value) -> str:
    """What FEEL's string() answers; strings inside lists and contexts are quoted."""
    text = value if type(value) is str else _nested_text(value, 0)
    if len(text) > MAX_STRING:
        raise OutOfFuelError("MAX_STRING", MAX_STRING)
    return text


def _nested_text(value: Value, depth: int) -> str:
    if depth > MAX_DEPTH:
        raise OutOfFuelError("MAX_DEPTH", MAX_DEPTH)
    kind = type(value)
    if value is None:
        return "null"
    if kind is Decimal:
        return number_text(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is str:
        return quote(value)
    if kind is list:
        return "[" + _joined([_nested_text(item, depth + 1) for item in value]) + "]"
    if kind is dict:
        parts = [
            f"{_key_text(key)}: {_nested_text(item, depth + 1)}" for key, item in value.items()
        ]
        return "{" + _joined(parts) + "}"
    return str(value)


def _joined(parts: list[str]) -> str:
    if sum(map(len, parts)) > MAX_STRING:
        raise OutOfFuelError("MAX_STRING", MAX_STRING)
    return ", ".join(parts)


def _key_text(key: str) -> str:
    return key if key.replace(" ", "_").isidentifier() else quote(key)


def quote(text: str) -> str:
    """The FEEL string literal that means `text`."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f'"{escaped}"'


def literal_text(value: Value) -> str:
    """FEEL text that evaluates to `value` again: strings quoted, temporals with `@`."""
    if isinstance(value, Date | Time | DateTime | DaysDuration | MonthsDuration):
        return f'@"{value}"'
    return _nested_text(value, 0)
