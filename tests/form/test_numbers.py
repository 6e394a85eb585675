"""Sums and numbers as typed: exact, forgiving to input methods, never to look-alikes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.form.limits import MAX_NUMBER_DIGITS
from app.form.numbers import number_text, read_money, read_number

fens = st.integers(0, 10**13)
WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@given(fens)
def test_every_fen_survives(fen):
    text = f"{fen // 100}.{fen % 100:02d}"
    assert read_money(text) == Decimal(text)
    assert str(read_money(text)) == text


@given(fens, st.sampled_from(["", " ", "\u3000"]), st.booleans())
def test_full_width_means_the_same(fen, space, grouped):
    yuan = f"{fen // 100:,}" if grouped else f"{fen // 100}"
    text = f"{yuan}.{fen % 100:02d}"
    assert read_money(space + text.translate(WIDE) + space) == read_money(text)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text):
    found = read_money(text)
    assert found is None or (found.is_finite() and found == round(found, 2))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1200.50", "1200.50"),
        ("1200.5", "1200.50"),
        ("1,200.50", "1200.50"),
        ("１２００。５", "1200.50"),
        ("¥1200元", "1200.00"),
        ("￥ 1 200", "1200.00"),
        ("0", "0.00"),
        ("007", "7.00"),
    ],
)
def test_money_as_people_write_it(typed, read):
    assert str(read_money(typed)) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "元",
        "1e5",
        "NaN",
        "Infinity",
        "10²",
        "①",
        "٣",
        "12,00",
        "1.2.3",
        "1200.505",
        "--1",
        "0x10",
        "1_000",
        "一千",
    ],
)
def test_look_alikes_are_refused(typed):
    assert read_money(typed) is None


def test_hundred_billion_below_at_above():
    assert read_money("99999999999.99") is not None
    assert read_money("100000000000") is not None
    assert read_money("100000000000.01") is None


def test_digits_below_at_above():
    assert read_number("9" * (MAX_NUMBER_DIGITS - 1), 0) is not None
    assert read_number("9" * MAX_NUMBER_DIGITS, 0) is not None
    assert read_number("9" * (MAX_NUMBER_DIGITS + 1), 0) is None


def test_decimals_below_at_above():
    assert read_number("1.2", 2) == Decimal("1.2")
    assert read_number("1.23", 2) == Decimal("1.23")
    assert read_number("1.234", 2) is None


def test_text_has_no_exponent():
    assert number_text(Decimal("1E+3")) == "1000"
