"""Closures of for, some, every and filters: everything that runs more than once.

Each round costs fuel and each result list is bounded, so that no model can hold a worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.decision.arithmetic import add, sub
from app.decision.closures import Closure, Compiler, Env, Handler
from app.decision.daycount import NANOS_PER_DAY
from app.decision.moments import Date, DaysDuration
from app.decision.nodes import Filter, For, FunctionLiteral, Iterator, Name, Node, Quantified, walk
from app.decision.result import Value
from app.decision.runtime import MAX_LIST, OutOfFuelError, Runtime
from app.decision.values import Range, feel_compare, kind_label


@dataclass(frozen=True, slots=True)
class _Source:
    """One compiled iterator of a for, some or every."""

    name: str  # variable bound in each round
    first: Closure  # list or range, or the lower end when `last` is given
    last: Closure | None  # upper end of `a..b`


def _source(compiler: Compiler, node: Iterator) -> _Source:
    last = compiler(node.end) if node.end is not None else None
    return _Source(node.name, compiler(node.source), last)


def _captures(node: Node) -> bool:
    """True when a function made in a round could outlive it, so that rounds must not share."""
    return any(isinstance(part, FunctionLiteral) for part in walk(node))


def iterable(rt: Runtime, value: Value) -> Iterable[Value] | None:
    """Return what a loop runs over: items, the steps of a range, or None for nothing sensible."""
    if type(value) is list:
        return value
    if type(value) is Range:
        return _range_steps(rt, value)
    if value is None:
        rt.warn("null_iteration", "循环的对象是空值")
        return None
    return [value]


def _range_steps(rt: Runtime, value: Range) -> Iterable[Value] | None:
    if type(value.low) is not type(value.high) or type(value.low) not in {Decimal, Date}:
        return steps_between(rt, value.low, value.high)
    if feel_compare(">", value.low, value.high):
        rt.warn("bad_iteration", "区间的下限大于上限")
        return None
    low = value.low if value.low_closed else add(rt, value.low, _ONE[type(value.low)])
    high = value.high if value.high_closed else sub(rt, value.high, _ONE[type(value.high)])
    return steps_between(rt, low, high) if feel_compare("<=", low, high) else []


def steps_between(rt: Runtime, first: Value, last: Value) -> Iterable[Value] | None:
    """Return whole numbers or days from `first` to `last`, up or down; None for other kinds."""
    if type(first) is Decimal and type(last) is Decimal:
        if first != first.to_integral_value() or last != last.to_integral_value():
            rt.warn("bad_iteration", "循环的起止数须为整数")
            return None
        return _whole_numbers(int(first), int(last))
    if type(first) is Date and type(last) is Date:
        return _days(first, last)
    rt.warn("bad_iteration", f"不能从{kind_label(first)}循环到{kind_label(last)}")
    return None


def _whole_numbers(first: int, last: int) -> Iterable[Value]:
    step = 1 if last >= first else -1
    if abs(last - first) >= MAX_LIST:
        raise OutOfFuelError("MAX_LIST", MAX_LIST)
    for number in range(first, last + step, step):
        yield Decimal(number)


def _days(first: Date, last: Date) -> Iterable[Value]:
    distance = last.days() - first.days()
    step = 1 if distance >= 0 else -1
    if abs(distance) >= MAX_LIST:
        raise OutOfFuelError("MAX_LIST", MAX_LIST)
    for count in range(0, distance + step, step):
        yield first.plus_days(count)


_ONE: Mapping[type, Value] = {Decimal: Decimal(1), Date: DaysDuration(NANOS_PER_DAY)}
Visit = Callable[[Env], bool]


def _rounds(rt: Runtime, env: Env, sources: tuple[_Source, ...], fresh: bool, visit: Visit) -> bool:
    """Call `visit` for every combination until it answers True; tell whether it did."""
    source, rest = sources[0], sources[1:]
    first = source.first(rt, env)
    if source.last is not None:
        items = steps_between(rt, first, source.last(rt, env))
    else:
        items = iterable(rt, first)
    if items is None:
        raise _NothingToIterateError
    for item in items:
        rt.spend()
        if fresh:
            env = dict(env)
        env[source.name] = item
        stop = _rounds(rt, env, rest, fresh, visit) if rest else visit(env)
        if stop:
            return True
    return False


class _NothingToIterateError(Exception):
    """A loop source is null or of a kind one cannot loop over; the loop is null."""


def _for(compiler: Compiler, node: For) -> Closure:
    sources = tuple(_source(compiler, part) for part in node.iterators)
    body, fresh = compiler(node.body), _captures(node)
    partial_used = any(isinstance(n, Name) and n.name == "partial" for n in walk(node))

    def loop(rt: Runtime, env: Env) -> Value:
        results: list[Value] = []
        inner = dict(env)

        def visit(current: Env) -> bool:
            if partial_used:
                current["partial"] = list(results)
                rt.spend(len(results) // 64)
            results.append(body(rt, current))
            if len(results) > MAX_LIST:
                raise OutOfFuelError("MAX_LIST", MAX_LIST)
            return False

        try:
            _rounds(rt, inner, sources, fresh, visit)
        except _NothingToIterateError:
            return None
        return results

    return loop


def _quantified(compiler: Compiler, node: Quantified) -> Closure:
    sources = tuple(_source(compiler, part) for part in node.iterators)
    condition, fresh = compiler(node.condition), _captures(node)
    decisive = not node.every  # `some` is settled by a true, `every` by a false

    def quantify(rt: Runtime, env: Env) -> Value:
        answer: bool | None = not decisive

        def visit(current: Env) -> bool:
            nonlocal answer
            value = condition(rt, current)
            if value is decisive:
                answer = decisive
                return True
            if type(value) is not bool:
                answer = None
            return False

        try:
            _rounds(rt, dict(env), sources, fresh, visit)
        except _NothingToIterateError:
            return None
        return answer

    return quantify


def _filter(compiler: Compiler, node: Filter) -> Closure:
    base, condition = compiler(node.base), compiler(node.condition)
    fresh = _captures(node.condition)

    def select(rt: Runtime, env: Env) -> Value:
        value = base(rt, env)
        items = value if type(value) is list else [] if value is None else [value]
        return filter_items(rt, items, env, condition, fresh=fresh)

    return select


def filter_items(
    rt: Runtime, items: list[Value], env: Env, condition: Closure, *, fresh: bool = True
) -> Value:
    """Return the item at a position, or the items for which the condition is true."""
    if not items:
        inner = dict(env)
        inner["item"] = None
        position = condition(rt, inner)
        return item_at(rt, items, position) if type(position) is Decimal else []
    kept: list[Value] = []
    inner = dict(env)
    for item in items:
        rt.spend()
        if fresh or type(item) is dict:
            inner = dict(env)
        inner["item"] = item
        if type(item) is dict:
            inner.update(item)
        answer = condition(rt, inner)
        if answer is True:
            kept.append(item)
        elif type(answer) is Decimal:
            return item_at(rt, items, answer)
        elif answer is not False and answer is not None:
            rt.warn("filter_not_boolean", f"筛选条件是{kind_label(answer)}，按空值处理")
            return None
    return kept


def item_at(rt: Runtime, items: list[Value], position: Decimal) -> Value:
    """Return the item at a 1-based position, counted from the end when negative."""
    if position == position.to_integral_value() and 1 <= abs(position) <= len(items):
        index = int(position)
        return items[index - 1] if index > 0 else items[index]
    rt.warn("no_such_item", f"列表只有 {len(items)} 项，没有第 {position} 项")
    return None


HANDLERS: Mapping[type[Node], Handler] = {For: _for, Quantified: _quantified, Filter: _filter}
