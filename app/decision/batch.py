"""One table, a million rows: numpy masks instead of a question per row.

Exactness first. What masks cannot answer exactly (a computed cell, a value of another kind, an
output that is not a constant) is asked of the closures row by row; a random sample and every row
that differs from a previous run are asked again and must agree.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.decision.batch_data import ColumnData, Feed, Ints, atoms_of, length_of, make_feed
from app.decision.boxes import Column, NotBoxError, cell_test, constant, constants_of, make_column
from app.decision.closures import Env
from app.decision.nodes import Name, Node
from app.decision.overlap import outputs_of
from app.decision.result import Value
from app.decision.runtime import Runtime
from app.decision.table import CompiledTable
from app.decision.types import ANY, Type, coerce
from app.decision.values import feel_equal

SAMPLE_SHARE = 0.01  # of the rows, cross-checked with the closures
MAX_SAMPLE = 20_000  # rows of one sample

Words = list[NDArray[np.uint64]]


class BatchMismatchError(AssertionError):
    """Masks and closures disagree on a row: an error in the engine, never in the data."""


@dataclass(frozen=True, slots=True, eq=False)
class BatchResult:
    """The answers of a batch, one entry per row in every array."""

    values: NDArray[Any]  # the decision's value
    matched: Ints  # number of the first matching row of the table, 0 when none
    multi_hit: NDArray[np.bool_]  # True where more than one row matched
    failed: NDArray[np.bool_]  # True where there is no answer because of an error
    fallback: Ints  # row indexes that were asked of the closures
    checked: int  # rows cross-checked with the closures

    def output(self, name: str) -> NDArray[Any]:
        """One output column of a table with several outputs."""
        found = np.empty(len(self.values), dtype=object)
        found[:] = [None if value is None else value[name] for value in self.values]
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What one set of matching rows leads to."""

    value: Value
    matched: int  # number of the first row, 0 when none
    several: bool  # more than one row
    failed: bool


NOTHING = Answer(None, 0, False, False)


def run_batch(
    table: CompiledTable,
    columns: Mapping[str, ColumnData],
    types: Mapping[str, Type],
    result_type: Type = ANY,
    *,
    previous: BatchResult | None = None,
    seed: int = 0,
) -> BatchResult:
    """The table's answers; `types` are the declared types of the input data by name.

    Raises InputError for unusable columns, BatchMismatchError when the cross-check fails.
    """
    feeds = {name: make_feed(name, data) for name, data in columns.items()}
    job = _Job(table, feeds, types, result_type)
    try:
        words: Words | None = job.words()
    except NotBoxError:
        words = None
    if words is None:
        result = job.by_closures()
    else:
        result = job.by_masks(words)
        result = _checked(job, result, previous, seed)
    return result


class _Job:
    """One batch under way."""

    def __init__(
        self,
        table: CompiledTable,
        feeds: Mapping[str, Feed],
        types: Mapping[str, Type],
        result_type: Type,
    ) -> None:
        self.table = table
        self.feeds = feeds
        self.types = types
        self.size = length_of(feeds)
        self.result_type = result_type
        self.row_count = len(table.rows)

    def words(self) -> Words:
        """Per row of data the matching table rows as 64-bit words; raises NotBoxError."""
        count = max(1, -(-self.row_count // 64))
        full = (1 << self.row_count) - 1
        found = [np.full(self.size, _word(full, w), dtype=np.uint64) for w in range(count)]
        for position in range(len(self.table.columns)):
            made = self._column(position)
            if made is None:
                continue
            column, feed = made
            atoms = atoms_of(feed, column.axis)
            for w, word in enumerate(found):
                lookup = [_word(mask, w) for mask in (*column.masks, column.null_mask)]
                word &= np.array(lookup, dtype=np.uint64)[atoms]
        return found

    def _column(self, position: int) -> tuple[Column, Feed] | None:
        """The column's masks and its data; None for a column of dashes."""
        clause = self.table.columns[position].clause
        nodes: list[Node] = []
        for row in self.table.syntax.rows:
            node = row.cells[position].node if position < len(row.cells) else None
            if node is None:
                raise NotBoxError("单元格读不懂")
            nodes.append(node)
        name = clause.node.name if isinstance(clause.node, Name) else ""
        types = [clause.type, self.types.get(name, clause.type)]
        allowed = [node for kind in types for node in kind.allowed]
        declared = clause.type.basic if clause.type.kind == "basic" else ""
        column = make_column(nodes, declared=declared, more=allowed)
        if column.axis.kind == "":
            return None
        feed = self.feeds.get(name)
        if feed is None or feed.kind not in ("", column.axis.kind) or _mixed(feed):
            raise NotBoxError("此列的数据不能用掩码")
        for kind in types:
            if kind.kind != "any" and kind.basic != column.axis.kind:
                raise NotBoxError("此列的类型不能用掩码")
            if len(kind.checks) != len(kind.allowed):
                raise NotBoxError("此列的类型另有限制")
        return _nulling(column, allowed), feed

    def by_masks(self, words: Words) -> BatchResult:
        """The answers from the masks, rows with computed outputs by closures."""
        masks, codes = _gather(words)
        answers = [NOTHING] * len(masks)
        computed = np.zeros(len(masks), dtype=bool)
        for index in np.flatnonzero(np.bincount(codes, minlength=len(masks))):
            mask = masks[index]
            rows = [row for row in range(mask.bit_length()) if mask >> row & 1]
            if self._is_constant(rows):
                answers[index] = self._answer(partial(self._from_rows, rows))
            else:
                computed[index] = True
        result = _assemble(answers, codes, np.flatnonzero(computed[codes]))
        self._fill(result, result.fallback)
        return result

    def by_closures(self) -> BatchResult:
        """The answers row by row."""
        every = np.arange(self.size)
        result = _assemble([NOTHING], np.zeros(self.size, dtype=np.int64), every)
        self._fill(result, every)
        return result

    def _fill(self, result: BatchResult, rows: Ints) -> None:
        for row in rows:
            found = self.reference(int(row))
            result.values[row] = found.value
            result.matched[row] = found.matched
            result.multi_hit[row] = found.several
            result.failed[row] = found.failed

    def _is_constant(self, rows: Sequence[int]) -> bool:
        syntax = self.table.syntax
        if not rows:
            return all(_is_fixed(clause.default) for clause in syntax.outputs)
        return all(outputs_of(syntax.rows[row], syntax.outputs) is not None for row in rows)

    def _from_rows(self, rows: list[int], rt: Runtime) -> tuple[Value, Sequence[Any]]:
        if self.table.syntax.hit_policy == "FIRST":
            rows = rows[:1]
        return self.table.answer(rt, {}, rows)

    def reference(self, row: int) -> Answer:
        """What the closures say of a row."""
        env: Env = dict.fromkeys(self.types)
        env.update((name, feed.value(row)) for name, feed in self.feeds.items())

        def ask(rt: Runtime) -> tuple[Value, Sequence[Any]]:
            for name, kind in self.types.items():
                env[name] = coerce(rt, env[name], kind, name)
            return self.table.reference(rt, env)

        return self._answer(ask)

    def _answer(self, ask: Callable[[Runtime], tuple[Value, Sequence[Any]]]) -> Answer:
        rt = Runtime()
        value, hits = ask(rt)
        value = coerce(rt, value, self.result_type)
        failed = bool(rt.errors)
        number = hits[0].row.number if hits else 0
        return Answer(None if failed else value, number, len(hits) > 1, failed)


def _is_fixed(node: Node | None) -> bool:
    try:
        return node is None or constant(node) is not None
    except NotBoxError:
        return False


def _word(mask: int, word: int) -> int:
    return mask >> (64 * word) & 0xFFFF_FFFF_FFFF_FFFF


def _mixed(feed: Feed) -> bool:
    """True when a plain sequence holds values of different kinds."""
    return feed.kind == "" and any(value is not None for value in feed.data)  # type: ignore[union-attr]


def _nulling(column: Column, allowed: Sequence[Node]) -> Column:
    """The column in which values the declared type forbids count as null."""
    masks = list(column.masks)
    for node in allowed:
        constants_of(node)
        test = cell_test(node)
        for atom, point in enumerate(column.axis.points):
            if point is not None and test(Runtime(), {}, point) is not True:
                masks[atom] = column.null_mask
    return Column(column.axis, tuple(masks), column.null_mask)


def _gather(words: Words) -> tuple[list[int], Ints]:
    """The distinct sets of rows, and per row of data which of them it has."""
    masks, codes = _gather_word(words[0])
    for number, word in enumerate(words[1:], 1):
        high, high_codes = _gather_word(word)
        joined, codes = np.unique(codes * len(high) + high_codes, return_inverse=True)
        masks = [
            masks[int(code) // len(high)] | high[int(code) % len(high)] << (64 * number)
            for code in joined
        ]
    return masks, codes


def _gather_word(word: NDArray[np.uint64]) -> tuple[list[int], Ints]:
    """As `_gather` for one word; a single bit, the usual case, needs no sorting."""
    low = word & (~word + np.uint64(1))
    codes = np.frexp(low.astype(np.float64))[1].astype(np.int64)
    several = np.flatnonzero(word != low)
    masks = [0, *[1 << bit for bit in range(64)]]
    if len(several):
        found, places = np.unique(word[several], return_inverse=True)
        codes[several] = places + len(masks)
        masks += [int(mask) for mask in found]
    return masks, codes


def _assemble(answers: Sequence[Answer], codes: Ints, fallback: Ints) -> BatchResult:
    values = np.empty(len(answers), dtype=object)
    for index, found in enumerate(answers):
        values[index] = found.value
    return BatchResult(
        values=values[codes],
        matched=np.array([found.matched for found in answers], dtype=np.int64)[codes],
        multi_hit=np.array([found.several for found in answers], dtype=bool)[codes],
        failed=np.array([found.failed for found in answers], dtype=bool)[codes],
        fallback=fallback,
        checked=0,
    )


def _checked(
    job: _Job, result: BatchResult, previous: BatchResult | None, seed: int
) -> BatchResult:
    """The result after its cross-check; raises BatchMismatchError."""
    rows = _sample(job.size, seed)
    if previous is not None and len(previous.values) == job.size:
        changed = np.fromiter(
            (a is not b and a != b for a, b in zip(result.values, previous.values, strict=True)),
            dtype=bool,
            count=job.size,
        )
        rows = sorted({*rows, *np.flatnonzero(changed).tolist()})
    for row in rows:
        found = job.reference(row)
        same = feel_equal(found.value, result.values[row]) is True
        if not same or found.matched != result.matched[row] or found.failed != result.failed[row]:
            raise BatchMismatchError(f"row {row}: {found.value!r} != {result.values[row]!r}")
    return BatchResult(
        result.values, result.matched, result.multi_hit, result.failed, result.fallback, len(rows)
    )


def _sample(size: int, seed: int) -> list[int]:
    count = min(MAX_SAMPLE, max(1, int(size * SAMPLE_SHARE))) if size else 0
    return sorted(random.Random(seed).sample(range(size), count))  # noqa: S311 - not a secret
