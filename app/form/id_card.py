"""Citizen identity numbers (GB 11643-1999): shape, birth date, check digit.

Districts are not checked: published lists lag behind and refused real ones. The expected check
digit is never told, so that the answer cannot be used to invent a number.
"""

from __future__ import annotations

import re
from datetime import date

from app.form.typed import half_width

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_OLD_SHAPE = re.compile(r"[1-9][0-9]{14}", re.ASCII)
EARLIEST_BIRTH = date(1900, 1, 1)


def normal_id(text: str) -> str:
    """The number as it is kept: half-width, no spaces, capital X."""
    return half_width(text).upper()


def id_fault(number: str, today: date) -> str:
    """What is wrong with the normalised `number`, as the end of a Chinese sentence; "" if sound."""
    if _OLD_SHAPE.fullmatch(number):
        return "是 15 位旧号码，请填 18 位居民身份证号"
    if not _SHAPE.fullmatch(number):
        return "要填 18 位居民身份证号：前 17 位是数字，末位是数字或 X"
    born = birth_date(number)
    if born is None or born < EARLIEST_BIRTH or born > today:
        return "第 7 至 14 位不是真实的出生日期，请对照证件核对"
    if check_digit(number[:17]) != number[17]:
        return "校验不符，请对照证件逐位核对"
    return ""


def check_digit(first17: str) -> str:
    """The 18th character that belongs to 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK[total % 11]


def birth_date(number: str) -> date | None:
    """The birth date written in an 18-character number, None when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def is_male(number: str) -> bool:
    """True when the order number (17th digit) of a sound number is odd."""
    return int(number[16]) % 2 == 1
