"""Aims at the run-out date: its arithmetic, its window, and when there is none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.kernel.money import Money
from app.ledger.forecast import run_out

TODAY = date(2026, 4, 7)


def _yuan(text: str) -> Money:
    return Money.from_yuan(text)


def test_the_rest_lasts_as_long_as_the_pace_says() -> None:
    paid = [(TODAY - timedelta(days=10), _yuan("5600")), (TODAY, _yuan("5600"))]
    found = run_out(_yuan("800"), paid, today=TODAY, weeks=8)
    assert found.day == date(2026, 4, 11)  # 11 200.00 in 56 days are 200.00 a day: four days
    assert found.how == (
        "最近 8 周（56 天）支付 11200.00 元，可用余额 800.00 元 ÷（11200.00 元 ÷ 56 天）≈ 4 天。"
    )


@pytest.mark.parametrize(("days_ago", "counts"), [(55, True), (56, False), (-1, False)])
def test_only_the_last_weeks_count(days_ago: int, counts: bool) -> None:
    paid = [(TODAY - timedelta(days=days_ago), _yuan("100"))]
    assert bool(run_out(_yuan("800"), paid, today=TODAY, weeks=8).paid) is counts


def test_no_payment_no_date() -> None:
    found = run_out(_yuan("800"), [], today=TODAY, weeks=8)
    assert (found.day, found.how) == (None, "最近 8 周没有支付，无法推算。")


def test_what_a_bank_sent_back_is_no_pace() -> None:
    paid = [(TODAY, _yuan("100")), (TODAY, _yuan("-100"))]
    assert run_out(_yuan("800"), paid, today=TODAY, weeks=8).day is None


def test_an_empty_reserve_has_run_out() -> None:
    assert run_out(Money.zero(), [], today=TODAY, weeks=8).day == TODAY


def test_a_far_date_is_not_promised() -> None:
    found = run_out(_yuan("100000"), [(TODAY, _yuan("0.01"))], today=TODAY, weeks=8)
    assert found.day is None
    assert found.how.endswith("照此十年内用不完。")
