"""Identity numbers: GB 11643 check digit, birth date, and that the answer is never given away."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.form.id_card import birth_date, check_digit, id_fault, is_male, normal_id

TODAY = date(2026, 11, 22)
KNOWN = ("370881199001010013", "360722198506152023", "370811197510203018", "11010519491231002X")
districts = st.integers(110000, 829999).map(str)
births = st.dates(date(1900, 1, 1), TODAY)
orders = st.integers(0, 999).map("{:03d}".format)


def number(district: str, born: date, order: str) -> str:
    first = f"{district}{born:%Y%m%d}{order}"
    return first + check_digit(first)


@pytest.mark.parametrize("known", KNOWN)
def test_real_numbers_are_sound(known):
    assert id_fault(known, TODAY) == ""


@given(districts, births, orders)
def test_made_numbers_are_sound(district, born, order):
    made = number(district, born, order)
    assert id_fault(made, TODAY) == ""
    assert birth_date(made) == born


@given(districts, births, orders, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_always_noticed(district, born, order, at, other):
    made = number(district, born, order)
    if made[at] != other:
        assert id_fault(made[:at] + other + made[at + 1 :], TODAY)


@given(districts, births, orders, st.integers(0, 16))
def test_two_neighbours_swapped_are_always_noticed(district, born, order, at):
    made = number(district, born, order)
    swapped = made[:at] + made[at + 1] + made[at] + made[at + 2 :]
    if swapped != made:
        assert id_fault(swapped, TODAY)


def test_the_expected_digit_is_never_told():
    said = {id_fault("37088119900101001" + digit, TODAY) for digit in "012456789X"}
    assert said == {"校验不符，请对照证件逐位核对"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("３７０８８１１９９００１０１００１３", "370881199001010013"),
        ("370881 19900101 0013", "370881199001010013"),
        ("11010519491231002x", "11010519491231002X"),
        ("11010519491231002Ｘ", "11010519491231002X"),
    ],
)
def test_input_methods_are_forgiven(typed, kept):
    assert normal_id(typed) == kept


def test_born_yesterday_today_tomorrow():
    for born, sound in ((date(2026, 11, 21), True), (TODAY, True), (date(2026, 11, 23), False)):
        assert (id_fault(number("370881", born, "001"), TODAY) == "") is sound


def test_born_before_at_and_after_the_earliest_day():
    for born, sound in (
        (date(1899, 12, 31), False),
        (date(1900, 1, 1), True),
        (date(1900, 1, 2), True),
    ):
        assert (id_fault(number("370881", born, "001"), TODAY) == "") is sound


@pytest.mark.parametrize("typed", ["", "1", "37088119900101001", "3708811990010100133", "0" * 18])
def test_other_shapes_are_refused(typed):
    assert "18 位" in id_fault(typed, TODAY)


def test_old_numbers_are_named():
    assert "15 位" in id_fault("370881900101001", TODAY)


def test_arabic_digits_are_not_digits():
    assert id_fault(normal_id("٣٧٠٨٨١١٩٩٠٠١٠١٠٠١٣"), TODAY)


def test_thirtieth_of_february_is_no_birthday():
    assert "出生日期" in id_fault("37088119900230001" + check_digit("37088119900230001"), TODAY)


def test_sex_is_the_seventeenth_digit():
    assert is_male("370881199001010013")
    assert not is_male("360722198506152023")
