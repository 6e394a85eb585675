"""Two packages beside each other, file by file: words, diagrams, table rows.

Used for a draft against what it would supersede, for one publication against the one before, and
for two localities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.process.library import read_processes
from app.process.model import ProcessDefinition
from app.studio.contents import kind_of, title_of
from app.studio.diff import Change, diff
from app.studio.diff.rows import TablePair, table_pairs
from app.studio.localities import Package

ADDED, CHANGED, REMOVED = "added", "changed", "removed"


@dataclass(frozen=True, slots=True)
class DrawingPair:
    """One process before and after, with what differs on it."""

    id: str
    name: str
    before: ProcessDefinition | None
    after: ProcessDefinition | None
    added: frozenset[str]  # element ids
    changed: frozenset[str]
    removed: frozenset[str]


@dataclass(slots=True)
class FileChange:
    """One file that differs, in every way it can be shown."""

    path: str
    title: str
    kind: str  # as in `contents.KIND_LABELS`
    state: str  # ADDED | CHANGED | REMOVED
    lines: list[str] = field(default_factory=list)
    drawings: list[DrawingPair] = field(default_factory=list)
    tables: list[TablePair] = field(default_factory=list)


def compare(before: Package, after: Package, now: datetime) -> list[FileChange]:
    """Every file that differs, processes first; examples and scenarios among them."""
    changes = diff(before.files, after.files, now=now)
    old, new = before.stored, after.stored
    found: dict[str, FileChange] = {}
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path):
            raw = new.get(path, old.get(path, b""))
            state = ADDED if path not in old else REMOVED if path not in new else CHANGED
            found[path] = FileChange(path, title_of(path, raw), kind_of(path), state)
    for change in changes:
        _of(found, change.file, new, old).lines.append(change.line)
    for pair in _drawings(old, new, changes):
        shown = pair.after or pair.before
        if shown is not None:
            _of(found, shown.file, new, old).drawings.append(pair)
    for table in table_pairs(old, new):
        _of(found, table.file, new, old).tables.append(table)
    order = ["process", "table", "form", "paper"]
    return sorted(found.values(), key=lambda one: (_rank(one.kind, order), one.title, one.path))


def _rank(kind: str, order: list[str]) -> int:
    return order.index(kind) if kind in order else len(order)


def _of(
    found: dict[str, FileChange], path: str, new: Mapping[str, bytes], old: Mapping[str, bytes]
) -> FileChange:
    """The entry of a file; a change may be told at a file that is the same byte for byte."""
    if path not in found:
        raw = new.get(path, old.get(path, b""))
        found[path] = FileChange(path, title_of(path, raw), kind_of(path), CHANGED)
    return found[path]


def _drawings(
    old: Mapping[str, bytes], new: Mapping[str, bytes], changes: list[Change]
) -> list[DrawingPair]:
    """Each process whose steps or flows differ."""
    before, after = _processes(old), _processes(new)
    told: dict[str, set[str]] = {}
    for change in changes:
        told.setdefault(change.file, set()).add(change.element_id)
    pairs = []
    for name in {**after, **before}:
        left, right = before.get(name), after.get(name)
        if left is not None and right is not None and left.xml == right.xml:
            continue
        there = {*left.elements, *left.flows} if left else set()
        here = {*right.elements, *right.flows} if right else set()
        shown = right or left
        assert shown is not None
        touched = told.get(shown.file, set()) & there & here
        marks = (frozenset(here - there), frozenset(touched), frozenset(there - here))
        if any(marks):
            pairs.append(DrawingPair(name, shown.name or name, left, right, *marks))
    return pairs


def _processes(files: Mapping[str, bytes]) -> dict[str, ProcessDefinition]:
    found: dict[str, ProcessDefinition] = {}
    for process in read_processes(files, []):
        found.setdefault(process.id, process)
    return found
