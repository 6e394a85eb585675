"""Boxed for, some, every and filter: the same rules as their text forms, one variable each."""

from __future__ import annotations

from app.decision.closures import Closure, Env
from app.decision.compile_loops import filter_items, iterable
from app.decision.result import Value
from app.decision.runtime import MAX_LIST, OutOfFuelError, Runtime


def compile_filter(source: Closure, condition: Closure) -> Closure:
    """Return the items for which the condition is true, or the item at a position."""

    def select(rt: Runtime, env: Env) -> Value:
        value = source(rt, env)
        items = value if type(value) is list else [] if value is None else [value]
        return filter_items(rt, items, env, condition)

    return select


def compile_for(name: str, source: Closure, body: Closure) -> Closure:
    """Return the body's value for each item."""

    def loop(rt: Runtime, env: Env) -> Value:
        items = iterable(rt, source(rt, env))
        if items is None:
            return None
        results: list[Value] = []
        for item in items:
            rt.spend(1 + len(results) // 64)
            results.append(body(rt, {**env, name: item, "partial": list(results)}))
            if len(results) > MAX_LIST:
                raise OutOfFuelError("MAX_LIST", MAX_LIST)
        return results

    return loop


def compile_quantified(name: str, source: Closure, condition: Closure, *, every: bool) -> Closure:
    """Return whether some, or every, item satisfies the condition."""
    decisive = not every

    def quantify(rt: Runtime, env: Env) -> Value:
        items = iterable(rt, source(rt, env))
        if items is None:
            return None
        answer: bool | None = every
        for item in items:
            rt.spend()
            value = condition(rt, {**env, name: item})
            if value is decisive:
                return decisive
            if type(value) is not bool:
                answer = None
        return answer

    return quantify
