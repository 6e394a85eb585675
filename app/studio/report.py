"""Everything the checks say about a package, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.decision.result import Finding, Place
from app.studio.checks import CHECKS
from app.studio.localities import Package
from app.studio.subject import Subject, Surroundings

MAX_FINDINGS = 500  # shown; the rest are counted
_ORDER = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Noted:
    """One finding with the check that made it."""

    check: str  # id of the check
    finding: Finding


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of all checks."""

    locality: str
    notes: tuple[Noted, ...]  # errors first
    files: int
    examples: int  # worked examples asked
    scenarios: int  # scenarios played
    coverage: Mapping[str, tuple[int, int]]  # process -> flows walked, flows drawn

    def of(self, severity: str) -> tuple[Finding, ...]:
        """The findings of one severity."""
        return tuple(note.finding for note in self.notes if note.finding.severity == severity)

    @property
    def ok(self) -> bool:
        """True when nothing stands in the way of publication."""
        return not self.of("error")


def check(package: Package, surroundings: Surroundings) -> Report:
    """What every check says about the package; broken models are findings, never exceptions."""
    subject = Subject(package, surroundings)
    found: dict[tuple[str, str, Place], Noted] = {}
    for one in CHECKS:
        for finding in one.run(subject):
            found.setdefault(_key(finding), Noted(one.id, finding))
    notes = [Noted("files", finding) for finding in package.findings] + list(found.values())
    notes.sort(key=lambda note: _ORDER.index(note.finding.severity))
    return Report(
        locality=package.locality,
        notes=tuple(notes[:MAX_FINDINGS]),
        files=len(package.files),
        examples=subject.tried.count,
        scenarios=subject.played.count,
        coverage={
            process.id: (
                len(subject.played.walked.get(process.id, frozenset()) & set(process.flows)),
                len(process.flows),
            )
            for process in subject.processes.values()
        },
    )


def _key(finding: Finding) -> tuple[str, str, Place]:
    """The same thing said twice, by two checks that read one file, is said once."""
    return finding.code, finding.message, finding.place
