"""What a changed deadline table means for the steps of the diagrams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.decision.result import Finding
from app.kernel.clock import local
from app.process.library import read_decisions
from app.process.model import ProcessDefinition
from app.studio.diff.change import Change

UNITS = {"hours": "小时", "workdays": "个工作日", "calendar_days": "天"}
DEADLINE = "deadline"

Limit = tuple[str, str]
"""(amount, unit in words)."""


def clock_changes(
    before: Mapping[str, bytes],
    after: Mapping[str, bytes],
    processes: Mapping[str, ProcessDefinition],
    now: datetime,
) -> Iterator[Change]:
    """One line for each step whose time limit is another one now."""
    old, new = _Limits(before, now), _Limits(after, now)
    for process in processes.values():
        for element in process.elements.values():
            key = element.properties.get("clock", "")
            left, right = old.of(key), new.of(key)
            if key and left and right and left != right:
                name = element.name or element.id
                yield Change(process.file, element.id, f"{name}：期限 {_turned(left, right)}")


def _turned(left: Limit, right: Limit) -> str:
    if left[1] == right[1]:
        return f"{left[0]} → {right[0]} {right[1]}"
    return f"{left[0]} {left[1]} → {right[0]} {right[1]}"


class _Limits:
    """What the deadline decision of a package says, asked once per key."""

    def __init__(self, files: Mapping[str, bytes], now: datetime) -> None:
        findings: list[Finding] = []
        self._model = read_decisions(files, findings).get(DEADLINE)
        self._now = now
        self._known: dict[str, Limit | None] = {}

    def of(self, key: str) -> Limit | None:
        """The limit of a clock, None when the table does not say."""
        if key not in self._known:
            self._known[key] = self._ask(key)
        return self._known[key]

    def _ask(self, key: str) -> Limit | None:
        if self._model is None or not key:
            return None
        answer: Any = self._model[0].evaluate(DEADLINE, {"key": key}, now=local(self._now))
        value = answer.value
        if not isinstance(value, dict) or value.get("amount") is None:
            return None
        unit = str(value.get("unit"))
        return str(value["amount"]), UNITS.get(unit, unit)
