"""The list findings are collected in; one line per finding at the place it is found."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.decision.result import Finding, Place


@dataclass(slots=True)
class Report:
    """Findings of one lint run, in the order met."""

    findings: list[Finding] = field(default_factory=list)

    def error(
        self, file: str, element_id: str, code: str, message: str, suggestion: str = ""
    ) -> None:
        """Something that must be mended before publication."""
        self._add("error", file, element_id, code, message, suggestion)

    def warning(
        self, file: str, element_id: str, code: str, message: str, suggestion: str = ""
    ) -> None:
        """Something a person should look at."""
        self._add("warning", file, element_id, code, message, suggestion)

    def _add(
        self, severity: str, file: str, element_id: str, code: str, message: str, suggestion: str
    ) -> None:
        place = Place(file=file, element_id=element_id)
        found = Finding(code, severity, message, suggestion, place)
        if found not in self.findings:
            self.findings.append(found)
