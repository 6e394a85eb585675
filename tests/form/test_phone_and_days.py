"""Telephone numbers, days and moments as people type them, kept in one spelling."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.form.days import day_words, read_day, read_moment
from app.form.phone import normal_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("＋８６ １３８－００１３－８０００", "13800138000"),
        ("8613800138000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("0537-4412349", "0537-4412349"),
        ("05374412349", "0537-4412349"),
        ("(0537)4412349转12", "0537-4412349-12"),
        ("010-62345678-123", "010-62345678-123"),
        ("+86 537 4412349", "0537-4412349"),
    ],
)
def test_phones_are_kept_in_one_spelling(typed, kept):
    assert normal_phone(typed) == kept
    assert normal_phone(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12345",
        "1380013800",
        "138001380000",
        "12800138000",
        "4412349",
        "02012345678",
        "0537-1412349",
        "abc",
    ],
)
def test_other_numbers_are_refused(typed):
    assert normal_phone(typed) == ""


@given(st.text(max_size=30))
def test_any_text_has_an_answer(typed):
    assert normal_phone(typed) in ("", normal_phone(normal_phone(typed)))
    read_day(typed)
    read_moment(typed)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_in_every_spelling(day):
    kept = day.isoformat()
    for typed in (kept, kept.replace("-", "/"), kept.replace("-", ""), day_words(kept)):
        assert read_day(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["2026-02-30", "202611", "2026-1122", "1899-12-31", "2200-01-01", "明天", "2026-11-22-"],
)
def test_other_days_are_refused(typed):
    assert read_day(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-22T14:30",
        "2026-11-22 14:30",
        "２０２６－１１－２２　１４：３０",
        "2026年11月22日14时30分",
        "2026年11月22日 14点30",
        "20261122 14:30",
        "20261122 1430",
        "202611221430",
        "2026-11-22T06:30:00Z",
        "2026-11-22T14:30:00+08:00",
    ],
)
def test_moments_are_kept_as_china_time(typed):
    assert read_moment(typed) == "2026-11-22T14:30:00+08:00"


@pytest.mark.parametrize(
    "typed", ["2026-11-22", "14:30", "2026-11-22 24:30", "2026-11-22 14:60", "1991-12-31 10:00"]
)
def test_other_moments_are_refused(typed):
    assert read_moment(typed) is None


def test_words():
    assert day_words("2026-11-02") == "2026年11月2日"
    assert day_words("2026-11-02T09:05:00+08:00") == "2026年11月2日 09:05"
    assert day_words("无") == "无"
