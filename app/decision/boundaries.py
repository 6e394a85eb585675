"""The test list of a table: for every limit written in it one case below, at and above.

Other columns keep values with which the row of that limit is reached, so that the list walks every
edge of the table and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.decision.axes import lawful_above, lawful_below
from app.decision.boxes import constants_of
from app.decision.nodes import Node, UnaryTests
from app.decision.overlap import row_atoms
from app.decision.result import Value
from app.decision.space import Dimension, Space, cell_at, example_of, make_space
from app.decision.table_nodes import Table

MAX_BOUNDARIES = 5_000  # cases listed for one table


@dataclass(frozen=True, slots=True)
class Boundary:
    """One case beside a limit."""

    column: str  # heading of the column whose limit it is
    side: str  # "below" | "at" | "above"
    limit: Value  # the limit itself
    values: dict[str, Value]  # input expression text -> value, all columns
    rows: tuple[int, ...]  # numbers of the rows that match, as far as judged
    rule: int  # number of the row whose limit it is


def boundaries(table: Table) -> list[Boundary]:
    """The cases of a table in row order, each situation once."""
    space = make_space(table)
    found: list[Boundary] = []
    seen: set[tuple[str, ...]] = set()
    for row, written in enumerate(table.rows):
        atoms = [row_atoms(dimension, row) or dimension.every for dimension in space.dimensions]
        base = example_of(space, tuple(atoms))
        for dimension in space.dimensions:
            cell = cell_at(written, dimension.position).node
            for side, limit, value in _around(dimension, cell, row):
                values = {**base, dimension.clause.label: value}
                key = tuple(map(repr, values.values()))
                if key in seen or len(found) >= MAX_BOUNDARIES:
                    continue
                seen.add(key)
                found.append(
                    Boundary(
                        dimension.clause.label,
                        side,
                        limit,
                        {d.clause.text: values[d.clause.label] for d in space.dimensions},
                        _matching(space, values),
                        written.number,
                    )
                )
    return found


def _around(dimension: Dimension, cell: Node | None, row: int) -> list[tuple[str, Value, Value]]:
    """(side, limit, value) beside every limit of one cell."""
    opaque = any(part.row == row for part in dimension.opaque)
    if opaque or not dimension.axis.ordered or not isinstance(cell, UnaryTests):
        return []
    found: list[tuple[str, Value, Value]] = []
    axis = dimension.axis
    step = dimension.step or _finest(dimension)
    for limit in constants_of(cell):
        if limit is None:
            continue
        cut = axis.atom_of_cut(limit) // 2
        found.append(("below", limit, lawful_below(axis, cut, step)))
        found.append(("at", limit, limit))
        found.append(("above", limit, lawful_above(axis, cut, step)))
    return [case for case in found if case[2] is not None]


def _finest(dimension: Dimension) -> Decimal | None:
    """One unit of the last decimal place used in the column, for numbers without a unit."""
    if dimension.axis.kind != "number":
        return None
    places = 0
    for cut in dimension.axis.cuts:
        exponent = cut.normalize().as_tuple().exponent
        places = max(places, -exponent if isinstance(exponent, int) else 0)
    return Decimal((0, (1,), -places))


def _matching(space: Space, values: dict[str, Value]) -> tuple[int, ...]:
    rows = space.judged
    for dimension in space.dimensions:
        rows &= dimension.masks[_atom_of(dimension, values[dimension.clause.label])]
    return tuple(row.number for i, row in enumerate(space.table.rows) if rows >> i & 1)


def _atom_of(dimension: Dimension, value: Value) -> int:
    axis = dimension.axis
    if value is None:
        return axis.size
    if axis.kind == "":
        return 0
    if not axis.ordered:
        return axis.cuts.index(value) if value in axis.cuts else axis.size - 1
    return axis.atom_of_value(value)
