"""Two packages compared by what they mean: business words, no drawing positions, no XML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from app.decision.result import Finding
from app.process.library import read_processes
from app.process.model import ProcessDefinition
from app.studio.diff.change import Change
from app.studio.diff.clocks import clock_changes
from app.studio.diff.forms import form_changes
from app.studio.diff.processes import process_changes
from app.studio.diff.tables import table_changes
from app.studio.diff.texts import clause_changes, paper_changes
from app.studio.localities import DESCRIPTION, origin

__all__ = ["Change", "diff"]


def diff(before: Mapping[str, bytes], after: Mapping[str, bytes], *, now: datetime) -> list[Change]:
    """Every change from one package's files to another's, limits first; [] when they mean the same.

    `now` is the day for which dated rows of the deadline table are read.
    """
    old, new = _processes(before), _processes(after)
    changes: list[Change] = [
        *clock_changes(before, after, new, now),
        *process_changes(old, new),
        *table_changes(before, after),
        *form_changes(before, after),
        *paper_changes(before, after),
        *clause_changes(before, after),
        *_moved(before, after),
    ]
    return _or_bytes(changes, before, after)


def _processes(files: Mapping[str, bytes]) -> dict[str, ProcessDefinition]:
    findings: list[Finding] = []
    found: dict[str, ProcessDefinition] = {}
    for process in read_processes(files, findings):
        found.setdefault(process.id, process)
    return found


def _moved(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterable[Change]:
    """Files of the same name that now come from another locality."""
    places = {_name(path): path for path in before if not path.endswith(DESCRIPTION)}
    for path in after:
        old = places.get(_name(path))
        if old is not None and old != path:
            line = f"{_name(path)} 改用“{origin(path)}”的文件，原来用“{origin(old)}”的"
            yield Change(path, "", line)


def _name(path: str) -> str:
    """The path without its locality."""
    folder, _, rest = path.partition("/")
    return f"{folder}/{rest.rpartition('/')[2]}"


def _or_bytes(
    changes: list[Change], before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> list[Change]:
    """A file that differs without a change of meaning is named, so that nothing goes unseen."""
    spoken = {change.file for change in changes}
    quiet = [
        Change(path, "", f"{path} 的文字或图上位置有变，含义不变")
        for path in after
        if path in before and before[path] != after[path] and path not in spoken
    ]
    return changes + quiet
