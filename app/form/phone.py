"""Mainland telephone numbers: mobile, or landline with area code and perhaps an extension."""

from __future__ import annotations

import re

from app.form.typed import half_width

_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
# 010 and 02x take eight digits; other areas have four-digit codes and seven or eight.
_LANDLINE = re.compile(
    r"(010|02[0-9])([2-9][0-9]{7})(?:x([0-9]{1,6}))?"
    r"|(0[3-9][0-9]{2})([2-9][0-9]{6,7})(?:x([0-9]{1,6}))?",
    re.ASCII,
)
_COUNTRY = re.compile(r"^(?:\+86|0086|86(?=1[3-9][0-9]{9}$))", re.ASCII)
_EXTENSION = re.compile(r"(?<=[0-9])(?:转|ext\.?|x|(?<=[0-9]{7})-)(?=[0-9]{1,6}$)", re.IGNORECASE)

EXPECTED = "要填 11 位手机号，或带区号的固定电话，如 0537-4412349"


def normal_phone(text: str) -> str:
    """The number as it is kept: 13800000000, 0537-4412349 or 0537-4412349-8; "" when it is none."""
    typed = half_width(text)
    number = _EXTENSION.sub("x", typed)
    number = number.replace("-", "").replace("(", "").replace(")", "")
    number = _COUNTRY.sub("", number)
    if _MOBILE.fullmatch(number):
        return number
    if typed.startswith(("+86", "0086")) and not number.startswith("0"):
        number = "0" + number
    found = _LANDLINE.fullmatch(number)
    if found is None:
        return ""
    return "-".join(part for part in found.groups() if part)
