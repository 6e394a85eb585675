"""A sheet of paper as a value: what stands on it in which order, before it is HTML or PDF.

Whatever is printed passes through here, so the page on the screen and the file say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs; those marked right end at the right margin (organ and date)."""

    lines: tuple[tuple[str, bool], ...]  # text, right


@dataclass(frozen=True, slots=True)
class Facts:
    """A grid of labels and values, two pairs a row where both are short."""

    heading: str  # "" = none
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings."""

    heading: str  # "" = none
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]  # per column: figures, aligned right
    totals: tuple[str, ...] = ()  # last row, () = none


@dataclass(frozen=True, slots=True)
class Signatures:
    """Boxes with room for a hand and a seal, each with a line for the date."""

    labels: tuple[str, ...]


Part = Text | Facts | Table | Signatures


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper."""

    title: str
    number: str  # of the paper, "" = none
    subtitle: str  # territory and period, "" = none
    parts: tuple[Part, ...]
    made_at: datetime  # aware; stands in the file instead of the present moment
    wide: bool = False  # A4 across


_KINDS: Mapping[str, type[Text | Facts | Table | Signatures]] = {
    "text": Text,
    "facts": Facts,
    "table": Table,
    "signatures": Signatures,
}


def dump_parts(parts: tuple[Part, ...]) -> list[dict[str, Any]]:
    """The parts as JSON values, to be kept with a letter."""
    names = {kind: name for name, kind in _KINDS.items()}
    return [{"kind": names[type(part)], **asdict(part)} for part in parts]


def load_parts(kept: list[dict[str, Any]]) -> tuple[Part, ...]:
    """The parts that `dump_parts` wrote."""
    return tuple(
        _KINDS[one["kind"]](**{key: _frozen(value) for key, value in one.items() if key != "kind"})
        for one in kept
    )


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list | tuple) else value
