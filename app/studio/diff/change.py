"""One line of a comparison, in the words of those who made the change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MAX_SHOWN = 120  # characters of one value in a line


@dataclass(frozen=True, slots=True)
class Change:
    """One difference that means something."""

    file: str  # path in the newer package, in the older one when it is gone
    element_id: str  # id of the element, rule or question; "" = the file as a whole
    line: str  # Chinese sentence without a full stop


def pairs(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """(name, before, after) of everything in either, in the newer order, what is gone last."""
    for name, value in after.items():
        yield name, before.get(name), value
    for name, value in before.items():
        if name not in after:
            yield name, value, None


def turned(before: Any, after: Any) -> str:
    """ "1 → 2" with long values cut; nothing is shown as 无."""
    return f"{shown(before)} → {shown(after)}"


def shown(value: Any) -> str:
    """A value in a line."""
    if value is None or value == "":
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    text = " ".join(str(value).split())
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"
