"""Builtins on numbers: rounding, remainders, roots and logarithms, all in 34-digit decimals."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from app.decision.builtins_base import Registry, refuse, whole
from app.decision.moments import DaysDuration, MonthsDuration
from app.decision.result import Value
from app.decision.runtime import NUMBERS, Runtime

MIN_SCALE = -6_111  # decimal places; the specification's bounds
MAX_SCALE = 6_176

registry = Registry()
define = registry.define


def round_to(rt: Runtime, n: Decimal, scale: int, rounding: str) -> Value:
    """`n` with at most `scale` decimal places; null when scale leaves the specified bounds."""
    if not MIN_SCALE <= scale <= MAX_SCALE:
        return refuse(rt, "scale_out_of_range", f"小数位数 {scale} 超出 {MIN_SCALE}..{MAX_SCALE}")
    exponent = n.as_tuple().exponent
    if not isinstance(exponent, int):
        return None
    if exponent >= -scale:
        return n
    step = Decimal((0, (1,), -scale))
    try:
        found = n.quantize(step, rounding=rounding, context=NUMBERS)
    except ArithmeticError:
        return refuse(rt, "number_too_large", "取舍后的数字超出范围，结果为空值")
    return found if found else Decimal(0)


def _rounder(rounding: str) -> Callable[..., Value]:
    def call(rt: Runtime, n: Decimal, scale: Decimal) -> Value:
        return round_to(rt, n, whole(scale), rounding)

    return call


def _to_integer(rounding: str) -> Callable[..., Value]:
    def call(rt: Runtime, n: Decimal, scale: Decimal = Decimal(0)) -> Value:
        return round_to(rt, n, whole(scale), rounding)

    return call


for _name, _mode in {
    "decimal": ROUND_HALF_EVEN,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
}.items():
    define(_name, "n: number, scale: number")(_rounder(_mode))
define("floor", "n: number", "n: number, scale: number")(_to_integer(ROUND_FLOOR))
define("ceiling", "n: number", "n: number, scale: number")(_to_integer(ROUND_CEILING))


@define("abs", "n: amount")
def absolute(rt: Runtime, n: Value) -> Value:
    """The size of a number or duration."""
    if type(n) is DaysDuration:
        return DaysDuration(abs(n.nanos))
    if type(n) is MonthsDuration:
        return MonthsDuration(abs(n.months))
    return NUMBERS.abs(n)


@define("modulo", "dividend: number, divisor: number")
def modulo(rt: Runtime, dividend: Decimal, divisor: Decimal) -> Value:
    """The remainder that has the divisor's sign; null when the divisor is zero."""
    if not divisor:
        return refuse(rt, "division_by_zero", "modulo 的除数为零，结果为空值")
    try:
        rest = NUMBERS.remainder(dividend, divisor)
        return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest
    except ArithmeticError:
        return refuse(rt, "number_too_large", "modulo 的商超出 34 位，结果为空值")


@define("sqrt", "number: number")
def square_root(rt: Runtime, number: Decimal) -> Value:
    """The square root; null below zero."""
    if number < 0:
        return refuse(rt, "out_of_domain", "负数没有平方根，结果为空值")
    return NUMBERS.sqrt(number)


@define("log", "number: number")
def logarithm(rt: Runtime, number: Decimal) -> Value:
    """The natural logarithm; null at zero and below."""
    if number <= 0:
        return refuse(rt, "out_of_domain", "零和负数没有对数，结果为空值")
    return NUMBERS.ln(number)


@define("exp", "number: number")
def exponential(rt: Runtime, number: Decimal) -> Value:
    """e to the power of the number; null when too large."""
    try:
        return NUMBERS.exp(number)
    except ArithmeticError:
        return refuse(rt, "number_too_large", "exp 的结果超出数字范围，结果为空值")


def _parity(number: Decimal) -> Decimal:
    """The number modulo 2, without its sign."""
    if number.adjusted() >= 34:
        return Decimal(0)
    return NUMBERS.abs(NUMBERS.remainder(number, Decimal(2)))


@define("even", "number: number")
def even(rt: Runtime, number: Decimal) -> bool:
    """True for a whole even number."""
    return not _parity(number)


@define("odd", "number: number")
def odd(rt: Runtime, number: Decimal) -> bool:
    """True for a whole odd number."""
    return _parity(number) == 1
