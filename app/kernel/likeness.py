"""How like two written numbers or names are, and the blocks under which like ones lie together.

Every value that one slip of the pen could have made from another shares at least one block with
it, so a search compares what lies in the same block and never everything with everything. The
blocks hold clear text: whoever keeps them keys them first (`store.vault`).
"""

from __future__ import annotations

import unicodedata

_ID_LENGTH = 18
_TAIL = 5  # digits; a swap lies in the head and one digit more, or in the tail
MIN_SWAP_DIGITS = 7  # shorter numbers share blocks with too many others


def normal_name(name: str) -> str:
    """The name as it is compared: half-width, no spaces, no middle dots."""
    plain = unicodedata.normalize("NFKC", name)
    return "".join(char for char in plain if char.isalnum()).casefold()


def normal_digits(number: str) -> str:
    """The digits of a telephone or account number; "" when it has none."""
    plain = unicodedata.normalize("NFKC", number)
    return "".join(char for char in plain if char.isdigit() and char.isascii())


def id_blocks(number: str, name: str) -> tuple[str, ...]:
    """Four blocks, each leaving one part of the number out: district, order, birthday, year.

    One wrong digit, the check digit made right again, keeps at least one of them.
    The family name stands in three of them, for what is left there is shared by many.
    """
    if len(number) != _ID_LENGTH:
        return ()
    surname = normal_name(name)[:1]
    district, year, birthday, order = number[:6], number[6:10], number[10:14], number[14:17]
    return (
        f"{year}{birthday}{order}",
        f"{surname}{district}{year}{birthday}",
        f"{surname}{district}{year}{order}",
        f"{surname}{district}{birthday}{order}",
    )


def swap_blocks(number: str) -> tuple[str, ...]:
    """Two blocks; a number with two neighbouring digits swapped keeps at least one of them."""
    if len(number) < MIN_SWAP_DIGITS:
        return ()
    cut = len(number) - _TAIL
    return (
        f"{number[:cut]}/{''.join(sorted(number[cut:]))}",
        f"{''.join(sorted(number[: cut + 1]))}/{number[cut + 1 :]}",
    )


def one_digit_apart(one: str, other: str) -> bool:
    """True when two ID numbers differ in one digit beside the check digit."""
    if len(one) != _ID_LENGTH or len(other) != _ID_LENGTH:
        return False
    return sum(a != b for a, b in zip(one[:17], other[:17], strict=True)) == 1


def swapped(one: str, other: str) -> bool:
    """True when two neighbouring digits of one stand the other way round in the other."""
    if len(one) != len(other) or one == other:
        return False
    apart = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(apart) != 2 or apart[1] != apart[0] + 1:
        return False
    left, right = apart
    return one[left] == other[right] and one[right] == other[left]


def name_alike(one: str, other: str) -> bool:
    """True for the same name, or the same length with at least half of the characters in place."""
    first, second = normal_name(one), normal_name(other)
    if not first or not second:
        return False
    if first == second:
        return True
    if len(first) != len(second):
        return False
    same = sum(a == b for a, b in zip(first, second, strict=True))
    return same * 2 >= len(first)
