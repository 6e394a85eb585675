"""Money as integer fen, so that no amount is ever nearly right.

Yuan exists only in models and on screens; conversion happens at their borders and refuses
what is not a whole fen unless the rounding is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering

FEN_PER_YUAN = 100
MAX_FEN = 10**13  # 100 billion yuan; above it somebody mistyped

_YUAN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of CNY in fen; may be negative in postings, never on a form."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int or abs(self.fen) > MAX_FEN:
            raise ValueError(f"not an amount in fen: {self.fen!r}")

    @classmethod
    def from_yuan(cls, yuan: Decimal | str | int) -> Money:
        """The amount of `yuan`; raises ValueError when it has parts of a fen or is a float."""
        if isinstance(yuan, bool | float):
            raise ValueError(f"not an exact amount: {yuan!r}")
        if isinstance(yuan, str):
            if not _YUAN.fullmatch(yuan):
                raise ValueError(f"not an amount in yuan: {yuan!r}")
            yuan = Decimal(yuan)
        fen = Decimal(yuan) * FEN_PER_YUAN
        if not fen.is_finite() or fen != fen.to_integral_value():
            raise ValueError(f"not a whole fen: {yuan}")
        return cls(int(fen))

    @classmethod
    def zero(cls) -> Money:
        """No money."""
        return cls(0)

    @property
    def yuan(self) -> Decimal:
        """The amount as Decimal yuan with two places, for FEEL and forms."""
        return Decimal(self.fen).scaleb(-2)

    def times(self, ratio: Decimal | int, rounding: str) -> Money:
        """The product rounded to a fen by the named `decimal` rounding mode."""
        product = (Decimal(self.fen) * Decimal(ratio)).quantize(Decimal(1), rounding=rounding)
        return Money(int(product))

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __lt__(self, other: Money) -> bool:
        return self.fen < other.fen

    def __bool__(self) -> bool:
        return self.fen != 0

    def __str__(self) -> str:
        sign, fen = ("-", -self.fen) if self.fen < 0 else ("", self.fen)
        return f"{sign}{fen // FEN_PER_YUAN}.{fen % FEN_PER_YUAN:02d}"


def _group_in_words(group: int) -> str:
    words, pending_zero = "", False
    for power in range(3, -1, -1):
        digit = group // 10**power % 10
        if digit:
            words += ("零" if pending_zero and words else "") + _DIGITS[digit] + _UNITS[power]
            pending_zero = False
        else:
            pending_zero = True
    return words


def in_capitals(amount: Money) -> str:
    """The amount in the capitals that receipts use (人民币大写), e.g. 壹仟元整.

    Raises: ValueError for negative amounts.  Source: 《支付结算办法》附一 (票据大写规则).
    """
    if amount.fen < 0:
        raise ValueError("a receipt has no negative amount")
    yuan, fen = divmod(amount.fen, FEN_PER_YUAN)
    words, gap = "", False
    groups = []
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1_000):
            words += "零"
        words += _group_in_words(group) + _GROUPS[index]
        gap = False
    jiao, cents = divmod(fen, 10)
    head = f"{words}元" if words else ("" if fen else "零元")
    if not fen:
        return head + "整"
    tail = (_DIGITS[jiao] + "角") if jiao else ("零" if words else "")
    return head + tail + (_DIGITS[cents] + "分" if cents else "整")
