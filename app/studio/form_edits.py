"""Changes to a form file, one at a time: a question added, moved, taken out, set otherwise.

A place in a form is a path of positions, "3" or "3.0" for the first question of the fourth group.
Everything a change does not speak of stays as it was, key by key.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.form.limits import MAX_COMPONENTS, MAX_DEPTH
from app.form.vocabulary import COMPONENT_TYPES
from app.kernel.errors import Invalid, NotFound

NESTING = ("group", "dynamiclist")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One component in the designer's list."""

    at: str
    type: str
    kind: str  # Chinese
    label: str
    key: str
    depth: int
    first: bool  # of its siblings
    last: bool
    holds: bool  # others may stand in it


def parse(raw: bytes) -> Document:
    """The file as it can be edited; raises Invalid for one only a text editor can mend."""
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("components"), list):
        raise Invalid("这个文件不是能编辑的表单，请改正后重新上传。")
    if not all(isinstance(one, dict) for _, one in _walk(document["components"])):
        raise Invalid("表单里有读不懂的组件，请改正后重新上传。")
    return document


def dump(document: Document) -> bytes:
    """The file's text, as the shipped forms are written."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def rows(document: Document) -> list[Row]:
    """Every component in reading order."""
    found = []
    for at, one in _walk(document["components"]):
        siblings = _siblings(document, at)
        place = _positions(at)[-1]
        kind = str(one.get("type", ""))
        found.append(
            Row(
                at=at,
                type=kind,
                kind=COMPONENT_TYPES[kind].label if kind in COMPONENT_TYPES else kind,
                label=str(one.get("label") or one.get("text") or one.get("key") or "").strip(),
                key=str(one.get("path") or one.get("key") or ""),
                depth=at.count("."),
                first=place == 0,
                last=place == len(siblings) - 1,
                holds=kind in NESTING,
            )
        )
    return found


def component(document: Document, at: str) -> Mapping[str, Any]:
    """The component at that place; raises NotFound."""
    siblings, place = _siblings(document, at), _positions(at)[-1]
    if place >= len(siblings):
        raise NotFound("no_component", "这个问题已经不在表单里了，请刷新。")
    found: Mapping[str, Any] = siblings[place]
    return found


def at_key(document: Document, key: str) -> str:
    """The place of the question of that key; "" when there is none."""
    for at, one in _walk(document["components"]):
        if key and key in (one.get("key"), one.get("path"), one.get("id")):
            return at
    return ""


def keys_before(document: Document, at: str) -> list[tuple[str, str]]:
    """(key, label) of the questions asked before that place, for conditions."""
    found = []
    for place, one in _walk(document["components"]):
        if place == at:
            break
        if one.get("key") and "." not in place:
            found.append((str(one["key"]), str(one.get("label") or one["key"])))
    return found


def replace(document: Document, at: str, made: Mapping[str, Any]) -> Document:
    """The form with another component at that place."""
    component(document, at)
    changed = copy.deepcopy(document)
    _siblings(changed, at)[_positions(at)[-1]] = dict(made)
    return changed


def add(document: Document, kind: str, after: str, *, inside: bool) -> tuple[Document, str]:
    """The form with a new component after that place, or inside it, and where it stands."""
    if kind not in COMPONENT_TYPES:
        raise Invalid("请选择要加什么。")
    if len(rows(document)) >= MAX_COMPONENTS:
        raise Invalid(f"一张表单最多 {MAX_COMPONENTS} 个组件，请拆成几张。")
    changed = copy.deepcopy(document)
    made = _fresh(changed, kind)
    if not after:
        changed["components"].append(made)
        return changed, str(len(changed["components"]) - 1)
    holder = component(changed, after)
    if inside and holder.get("type") in NESTING:
        if after.count(".") + 2 > MAX_DEPTH:
            raise Invalid(f"分组和重复行最多套 {MAX_DEPTH} 层。")
        held = holder.setdefault("components", [])  # type: ignore[attr-defined]
        held.append(made)
        return changed, f"{after}.{len(held) - 1}"
    *outer, place = _positions(after)
    _siblings(changed, after).insert(place + 1, made)
    return changed, ".".join(map(str, (*outer, place + 1)))


def move(document: Document, at: str, step: int) -> tuple[Document, str]:
    """The form with the component one place up (-1) or down (1) among its siblings."""
    component(document, at)
    changed = copy.deepcopy(document)
    siblings, (*outer, place) = _siblings(changed, at), _positions(at)
    target = place + (1 if step > 0 else -1)
    if not 0 <= target < len(siblings):
        return document, at
    siblings[place], siblings[target] = siblings[target], siblings[place]
    return changed, ".".join(map(str, (*outer, target)))


def remove(document: Document, at: str) -> Document:
    """The form without the component and all it holds."""
    component(document, at)
    changed = copy.deepcopy(document)
    del _siblings(changed, at)[_positions(at)[-1]]
    return changed


def _fresh(document: Document, kind: str) -> dict[str, Any]:
    """A new component with a key nobody uses; its words are still to be written."""
    taken = {
        str(name)
        for _, one in _walk(document["components"])
        for name in (one.get("key"), one.get("path"), one.get("id"))
        if name
    }
    type_ = COMPONENT_TYPES[kind]
    number = next(n for n in range(1, MAX_COMPONENTS + 2) if f"question_{n}" not in taken)
    made: dict[str, Any] = {"type": kind, "id": f"{document.get('id', 'form')}_question_{number}"}
    if kind == "dynamiclist":
        return made | {"path": f"question_{number}", "label": "新的重复行", "components": []}
    if kind == "group":
        return made | {"label": "新的分组", "components": []}
    if kind == "text":
        return made | {"text": "新的说明"}
    if "key" in type_.keys:
        made |= {"key": f"question_{number}", "label": "新的问题"}
    if kind == "expression":
        made |= {"expression": "=0"}
    if "values" in type_.keys:
        made |= {"values": [{"label": "是", "value": "yes"}, {"label": "否", "value": "no"}]}
    return made


def _walk(components: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for number, one in enumerate(components):
        at = f"{prefix}{number}"
        yield at, one
        if isinstance(one, dict) and isinstance(one.get("components"), list):
            yield from _walk(one["components"], f"{at}.")


def _positions(at: str) -> list[int]:
    parts = at.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 5 for part in parts):
        raise NotFound("no_component", "没有这个位置。")
    return [int(part) for part in parts]


def _siblings(document: Document, at: str) -> list[Any]:
    held: list[Any] = document["components"]
    for position in _positions(at)[:-1]:
        inner = held[position].get("components") if position < len(held) else None
        if not isinstance(inner, list):
            raise NotFound("no_component", "这个问题已经不在表单里了，请刷新。")
        held = inner
    return held
