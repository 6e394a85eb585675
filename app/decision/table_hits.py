"""Hit policies: from the rows that matched to the one answer of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from app.decision.arithmetic import add
from app.decision.result import Value
from app.decision.runtime import Runtime
from app.decision.table_nodes import Row
from app.decision.values import feel_compare, feel_equal


@dataclass(frozen=True, slots=True)
class Hit:
    """One matching row and its output values, in column order."""

    row: Row
    outputs: tuple[Value, ...]


class Answering(Protocol):
    """What a hit policy needs of its table."""

    @property
    def priorities(self) -> tuple[Callable[[Runtime, Value], int] | None, ...]:
        """Rank of a value per output column, None where no output values are listed."""

    def value_of(self, outputs: tuple[Value, ...]) -> Value:
        """One row's outputs as the table's value."""


Policy = Callable[[Runtime, Answering, list[Hit]], Value]


def _numbers(hits: list[Hit]) -> str:
    return "、".join(str(hit.row.number) for hit in hits[:10])


def _unique(rt: Runtime, table: Answering, hits: list[Hit]) -> Value:
    if len(hits) > 1:
        rt.fail(
            "several_rules_matched",
            f"第 {_numbers(hits)} 行同时符合，而此表只许一行符合。",
            "请改窄条件，使各行不重叠",
        )
        return None
    return table.value_of(hits[0].outputs)


def _any(rt: Runtime, table: Answering, hits: list[Hit]) -> Value:
    first = list(hits[0].outputs)
    if any(feel_equal(first, list(hit.outputs)) is not True for hit in hits[1:]):
        rt.fail(
            "rules_disagree",
            f"第 {_numbers(hits)} 行同时符合，结果却不同。",
            "请使重叠的行结果一致",
        )
        return None
    return table.value_of(hits[0].outputs)


def _first(rt: Runtime, table: Answering, hits: list[Hit]) -> Value:
    return table.value_of(hits[0].outputs)


def _ordered(rt: Runtime, table: Answering, hits: list[Hit]) -> list[Hit] | None:
    ranks = tuple((index, rank) for index, rank in enumerate(table.priorities) if rank is not None)
    if not ranks:
        rt.fail("no_priorities", "此表按输出值的先后取结果，却没有列出输出值。", "请列出输出值")
        return None
    return sorted(hits, key=lambda hit: tuple(rank(rt, hit.outputs[i]) for i, rank in ranks))


def _priority(rt: Runtime, table: Answering, hits: list[Hit]) -> Value:
    ordered = _ordered(rt, table, hits)
    return None if ordered is None else table.value_of(ordered[0].outputs)


def _output_order(rt: Runtime, table: Answering, hits: list[Hit]) -> Value:
    ordered = _ordered(rt, table, hits)
    return None if ordered is None else [table.value_of(hit.outputs) for hit in ordered]


def _all(rt: Runtime, table: Answering, hits: list[Hit]) -> Value:
    return [table.value_of(hit.outputs) for hit in hits]


def _aggregated(fold: Callable[[Runtime, list[Value]], Value]) -> Policy:
    def answer(rt: Runtime, table: Answering, hits: list[Hit]) -> Value:
        columns = [list(column) for column in zip(*(hit.outputs for hit in hits), strict=True)]
        return table.value_of(tuple(fold(rt, column) for column in columns))

    return answer


def _sum(rt: Runtime, values: list[Value]) -> Value:
    total = values[0]
    for value in values[1:]:
        total = add(rt, total, value)
    return total


def _extreme(op: str) -> Callable[[Runtime, list[Value]], Value]:
    def fold(rt: Runtime, values: list[Value]) -> Value:
        best = values[0]
        for value in values[1:]:
            better = feel_compare(op, value, best)
            if better is None:
                rt.warn("not_comparable", "各行的结果不能比较大小，按空值处理")
                return None
            best = value if better else best
        return best

    return fold


def _count(rt: Runtime, values: list[Value]) -> Value:
    return Decimal(len(values))


HIT_POLICIES: Mapping[str, Policy] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "PRIORITY": _priority,
    "FIRST": _first,
    "RULE ORDER": _all,
    "OUTPUT ORDER": _output_order,
    "COLLECT": _all,
    "COLLECT SUM": _aggregated(_sum),
    "COLLECT MIN": _aggregated(_extreme("<")),
    "COLLECT MAX": _aggregated(_extreme(">")),
    "COLLECT COUNT": _aggregated(_count),
}
