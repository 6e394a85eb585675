"""Checks over a whole form: keys used twice, expressions that wait for one another."""

from __future__ import annotations

from collections.abc import Iterable

from app.form.model import (
    Component,
    Group,
    Question,
    RowList,
    expressions_of,
    valued,
    walk,
)
from app.form.source import Notes

_ORDERED = ("conditional.hide", "defaultValue", "expression", "valuesExpression")


def check_keys(components: tuple[Component, ...], notes: Notes) -> None:
    """Record keys used twice on one level, or again inside a row where they would hide another."""
    _check_level(components, frozenset(), notes)


def _check_level(components: tuple[Component, ...], around: frozenset[str], notes: Notes) -> None:
    seen: set[str] = set()
    level = list(valued(components))
    for component in level:
        key = component.name
        if key in seen or key in around:
            where = "同一层" if key in seen else "外层"
            notes.add("duplicate_key", f"{where}已有问题用了 key“{key}”", "请换一个 key", at=key)
        seen.add(key)
    for component in level:
        if isinstance(component, RowList):
            _check_level(component.components, around | seen, notes)


def check_rows(components: tuple[Component, ...], notes: Notes) -> None:
    """Record settings that have no meaning inside rows."""
    for one in walk(components):
        if not isinstance(one, RowList):
            continue
        for child in walk(one.components):
            if isinstance(child, Question) and child.readonly:
                notes.add(
                    "readonly_in_rows",
                    f"重复行里的“{child.label}”不能只读",
                    "请改用 expression 组件",
                    at=child.name,
                )


def check_order(components: tuple[Component, ...], notes: Notes) -> None:
    """Record circles: a value or condition that, through others, needs itself."""
    needs: dict[str, set[str]] = {}
    _collect(components, "", {}, set(), needs)
    for circle in _circles(needs):
        path = " → ".join(circle)
        notes.add(
            "circular",
            f"这些问题互相等待，算不出先后：{path}",
            "请改掉其中一个条件或算式",
            at=circle[0].rpartition(".")[2],
        )


def _collect(
    components: tuple[Component, ...],
    prefix: str,
    around: dict[str, str],
    inherited: set[str],
    needs: dict[str, set[str]],
) -> None:
    """Fill `needs`: path -> paths its conditions and values read."""
    scope = around | {one.name: prefix + one.name for one in valued(components)}
    for component in components:
        path = prefix + component.name
        used = set(inherited)
        for setting, expression in expressions_of(component):
            if setting in _ORDERED:
                used |= {scope[name] for name in expression.names if name in scope}
        needs.setdefault(path, set()).update(used)
        if isinstance(component, Group):
            _collect(component.components, prefix, scope, used, needs)
        elif isinstance(component, RowList):
            _collect(component.components, f"{path}.", scope, used, needs)
            needs[path] |= {f"{path}.{one.name}" for one in valued(component.components)}


def _circles(needs: dict[str, set[str]]) -> Iterable[list[str]]:
    """Circles found by depth-first search, each path reported once."""
    done: set[str] = set()
    for start in needs:
        trail: list[str] = []
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                trail.pop()
                done.add(node)
                continue
            if node in trail:
                yield [*trail[trail.index(node) :], node]
                continue
            if node in done:
                continue
            trail.append(node)
            stack.append((node, True))
            stack.extend((next_one, False) for next_one in sorted(needs.get(node, ())))
