"""What a publication says about itself for good: changes in words, reasons, what was checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.studio.diff import Change, diff
from app.studio.localities import Package
from app.studio.report import Report

MAX_CHANGES_KEPT = 2_000  # lines of the change log kept with a publication


@dataclass(frozen=True, slots=True)
class SoftReason:
    """One finding that was published nevertheless, and why."""

    key: str  # of the finding
    message: str
    clause: str  # clause id
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """The lasting part of a publication."""

    why: str  # what the change is for
    changes: Sequence[tuple[str, str]]  # (file, line)
    more_changes: int  # lines beyond MAX_CHANGES_KEPT
    soft: Sequence[SoftReason]
    hands: Sequence[str]  # names of who worked on it
    signed_by: str  # name of who signed the soft findings, "" when there were none
    checked: Mapping[str, int]  # files, examples, scenarios, soft, warnings


def record_of(
    changes: Sequence[Change],
    report: Report,
    reasons: Mapping[str, str],
    *,
    why: str,
    hands: Sequence[str],
    signed_by: str,
) -> dict[str, Any]:
    """The record as it is stored."""
    return {
        "why": why,
        "changes": [{"file": one.file, "line": one.line} for one in changes[:MAX_CHANGES_KEPT]],
        "more_changes": max(0, len(changes) - MAX_CHANGES_KEPT),
        "soft": soft_reasons(report, reasons),
        "hands": list(hands),
        "signed_by": signed_by if report.soft else "",
        "checked": {
            "files": report.files,
            "examples": report.examples,
            "scenarios": report.scenarios,
            "soft": len(report.soft),
            "warnings": len(report.of("warning")),
        },
    }


def soft_reasons(report: Report, reasons: Mapping[str, str]) -> list[dict[str, str]]:
    """Each soft finding with the reason given for it."""
    return [
        {
            "key": note.key,
            "message": note.finding.message,
            "clause": note.finding.clause,
            "reason": reasons.get(note.key, "").strip(),
        }
        for note in report.soft
    ]


def read_record(stored: Mapping[str, Any]) -> Record:
    """The record of a publication; an old one that kept none has empty parts."""
    return Record(
        why=str(stored.get("why", "")),
        changes=[(str(one["file"]), str(one["line"])) for one in stored.get("changes", [])],
        more_changes=int(stored.get("more_changes", 0)),
        soft=[SoftReason(**one) for one in stored.get("soft", [])],
        hands=[str(name) for name in stored.get("hands", [])],
        signed_by=str(stored.get("signed_by", "")),
        checked=dict(stored.get("checked", {})),
    )


def changes_between(before: Package | None, after: Package, now: datetime) -> list[Change]:
    """What differs in words; everything is new when nothing was before."""
    return diff({} if before is None else before.files, after.files, now=now)
