"""Everything the checks say about a package, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.decision.result import Finding, Place
from app.kernel.audit import digest
from app.studio.checks import CHECKS
from app.studio.localities import Package
from app.studio.subject import Subject, Surroundings

MAX_FINDINGS = 500  # shown; the rest are counted
KEY_CHARS = 32  # hexadecimal digits of the key of a finding
_ORDER = ("error", "soft", "warning", "info")

SOFT = "soft"


@dataclass(frozen=True, slots=True)
class Noted:
    """One finding with the check that made it."""

    check: str  # id of the check
    finding: Finding

    @property
    def key(self) -> str:
        """A name that stays while the finding stays the same: reasons are kept under it.

        Any change of what is said or where gives another key, so that a reason given for 3500
        yuan does not cover 5000.
        """
        place = self.finding.place
        parts = (
            *(self.check, self.finding.code, self.finding.message),
            *(place.file, place.decision, place.element_id, str(place.rule)),
        )
        return digest("\n".join(parts).encode())[:KEY_CHARS]


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
        """True when no error stands in the way of publication; soft findings may still ask."""
        return not self.of("error")

    @property
    def soft(self) -> tuple[Noted, ...]:
        """What may be published only with a written reason and a second signature, each."""
        return tuple(note for note in self.notes if note.finding.severity == SOFT)

    def unanswered(self, reasons: Mapping[str, str]) -> tuple[Noted, ...]:
        """The soft findings without a written reason; `reasons` is by `Noted.key`."""
        return tuple(note for note in self.soft if not reasons.get(note.key, "").strip())


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
