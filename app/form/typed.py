"""What hands and input methods type, brought to one spelling before it is read.

Only full-width forms and spaces are folded; characters that merely look like digits (², ①, Arabic
digits) stay as they are and are refused by the reader, because folding them would change a sum.
"""

from __future__ import annotations

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WIDE |= {0x3000: 0x20, 0xA0: 0x20, 0xFFE5: 0xA5, 0x2212: 0x2D}
_WIDE[0x3002] = 0x2E  # 。 typed for the decimal point
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x202A, 0x202C, 0x202D, 0x202E))
_KEPT_CONTROLS = frozenset("\n\t")


def half_width(text: str) -> str:
    """`text` with full-width letters, digits and signs folded and all white space removed."""
    return "".join(text.translate(_WIDE).translate(_INVISIBLE).split())


def one_line(text: str) -> str:
    """`text` without invisible marks and without space at its ends."""
    return text.translate(_INVISIBLE).strip()


def many_lines(text: str) -> str:
    """`text` with line ends as \\n, without invisible marks and outer blank lines."""
    return one_line(text.replace("\r\n", "\n").replace("\r", "\n"))


def has_control(text: str, *, lines: bool = False) -> bool:
    """True when a control character or a lone surrogate hides in `text`."""
    allowed = _KEPT_CONTROLS if lines else frozenset()
    return any(
        (char < " " and char not in allowed)
        or "\x7f" <= char <= "\x9f"
        or "\ud800" <= char <= "\udfff"
        for char in text
    )
