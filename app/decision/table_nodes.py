"""A decision table as written: columns, rows, cells as syntax nodes, and where each stands.

This is what analysis, index and screens read; `table.py` makes it run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.decision.nodes import Node
from app.decision.types import Type


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text and what was read from it."""

    text: str  # as written, trimmed
    node: Node | None  # UnaryTests for inputs, an expression for outputs; None when unreadable
    element_id: str  # XML id, "" when the file gives none


@dataclass(frozen=True, slots=True)
class InputClause:
    """One input column."""

    label: str  # column heading, else the expression text
    text: str  # input expression as written
    node: Node | None  # its nodes
    element_id: str  # XML id of the clause
    type: Type  # from typeRef, Any when none
    values: Node | None  # UnaryTests of the allowed values, None when unrestricted


@dataclass(frozen=True, slots=True)
class OutputClause:
    """One output column."""

    name: str  # key in the result of a table with several outputs, "" for a single one
    label: str  # column heading, else the name
    element_id: str  # XML id of the clause
    type: Type  # from typeRef, Any when none
    values: Node | None  # UnaryTests in priority order, None when none are listed
    default: Node | None  # expression used when no row matches


@dataclass(frozen=True, slots=True)
class Row:
    """One rule."""

    number: int  # 1-based
    element_id: str  # XML id, "" when the file gives none
    cells: tuple[Cell, ...]  # one per input
    outputs: tuple[Cell, ...]  # one per output
    annotations: Mapping[str, str]  # annotation column label -> text


@dataclass(frozen=True, slots=True)
class Table:
    """One decision table."""

    decision: str  # name of the decision or BKM it answers
    decision_id: str  # XML id of that element
    element_id: str  # XML id of the table
    hit_policy: str  # UNIQUE ANY PRIORITY FIRST "RULE ORDER" "OUTPUT ORDER" COLLECT
    aggregation: str  # "" SUM COUNT MIN MAX
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rows: tuple[Row, ...]
    file: str = ""  # as given by the caller
    annotations: tuple[str, ...] = field(default=())  # annotation column labels

    @property
    def policy_text(self) -> str:
        """Hit policy and aggregator as one text, e.g. "COLLECT SUM"."""
        return f"{self.hit_policy} {self.aggregation}".strip()
