"""When a timer is due: computed once when the token arrives, absolute, in UTC.

A text without an offset is Shanghai time. A bare date means its first moment for a timer and its
last moment (24:00) for the due date of a work item, as legal days end at midnight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.decision.result import Finding, Place
from app.decision.temporal import (
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    from_python,
    parse_date_time,
    parse_duration,
)
from app.kernel.clock import SHANGHAI
from app.process import limits
from app.process.feel import Text

_CYCLE = re.compile(r"R([0-9]{1,6})?/(P[0-9A-Z.]{1,40})")
_SHANGHAI_OFFSET = 8 * 3_600  # seconds; mainland China has kept one offset since 1991


class TimerProblemError(Exception):
    """No due date can be had; the message is Chinese and says why."""


@dataclass(frozen=True, slots=True)
class Due:
    """A computed due date, with what is left of a repeating timer."""

    at: datetime  # aware UTC
    period_seconds: int = 0  # 0 = fires once
    left: int = 0  # firings left after this one


@dataclass(frozen=True, slots=True)
class TimerPlan:
    """A timer's text, compiled."""

    form: str  # "timeDate" | "timeDuration" | "timeCycle"
    text: Text

    def due(self, facts: Any, now: datetime) -> Due:
        """When it fires for a token arriving at `now`; raises TimerProblemError."""
        answer = self.text.evaluate(facts, now)
        if answer.problem:
            raise TimerProblemError(answer.problem)
        return due_of(self.form, answer.value, now)


def plan_timer(form: str, text: Text, place: Place, findings: list[Finding]) -> TimerPlan:
    """A timer ready to compute; a text that can never give a due date is a finding."""
    if not form or not text.source:
        findings.append(
            Finding("timer_empty", "error", "定时事件没有填写时间。", "请填写日期或时长。", place)
        )
    elif not text.is_feel:
        probe = datetime(2026, 1, 1, tzinfo=UTC)
        try:
            due_of(form, text.source, probe, horizon=form != "timeDate")
        except TimerProblemError as problem:
            advice = "请按 2026-05-01T08:00:00+08:00、PT24H 或 R3/PT24H 的写法填写。"
            findings.append(Finding("timer_invalid", "error", str(problem), advice, place))
    return TimerPlan(form, text)


def due_of(form: str, value: Any, now: datetime, *, horizon: bool = True) -> Due:
    """The due date a computed value means; raises TimerProblemError."""
    if form == "timeDate":
        due = Due(instant_of(value))
    elif form == "timeDuration":
        due = Due(_later(now, _duration(value)))
    elif form == "timeCycle":
        due = _cycle(value, now)
    else:
        raise TimerProblemError("定时事件没有填写时间。")
    if horizon and abs(due.at - now) > timedelta(days=limits.TIMER_HORIZON_DAYS):
        raise TimerProblemError(f"到期时间 {due.at:%Y-%m-%d} 离现在太远。")
    return due


def instant_of(value: Any, *, end_of_day: bool = False) -> datetime:
    """The instant a FEEL value or ISO text names, aware UTC; raises TimerProblemError."""
    if isinstance(value, str):
        whole_day = "T" not in value
        value = parse_date_time(value)
        if value is not None and whole_day:
            value = value.date
    elif isinstance(value, datetime):
        value = from_python(value)
    if isinstance(value, Date):
        moved = value.plus_days(1) if end_of_day else value
        value = None if moved is None else DateTime(moved, Time(0))
    if not isinstance(value, DateTime):
        raise TimerProblemError("得到的不是日期时间。")
    if value.is_local:
        value = DateTime(value.date, Time(value.time.nanos, _SHANGHAI_OFFSET))
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value.utc_nanos() // 1000)
    except OverflowError:
        raise TimerProblemError(f"日期 {value} 超出可用范围。") from None


def _duration(value: Any) -> DaysDuration | MonthsDuration:
    if isinstance(value, str):
        value = parse_duration(value)
    if not isinstance(value, DaysDuration | MonthsDuration):
        raise TimerProblemError("得到的不是时长，时长写作 PT24H、P5D 等。")
    size = value.nanos if isinstance(value, DaysDuration) else value.months
    if size < 0:
        raise TimerProblemError("时长是负的。")
    return value


def _later(now: datetime, duration: DaysDuration | MonthsDuration) -> datetime:
    try:
        if isinstance(duration, DaysDuration):
            return now.astimezone(UTC) + timedelta(microseconds=duration.nanos // 1000)
        start = from_python(now.astimezone(SHANGHAI).replace(tzinfo=None))
        moved = start.plus_months(duration.months) if isinstance(start, DateTime) else None
    except OverflowError:
        moved = None
    if moved is None:
        raise TimerProblemError(f"时长 {duration} 超出可用范围。")
    return instant_of(moved)


def _cycle(value: Any, now: datetime) -> Due:
    found = _CYCLE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise TimerProblemError("重复定时应写作 R3/PT24H（次数/间隔）。")
    count = int(found.group(1) or 0)
    if not 1 <= count <= limits.CYCLE_REPEATS:
        raise TimerProblemError(f"重复次数应在 1 到 {limits.CYCLE_REPEATS} 之间。")
    period = _duration(found.group(2))
    if isinstance(period, MonthsDuration) or period.seconds < limits.CYCLE_PERIOD_SECONDS:
        raise TimerProblemError(f"重复间隔至少 {limits.CYCLE_PERIOD_SECONDS} 秒，且不以月计。")
    return Due(_later(now, period), period.seconds, count - 1)
