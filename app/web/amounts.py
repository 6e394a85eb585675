"""Amounts of money as a person types them, into money or a sentence that names the field."""

from __future__ import annotations

from app.kernel.errors import FieldProblem, Invalid
from app.kernel.money import Money


def money_of(text: str, key: str, label: str) -> Money:
    """The amount typed in yuan; raises Invalid naming the field when it is none."""
    plain = text.replace(",", "").replace("，", "").strip().removesuffix("元").strip()
    try:
        return Money.from_yuan(plain)
    except ValueError:
        message = f"{label}应为数字，单位元，最多两位小数，如 5000.00。"
        raise Invalid("金额有误。", [FieldProblem(key, label, message)]) from None
