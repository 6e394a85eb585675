"""Closures of literals, names, operators and paths.

Two Decimals are compared and added without any further question: that is nearly all of the work
in real tables.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.decision.arithmetic import add, div, mul, negate, power, sub
from app.decision.builtins import BUILTINS
from app.decision.closures import Closure, Compiler, Env, Handler
from app.decision.nodes import (
    And,
    Arithmetic,
    Between,
    Compare,
    ContextLiteral,
    If,
    InstanceOf,
    ListLiteral,
    Literal,
    Name,
    Negate,
    Node,
    OpTest,
    Or,
    Path,
    RangeLiteral,
)
from app.decision.properties import get_property
from app.decision.result import Value
from app.decision.runtime import NUMBERS, Runtime
from app.decision.types import instance_of
from app.decision.values import Range, feel_compare, kind_label

Calculate = Callable[[Runtime, Value, Value], Value]

_ARITHMETIC: Mapping[str, Calculate] = {"+": add, "-": sub, "*": mul, "/": div, "**": power}
_EXACT: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
    "/": NUMBERS.divide,
}
NUMERIC: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MISSING = object()


def _literal(_compiler: Compiler, node: Literal) -> Closure:
    value = node.value
    return lambda rt, env: value


def _name(_compiler: Compiler, node: Name) -> Closure:
    name = node.name
    builtin = BUILTINS[name].as_function() if name in BUILTINS else None

    def look_up(rt: Runtime, env: Env) -> Value:
        value = env.get(name, _MISSING)
        if value is not _MISSING:
            return value
        if builtin is None:
            rt.warn("unknown_name", f"没有叫“{name}”的数据，按空值处理")
        return builtin

    return look_up


def _path(compiler: Compiler, node: Path) -> Closure:
    base, name = compiler(node.base), node.name

    def step(rt: Runtime, env: Env) -> Value:
        value = base(rt, env)
        if type(value) is dict and name in value:
            return value[name]
        return get_property(rt, value, name)

    return step


def _negate(compiler: Compiler, node: Negate) -> Closure:
    operand = compiler(node.operand)
    if isinstance(node.operand, Literal) and type(node.operand.value) is Decimal:
        value = NUMBERS.minus(node.operand.value)
        return lambda rt, env: value
    return lambda rt, env: negate(rt, operand(rt, env))


def _arithmetic(compiler: Compiler, node: Arithmetic) -> Closure:
    left, right, calculate = compiler(node.left), compiler(node.right), _ARITHMETIC[node.op]
    exact = _EXACT.get(node.op)
    if exact is None:
        return lambda rt, env: calculate(rt, left(rt, env), right(rt, env))

    def run(rt: Runtime, env: Env) -> Value:
        a, b = left(rt, env), right(rt, env)
        if type(a) is Decimal and type(b) is Decimal:
            try:
                return exact(a, b)
            except ArithmeticError:
                pass  # out of range or by zero: the general way says so and answers null
        return calculate(rt, a, b)

    if isinstance(node.left, Name) and isinstance(node.right, Literal):
        return _name_with_number(node.left.name, node.right.value, exact, run)
    return run


def _name_with_number(
    name: str, known: Value, exact: Callable[[Decimal, Decimal], Decimal], general: Closure
) -> Closure:
    """A variable and a literal number, the usual sum of a policy: fewer calls, same answer."""
    if type(known) is not Decimal:
        return general
    number: Decimal = known

    def run(rt: Runtime, env: Env) -> Value:
        value = env.get(name)
        if type(value) is Decimal:
            try:
                return exact(value, number)
            except ArithmeticError:
                pass
        return general(rt, env)

    return run


def _compare(compiler: Compiler, node: Compare) -> Closure:
    left, right, op, numeric = compiler(node.left), compiler(node.right), node.op, NUMERIC[node.op]
    known = node.right.value if isinstance(node.right, Literal) else None
    if type(known) is Decimal or (type(known) is str and op in {"=", "!="}):
        kind = type(known)
        same_kind: Callable[[Any, Any], bool] = numeric

        def compare_known(rt: Runtime, env: Env) -> Value:
            a = left(rt, env)
            return same_kind(a, known) if type(a) is kind else compare_values(rt, op, a, known)

        if not isinstance(node.left, Name):
            return compare_known
        name = node.left.name

        def compare_name(rt: Runtime, env: Env) -> Value:
            a = env.get(name)
            return same_kind(a, known) if type(a) is kind else compare_known(rt, env)

        return compare_name

    def compare(rt: Runtime, env: Env) -> Value:
        a, b = left(rt, env), right(rt, env)
        if type(a) is Decimal and type(b) is Decimal:
            return numeric(a, b)
        return compare_values(rt, op, a, b)

    return compare


def compare_values(rt: Runtime, op: str, a: Value, b: Value) -> bool | None:
    """`a op b` with a warning where the answer is null."""
    rt.pay_for(a)
    answer = feel_compare(op, a, b)
    if answer is None:
        rt.warn("not_comparable", f"{kind_label(a)}与{kind_label(b)}不能用 {op} 比较，按空值处理")
    return answer


def _and(compiler: Compiler, node: And) -> Closure:
    items = tuple(compiler(item) for item in node.items)

    def both(rt: Runtime, env: Env) -> Value:
        answer: bool | None = True
        for item in items:
            value = item(rt, env)
            if value is False:
                return False
            if value is not True:
                answer = None
        return answer

    return both


def _or(compiler: Compiler, node: Or) -> Closure:
    items = tuple(compiler(item) for item in node.items)

    def either(rt: Runtime, env: Env) -> Value:
        answer: bool | None = False
        for item in items:
            value = item(rt, env)
            if value is True:
                return True
            if value is not False:
                answer = None
        return answer

    return either


def all_of(values: tuple[bool | None, ...]) -> bool | None:
    """Three-valued conjunction."""
    if False in values:
        return False
    return None if None in values else True


def _between(compiler: Compiler, node: Between) -> Closure:
    value, low, high = compiler(node.value), compiler(node.low), compiler(node.high)

    def between(rt: Runtime, env: Env) -> Value:
        tested = value(rt, env)
        above = compare_values(rt, ">=", tested, low(rt, env))
        return all_of((above, compare_values(rt, "<=", tested, high(rt, env))))

    return between


def _if(compiler: Compiler, node: If) -> Closure:
    condition, then = compiler(node.condition), compiler(node.then)
    otherwise = compiler(node.otherwise)

    def choose(rt: Runtime, env: Env) -> Value:
        value = condition(rt, env)
        if value is True:
            return then(rt, env)
        if value is not False:
            rt.warn("condition_not_boolean", f"if 的条件是{kind_label(value)}，按“否”处理")
        return otherwise(rt, env)

    return choose


def _instance_of(compiler: Compiler, node: InstanceOf) -> Closure:
    value, kind = compiler(node.value), compiler.type(node.type)
    return lambda rt, env: instance_of(rt, value(rt, env), kind)


def _list(compiler: Compiler, node: ListLiteral) -> Closure:
    items = tuple(compiler(item) for item in node.items)
    return lambda rt, env: [item(rt, env) for item in items]


def _context(compiler: Compiler, node: ContextLiteral) -> Closure:
    entries = tuple((key, compiler(value)) for key, value in node.entries)

    def build(rt: Runtime, env: Env) -> Value:
        inner, made = dict(env), {}
        for key, value in entries:
            made[key] = inner[key] = value(rt, inner)
        return made

    return build


def _range(compiler: Compiler, node: RangeLiteral) -> Closure:
    low, high = compiler(node.low), compiler(node.high)
    low_closed, high_closed = node.low_closed, node.high_closed

    def build(rt: Runtime, env: Env) -> Value:
        return make_range(rt, low(rt, env), high(rt, env), low_closed, high_closed)

    return build


def make_range(
    rt: Runtime, low: Value, high: Value, low_closed: bool, high_closed: bool
) -> Range | None:
    """Return the interval, or null with a warning when its ends cannot be ordered."""
    if low is not None and high is not None and feel_compare("<=", low, high) is None:
        rt.warn("bad_range", f"区间两端{kind_label(low)}与{kind_label(high)}不能比较，按空值处理")
        return None
    return Range(low, high, low_closed, high_closed)


def _open_range(compiler: Compiler, node: OpTest) -> Closure:
    operand, op = compiler(node.operand), node.op

    def build(rt: Runtime, env: Env) -> Value:
        end = operand(rt, env)
        if op in {"<", "<="}:
            return Range(None, end, False, op == "<=", op)
        if op in {">", ">="}:
            return Range(end, None, op == ">=", False, op)
        return Range(end, end, True, True, op)

    return build


HANDLERS: Mapping[type[Node], Handler] = {
    Literal: _literal,
    Name: _name,
    Path: _path,
    Negate: _negate,
    Arithmetic: _arithmetic,
    Compare: _compare,
    And: _and,
    Or: _or,
    Between: _between,
    If: _if,
    InstanceOf: _instance_of,
    ListLiteral: _list,
    ContextLiteral: _context,
    RangeLiteral: _range,
    OpTest: _open_range,
}
