"""Breaking Chinese text into lines: between any two characters, but not everywhere.

A line never begins with a closing mark nor ends with an opening one, and a number, a date or a
word of Latin letters stays whole unless it is longer than a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_NOT_FIRST = frozenset("，。、；：？！）】》」』〕”’…—·,.;:?!)]}%％元")
_NOT_LAST = frozenset("（【《「『〔“‘([{￥¥")
_PIECES = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,:/_@+*-]*|\s+|.", re.DOTALL)

Measure = Callable[[str], float]
"""The width of a text in the unit of the line."""


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """The lines of one paragraph; always at least one, which may be empty."""
    lines: list[str] = []
    line = ""
    for unit in _units(text, width, measure):
        if line and measure(line + unit.rstrip()) > width:
            lines.append(line.rstrip())
            line = unit.lstrip()
        else:
            line += unit
    return [*lines, line.rstrip()]


def widest_piece(text: str, measure: Measure) -> float:
    """The least width a line may have without cutting a number or a word in two."""
    return max((measure(piece) for piece in _PIECES.findall(text)), default=0.0)


def _units(text: str, width: float, measure: Measure) -> Iterator[str]:
    """Pieces between which a line may break."""
    held = ""
    for piece in _PIECES.findall(text.replace("\n", " ")):
        for part in _cut(piece, width, measure):
            if held and part not in _NOT_FIRST and held[-1] not in _NOT_LAST:
                yield held
                held = ""
            held += part
            if measure(held) > width:  # too many marks in a row: break all the same
                yield held
                held = ""
    if held:
        yield held


def _cut(piece: str, width: float, measure: Measure) -> Iterator[str]:
    """The piece whole, or character by character when it is longer than a line."""
    if len(piece) > 1 and measure(piece) > width:
        yield from piece
    else:
        yield piece
