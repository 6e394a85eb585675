"""When a reserve will be used up if it goes on as in the last weeks; says how it was computed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.kernel.money import Money

DAYS_OF_WEEK = 7
MAX_DAYS = 3650  # a date further away than that says nothing


@dataclass(frozen=True, slots=True)
class Forecast:
    """The answer and the sum behind it."""

    day: date | None  # the day on which nothing is left; None when it can not be said
    weeks: int  # looked back upon
    paid: Money  # in those weeks
    free: Money  # left now
    how: str  # Chinese: how it was computed, or why there is no date


def run_out(
    free: Money, payments: Iterable[tuple[date, Money]], *, today: date, weeks: int
) -> Forecast:
    """The first day on which `free` no longer covers the pace of the last `weeks` weeks.

    payments: (legal day, amount) of any span; those of the last `weeks` weeks count, bank returns
    are negative.
    """
    days = weeks * DAYS_OF_WEEK
    since = today - timedelta(days=days)
    paid = Money(sum(amount.fen for day, amount in payments if since < day <= today))
    if not free:
        return Forecast(today, weeks, paid, free, "可用余额为零。")
    if paid.fen <= 0:
        how = f"最近 {weeks} 周没有支付，无法推算。"
        return Forecast(None, weeks, paid, free, how)
    left = free.fen * days // paid.fen  # whole days that the rest lasts
    how = (
        f"最近 {weeks} 周（{days} 天）支付 {paid} 元，"
        f"可用余额 {free} 元 ÷（{paid} 元 ÷ {days} 天）≈ {left} 天。"
    )
    if left > MAX_DAYS:
        return Forecast(None, weeks, paid, free, how + "照此十年内用不完。")
    return Forecast(today + timedelta(days=left), weeks, paid, free, how)
