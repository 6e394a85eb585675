"""Two versions of a decision table laid over each other, row by row and cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.studio.diff.change import pairs
from app.studio.diff.tables import Row, Written, match, written

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell before and after; equal texts are one."""

    before: str
    after: str

    @property
    def differs(self) -> bool:
        """True when something was changed in it."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class RowPair:
    """One row before and after."""

    state: str  # SAME | CHANGED | ADDED | REMOVED
    number: int  # 1-based, in the newer table; in the older one when it is gone
    cells: tuple[Cell, ...]  # by column


@dataclass(frozen=True, slots=True)
class TablePair:
    """One decision table before and after."""

    id: str
    name: str
    file: str
    columns: tuple[str, ...]  # labels, the newer table's first
    rows: tuple[RowPair, ...]


def table_pairs(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[TablePair]:
    """Every decision table that differs, in the order of the newer package."""
    for name, old, new in pairs(written(before), written(after)):
        if _same(old, new) or not ((old and old.rows) or (new and new.rows)):
            continue
        columns = tuple(
            dict.fromkeys([*(new.columns if new else ()), *(old.columns if old else ())])
        )
        shown = new or old
        rows = tuple(_rows(old, new, columns))
        yield TablePair(name, shown.name, shown.file, columns, rows)


def _same(old: Written | None, new: Written | None) -> bool:
    return (
        old is not None
        and new is not None
        and (old.rows == new.rows and old.columns == new.columns)
    )


def _rows(old: Written | None, new: Written | None, columns: tuple[str, ...]) -> Iterator[RowPair]:
    """The newer rows in their order, then those that are gone."""
    left, right = (old.rows if old else ()), (new.rows if new else ())
    matched = match(left, right)
    kept = {row.number for row in matched.values()}
    for row in right:
        yield _pair(matched.get(row.number), row, columns)
    for row in left:
        if row.number not in kept:
            yield _pair(row, None, columns)


def _pair(old: Row | None, new: Row | None, columns: tuple[str, ...]) -> RowPair:
    before, after = (old.cells if old else {}), (new.cells if new else {})
    cells = tuple(Cell(before.get(name, ""), after.get(name, "")) for name in columns)
    if old is None or new is None:
        present = new or old
        assert present is not None
        return RowPair(ADDED if old is None else REMOVED, present.number, cells)
    differs = any(cell.differs for cell in cells)
    return RowPair(CHANGED if differs else SAME, new.number, cells)
