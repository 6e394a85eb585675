"""What a person sent, by question, before it is read: texts, lists of texts, files, rows.

Flat HTML names ("members[0].name") become nested values. Names the form does not know, hidden
controls and anything beyond the limits are left out; nothing is evaluated here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from app.form.coerce import raw_of
from app.form.limits import MAX_FILES, MAX_PAIRS, MAX_PATH, MAX_ROWS
from app.form.model import (
    ChoiceQuestion,
    Component,
    Computed,
    FileQuestion,
    Question,
    RowList,
    TickQuestion,
    valued,
)
from app.form.uploads import UploadedFile
from app.kernel.errors import FieldProblem

_STEP = re.compile(r"([A-Za-z][A-Za-z0-9_]*)(?:\[([0-9]{1,3})\])?", re.ASCII)
ACTIONS = ("_add", "_remove", "_refresh")

Raw = dict[str, Any]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Submission:
    """One sending of a form."""

    raw: Raw  # by key: text, list of texts, list of files, list of rows
    action: str = ""  # "_add", "_remove", "_refresh" or "": what the pressed button asks
    target: str = ""  # path the action is about, e.g. "members" or "members[1]"
    problems: tuple[FieldProblem, ...] = ()  # shape faults, from JSON only
    unknown: tuple[str, ...] = field(default=())  # names the form does not have


def split_path(text: str) -> Path | None:
    """("members", 0, "name") for "members[0].name"; None when it is no path."""
    if len(text) > MAX_PATH:
        return None
    steps: list[str | int] = []
    for part in text.split("."):
        found = _STEP.fullmatch(part)
        if found is None:
            return None
        steps.append(found[1])
        if found[2] is not None:
            steps.append(int(found[2]))
    return tuple(steps)


def from_pairs(
    components: tuple[Component, ...],
    pairs: Iterable[tuple[str, str]],
    files: Mapping[str, UploadedFile | Sequence[UploadedFile]],
) -> Submission:
    """The submission that flat HTML names and values mean."""
    sent: dict[Any, Any] = {}
    action, target, unknown = "", "", []
    for number, (name, value) in enumerate(pairs):
        if number >= MAX_PAIRS:
            break
        if name in ACTIONS:
            action, target = name, value[:MAX_PATH]
        elif not name.startswith("_") and name != "csrf_token":
            path = split_path(name)
            if path is None or not _store(components, path, value, sent):
                unknown.append(name[:MAX_PATH])
    for name, several in files.items():
        path = split_path(name)
        for one in [several] if isinstance(several, UploadedFile) else several:
            if path is None or not _store(components, path, one, sent):
                unknown.append(name[:MAX_PATH])
    raw = _in_order(components, sent)
    if not action:
        drop_blank_rows(components, raw)
    return Submission(raw, action, target, unknown=tuple(unknown[:MAX_PAIRS]))


def _store(
    components: tuple[Component, ...], path: Path, value: str | UploadedFile, into: dict[Any, Any]
) -> bool:
    """Put one value where `path` leads; False when the form has no such place."""
    found = next((one for one in valued(components) if one.name == path[0]), None)
    if isinstance(found, RowList) and len(path) > 1 and isinstance(path[1], int):
        if path[1] >= MAX_ROWS or (len(path) == 2 and value != ""):
            return False
        row = into.setdefault(found.name, {}).setdefault(path[1], {})
        # "members[0]" alone, with an empty value, says that a row without answers is there.
        return len(path) == 2 or _store(found.components, path[2:], value, row)
    if found is None or isinstance(found, RowList) or len(path) > 1:
        return False
    if isinstance(found, FileQuestion):
        kept = into.setdefault(found.name, [])
        if len(kept) <= MAX_FILES and value:
            kept.append({"ref": value} if isinstance(value, str) else value)
        return True
    if not isinstance(value, str):
        return False
    several = isinstance(found, ChoiceQuestion) and found.multiple
    if several:
        into.setdefault(found.name, []).append(value)
    else:
        into[found.name] = value
    return True


def _in_order(components: tuple[Component, ...], sent: Mapping[Any, Any]) -> Raw:
    """`sent` with every question present and rows as lists without gaps."""
    raw: Raw = {}
    for one in valued(components):
        if isinstance(one, RowList):
            rows = sent.get(one.name, {})
            raw[one.name] = [_in_order(one.components, rows[at]) for at in sorted(rows)]
        elif isinstance(one, Question):
            raw[one.name] = sent.get(one.name, blank(one))
    return raw


def blank(question: Question) -> Any:
    """The raw value of an unanswered question."""
    several = isinstance(question, ChoiceQuestion) and question.multiple
    return [] if several or isinstance(question, FileQuestion | RowList) else ""


def drop_blank_rows(components: tuple[Component, ...], raw: Raw) -> None:
    """Take away rows at the end of a list that nobody filled, beyond the least number."""
    for one in valued(components):
        if isinstance(one, RowList):
            rows = raw[one.name]
            for row in rows:
                drop_blank_rows(one.components, row)
            while len(rows) > one.min_rows and not _filled(one.components, rows[-1]):
                rows.pop()


def _filled(components: tuple[Component, ...], row: Raw) -> bool:
    """True when a row holds more than its fixed defaults."""
    for one in valued(components):
        if isinstance(one, Computed):
            continue
        value = row.get(one.name)
        if isinstance(one, RowList):
            if any(_filled(one.components, inner) for inner in value or ()):
                return True
        elif value and value != one.default:
            return True
    return False


def after_action(components: tuple[Component, ...], sent: Submission) -> Submission:
    """The submission after its `_add` or `_remove`; a target that is not there changes nothing."""
    path = split_path(sent.target)
    if sent.action in ("_add", "_remove") and path:
        raw = _edit(components, sent.raw, path, adding=sent.action == "_add")
        return replace(sent, raw=raw)
    return sent


def _edit(components: tuple[Component, ...], raw: Raw, path: Path, *, adding: bool) -> Raw:
    found = next((one for one in valued(components) if one.name == path[0]), None)
    items = list(raw.get(str(path[0]), ())) if isinstance(found, RowList | FileQuestion) else []
    at = path[1] if len(path) > 1 else None
    if isinstance(found, RowList) and at is None and adding and len(items) < found.max_rows:
        items.append(new_row(found))
    elif isinstance(at, int) and at < len(items):
        if len(path) > 2 and isinstance(found, RowList):
            items[at] = _edit(found.components, items[at], path[2:], adding=adding)
        elif len(path) == 2 and not adding:
            del items[at]
    else:
        return raw
    return raw | {str(path[0]): items}


def new_row(rows: RowList) -> Raw:
    """A fresh row with its fixed defaults."""
    row: Raw = {}
    for one in valued(rows.components):
        if isinstance(one, RowList):
            row[one.name] = [new_row(one) for _ in range(max(one.min_rows, one.first_rows))]
        elif isinstance(one, Question):
            fixed = one.default if isinstance(one.default, str | list) else None
            row[one.name] = blank(one) if fixed is None else fixed
    return row


def from_values(components: tuple[Component, ...], values: Mapping[str, Any]) -> Raw:
    """The raw answers that kept `values` would have come from; absent ones are blank."""
    raw: Raw = {}
    for one in valued(components):
        if isinstance(one, RowList):
            rows = values.get(one.name) or ()
            raw[one.name] = [from_values(one.components, row) for row in rows]
        elif isinstance(one, Question):
            raw[one.name] = raw_of(one, values.get(one.name))
    return raw


def from_json(components: tuple[Component, ...], sent: Any) -> Submission:
    """The submission that nested JSON means; faults of shape become problems."""
    problems: list[FieldProblem] = []
    raw = _object(components, sent, "", problems)
    return Submission(raw, problems=tuple(problems))


def _object(
    components: tuple[Component, ...], sent: Any, prefix: str, problems: list[FieldProblem]
) -> Raw:
    known = {one.name: one for one in valued(components)}
    if not isinstance(sent, Mapping):
        problems.append(FieldProblem(prefix.rstrip("."), "", "这里要是一个对象"))
        sent = {}
    for key in list(sent)[:MAX_PAIRS]:
        if key not in known and len(problems) < MAX_ROWS:
            problems.append(FieldProblem(f"{prefix}{key}"[:MAX_PATH], "", "表单里没有这一项"))
    raw: Raw = {}
    for name, one in known.items():
        if isinstance(one, Question):
            raw[name] = _member(one, sent.get(name), prefix + name, problems)
    return raw


def _member(question: Question, value: Any, path: str, problems: list[FieldProblem]) -> Any:
    if value is None:
        return blank(question)
    if isinstance(question, RowList):
        rows = value if isinstance(value, list) else []
        if not isinstance(value, list) or len(rows) > MAX_ROWS:
            said = f"“{question.label}”要是列表，最多 {MAX_ROWS} 行"
            problems.append(FieldProblem(path, question.label, said))
        return [
            _object(question.components, row, f"{path}[{at}].", problems)
            for at, row in enumerate(rows[:MAX_ROWS])
        ]
    if isinstance(question, FileQuestion):
        refs = value if isinstance(value, list) else []
        return [one for one in refs[: MAX_FILES + 1] if isinstance(one, UploadedFile | Mapping)]
    several = isinstance(question, ChoiceQuestion) and question.multiple
    if several and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    if isinstance(question, TickQuestion) and isinstance(value, bool):
        return "true" if value else ""
    if not several and isinstance(value, str):
        return value
    if not several and type(value) in (int, Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    said = f'“{question.label}”的类型不对，数字请用文字写，如 "1200.50"'
    problems.append(FieldProblem(path, question.label, said))
    return blank(question)
