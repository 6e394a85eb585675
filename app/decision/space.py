"""The space a decision table speaks about: one dimension per input column, in atoms.

A dimension knows which atoms are lawful (allowed values, item definition, grid of the unit),
which rows accept each, and which rows it cannot judge. The unit stands in the column heading, last
in brackets: “人均收入（元）”. 元 means steps of 0.01; 人, 户, 次, 岁, 天 mean whole numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.decision.axes import Axis
from app.decision.boxes import (
    NotBoxError,
    accepted_runs,
    cell_test,
    constants_of,
    fill_column,
    make_column,
)
from app.decision.nodes import AnyTest, Node, Span, UnaryTests
from app.decision.result import Value
from app.decision.runtime import Runtime
from app.decision.table_nodes import Cell, InputClause, Row, Table

STEPS: Mapping[str, Decimal] = {
    "元": Decimal("0.01"),
    "万元": Decimal("0.000001"),
    "分": Decimal(1),
    **{unit: Decimal(1) for unit in ("人", "口", "户", "次", "岁", "周岁", "天", "日", "个", "件")},
}
_HEADING = re.compile(r"^(.*?)\s*[（(]([^（()）]*)[）)]$")
_UNIT_END = re.compile(r"[；;，,、\s/／]")
DASH = UnaryTests(Span(0, 1), (AnyTest(Span(0, 1)),))


def split_heading(label: str) -> tuple[str, str]:
    """A heading without its bracket, and the unit in the bracket; "" when there is none."""
    found = _HEADING.match(label)
    if found is None:
        return label, ""
    return found[1] or label, _UNIT_END.split(found[2].strip())[0]


@dataclass(frozen=True, slots=True)
class Opaque:
    """A cell or a whole column that could not be judged."""

    row: int  # 0-based, -1 for the allowed values of the column
    reason: str  # Chinese, without full stop


@dataclass(frozen=True, slots=True)
class Dimension:
    """One input column in atoms; the atom after the axis's last is null."""

    position: int  # 0-based column
    clause: InputClause
    name: str  # heading without unit
    unit: str  # "" when none is declared
    step: Decimal | None  # distance of lawful numbers, None when dense
    axis: Axis
    masks: tuple[int, ...]  # per atom, null last: rows that accept it; unjudged cells accept all
    lawful: tuple[int, ...]  # atoms of ordinary lawful values
    other: int  # atom of "any other text" when it is lawful, else -1
    null: int  # atom of null when it is lawful, else -1
    opaque: tuple[Opaque, ...]

    @property
    def every(self) -> tuple[int, ...]:
        """All lawful atoms, the special ones last."""
        return self.lawful + tuple(atom for atom in (self.other, self.null) if atom >= 0)

    def point(self, atom: int) -> Value:
        """A value inside the atom."""
        return None if atom == self.axis.size else self.axis.points[atom]


def cell_at(row: Row, position: int) -> Cell:
    """The row's cell in that column; an unreadable one where a damaged file has none."""
    return row.cells[position] if position < len(row.cells) else Cell("", None, "")


def make_dimension(table: Table, position: int) -> Dimension:
    """The dimension of one input column of the table."""
    clause = table.inputs[position]
    name, unit = split_heading(clause.label)
    step = STEPS.get(unit)
    nodes, opaque = _cells(table, position)
    allowed, allowed_opaque = _allowed(clause)
    opaque += allowed_opaque
    declared = clause.type.basic if clause.type.kind == "basic" else ""
    more = allowed if any(node is not DASH for node in nodes) else []
    try:
        column = make_column(nodes, declared=declared, step=step, more=more)
    except NotBoxError as error:
        opaque += [Opaque(row, str(error)) for row, node in enumerate(nodes) if node is not DASH]
        column = fill_column(make_column([]).axis, [DASH] * len(nodes))
        allowed = []
    axis = column.axis
    lawful = _lawful(axis, allowed)
    null_allowed = all(cell_test(node)(Runtime(), {}, None) is True for node in allowed)
    text_other = axis.size - 1 if axis.kind == "string" and not axis.ordered else -1
    return Dimension(
        position=position,
        clause=clause,
        name=name,
        unit=unit,
        step=step if axis.kind == "number" else None,
        axis=axis,
        masks=(*column.masks, column.null_mask),
        lawful=tuple(atom for atom in lawful if atom != text_other),
        other=text_other if text_other in lawful else -1,
        null=axis.size if null_allowed else -1,
        opaque=tuple(opaque),
    )


def _cells(table: Table, position: int) -> tuple[list[Node], list[Opaque]]:
    nodes: list[Node] = []
    opaque: list[Opaque] = []
    for index, row in enumerate(table.rows):
        node = cell_at(row, position).node
        try:
            if node is None:
                raise NotBoxError("单元格读不懂")
            is_dash = isinstance(node, UnaryTests) and isinstance(node.tests[0], AnyTest)
            constants_of(node)
            nodes.append(DASH if is_dash else node)
        except NotBoxError as error:
            opaque.append(Opaque(index, str(error)))
            nodes.append(DASH)
    return nodes, opaque


def _allowed(clause: InputClause) -> tuple[list[Node], list[Opaque]]:
    """The nodes that restrict the column's values, as far as they can be judged."""
    nodes: list[Node] = []
    opaque: list[Opaque] = []
    for node in (clause.values, *clause.type.allowed):
        if node is None:
            continue
        try:
            constants_of(node)
            nodes.append(node)
        except NotBoxError as error:
            opaque.append(Opaque(-1, str(error)))
    return nodes, opaque


def _lawful(axis: Axis, allowed: Sequence[Node]) -> list[int]:
    atoms = {atom for atom, point in enumerate(axis.points) if point is not None}
    if axis.kind == "":
        return sorted(atoms)
    for node in allowed:
        accepted: set[int] = set()
        for first, last in accepted_runs(axis, node, cell_test(node)):
            accepted.update(range(first, last + 1))
        atoms &= accepted
    return sorted(atoms)


@dataclass(frozen=True, slots=True)
class Space:
    """All dimensions of a table."""

    table: Table
    dimensions: tuple[Dimension, ...]
    judged: int  # rows (bits) without an unjudged cell

    @property
    def all_rows(self) -> int:
        """A bit for every row."""
        return (1 << len(self.table.rows)) - 1


def make_space(table: Table) -> Space:
    """The space of a table."""
    dimensions = tuple(make_dimension(table, i) for i in range(len(table.inputs)))
    judged = (1 << len(table.rows)) - 1
    for dimension in dimensions:
        for cell in dimension.opaque:
            if cell.row >= 0:
                judged &= ~(1 << cell.row)
    return Space(table, dimensions, judged)


Box = tuple[tuple[int, ...], ...]
"""Per dimension the atoms of a product of atom sets."""


def example_of(space: Space, box: Box) -> dict[str, Value]:
    """One point of the box: column heading -> value."""
    return {
        dimension.clause.label: dimension.point(_plainest(dimension, atoms))
        for dimension, atoms in zip(space.dimensions, box, strict=True)
    }


def _plainest(dimension: Dimension, atoms: Sequence[int]) -> int:
    """The atom whose value a person would try first: not null, not below every constant."""
    for atom in atoms:
        if atom not in (dimension.null, dimension.other) and (atom > 0 or len(atoms) == 1):
            return atom
    return atoms[0]
