"""Builtins that make one value of many: min, max, sum, mean, median, mode, stddev, product.

Each takes one list, or any number of arguments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal

from app.decision.arithmetic import add
from app.decision.builtins_base import Registry, refuse
from app.decision.moments import DaysDuration, MonthsDuration
from app.decision.result import Value
from app.decision.runtime import MAX_EXPONENT, NUMBERS, Runtime
from app.decision.values import feel_compare, order_key

registry = Registry()

_PRECISE = Context(prec=70, rounding=ROUND_HALF_EVEN, Emin=-99_999, Emax=99_999)
_Body = Callable[[Runtime, list[Value]], Value]


def _aggregate(name: str) -> Callable[[_Body], _Body]:
    """Decorator: register `name(list)` and `name(a, b, ...)`."""

    def add_both(body: _Body) -> _Body:
        def call(rt: Runtime, *items: Value) -> Value:
            return body(rt, list(items))

        registry.define(name, "list: list", variadic=call)(body)
        return body

    return add_both


def _numbers(rt: Runtime, items: list[Value], name: str) -> list[Decimal] | None:
    """The items when all are numbers and there is one, else None with a warning."""
    rt.spend(1 + len(items) // 16)
    if not items:
        rt.warn("empty_list", f"{name} 的列表是空的，结果为空值")
        return None
    if any(type(item) is not Decimal for item in items):
        rt.warn("wrong_argument", f"{name} 的列表里只能是数字")
        return None
    return items


def _extreme(rt: Runtime, items: list[Value], op: str, name: str) -> Value:
    for item in items:
        if type(item) is not Decimal:
            break
    else:
        if items:  # numbers only, the usual case: Python's own loop is exact and fast
            rt.fuel -= len(items) // 16
            return min(items) if op == "<" else max(items)
    rt.spend(1 + len(items) // 16)
    if not items:
        return refuse(rt, "empty_list", f"{name} 的列表是空的，结果为空值")
    best = items[0]
    if order_key(best) is None:
        return refuse(rt, "not_comparable", f"{name} 的各项要能比较大小")
    for item in items[1:]:
        better = feel_compare(op, item, best)
        if better is None:
            return refuse(rt, "not_comparable", f"{name} 的各项要能比较大小")
        best = item if better else best
    return best


def _smallest(rt: Runtime, *items: Value) -> Value:
    for item in items:
        if type(item) is not Decimal:
            return _extreme(rt, list(items), "<", "min")
    return min(items)


def _largest(rt: Runtime, *items: Value) -> Value:
    for item in items:
        if type(item) is not Decimal:
            return _extreme(rt, list(items), ">", "max")
    return max(items)


@registry.define("min", "list: list", variadic=_smallest)
def minimum(rt: Runtime, items: list[Value]) -> Value:
    """The smallest of comparable items."""
    return _extreme(rt, items, "<", "min")


@registry.define("max", "list: list", variadic=_largest)
def maximum(rt: Runtime, items: list[Value]) -> Value:
    """The largest of comparable items."""
    return _extreme(rt, items, ">", "max")


@_aggregate("sum")
def total(rt: Runtime, items: list[Value]) -> Value:
    """The sum of numbers, or of durations of one kind; null of nothing."""
    if items and type(items[0]) in (DaysDuration, MonthsDuration):
        found = items[0]
        for item in items[1:]:
            if type(item) is not type(found):
                return refuse(rt, "wrong_argument", "sum 的列表里只能是数字，或同一种时长")
            found = add(rt, found, item)
        return found
    numbers = _numbers(rt, items, "sum")
    return None if numbers is None else _sum(rt, numbers)


def _sum(rt: Runtime, numbers: list[Decimal]) -> Value:
    found = numbers[0]
    for number in numbers[1:]:
        found = add(rt, found, number)
        if found is None:
            return None
    return found


@_aggregate("mean")
def mean(rt: Runtime, items: list[Value]) -> Value:
    """The average of numbers."""
    numbers = _numbers(rt, items, "mean")
    if numbers is None:
        return None
    found = _sum(rt, numbers)
    return None if found is None else NUMBERS.divide(found, Decimal(len(numbers)))


@_aggregate("product")
def product(rt: Runtime, items: list[Value]) -> Value:
    """The product of numbers."""
    numbers = _numbers(rt, items, "product")
    if numbers is None:
        return None
    found = Decimal(1)
    for number in numbers:
        if found and number and found.adjusted() + number.adjusted() >= MAX_EXPONENT:
            return refuse(rt, "number_too_large", "product 的结果超出数字范围，结果为空值")
        found = NUMBERS.multiply(found, number)
    return found


@_aggregate("median")
def median(rt: Runtime, items: list[Value]) -> Value:
    """The middle number, or the mean of the two middle ones."""
    numbers = _numbers(rt, items, "median")
    if numbers is None:
        return None
    ordered = sorted(numbers)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return NUMBERS.divide(NUMBERS.add(ordered[half - 1], ordered[half]), Decimal(2))


@_aggregate("mode")
def mode(rt: Runtime, items: list[Value]) -> Value:
    """The most frequent numbers, ascending; an empty list of nothing."""
    if not items:
        return []
    numbers = _numbers(rt, items, "mode")
    if numbers is None:
        return None
    counts = Counter(numbers)
    most = max(counts.values())
    return sorted(number for number, count in counts.items() if count == most)


@_aggregate("stddev")
def stddev(rt: Runtime, items: list[Value]) -> Value:
    """The standard deviation of a sample of two or more numbers."""
    numbers = _numbers(rt, items, "stddev")
    if numbers is None:
        return None
    if len(numbers) < 2:
        return refuse(rt, "out_of_domain", "stddev 至少要两个数字")
    try:
        centre = _PRECISE.divide(_precise_sum(numbers), Decimal(len(numbers)))
        squares = [_PRECISE.power(_PRECISE.subtract(x, centre), Decimal(2)) for x in numbers]
        variance = _PRECISE.divide(_precise_sum(squares), Decimal(len(numbers) - 1))
        return NUMBERS.plus(_PRECISE.sqrt(variance))
    except ArithmeticError:
        return refuse(rt, "number_too_large", "stddev 的结果超出数字范围，结果为空值")


def _precise_sum(numbers: list[Decimal]) -> Decimal:
    found = Decimal(0)
    for number in numbers:
        found = _PRECISE.add(found, number)
    return found
