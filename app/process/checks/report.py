"""The list findings are collected in; one line per finding at the place it is found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.decision.result import Finding, Place
from app.process import limits


@dataclass(slots=True)
class Report:
    """Findings of one lint run, in the order met."""

    findings: list[Finding] = field(default_factory=list)
    _told: set[tuple[str, str, str]] = field(default_factory=set)

    def error(
        self,
        file: str,
        element_id: str,
        code: str,
        message: str,
        suggestion: str = "",
        path: Iterable[str] = (),
    ) -> None:
        """Something that must be mended before publication.

        path: ids of elements and flows of the same file that lead there, in order.
        """
        self._add("error", file, element_id, code, message, suggestion, path)

    def warning(
        self, file: str, element_id: str, code: str, message: str, suggestion: str = ""
    ) -> None:
        """Something a person should look at."""
        self._add("warning", file, element_id, code, message, suggestion)

    def _add(
        self,
        severity: str,
        file: str,
        element_id: str,
        code: str,
        message: str,
        suggestion: str,
        path: Iterable[str] = (),
    ) -> None:
        key = (element_id, code, message)
        if key in self._told or len(self._told) > limits.FINDINGS:
            return
        self._told.add(key)
        if len(self._told) > limits.FINDINGS:
            code, severity, element_id = "too_many_findings", "error", ""
            message = f"问题超过 {limits.FINDINGS} 处，后面的没有列出。"
            suggestion = "请先改正前面的问题再检查。"
        place = Place(file=file, element_id=element_id)
        steps = tuple(Place(file=file, element_id=one) for one in path)
        self.findings.append(Finding(code, severity, message, suggestion, place, path=steps))
