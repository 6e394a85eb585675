"""Aims at exactness: no float, no part of a fen, named rounding, receipts in capitals."""

from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.money import MAX_FEN, Money, in_capitals


@pytest.mark.parametrize(
    ("text", "fen"), [("0", 0), ("0.01", 1), ("1000", 100_000), ("2699.99", 269_999), ("3.5", 350)]
)
def test_from_yuan_is_exact(text, fen):
    assert Money.from_yuan(text) == Money(fen)
    assert Money.from_yuan(Decimal(text)) == Money(fen)


@pytest.mark.parametrize("bad", ["", "1.001", "1e3", "１", " 1", "nan", "-", "1,000", "9" * 13])
def test_from_yuan_refuses_text_that_is_no_amount(bad):
    with pytest.raises(ValueError):
        Money.from_yuan(bad)


@pytest.mark.parametrize("bad", [0.1, True, Decimal("0.001"), Decimal("NaN"), Decimal("Infinity")])
def test_from_yuan_refuses_values_that_are_not_exact(bad):
    with pytest.raises((ValueError, ArithmeticError)):
        Money.from_yuan(bad)


def test_money_has_a_ceiling():
    Money(MAX_FEN)
    with pytest.raises(ValueError):
        Money(MAX_FEN + 1)


def test_times_rounds_as_named():
    assert Money(5).times(Decimal("0.5"), ROUND_HALF_UP) == Money(3)
    assert Money(101).times(Decimal("0.40"), ROUND_UP) == Money(41)


@given(st.integers(-MAX_FEN, MAX_FEN))
def test_yuan_round_trip(fen):
    assert Money.from_yuan(Money(fen).yuan) == Money(fen)
    assert Decimal(str(Money(fen))) == Money(fen).yuan


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (100_000, "壹仟元整"),
        (89_000, "捌佰玖拾元整"),
        (1_000_001, "壹万元零壹分"),
        (540_000, "伍仟肆佰元整"),
        (1_000_000_00, "壹佰万元整"),
        (10_005_00, "壹万零伍元整"),
        (12, "壹角贰分"),
        (5, "伍分"),
        (1_680_32, "壹仟陆佰捌拾元叁角贰分"),
        (107_000_53, "壹拾万柒仟元伍角叁分"),
        (1_0000_0001_00, "壹亿零壹元整"),
        (30, "叁角整"),
    ],
)
def test_in_capitals(fen, words):
    assert in_capitals(Money(fen)) == words


def test_in_capitals_refuses_negative_amounts():
    with pytest.raises(ValueError):
        in_capitals(Money(-1))
