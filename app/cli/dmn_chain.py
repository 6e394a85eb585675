"""The table of `jiuji dmn bench` as a programmer would write it by hand: a chain of `if`s.

A yardstick only; the product never decides like this.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

D0, D1, D500, D1000, D2000 = map(Decimal, (0, 1, 500, 1000, 2000))
D50000, D90000 = Decimal(50_000), Decimal(90_000)
ANSWERS: list[dict[str, Any]] = [
    {"level": f"L{number}", "amount": Decimal(100 * number), "urgent": number % 2 == 0}
    for number in range(24)
]

_Answer = dict[str, Any] | None


def if_chain(
    category: str, income: Decimal, assets: Decimal, persons: Decimal, resident: bool
) -> _Answer:
    """The answer of the rule that holds, None when none does."""
    if category == "medical":
        return _medical(income, assets, persons, resident)
    if category == "education":
        return _education(income, assets, persons, resident)
    if category == "disaster":
        return _disaster(income, assets, persons, resident)
    if category == "other":
        return _other(income, assets, persons, resident)
    return None


def _medical(income: Decimal, assets: Decimal, persons: Decimal, resident: bool) -> _Answer:
    if D0 <= income < D500 and D0 <= assets < D50000 and persons >= D1 and resident:
        return ANSWERS[0]
    if D0 <= income < D500 and D0 <= assets < D90000 and persons >= D1 and not resident:
        return ANSWERS[1]
    if D500 <= income < D1000 and D0 <= assets < D50000 and persons >= D1 and resident:
        return ANSWERS[2]
    if D500 <= income < D1000 and D0 <= assets < D90000 and persons >= D1 and not resident:
        return ANSWERS[3]
    if D1000 <= income < D2000 and D0 <= assets < D50000 and persons >= D1 and resident:
        return ANSWERS[4]
    if D1000 <= income < D2000 and D0 <= assets < D90000 and persons >= D1 and not resident:
        return ANSWERS[5]
    return None


def _education(income: Decimal, assets: Decimal, persons: Decimal, resident: bool) -> _Answer:
    if D0 <= income < D500 and D0 <= assets < D50000 and persons >= D1 and resident:
        return ANSWERS[6]
    if D0 <= income < D500 and D0 <= assets < D90000 and persons >= D1 and not resident:
        return ANSWERS[7]
    if D500 <= income < D1000 and D0 <= assets < D50000 and persons >= D1 and resident:
        return ANSWERS[8]
    if D500 <= income < D1000 and D0 <= assets < D90000 and persons >= D1 and not resident:
        return ANSWERS[9]
    if D1000 <= income < D2000 and D0 <= assets < D50000 and persons >= D1 and resident:
        return ANSWERS[10]
    if D1000 <= income < D2000 and D0 <= assets < D90000 and persons >= D1 and not resident:
        return ANSWERS[11]
    return None


def _disaster(income: Decimal, assets: Decimal, persons: Decimal, resident: bool) -> _Answer:
    if D0 <= income < D500 and D0 <= assets < D50000 and persons >= D1 and resident:
        return ANSWERS[12]
    if D0 <= income < D500 and D0 <= assets < D90000 and persons >= D1 and not resident:
        return ANSWERS[13]
    if D500 <= income < D1000 and D0 <= assets < D50000 and persons >= D1 and resident:
        return ANSWERS[14]
    if D500 <= income < D1000 and D0 <= assets < D90000 and persons >= D1 and not resident:
        return ANSWERS[15]
    if D1000 <= income < D2000 and D0 <= assets < D50000 and persons >= D1 and resident:
        return ANSWERS[16]
    if D1000 <= income < D2000 and D0 <= assets < D90000 and persons >= D1 and not resident:
        return ANSWERS[17]
    return None


def _other(income: Decimal, assets: Decimal, persons: Decimal, resident: bool) -> _Answer:
    if D0 <= income < D500 and D0 <= assets < D50000 and persons >= D1 and resident:
        return ANSWERS[18]
    if D0 <= income < D500 and D0 <= assets < D90000 and persons >= D1 and not resident:
        return ANSWERS[19]
    if D500 <= income < D1000 and D0 <= assets < D50000 and persons >= D1 and resident:
        return ANSWERS[20]
    if D500 <= income < D1000 and D0 <= assets < D90000 and persons >= D1 and not resident:
        return ANSWERS[21]
    if D1000 <= income < D2000 and D0 <= assets < D50000 and persons >= D1 and resident:
        return ANSWERS[22]
    if D1000 <= income < D2000 and D0 <= assets < D90000 and persons >= D1 and not resident:
        return ANSWERS[23]
    return None
