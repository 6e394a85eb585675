"""Rule bitmasks: which rows of a table match, without asking the rows.

Per column a value's atom names the rows that accept it; the AND over the columns is the answer,
in time that hardly depends on the number of rows. Only tables of box-shaped cells have an index,
and a value of a kind the column does not speak of sends the question back to the closures.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from app.decision.axes import KEY_TYPES
from app.decision.boxes import Column, NotBoxError, make_column
from app.decision.nodes import Node
from app.decision.result import Value
from app.decision.table_nodes import Table

ASK_CLOSURES = -1  # the index cannot answer for these values
MAX_REMEMBERED = 4_096  # distinct masks whose row lists are kept

_Find = Callable[[Value], int]


class Index:
    """The columns of one table, ready to be asked."""

    __slots__ = ("_all", "_rows", "finders", "kinds")

    def __init__(self, columns: Sequence[Column], row_count: int) -> None:
        self._all = (1 << row_count) - 1
        self.finders: tuple[tuple[int, _Find], ...] = tuple(
            (position, _finder(column))
            for position, column in enumerate(columns)
            if column.axis.kind != ""
        )
        self.kinds = tuple(column.axis.kind for column in columns if column.axis.kind != "")
        self._rows: dict[int, list[int]] = {}

    def mask(self, values: Sequence[Value]) -> int:
        """Bit r set when row r matches; ASK_CLOSURES when a value is of an unforeseen kind."""
        mask = self._all
        for position, find in self.finders:
            found = find(values[position])
            if found < 0:
                return ASK_CLOSURES
            mask &= found
        return mask

    def rows(self, mask: int) -> list[int]:
        """The row indexes in a mask, ascending; not to be changed by the caller."""
        found = self._rows.get(mask)
        if found is None:
            found = [row for row in range(mask.bit_length()) if mask >> row & 1]
            if len(self._rows) < MAX_REMEMBERED:
                self._rows[mask] = found
        return found


def _finder(column: Column) -> _Find:
    axis, masks, null_mask = column.axis, column.masks, column.null_mask
    kind = KEY_TYPES[axis.kind]
    if not axis.ordered:
        of_value: dict[Value, int] = dict(zip(axis.cuts, masks, strict=False))
        other = masks[-1]

        def find_equal(value: Value) -> int:
            if type(value) is kind:
                return of_value.get(value, other)
            return null_mask if value is None else ASK_CLOSURES

        return find_equal
    keys, size = axis.keys, len(axis.keys)
    if axis.kind in ("number", "string"):

        def find_plain(value: Value) -> int:
            if type(value) is kind:
                at = bisect_left(keys, value)
                if at < size and keys[at] == value:
                    return masks[2 * at + 1]
                return masks[2 * at]
            return null_mask if value is None else ASK_CLOSURES

        return find_plain
    key_of = axis.key

    def find_by_key(value: Value) -> int:
        if type(value) is kind:
            key = key_of(value)
            at = bisect_left(keys, key)
            return masks[2 * at + int(at < size and keys[at] == key)]
        return null_mask if value is None else ASK_CLOSURES

    return find_by_key


def table_columns(table: Table) -> list[Column]:
    """The columns of a table as sets; raises NotBoxError when a cell is of another shape."""
    columns = []
    for position, clause in enumerate(table.inputs):
        nodes: list[Node] = []
        for row in table.rows:
            node = row.cells[position].node if position < len(row.cells) else None
            if node is None:
                raise NotBoxError(f"第 {row.number} 行有读不懂的单元格")
            nodes.append(node)
        declared = clause.type.basic if clause.type.kind == "basic" else ""
        columns.append(make_column(nodes, declared=declared))
    return columns


def make_index(table: Table) -> Index | None:
    """The index of a table, or None when it is not all box-shaped."""
    try:
        return Index(table_columns(table), len(table.rows))
    except NotBoxError:
        return None
