"""A guard-rail: what a kind of check must find or must not find, with the clause it rests on.

The kinds are the modules of `checks`; nothing here knows what a particular document says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.decision.result import Finding, Place

KINDS = (
    "not_before",
    "preceded_by",
    "followed_by",
    "in_order",
    "every_way",
    "after_answer",
    "unreachable_when",
    "longest_time",
    "not_longer",
    "separated",
    "asks",
    "carries",
    "heeds",
    "notice_fields",
    "answers",
    "dated",
)

SEVERITIES = ("error", "soft", "warning")
"""Refuses publication; asks for a written reason and a second signature; only shows."""

SEVERITY_OF_FORCE: Mapping[str, str] = {
    "H": "error",
    "X": "error",
    "P": "soft",
    "L": "soft",
    "E": "warning",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard-rail; which of the lines below count depends on its kind."""

    id: str  # "G05"; several entries may make up one guard-rail
    kind: str  # one of KINDS
    sentence: str  # Chinese: what is demanded
    clause: str  # clause id
    severity: str  # one of SEVERITIES; by the force of the clause when the file says nothing
    file: str
    routes: tuple[str, ...] = ()  # processes by their property `route`; () = every process
    steps: tuple[str, ...] = ()  # elements by their property `step`
    words: tuple[str, ...] = ()  # elements by a part of their label
    calls: tuple[str, ...] = ()  # elements by the call they make
    before: tuple[str, ...] = ()  # calls that must not come later
    preceded: tuple[str, ...] = ()  # calls one of which must have come
    followed: tuple[str, ...] = ()  # calls one of which must come
    order: tuple[tuple[str, ...], ...] = ()  # stages, each any of these steps, one after another
    keys: tuple[str, ...] = ()  # of those calls only the ones about these clocks; () = all
    outcomes: tuple[str, ...] = ()  # of `calls` only the ones with these outcomes; () = all
    sources: tuple[str, ...] = ()  # of `calls` only the ones that may draw on these; () = all
    excused_by: tuple[str, ...] = ()  # decisions that may answer that it is not owed
    roles: tuple[str, ...] = ()  # elements by the role that does them
    rows: tuple[str, ...] = ()  # table rows by the clauses they cite
    arguments: tuple[str, ...] = ()  # what `calls` must be given
    questions: tuple[str, ...] = ()  # what the forms of `steps` must ask
    answer: str = ""  # what `calls` give back and a gateway must ask
    decision: str = ""  # a decision that is asked
    unless: tuple[str, ...] = ()  # outputs of it that lift the demand when they are given
    when: Mapping[str, Any] = field(default_factory=dict)  # what it is asked, or what people say
    unlike: Mapping[str, Any] = field(default_factory=dict)  # asked so it must answer otherwise
    wants: Mapping[str, Any] = field(default_factory=dict)  # outputs it must give
    at_most: Mapping[str, Any] = field(default_factory=dict)  # outputs it must not exceed
    at_least: Mapping[str, Any] = field(default_factory=dict)  # outputs it must reach


def read_guard(raw: Mapping[str, Any], file: str) -> Guard:
    """The guard-rail as written; what is missing is empty."""
    values: dict[str, Any] = {name: text_of(raw, name) for name in _TEXT}
    values |= {name: texts_of(raw, name) for name in _TEXTS}
    values |= {name: _table(raw, name) for name in _TABLES}
    order = raw.get("order", [])
    return Guard(
        **values,
        order=tuple(tuple(map(str, one)) for one in order if isinstance(one, list)),
        file=file,
    )


_TEXT = ("id", "kind", "sentence", "clause", "severity", "answer", "decision")
_TEXTS = (
    *("routes", "steps", "words", "calls", "before", "preceded", "followed", "keys", "outcomes"),
    *("sources", "excused_by", "roles", "rows", "arguments", "questions", "unless"),
)
_TABLES = ("when", "unlike", "wants", "at_most", "at_least")
KNOWN = frozenset((*_TEXT, *_TEXTS, *_TABLES, "order"))


def guard_faults(guard: Guard, raw: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with a guard-rail itself: a rule that can not be read protects nobody."""
    found = []
    if not guard.id or not guard.sentence:
        found.append(broken(guard.file, "有一条护栏没有编号（id）或没有说明（sentence）。"))
    if guard.kind not in KINDS:
        text = f"护栏 {guard.id} 的种类“{guard.kind}”不认识，可用：{'、'.join(KINDS)}。"
        found.append(broken(guard.file, text, guard.id))
    if guard.severity and guard.severity not in SEVERITIES:
        text = f"护栏 {guard.id} 的轻重（severity）须为 {'、'.join(SEVERITIES)} 之一。"
        found.append(broken(guard.file, text, guard.id))
    for name in sorted(set(raw) - KNOWN):
        text = f"护栏 {guard.id} 的“{name}”不认识，写了也不会核对。"
        found.append(broken(guard.file, text, guard.id))
    return found


def broken(file: str, message: str, element: str = "") -> Finding:
    """The finding for a clause or guard-rail that can not be used as written."""
    return Finding(
        "bad_statute", "error", message, "请改正条款文件。", Place(file=file, element_id=element)
    )


def text_of(raw: Mapping[str, Any], key: str) -> str:
    """The trimmed text under a key, "" when there is none."""
    value = raw.get(key, "")
    return value.strip() if isinstance(value, str) else ""


def texts_of(raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The list of texts under a key, () when there is none."""
    value = raw.get(key, [])
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _table(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key, {})
    return value if isinstance(value, dict) else {}
