"""Closures of unary tests: table cells and the right side of `in`.

A cell that is a plain literal, comparison or range over numbers or texts, which is nearly every
cell, compiles to one comparison.
"""

from __future__ import annotations

from decimal import Decimal

from app.decision.closures import Closure, Compiler, Env, Test
from app.decision.compile_basic import NUMERIC
from app.decision.nodes import (
    AnyTest,
    Literal,
    Node,
    OpTest,
    RangeLiteral,
    UnaryTests,
    mentions_input,
)
from app.decision.result import Value
from app.decision.runtime import Runtime
from app.decision.values import Range, feel_compare, feel_equal


def compile_test(compiler: Compiler, node: Node) -> Test:
    """Return the test of one item on the right of `in` or in a cell."""
    match node:
        case AnyTest():
            return lambda rt, env, value: True
        case OpTest():
            return _op_test(compiler, node)
        case RangeLiteral():
            return _range_test(compiler, node)
        case Literal() if type(node.value) in {Decimal, str, bool}:
            return _literal_test(node.value)
    return _expression_test(compiler(node), mentions_input(node))


def compile_unary_tests(compiler: Compiler, node: UnaryTests) -> Test:
    """Return the test of a whole cell: any of its items, or none of them after `not`."""
    tests = tuple(compiler.test(test) for test in node.tests)
    if len(tests) == 1 and not node.negated:
        return tests[0]
    negated = node.negated

    def any_of(rt: Runtime, env: Env, value: Value) -> bool | None:
        answer: bool | None = False
        for test in tests:
            found = test(rt, env, value)
            if found is True:
                return not negated
            if found is None:
                answer = None
        return answer if answer is None else negated

    return any_of


def _literal_test(expected: Value) -> Test:
    kind = type(expected)

    def equals(rt: Runtime, env: Env, value: Value) -> bool | None:
        if type(value) is kind:
            return bool(value == expected)
        return _contained(value, expected)

    return equals


def _contained(value: Value, expected: Value) -> bool | None:
    """Membership of a list of one is equality with its item."""
    if type(value) is list and len(value) == 1:
        return feel_equal(value[0], expected)
    return feel_equal(value, expected)


def _op_test(compiler: Compiler, node: OpTest) -> Test:
    operand, op, numeric = compiler(node.operand), node.op, NUMERIC[node.op]
    literal = _number_of(node.operand)
    if literal is not None:

        def plain(rt: Runtime, env: Env, value: Value) -> bool | None:
            if type(value) is Decimal:
                return numeric(value, literal)
            return feel_compare(op, value, literal)

        return plain

    def test(rt: Runtime, env: Env, value: Value) -> bool | None:
        end = operand(rt, env)
        if type(value) is Decimal and type(end) is Decimal:
            return numeric(value, end)
        return feel_compare(op, value, end)

    if not mentions_input(node):
        return test
    return _with_input(test)


def _with_input(test: Test) -> Test:
    def run(rt: Runtime, env: Env, value: Value) -> bool | None:
        return test(rt, {**env, "?": value}, value)

    return run


def _range_test(compiler: Compiler, node: RangeLiteral) -> Test:
    low, high = _number_of(node.low), _number_of(node.high)
    general = _expression_test(compiler(node), mentions_input(node))
    if low is None or high is None or low > high:
        return general
    closed = node.low_closed, node.high_closed
    return _number_range(low, high, closed, general)


def _number_range(low: Decimal, high: Decimal, closed: tuple[bool, bool], general: Test) -> Test:
    """The range of two numbers; [low..high) and [low..high], nearly all of them, in one step."""
    above, below = NUMERIC[">=" if closed[0] else ">"], NUMERIC["<=" if closed[1] else "<"]

    def half_open(rt: Runtime, env: Env, value: Value) -> bool | None:
        if type(value) is Decimal:
            return low <= value < high
        return general(rt, env, value)

    def shut(rt: Runtime, env: Env, value: Value) -> bool | None:
        if type(value) is Decimal:
            return low <= value <= high
        return general(rt, env, value)

    def inside(rt: Runtime, env: Env, value: Value) -> bool | None:
        if type(value) is Decimal:
            return above(value, low) and below(value, high)
        return general(rt, env, value)

    return {(True, False): half_open, (True, True): shut}.get(closed, inside)


def is_number_range(node: RangeLiteral) -> bool:
    """True when both ends are numbers in order: such a range can warn about nothing."""
    low, high = _number_of(node.low), _number_of(node.high)
    return low is not None and high is not None and low <= high


def _number_of(node: Node) -> Decimal | None:
    value = node.value if isinstance(node, Literal) else None
    return value if type(value) is Decimal else None


def _expression_test(expression: Closure, uses_input: bool) -> Test:
    def test(rt: Runtime, env: Env, value: Value) -> bool | None:
        answer = expression(rt, {**env, "?": value} if uses_input else env)
        if uses_input and type(answer) is bool:
            return answer
        return matches(rt, value, answer)

    return test


def matches(rt: Runtime, value: Value, expected: Value) -> bool | None:
    """Whether `value` is `expected`, lies in that range, or is a member of that list."""
    if type(expected) is Range and type(value) is not Range:
        return expected.contains(value)
    if type(expected) is list:
        return _member(rt, value, expected)
    return feel_equal(value, expected)


def _member(rt: Runtime, value: Value, items: list[Value]) -> bool | None:
    if type(value) is list or type(value) is dict:
        rt.pay_for(items)
    else:
        rt.spend(len(items) // 16)
    if type(value) is list and feel_equal(value, items) is True:
        return True
    for item in items:
        found = item.contains(value) if type(item) is Range else feel_equal(value, item)
        if found is True:
            return True
    return False
