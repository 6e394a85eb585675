"""Lines of Chinese text inside a drawn box, broken as a typesetter would.

Pure. SVG does not wrap text; widths are reckoned in ems (a Chinese character is one em).
"""

from __future__ import annotations

import unicodedata

NO_LINE_START = "，。；：、！？）》”’%）]】"
NO_LINE_END = "（《“‘(【["
ELLIPSIS = "…"
MAX_BRACKET = 6  # characters; a longer bracket may break


def width(text: str) -> float:
    """The width in ems: wide characters count one, others a little over a half."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.56 for char in text)


def wrap(text: str, room: float, *, max_lines: int) -> list[str]:
    """`text` in at most `max_lines` lines of `room` ems, evenly filled, cut with an ellipsis."""
    atoms = _atoms(text)
    if not atoms:
        return []
    lines = _fill(atoms, room)
    if 1 < len(lines) <= max_lines:
        lines = _even(atoms, room, len(lines))
    if len(lines) > max_lines:
        kept = lines[:max_lines]
        last = kept[-1]
        while last and width(last + ELLIPSIS) > room:
            last = last[:-1]
        kept[-1] = last + ELLIPSIS
        lines = kept
    return lines


def _atoms(text: str) -> list[str]:
    """Pieces that stay together: a Latin word or number, a mark with its neighbour, （街道）."""
    atoms: list[str] = []
    for char in text:
        previous = atoms[-1] if atoms else ""
        glued = (
            (previous.startswith("（") and "）" not in previous and len(previous) < MAX_BRACKET)
            or (previous and char in NO_LINE_START)
            or (previous and previous[-1] in NO_LINE_END)
            or (previous and _latin(previous[-1]) and _latin(char))
        )
        if glued:
            atoms[-1] += char
        else:
            atoms.append(char)
    return atoms


def _latin(char: str) -> bool:
    return char.isascii() and not char.isspace()


def _even(atoms: list[str], room: float, count: int) -> list[str]:
    """The same number of lines, as narrow as they can be, so that none is left with one sign."""
    narrow = width("".join(atoms)) / count
    while narrow < room:
        lines = _fill(atoms, narrow)
        if len(lines) == count:
            return lines
        narrow += 0.5
    return _fill(atoms, room)


def _fill(atoms: list[str], room: float) -> list[str]:
    lines = [""]
    for atom in atoms:
        if lines[-1] and width(lines[-1] + atom) > room:
            lines.append("")
        lines[-1] += atom
    return [line.strip() for line in lines if line.strip()]
