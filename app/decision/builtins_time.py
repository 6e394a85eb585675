"""Builtins that convert to and between temporals, numbers and strings, and ask the calendar.

`now()` and `today()` answer the moment the caller injected; the engine has no clock.
"""

from __future__ import annotations

import re
from decimal import Decimal

from app.decision.builtins_base import Registry, refuse, whole
from app.decision.daycount import MAX_OFFSET_SECONDS, find_zone, twin_date
from app.decision.moments import Date, DateTime, DaysDuration, MonthsDuration, Time
from app.decision.result import Value
from app.decision.runtime import NUMBERS, Runtime
from app.decision.temporal import (
    make_date,
    make_time,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)
from app.decision.values import feel_equal, kind_label, to_text

registry = Registry()
define = registry.define

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?", re.ASCII)
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _bad(rt: Runtime, what: str, value: Value) -> Value:
    shown = f"“{value}”" if type(value) is str else kind_label(value)
    return refuse(rt, "bad_conversion", f"{shown}不能转换为{what}，结果为空值")


def _plain(value: Value) -> Value:
    """A one-item list stands for its item."""
    return value[0] if type(value) is list and len(value) == 1 else value


@define("date", "from: any?")
def date_from(rt: Runtime, value: Value) -> Value:
    """The date of a text, a date-time or a date."""
    value = _plain(value)
    if type(value) is DateTime:
        return value.date
    if type(value) is Date:
        return value
    made = parse_date(value) if type(value) is str else None
    return made if made is not None else _bad(rt, "日期", value)


@define("date", "year: number, month: number, day: number")
def date_of_numbers(rt: Runtime, year: Decimal, month: Decimal, day: Decimal) -> Value:
    """The date of three whole numbers."""
    made = make_date(whole(year), whole(month), whole(day))
    return made or refuse(rt, "bad_conversion", f"没有 {year} 年 {month} 月 {day} 日这一天")


@define("time", "from: any?")
def time_from(rt: Runtime, value: Value) -> Value:
    """The time of a text, a date-time or a time; of a date, midnight UTC."""
    value = _plain(value)
    if type(value) is DateTime:
        return value.time
    if type(value) is Time:
        return value
    if type(value) is Date:
        return Time(0, 0)
    made = parse_time(value) if type(value) is str else None
    return made if made is not None else _bad(rt, "时间", value)


def _nanos(second: Decimal) -> int:
    """Nanoseconds of a number of seconds, or -1 when it is out of a minute."""
    return int(NUMBERS.scaleb(second, 9)) if 0 <= second < 60 else -1


@define(
    "time",
    "hour: number, minute: number, second: number",
    "hour: number, minute: number, second: number, offset: duration?",
)
def time_of_numbers(
    rt: Runtime, hour: Decimal, minute: Decimal, second: Decimal, offset: Value = None
) -> Value:
    """The time of numbers, with an optional offset from UTC."""
    east = None if offset is None else offset.seconds
    made = make_time(whole(hour), whole(minute), _nanos(second), east)
    return made or refuse(rt, "bad_conversion", f"没有 {hour}:{minute}:{second} 这个时间")


@define("date and time", "from: any?")
def date_time_from(rt: Runtime, value: Value) -> Value:
    """The date-time of a text; a date-time itself."""
    value = _plain(value)
    if type(value) is DateTime:
        return value
    made = parse_date_time(value) if type(value) is str else None
    return made if made is not None else _bad(rt, "日期时间", value)


@define("date and time", "date: day, time: time")
def date_time_of(rt: Runtime, day: Date | DateTime, time: Time) -> Value:
    """The day of the first at the time of the second."""
    return DateTime(day.date if isinstance(day, DateTime) else day, time)


@define(
    "date and time",
    "year: number, month: number, day: number, hour: number, minute: number, second: number",
    "year: number, month: number, day: number, hour: number, minute: number, second: number,"
    " offset: any?",
    "year: number, month: number, day: number, hour: number, minute: number, second: number,"
    " timezone: any?",
)
def date_time_of_numbers(rt: Runtime, *parts: Value) -> Value:
    """The date-time of six numbers, with an optional offset or IANA zone name."""
    year, month, day, hour, minute, second = parts[:6]
    where = parts[6] if len(parts) > 6 else None
    offset = where.seconds if type(where) is DaysDuration else None
    zone = where if type(where) is str and find_zone(where) else None
    if where is not None and zone is None and (offset is None or abs(offset) > MAX_OFFSET_SECONDS):
        return refuse(rt, "bad_conversion", "时区要写时长或时区名称")
    made_day = make_date(whole(year), whole(month), whole(day))
    made_time = make_time(whole(hour), whole(minute), _nanos(second), offset, zone)
    if made_day is None or made_time is None:
        return refuse(rt, "bad_conversion", "没有这个日期时间，结果为空值")
    return DateTime(made_day, made_time)


@define("duration", "from: any?")
def duration_from(rt: Runtime, value: Value) -> Value:
    """The duration of a text; a duration itself."""
    value = _plain(value)
    if type(value) in (DaysDuration, MonthsDuration):
        return value
    made = parse_duration(value) if type(value) is str else None
    return made if made is not None else _bad(rt, "时长", value)


@define("years and months duration", "from: day, to: day")
def months_between(rt: Runtime, start: Date | DateTime, end: Date | DateTime) -> MonthsDuration:
    """Whole months from the first day to the second; times of day do not count."""
    a = start.date if isinstance(start, DateTime) else start
    b = end.date if isinstance(end, DateTime) else end
    months = (b.year - a.year) * 12 + b.month - a.month
    if months > 0 and b.day < a.day:
        months -= 1
    elif months < 0 and b.day > a.day:
        months += 1
    return MonthsDuration(months)


@define("number", "from: any?")
def number_from(rt: Runtime, value: Value) -> Value:
    """The number of a text in FEEL's own notation."""
    value = _plain(value)
    if type(value) is Decimal:
        return value
    if type(value) is not str or len(value) > 100 or not _NUMBER.fullmatch(value):
        return _bad(rt, "数字", value)
    try:
        return NUMBERS.create_decimal(value)
    except ArithmeticError:
        return _bad(rt, "数字", value)


@define(
    "number",
    "from: string, grouping separator: string?",
    "from: string, grouping separator: string?, decimal separator: string?",
)
def number_with_separators(
    rt: Runtime, text: str, grouping: str | None, point: str | None = None
) -> Value:
    """The number of a text with these separators; null when they are not allowed ones."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ","):
        return refuse(rt, "wrong_argument", "number 的分隔符只能是空格、逗号或点")
    if grouping is not None and grouping == (point or "."):
        return refuse(rt, "wrong_argument", "number 的千位分隔符与小数点不能相同")
    plain = text.replace(grouping, "") if grouping else text
    if point == ",":
        plain = plain.replace(",", ".") if "." not in plain else ""
    return number_from(rt, plain)


@define("string", "from: any?")
def string_from(rt: Runtime, value: Value) -> Value:
    """The value as text; null stays null."""
    rt.pay_for(value, 4)  # writing an item costs more than comparing it
    return None if value is None else to_text(value)


@define("not", "negand: any?")
def negation(rt: Runtime, value: Value) -> Value:
    """The other truth value; null for anything else."""
    value = _plain(value)
    if type(value) is bool:
        return not value
    return None if value is None else _bad(rt, "是否", value)


@define("is", "value1: any?, value2: any?", "value1: any?", "value2: any?")
def same(rt: Runtime, a: Value, b: Value = None) -> bool:
    """Whether both are the same value of the same kind, zone included."""
    if type(a) is not type(b):
        return False
    if type(a) is Time or type(a) is DateTime:
        return bool(a == b)
    rt.pay_for(a)
    return feel_equal(a, b) is True


def _day(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@define("day of year", "date: day")
def day_of_year(rt: Runtime, value: Date | DateTime) -> Decimal:
    """1 to 366."""
    day = _day(value)
    return Decimal(twin_date(day.year, day.month, day.day).timetuple().tm_yday)


@define("day of week", "date: day")
def day_of_week(rt: Runtime, value: Date | DateTime) -> str:
    """The English name of the weekday, as the specification says."""
    day = _day(value)
    return _DAY_NAMES[twin_date(day.year, day.month, day.day).weekday()]


@define("month of year", "date: day")
def month_of_year(rt: Runtime, value: Date | DateTime) -> str:
    """The English name of the month, as the specification says."""
    return _MONTH_NAMES[_day(value).month - 1]


@define("week of year", "date: day")
def week_of_year(rt: Runtime, value: Date | DateTime) -> Decimal:
    """The ISO 8601 week, 1 to 53."""
    day = _day(value)
    return Decimal(twin_date(day.year, day.month, day.day).isocalendar().week)


@define("now", "")
def now(rt: Runtime) -> Value:
    """The injected moment."""
    return rt.now if rt.now is not None else refuse(rt, "no_clock", "没有给出当前时间")


@define("today", "")
def today(rt: Runtime) -> Value:
    """The day of the injected moment."""
    return rt.now.date if rt.now is not None else refuse(rt, "no_clock", "没有给出当前日期")
