"""`+ - * / **` and unary minus on numbers, texts and temporals.

Numbers go through the 34-digit half-even context by name, never through Python's ambient one.
A pair FEEL does not define is null with a warning; nothing here raises except for the limits.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal

from app.decision.daycount import NANOS_PER_DAY, SECONDS_PER_DAY
from app.decision.moments import Date, DateTime, DaysDuration, MonthsDuration, Time
from app.decision.result import Value
from app.decision.runtime import (
    CHARACTERS_PER_STEP,
    MAX_EXPONENT,
    MAX_STRING,
    NUMBERS,
    OutOfFuelError,
    Runtime,
)
from app.decision.values import kind_label

MAX_DURATION_NANOS = 2_000_000_001 * 366 * NANOS_PER_DAY  # spans every pair of FEEL dates
MAX_DURATION_MONTHS = 2_000_000_001 * 12

_WIDE = Context(prec=80, Emin=-99_999, Emax=99_999)  # scales durations without losing a nanosecond


def add(rt: Runtime, a: Value, b: Value) -> Value:
    """`a + b`."""
    if type(a) is Decimal and type(b) is Decimal:
        return _number(rt, NUMBERS.add, a, b)
    if type(a) is str and type(b) is str:
        if len(a) + len(b) > MAX_STRING:
            raise OutOfFuelError("MAX_STRING", MAX_STRING)
        rt.spend((len(a) + len(b)) // CHARACTERS_PER_STEP)
        return a + b
    done = _shift(rt, a, b, 1)
    if done is None and type(b) is not type(a):
        done = _shift(rt, b, a, 1)
    return done if done is not None else _refuse(rt, "+", a, b)


def sub(rt: Runtime, a: Value, b: Value) -> Value:
    """`a - b`."""
    if type(a) is Decimal and type(b) is Decimal:
        return _number(rt, NUMBERS.subtract, a, b)
    done = _between(a, b)
    if done is None:
        done = _shift(rt, a, b, -1)
    return done if done is not None else _refuse(rt, "-", a, b)


def mul(rt: Runtime, a: Value, b: Value) -> Value:
    """`a * b`."""
    if type(a) is Decimal and type(b) is Decimal:
        return _number(rt, NUMBERS.multiply, a, b)
    if type(a) is Decimal:
        a, b = b, a
    if type(b) is Decimal and type(a) in (DaysDuration, MonthsDuration):
        done = _scaled(a, b, _WIDE.multiply)
        if done is not None:
            return done
    return _refuse(rt, "*", a, b)


def div(rt: Runtime, a: Value, b: Value) -> Value:
    """`a / b`; null when b is zero."""
    if type(a) is Decimal and type(b) is Decimal:
        if not b:
            rt.warn("division_by_zero", "除数为零，结果为空值")
            return None
        return _number(rt, NUMBERS.divide, a, b)
    done: Value = None
    if type(b) is Decimal and b and type(a) in (DaysDuration, MonthsDuration):
        done = _scaled(a, b, _WIDE.divide)
    elif type(a) is DaysDuration and type(b) is DaysDuration and b.nanos:
        done = NUMBERS.divide(Decimal(a.nanos), Decimal(b.nanos))
    elif type(a) is MonthsDuration and type(b) is MonthsDuration and b.months:
        done = NUMBERS.divide(Decimal(a.months), Decimal(b.months))
    return done if done is not None else _refuse(rt, "/", a, b)


def power(rt: Runtime, a: Value, b: Value) -> Value:
    """`a ** b`; null when the result would leave 34-digit decimal range or be complex."""
    if type(a) is not Decimal or type(b) is not Decimal:
        return _refuse(rt, "**", a, b)
    if a and abs(a.adjusted() * int(min(abs(b), Decimal(10**9)))) > MAX_EXPONENT * 2:
        rt.warn("number_too_large", "乘方结果超出数字范围，结果为空值")
        return None
    return _number(rt, NUMBERS.power, a, b)


def negate(rt: Runtime, a: Value) -> Value:
    """`-a`."""
    if type(a) is Decimal:
        return NUMBERS.minus(a)
    if type(a) is DaysDuration:
        return DaysDuration(-a.nanos)
    if type(a) is MonthsDuration:
        return MonthsDuration(-a.months)
    rt.warn("null_operand" if a is None else "wrong_type", f"不能对{kind_label(a)}取负")
    return None


def _number(
    rt: Runtime, operation: Callable[[Decimal, Decimal], Decimal], a: Decimal, b: Decimal
) -> Decimal | None:
    try:
        found = operation(a, b)
    except ArithmeticError:
        rt.warn("number_too_large", "计算结果超出数字范围，结果为空值")
        return None
    return found if found.is_finite() else None


def _refuse(rt: Runtime, op: str, a: Value, b: Value) -> None:
    code = "null_operand" if a is None or b is None else "wrong_type"
    rt.warn(code, f"运算 {op} 不能用于{kind_label(a)}和{kind_label(b)}，结果为空值")


def days_duration(nanos: int) -> DaysDuration | None:
    """The duration, or None beyond the span of FEEL's dates."""
    return DaysDuration(nanos) if abs(nanos) <= MAX_DURATION_NANOS else None


def months_duration(months: int) -> MonthsDuration | None:
    """The duration, or None beyond the span of FEEL's dates."""
    return MonthsDuration(months) if abs(months) <= MAX_DURATION_MONTHS else None


def _shift(rt: Runtime, a: Value, b: Value, sign: int) -> Value:
    """`a` moved by duration `b`, or None when FEEL has no such sum."""
    if type(b) is DaysDuration:
        if type(a) is Date:
            days = (a.days() * NANOS_PER_DAY + sign * b.nanos) // NANOS_PER_DAY
            return a.plus_days(days - a.days())
        if type(a) is Time or type(a) is DateTime:
            return a.plus_nanos(sign * b.nanos)
        if type(a) is DaysDuration:
            return days_duration(a.nanos + sign * b.nanos)
    if type(b) is MonthsDuration:
        if type(a) is Date or type(a) is DateTime:
            return a.plus_months(sign * b.months)
        if type(a) is MonthsDuration:
            return months_duration(a.months + sign * b.months)
    return None


def _between(a: Value, b: Value) -> Value:
    """The duration from `b` to `a`; None when they are not two moments of one kind."""
    if type(a) is Time and type(b) is Time:
        if a.is_local != b.is_local:
            return None
        shift = ((b.utc_offset() or 0) - (a.utc_offset() or 0)) * (NANOS_PER_DAY // SECONDS_PER_DAY)
        return DaysDuration(a.nanos - b.nanos + shift)
    if type(a) is Date and type(b) is Date:
        return DaysDuration((a.days() - b.days()) * NANOS_PER_DAY)
    left, right = _as_instant(a), _as_instant(b)
    if left is None or right is None or left.is_local != right.is_local:
        return None
    return DaysDuration(left.utc_nanos() - right.utc_nanos())


def _as_instant(value: Value) -> DateTime | None:
    """A date counts as its midnight in UTC."""
    if type(value) is Date:
        return DateTime(value, Time(0, 0))
    return value if type(value) is DateTime else None


def _scaled(
    duration: DaysDuration | MonthsDuration,
    factor: Decimal,
    operation: Callable[[Decimal, Decimal], Decimal],
) -> Value:
    size = duration.nanos if type(duration) is DaysDuration else duration.months  # type: ignore[union-attr]
    try:
        whole = int(operation(Decimal(size), factor))
    except ArithmeticError:
        return None
    return days_duration(whole) if type(duration) is DaysDuration else months_duration(whole)
