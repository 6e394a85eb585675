"""Builtins that relate points and ranges in time or number: before, meets, overlaps, includes ...

A point is treated as the closed range from itself to itself where the definitions allow it; an
unbounded end lies beyond every point.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from app.decision.builtins_base import Registry, refuse
from app.decision.result import Value
from app.decision.runtime import NUMBERS, Runtime
from app.decision.temporal import (
    parse_at_literal,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)
from app.decision.values import Range, feel_compare, feel_equal, feel_type_name

registry = Registry()


class _UnorderedError(Exception):
    """Two ends are of different kinds."""


class _Span:
    """Both ends of a point or a range, with `None` as infinity."""

    __slots__ = ("high", "high_closed", "is_point", "low", "low_closed")

    def __init__(self, value: Value) -> None:
        self.is_point = type(value) is not Range
        if type(value) is Range:
            if value.op == "!=" or (value.op == "" and (value.low is None or value.high is None)):
                raise _UnorderedError
            self.low, self.high = value.low, value.high
            self.low_closed, self.high_closed = value.low_closed, value.high_closed
        else:
            self.low = self.high = value
            self.low_closed = self.high_closed = True


def _less(a: Value, b: Value, *, a_infinity: int, b_infinity: int) -> bool:
    """a < b, where None is minus (-1) or plus (1) infinity as told."""
    if a is None or b is None:
        left = a_infinity if a is None else 0
        return left < (b_infinity if b is None else 0)
    answer = feel_compare("<", a, b)
    if answer is None:
        raise _UnorderedError
    return answer


def _same(a: Value, b: Value) -> bool:
    if a is None or b is None:
        return False
    answer = feel_equal(a, b)
    if answer is None:
        raise _UnorderedError
    return answer


def _before(a: _Span, b: _Span) -> bool:
    if _less(a.high, b.low, a_infinity=1, b_infinity=-1):
        return True
    return _same(a.high, b.low) and not (a.high_closed and b.low_closed)


def _meets(a: _Span, b: _Span) -> bool:
    return a.high_closed and b.low_closed and _same(a.high, b.low)


def _starts_lower(a: _Span, b: _Span) -> bool:
    """a begins strictly before b does."""
    if a.low is None or b.low is None:
        return a.low is None and b.low is not None
    if _less(a.low, b.low, a_infinity=-1, b_infinity=-1):
        return True
    return _same(a.low, b.low) and a.low_closed and not b.low_closed


def _ends_higher(a: _Span, b: _Span) -> bool:
    """a ends strictly after b does."""
    if a.high is None or b.high is None:
        return a.high is None and b.high is not None
    if _less(b.high, a.high, a_infinity=1, b_infinity=1):
        return True
    return _same(a.high, b.high) and a.high_closed and not b.high_closed


def _overlaps(a: _Span, b: _Span) -> bool:
    return not _before(a, b) and not _before(b, a)


def _overlaps_before(a: _Span, b: _Span) -> bool:
    return _starts_lower(a, b) and _overlaps(a, b) and not _ends_higher(a, b)


def _includes(a: _Span, b: _Span) -> bool:
    return not _starts_lower(b, a) and not _ends_higher(b, a)


def _same_end(a: _Span, b: _Span) -> bool:
    if a.high is None and b.high is None:
        return True
    return a.high_closed == b.high_closed and _same(a.high, b.high)


def _same_start(a: _Span, b: _Span) -> bool:
    if a.low is None and b.low is None:
        return True
    return a.low_closed == b.low_closed and _same(a.low, b.low)


def _finishes(a: _Span, b: _Span) -> bool:
    return _same_end(a, b) and not _starts_lower(a, b)


def _starts(a: _Span, b: _Span) -> bool:
    return _same_start(a, b) and not _ends_higher(a, b)


def _coincides(a: _Span, b: _Span) -> bool:
    return _same_start(a, b) and _same_end(a, b)


_Relation = Callable[[_Span, _Span], bool]


def _swapped(relation: _Relation) -> _Relation:
    return lambda a, b: relation(b, a)


def _relate(
    name: str, relation: _Relation, shapes: frozenset[str], rt: Runtime, a: Value, b: Value
) -> Value:
    try:
        left, right = _Span(a), _Span(b)
        shape = ("p" if left.is_point else "r") + ("p" if right.is_point else "r")
        if shape in shapes:
            return relation(left, right)
    except _UnorderedError:
        pass
    return refuse(rt, "not_comparable", f"函数 {name} 的两个参数无法比较，结果为空值")


_POINT_NAMES = {
    "pp": "point1: any, point2: any",
    "pr": "point: any, range: any",
    "rp": "range: any, point: any",
    "rr": "range1: any, range2: any",
}
_RELATIONS: tuple[tuple[str, _Relation, str], ...] = (
    ("before", _before, "pp pr rp rr"),
    ("after", _swapped(_before), "pp pr rp rr"),
    ("meets", _meets, "rr"),
    ("met by", _swapped(_meets), "rr"),
    ("overlaps", _overlaps, "rr"),
    ("overlaps before", _overlaps_before, "rr"),
    ("overlaps after", _swapped(_overlaps_before), "rr"),
    ("finishes", _finishes, "pr rr"),
    ("finished by", _swapped(_finishes), "rp rr"),
    ("includes", _includes, "rp rr"),
    ("during", _swapped(_includes), "pr rr"),
    ("starts", _starts, "pr rr"),
    ("started by", _swapped(_starts), "rp rr"),
    ("coincides", _coincides, "pp rr"),
)
for _name, _relation, _shapes in _RELATIONS:
    _call = partial(_relate, _name, _relation, frozenset(_shapes.split()))
    registry.define(_name, *(_POINT_NAMES[shape] for shape in _shapes.split()))(_call)


_END = (
    r'(?:@?"(?:[^"\\]|\\.)*"|(?:date and time|date|time|duration)\s*\(\s*"[^"\\]*"\s*\)'
    r"|-?[0-9]+(?:\.[0-9]+)?|-?\.[0-9]+)"
)
_RANGE = re.compile(rf"\s*([\[\](])\s*({_END})\s*\.\.\s*({_END})\s*([\])\[])\s*", re.ASCII)
_MAKERS = {
    "date": parse_date,
    "date and time": parse_date_time,
    "time": parse_time,
    "duration": parse_duration,
}


@registry.define("range", "from: string")
def range_from(rt: Runtime, text: str) -> Value:
    """The range written in the text with literal ends; null when it is not one."""
    found = _RANGE.fullmatch(text)
    low, high = (_end_value(found[2]), _end_value(found[3])) if found else (None, None)
    if found is None or low is None or feel_type_name(low) != feel_type_name(high):
        return refuse(rt, "bad_range", f"“{text}”不是区间，结果为空值")
    if feel_compare("<=", low, high) is not True:
        return refuse(rt, "bad_range", f"区间“{text}”的起点大于终点，结果为空值")
    return Range(low, high, found[1] == "[", found[4] == "]")


def _end_value(text: str) -> Value:
    """The value of a literal end; None when it is malformed."""
    if text.startswith("@"):
        return parse_at_literal(text[2:-1])
    if text.startswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if text.endswith(")"):
        name, _, argument = text.partition("(")
        return _MAKERS[name.strip()](argument.strip(" )").strip('"'))
    return NUMBERS.create_decimal(text)
