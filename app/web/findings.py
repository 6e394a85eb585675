"""What the checks say, as a page shows it: by severity, each with its place and a way there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.decision.result import Finding
from app.studio.report import Noted, Report

MAX_SHOWN = 200  # of one severity; how many more there are is said

SEVERITY_WORDS = {
    "error": ("必须改正，否则不能发布", "refused"),
    "soft": ("要写明理由，由第二人签字", "soon"),
    "warning": ("请留意", "here"),
    "info": ("说明", "ahead"),
}


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding, ready to be shown."""

    key: str  # stable name of the finding
    message: str
    advice: str
    where: str  # "现场核实（verify）", "第 3 行"
    file: str
    url: str  # of the element in its designer, "" when there is none
    example: str  # situation that shows it
    clause: str  # clause id
    page: str = ""  # address of the finding told in full, "" where there is none


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """The findings of one severity."""

    severity: str
    words: str
    tag: str
    lines: tuple[FindingLine, ...]
    count: int


Link = Callable[..., str]
Page = Callable[[str], str]
"""Key of a finding -> the address where it is told in full."""


def groups(report: Report, link: Link, page: Page | None = None) -> list[FindingGroup]:
    """The findings of a report by severity, the worst first."""
    return grouped(report.notes, link, page)


def grouped(notes: Iterable[Noted], link: Link, page: Page | None = None) -> list[FindingGroup]:
    """The same for a selection of notes."""
    noted = list(notes)
    found = []
    for severity, (words, tag) in SEVERITY_WORDS.items():
        lines = [line(one, link, page) for one in noted if one.finding.severity == severity]
        if lines:
            found.append(FindingGroup(severity, words, tag, tuple(lines[:MAX_SHOWN]), len(lines)))
    return found


def line(note: Noted, link: Link, page: Page | None = None) -> FindingLine:
    """One finding, ready to be shown."""
    finding = note.finding
    place = finding.place
    url = link(place.file, element=place.element_id, rule=place.rule) if place.file else ""
    return FindingLine(
        key=note.key,
        message=finding.message,
        advice=finding.suggestion,
        where=where(finding),
        file=place.file,
        url=url,
        example="，".join(f"{name} = {text}" for name, text in finding.example.items()),
        clause=finding.clause,
        page=page(note.key) if page else "",
    )


def where(finding: Finding) -> str:
    """The place inside the file, in words."""
    place = finding.place
    parts = [place.decision or place.element_id]
    if place.decision and place.element_id and place.element_id != place.decision:
        parts.append(place.element_id)
    if place.rule:
        parts.append(f"第 {place.rule} 行")
    if place.column:
        parts.append(place.column)
    return "，".join(part for part in parts if part)
