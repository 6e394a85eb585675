"""Builtins on contexts: read, put, merge, build. Contexts received are never changed."""

from __future__ import annotations

from app.decision.builtins_base import Registry, limited_list, refuse
from app.decision.result import Value
from app.decision.runtime import MAX_DEPTH, OutOfFuelError, Runtime

registry = Registry()
define = registry.define


@define("get value", "m: context, key: string")
def get_value(rt: Runtime, m: dict[str, Value], key: str) -> Value:
    """The entry's value, null when there is none."""
    return m.get(key)


@define("get entries", "m: context")
def get_entries(rt: Runtime, m: dict[str, Value]) -> list[Value]:
    """A list of {key, value} contexts."""
    limited_list(rt, len(m))
    rt.spend(len(m))  # a context of its own per entry
    return [{"key": key, "value": value} for key, value in m.items()]


@define("context", "entries: list")
def context(rt: Runtime, entries: list[Value]) -> Value:
    """A context of {key, value} entries; null when a key is missing, not text or repeated."""
    limited_list(rt, len(entries))
    made: dict[str, Value] = {}
    for entry in entries:
        key = entry.get("key") if type(entry) is dict else None
        if type(key) is not str or "value" not in entry or key in made:
            return refuse(rt, "bad_entry", "context 的每一项要有不重复的文本 key 和 value")
        made[key] = entry["value"]
    return made


@define("context put", "context: context, keys: any, value: any?")
def context_put(rt: Runtime, m: dict[str, Value], keys: Value, value: Value) -> Value:
    """The context with the entry at that key, or path of keys, set."""
    if type(keys) is not str and type(keys) is not list:
        return refuse(rt, "wrong_argument", "context put 的 key 要求文本或文本列表")
    path: list[Value] = keys if type(keys) is list else [keys]
    if not path or any(type(key) is not str for key in path):
        return refuse(rt, "wrong_argument", "context put 的 key 要求文本")
    if len(path) > MAX_DEPTH:
        raise OutOfFuelError("MAX_DEPTH", MAX_DEPTH)
    return _put(rt, m, path, value)


@define("context put", "context: context, key: string, value: any?")
def context_put_one(rt: Runtime, m: dict[str, Value], key: str, value: Value) -> Value:
    """The context with that entry set."""
    return _put(rt, m, [key], value)


def _put(rt: Runtime, m: dict[str, Value], path: list[str], value: Value) -> Value:
    limited_list(rt, len(m) + 1)
    if len(path) == 1:
        return {**m, path[0]: value}
    inner = m.get(path[0])
    if type(inner) is not dict:
        return refuse(rt, "unknown_entry", f"context put 的路径上“{path[0]}”不是上下文")
    changed = _put(rt, inner, path[1:], value)
    return None if changed is None else {**m, path[0]: changed}


@define("context merge", "contexts: list")
def context_merge(rt: Runtime, contexts: list[Value]) -> Value:
    """One context of all; later entries win."""
    merged: dict[str, Value] = {}
    for part in contexts:
        if type(part) is not dict:
            return refuse(rt, "wrong_argument", "context merge 的列表里只能是上下文")
        merged.update(part)
        limited_list(rt, len(merged))
    return merged
