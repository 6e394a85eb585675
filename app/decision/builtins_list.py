"""Builtins that count, pick, join, sort and search lists. Lists received are never changed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from app.decision.builtins_base import Registry, limited_list, refuse, whole
from app.decision.result import Value
from app.decision.runtime import MAX_DEPTH, OutOfFuelError, Runtime
from app.decision.values import KINDS, Function, feel_compare, feel_equal, feel_type_name

registry = Registry()
define = registry.define


@define("list contains", "list: list, element: any?")
def list_contains(rt: Runtime, items: list[Value], element: Value) -> bool:
    """Whether an item equals the element."""
    rt.spend(1 + len(items) // 16)
    if type(element) in (list, dict):
        rt.pay_for(items)
    return any(feel_equal(item, element) is True for item in items)


@define("count", "list: list")
def count(rt: Runtime, items: list[Value]) -> Decimal:
    """Number of items."""
    return Decimal(len(items))


def _all_call(rt: Runtime, *items: Value) -> Value:
    return _quantify(rt, list(items), dominant=False)


def _any_call(rt: Runtime, *items: Value) -> Value:
    return _quantify(rt, list(items), dominant=True)


@define("all", "list: list", variadic=_all_call)
def all_true(rt: Runtime, items: list[Value]) -> Value:
    """False if one is false, true if all are true (also of nothing), else null."""
    return _quantify(rt, items, dominant=False)


@define("any", "list: list", variadic=_any_call)
def any_true(rt: Runtime, items: list[Value]) -> Value:
    """True if one is true, false if all are false (also of nothing), else null."""
    return _quantify(rt, items, dominant=True)


def _quantify(rt: Runtime, items: list[Value], *, dominant: bool) -> Value:
    if any(item is dominant for item in items):
        return dominant
    odd = [item for item in items if item is not None and type(item) is not bool]
    if odd:
        return refuse(rt, "wrong_argument", "all 和 any 的列表里只能是真假值")
    return None if None in items else not dominant


@define(
    "sublist",
    "list: list, start position: number",
    "list: list, start position: number, length: number",
)
def sublist(
    rt: Runtime, items: list[Value], start: Decimal, length: Decimal | None = None
) -> Value:
    """Items from `start`, at most `length`; null when start lies outside the list."""
    begin = _index(whole(start), len(items))
    if begin is None:
        return refuse(rt, "position_out_of_range", f"sublist 的起始位置 {start} 不在列表之内")
    end = len(items) if length is None else begin + max(whole(length), 0)
    return items[begin:end]


def _index(position: int, size: int) -> int | None:
    """The 0-based index of a 1-based position; negative counts from the end."""
    if 1 <= position <= size:
        return position - 1
    return size + position if -size <= position <= -1 else None


def _append_call(rt: Runtime, *arguments: Value) -> Value:
    items = arguments[0]
    if items is None:
        return refuse(rt, "null_argument", "append 的列表是空值")
    base = items if type(items) is list else [items]
    limited_list(rt, len(base) + len(arguments))
    return [*base, *arguments[1:]]


@define("append", "list: list, item: any?", variadic=_append_call)
def append(rt: Runtime, items: list[Value], item: Value) -> list[Value]:
    """The list with one more item."""
    limited_list(rt, len(items) + 1)
    return [*items, item]


def _concatenate_call(rt: Runtime, *lists: Value) -> Value:
    joined: list[Value] = []
    for part in lists:
        if part is None:
            return refuse(rt, "null_argument", "要连接的列表是空值")
        joined.extend(part if type(part) is list else [part])
        limited_list(rt, len(joined))
    return joined


@define("concatenate", "list: list", variadic=_concatenate_call)
def concatenate(rt: Runtime, items: list[Value]) -> list[Value]:
    """One list of all items of all lists."""
    return list(items)


def _union_call(rt: Runtime, *lists: Value) -> Value:
    joined = _concatenate_call(rt, *lists)
    return None if joined is None else distinct(rt, joined)


@define("union", "list: list", variadic=_union_call)
def union(rt: Runtime, items: list[Value]) -> list[Value]:
    """All items of all lists, each once."""
    return distinct(rt, items)


@define("distinct values", "list: list")
def distinct(rt: Runtime, items: list[Value]) -> list[Value]:
    """Each item once, in order of first appearance."""
    seen: set[Any] = set()
    kept: list[Value] = []
    others: list[Value] = []
    rt.spend(1 + len(items) // 16)
    for item in items:
        if type(item) in _HASHED:
            key = (type(item), item)
            if key not in seen:
                seen.add(key)
                kept.append(item)
            continue
        rt.spend(1 + len(others))
        rt.pay_for(item, len(others))
        if not any(feel_equal(item, other) is True for other in others):
            others.append(item)
            kept.append(item)
    return kept


_HASHED = frozenset(
    kind
    for kind, name in KINDS.items()
    if name in ("number", "string", "boolean", "date", "null") or name.endswith("duration")
)


@define("insert before", "list: list, position: number, newItem: any?")
def insert_before(rt: Runtime, items: list[Value], position: Decimal, item: Value) -> Value:
    """The list with the item put before that position."""
    index = _index(whole(position), len(items))
    if index is None:
        return refuse(rt, "position_out_of_range", f"insert before 的位置 {position} 不在列表之内")
    limited_list(rt, len(items) + 1)
    return [*items[:index], item, *items[index:]]


@define("remove", "list: list, position: number")
def remove(rt: Runtime, items: list[Value], position: Decimal) -> Value:
    """The list without the item at that position."""
    index = _index(whole(position), len(items))
    if index is None:
        return refuse(rt, "position_out_of_range", f"remove 的位置 {position} 不在列表之内")
    return [*items[:index], *items[index + 1 :]]


@define("reverse", "list: list")
def reverse(rt: Runtime, items: list[Value]) -> list[Value]:
    """The list backwards."""
    return items[::-1]


@define("index of", "list: list, match: any?")
def index_of(rt: Runtime, items: list[Value], match: Value) -> list[Value]:
    """The positions of all items equal to `match`."""
    rt.spend(1 + len(items) // 16)
    if type(match) in (list, dict):
        rt.pay_for(items)
    return [Decimal(i) for i, item in enumerate(items, 1) if feel_equal(item, match) is True]


@define("flatten", "list: list")
def flatten(rt: Runtime, items: list[Value]) -> list[Value]:
    """All items of all nested lists in one list."""
    out: list[Value] = []
    _flatten_into(rt, items, out, 0)
    return out


def _flatten_into(rt: Runtime, items: list[Value], out: list[Value], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise OutOfFuelError("MAX_DEPTH", MAX_DEPTH)
    rt.spend()
    for item in items:
        if type(item) is list:
            _flatten_into(rt, item, out, depth + 1)
        else:
            out.append(item)
    limited_list(rt, len(out))


@define("list replace", "list: list, position: any, newItem: any?")
def list_replace(rt: Runtime, items: list[Value], where: Value, item: Value) -> Value:
    """The list with one position, or all items a function picks, replaced."""
    if type(where) is Function:
        return list_replace_matching(rt, items, where, item)
    if type(where) is not Decimal:
        return refuse(rt, "wrong_argument", "list replace 的位置要求数字或函数")
    index = _index(whole(where), len(items))
    if index is None:
        return refuse(rt, "position_out_of_range", f"list replace 的位置 {where} 不在列表之内")
    return [*items[:index], item, *items[index + 1 :]]


@define("list replace", "list: list, match: function, newItem: any?")
def list_replace_matching(rt: Runtime, items: list[Value], match: Function, item: Value) -> Value:
    """The list with every item for which match(item, newItem) is true replaced."""
    if not accepts(match, 2):
        return refuse(rt, "wrong_argument", "list replace 的函数要有两个参数")
    out: list[Value] = []
    for old in items:
        rt.spend()
        answer = match.call(rt, old, item)
        if type(answer) is not bool:
            return refuse(rt, "wrong_argument", "list replace 的函数要答真假")
        out.append(item if answer else old)
    return out


def accepts(function: Function, count: int) -> bool:
    """Whether the function can be called with that many arguments."""
    return function.variadic or len(function.parameters) == count


@define("sort", "list: list", "list: list, precedes: function")
def sort(rt: Runtime, items: list[Value], precedes: Function | None = None) -> Value:
    """The list in order; stable; null when two items cannot be ordered."""
    if precedes is not None and not accepts(precedes, 2):
        return refuse(rt, "wrong_argument", "sort 的函数要有两个参数")
    before = _natural_order if precedes is None else precedes.call
    limited_list(rt, len(items))
    try:
        return sorted(items, key=cmp_to_key(_comparison(rt, before)))
    except _UnorderedError:
        return refuse(rt, "not_comparable", "sort 的两项无法比较先后，结果为空值")


class _UnorderedError(Exception):
    """Two items have no order."""


def _natural_order(rt: Runtime, a: Value, b: Value) -> Value:
    return feel_compare("<", a, b)


def _comparison(rt: Runtime, before: Callable[..., Value]) -> Callable[[Value, Value], int]:
    def compare(a: Value, b: Value) -> int:
        rt.spend()
        answer = before(rt, a, b)
        if type(answer) is not bool:
            raise _UnorderedError(feel_type_name(a))
        return -1 if answer else 0

    return compare
