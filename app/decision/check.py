"""Findings for words nobody declared: what was probably meant, in a sentence.

The parser only records the words; whether a word is a misspelt name, a text without quotes or
an input that was never drawn depends on where it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.decision.builtins import BUILTINS
from app.decision.nodes import Arithmetic, Node, walk
from app.decision.parser import Parsed
from app.decision.parser_base import UnknownName
from app.decision.result import Finding, Place

_BARE_DATE = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")

MAX_COMPARED = 64  # characters of a name compared with others


def findings_of(parsed: Parsed, place: Place, *, text_expected: bool = False) -> list[Finding]:
    """Return everything wrong with one text, placed in its file."""
    found = [_placed(finding, place) for finding in parsed.findings]
    if parsed.node is not None:
        found.extend(unknown_name(name, place, text_expected) for name in parsed.unknown)
        found.extend(bare_date(parsed.text, node, place) for node in _bare_dates(parsed))
    return found


def _bare_dates(parsed: Parsed) -> Iterator[Node]:
    """Yield every subtraction that a person surely meant as a date."""
    if parsed.node is None or _BARE_DATE.search(parsed.text) is None:
        return
    for node in walk(parsed.node):
        if isinstance(node, Arithmetic) and _BARE_DATE.fullmatch(parsed.text, *node.span):
            yield node


def bare_date(text: str, node: Node, place: Place) -> Finding:
    """Return the finding for a date without @ and quotes, which FEEL would subtract."""
    start, end = node.span
    where = replace(place, offset=start, length=end - start)
    written = text[start:end]
    message = f"{written} 会被当作减法。"
    return Finding("bare_date", "error", message, f'如果是日期，请写 @"{written}"', where)


def _placed(finding: Finding, place: Place) -> Finding:
    inner = finding.place
    return replace(finding, place=replace(place, offset=inner.offset, length=inner.length))


def unknown_name(unknown: UnknownName, place: Place, text_expected: bool) -> Finding:
    """Return the finding for one undeclared word."""
    start, end = unknown.span
    where = replace(place, offset=start, length=end - start)
    severity = "warning" if unknown.in_filter else "error"
    plain = unicodedata.normalize("NFKC", unknown.name)
    if plain.replace(".", "", 1).isdigit():
        message = f"数字“{unknown.name}”是全角的。"
        return Finding("full_width_digits", "error", message, f"请改为 {plain}", where)
    exact = plain if plain in unknown.candidates else ""
    nearest = exact or nearest_name(unknown.name, unknown.candidates)
    if unknown.called:
        functions = nearest_name(unknown.name, BUILTINS)
        hint = f"您是不是想写 {functions or nearest}？" if functions or nearest else ""
        return Finding("unknown_function", severity, f"没有函数“{unknown.name}”。", hint, where)
    if text_expected and not nearest:
        hint = f'如果是文字，请加半角双引号："{unknown.name}"'
        return Finding("unquoted_text", severity, f"“{unknown.name}”没有加引号。", hint, where)
    if nearest:
        hint = f"您是不是想写 {nearest}？"
    else:
        hint = f'如果是文字，请写成 "{unknown.name}"；如果是数据，请在决策图中连线'
    return Finding("unknown_name", severity, f"没有叫“{unknown.name}”的数据。", hint, where)


def nearest_name(name: str, candidates: Iterable[str]) -> str:
    """Return the candidate few edits away from `name`, "" when none is close."""
    name = name[:MAX_COMPARED]
    allowed = max(1, len(name) // 3)
    best, best_distance = "", allowed + 1
    for candidate in sorted(candidates):
        if candidate in {"?", "item", "partial"} or abs(len(candidate) - len(name)) > allowed:
            continue
        distance = edit_distance(name.casefold(), candidate.casefold())
        # A one-letter name is one edit away from every other one-letter name.
        if distance < best_distance and distance < len(name):
            best, best_distance = candidate, distance
    return best


def edit_distance(left: str, right: str) -> int:
    """Return how many letters must be added, dropped, changed or swapped with a neighbour."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
