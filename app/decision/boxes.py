"""Cells as sets: which atoms of a column's values each cell accepts.

A cell is box-shaped when its truth depends only on where the tested value lies among constants
written in the column. The constants cut the column's values into atoms (each constant, each gap
between neighbours); a closure asked once per atom then tells all there is to know. Index, batch
and analysis all stand on this; a cell of another shape is refused by name, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.decision.axes import KEY_TYPES, Axis, make_axis
from app.decision.closures import Test
from app.decision.compile import compile_cell, new_compiler
from app.decision.nodes import (
    And,
    AnyTest,
    Between,
    Call,
    Compare,
    In,
    ListLiteral,
    Literal,
    Name,
    Negate,
    Node,
    OpTest,
    Or,
    RangeLiteral,
    UnaryTests,
    walk,
)
from app.decision.result import Value
from app.decision.runtime import Runtime
from app.decision.values import feel_type_name

MAX_ATOMS = 20_000  # atoms of one column

_MAKERS = frozenset({"date", "duration", "number", "years and months duration"})
_COMPILER = new_compiler()


class NotBoxError(Exception):
    """The cell is not box-shaped; the message says why, in Chinese."""


def constants_of(node: Node) -> list[Value]:
    """The constants that decide a cell; raises NotBoxError for any other shape."""
    if isinstance(node, UnaryTests):
        return [value for test in node.tests for value in constants_of(test)]
    if isinstance(node, AnyTest):
        return []
    if isinstance(node, OpTest):
        return [constant(node.operand)]
    if isinstance(node, RangeLiteral):
        return _range_ends(node)
    if isinstance(node, ListLiteral):
        return [value for item in node.items for value in constants_of(item)]
    if isinstance(node, And | Or):
        return [value for item in node.items for value in _condition(item)]
    if isinstance(node, Compare | Between | In):
        return _condition(node)
    return [constant(node)]


def _range_ends(node: RangeLiteral) -> list[Value]:
    ends = [constant(node.low), constant(node.high)]
    if None in ends:
        raise NotBoxError("区间的一端是空值")
    return ends


def _condition(node: Node) -> list[Value]:
    """The constants of a Boolean expression about `?` alone."""
    if isinstance(node, And | Or):
        return [value for item in node.items for value in _condition(item)]
    if isinstance(node, Compare) and _is_input(node.left):
        return [constant(node.right)]
    if isinstance(node, Compare) and _is_input(node.right):
        return [constant(node.left)]
    if isinstance(node, Between) and _is_input(node.value):
        return [constant(node.low), constant(node.high)]
    if isinstance(node, In) and _is_input(node.value):
        return [value for test in node.tests for value in constants_of(test)]
    raise NotBoxError("条件不是只拿本列的值与常数比较")


def _is_input(node: Node) -> bool:
    return isinstance(node, Name) and node.name == "?"


def constant(node: Node) -> Value:
    """The value of an expression without variables; raises NotBoxError for any other."""
    if isinstance(node, Literal):
        return node.value
    fixed = isinstance(node, Negate) and isinstance(node.operand, Literal)
    if isinstance(node, Call) and isinstance(node.function, Name):
        fixed = node.function.name in _MAKERS and all(
            isinstance(part, Literal | Negate) for part in node.arguments
        )
    if not fixed:
        raise NotBoxError("单元格里有计算、函数或别的数据")
    value = _COMPILER(node)(Runtime(), {})
    if value is None:
        raise NotBoxError("单元格里的常数写错了")
    return value


@dataclass(frozen=True, slots=True)
class Column:
    """One input column as sets: per atom, and for null, the rows whose cell accepts it."""

    axis: Axis
    masks: tuple[int, ...]  # per atom: bit r set when row r (0-based) accepts it
    null_mask: int  # rows that accept null


def cell_test(node: Node) -> Test:
    """The closure of a cell without variables."""
    return (
        _COMPILER.test(node) if not isinstance(node, UnaryTests) else compile_cell(_COMPILER, node)
    )


def is_ordering(node: Node) -> bool:
    """True when the cell asks for more or less, and not only for equality."""
    return any(
        isinstance(part, RangeLiteral | Between)
        or (isinstance(part, OpTest | Compare) and part.op not in ("=", "!="))
        for part in walk(node)
    )


def kind_of_cells(constants: Iterable[Value], declared: str) -> str:
    """The one kind the constants have; "" when there are none; raises NotBoxError on a mixture."""
    kinds = {feel_type_name(value) for value in constants} - {"null"}
    if len(kinds) > 1:
        raise NotBoxError("同一列里比较了不同类型的常数")
    kind = kinds.pop() if kinds else declared
    if kind and kind not in KEY_TYPES:
        raise NotBoxError(f"{kind} 类型的列不分析")
    return kind


def make_column(cells: Sequence[Node], *, declared: str = "", step: Any = None,
                more: Iterable[Node] = ()) -> Column:  # fmt: skip
    """The column of these cells; `more` are nodes whose constants also cut the axis."""
    constants = [value for node in (*cells, *more) for value in constants_of(node)]
    needs_kind = any(constants_of(node) for node in cells)
    kind = kind_of_cells(constants, declared if needs_kind else "")
    if needs_kind and not kind:
        raise NotBoxError("看不出此列的类型")
    known = [value for value in constants if value is not None]
    ordered = kind not in ("", "boolean") and (
        kind != "string" or any(is_ordering(node) for node in (*cells, *more))
    )
    axis = make_axis(kind, known, ordered=ordered, step=step)
    if axis.size > MAX_ATOMS:
        raise NotBoxError("此列的分界点太多")
    return fill_column(axis, cells)


def fill_column(axis: Axis, cells: Sequence[Node]) -> Column:
    """The masks of these cells on an axis that has all their constants among its cuts."""
    toggles = [0] * (axis.size + 1)
    null_mask = 0
    rows_of: dict[Node, int] = {}
    for row, node in enumerate(cells):
        rows_of[node] = rows_of.get(node, 0) | 1 << row
    for node, rows in rows_of.items():
        test = cell_test(node)
        rt = Runtime()
        if test(rt, {}, None) is True:
            null_mask |= rows
        for first, last in accepted_runs(axis, node, test):
            toggles[first] ^= rows
            toggles[last + 1] ^= rows
    masks, current = [], 0
    for toggle in toggles[:-1]:
        current ^= toggle
        masks.append(current)
    return Column(axis, tuple(masks), null_mask)


def accepted_runs(axis: Axis, node: Node, test: Test) -> list[tuple[int, int]]:
    """Disjoint runs of atoms (first, last) that the cell accepts."""
    if axis.kind == "":
        return [(0, 0)] if test(Runtime(), {}, Decimal(0)) is True else []
    own = [value for value in constants_of(node) if value is not None]
    ordered = axis.ordered
    local = make_axis(axis.kind, own, ordered=ordered)
    runs = []
    for atom, point in enumerate(local.points):
        if point is None or test(Runtime(), {}, point) is not True:
            continue
        if ordered:
            runs.append(_ordered_run(axis, local, atom))
        elif atom < len(local.cuts):
            place = axis.atom_of_cut(local.cuts[atom])
            runs.append((place, place))
        else:
            runs.extend((i, i) for i in range(axis.size) if _is_other(axis, local, i))
    return runs


def _is_other(axis: Axis, local: Axis, atom: int) -> bool:
    return atom >= len(axis.cuts) or axis.keys[atom] not in local.keys


def _ordered_run(axis: Axis, local: Axis, atom: int) -> tuple[int, int]:
    if atom % 2:
        place = axis.atom_of_cut(local.cuts[atom // 2])
        return place, place
    first = axis.atom_of_cut(local.cuts[atom // 2 - 1]) + 1 if atom else 0
    last = axis.size - 1
    if atom // 2 < len(local.cuts):
        last = axis.atom_of_cut(local.cuts[atom // 2]) - 1
    return first, last
