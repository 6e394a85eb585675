"""Blocks of numbers and names: every single slip keeps a block; chance does not count."""

from __future__ import annotations

import pytest

from app.kernel.likeness import (
    id_blocks,
    name_alike,
    normal_digits,
    normal_name,
    one_digit_apart,
    swap_blocks,
    swapped,
)

NUMBER = "370881199001010013"


@pytest.mark.parametrize("at", range(17))
def test_one_wrong_digit_keeps_a_block_of_the_id_number(at: int) -> None:
    wrong = NUMBER[:at] + str((int(NUMBER[at]) + 3) % 10) + NUMBER[at + 1 : 17] + "X"
    mine, others = id_blocks(NUMBER, "孙建军"), id_blocks(wrong, "孙建君")
    assert any(a == b for a, b in zip(mine, others, strict=True)), at
    assert one_digit_apart(NUMBER, wrong)


@pytest.mark.parametrize("number", ["13905370001", "6222021234567890123", "05374412349"])
def test_two_swapped_neighbours_keep_a_block(number: str) -> None:
    for at in range(len(number) - 1):
        if number[at] == number[at + 1]:
            continue
        other = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        mine, others = swap_blocks(number), swap_blocks(other)
        assert any(a == b for a, b in zip(mine, others, strict=True)), at
        assert swapped(number, other)


def test_what_is_not_one_slip_is_not_alike() -> None:
    assert not one_digit_apart(NUMBER, NUMBER)
    assert not one_digit_apart(NUMBER, "370811199101010013")
    assert not one_digit_apart(NUMBER, NUMBER[:15])
    assert not swapped("13905370001", "13905370001")
    assert not swapped("13905370001", "13905370011")
    assert not swapped("13905370001", "19305370010")
    assert id_blocks(NUMBER[:15], "孙") == ()
    assert swap_blocks("12345") == ()


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("孙建军", "孙建军", True),
        ("孙建军", "孙 建 军", True),
        ("孙建军", "孙建君", True),
        ("阿依古丽·买买提", "阿依古丽买买提", True),
        ("孙建军", "李秀英", False),
        ("孙建", "孙建军", False),
        ("", "孙", False),
    ],
)
def test_names_written_a_little_differently_are_alike(one: str, other: str, alike: bool) -> None:
    assert name_alike(one, other) is alike


def test_numbers_and_names_have_one_form() -> None:
    assert normal_digits("０537-4412349") == "05374412349"
    assert normal_name(" 孙　建军 ") == "孙建军"
