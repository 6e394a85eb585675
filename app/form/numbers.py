"""Numbers and sums of money as people type them, read exactly; no float anywhere."""

from __future__ import annotations

import re
from decimal import Decimal

from app.form.limits import MAX_NUMBER_DIGITS
from app.form.typed import half_width
from app.kernel.money import Money

_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII)
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
MONEY_PLACES = 2


def read_number(text: str, places: int) -> Decimal | None:
    """The number typed, or None when it is none or has more than `places` decimals."""
    typed = half_width(text)
    if _GROUPED.fullmatch(typed):
        typed = typed.replace(",", "")
    if not _PLAIN.fullmatch(typed):
        return None
    whole, _, fraction = typed.lstrip("-").partition(".")
    if len(whole) > MAX_NUMBER_DIGITS or len(fraction) > places:
        return None
    return Decimal(typed)


def read_money(text: str) -> Decimal | None:
    """The sum typed, in yuan with two decimals; "元" or "¥" around it is allowed."""
    typed = half_width(text).removeprefix("¥").removesuffix("元").removesuffix("圆")
    number = read_number(typed, MONEY_PLACES)
    if number is None:
        return None
    try:
        return Money.from_yuan(number).yuan
    except ValueError:
        return None


def number_text(number: Decimal) -> str:
    """The number without exponent; a whole number without decimals keeps none."""
    return f"{number:f}"
