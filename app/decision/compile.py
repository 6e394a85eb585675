"""Syntax nodes to closures: the one bridge between what was written and what it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.decision import compile_basic, compile_calls, compile_loops
from app.decision.closures import Closure, Compiler, Env, Handler, Test
from app.decision.compile_tests import compile_test, compile_unary_tests
from app.decision.nodes import In, Node, UnaryTests
from app.decision.result import Value
from app.decision.runtime import Runtime
from app.decision.types import Type


def _in(compiler: Compiler, node: In) -> Closure:
    value = compiler(node.value)
    test = compile_unary_tests(compiler, UnaryTests(node.span, node.tests))
    return lambda rt, env: test(rt, env, value(rt, env))


def _unary_tests(compiler: Compiler, node: UnaryTests) -> Closure:
    test = compile_unary_tests(compiler, node)

    def run(rt: Runtime, env: Env) -> Value:
        return test(rt, env, env.get("?"))

    return run


_HANDLERS: Mapping[type[Node], Handler] = {
    **compile_basic.HANDLERS,
    **compile_loops.HANDLERS,
    **compile_calls.HANDLERS,
    In: _in,
    UnaryTests: _unary_tests,
}


def new_compiler(named_type: Callable[[str], Type] | None = None) -> Compiler:
    """Return a compiler whose item definitions are found by `named_type`."""
    return Compiler(_HANDLERS, compile_test, named_type)


def compile_cell(compiler: Compiler, node: Node) -> Test:
    """Return the test of a table cell."""
    assert isinstance(node, UnaryTests)
    return compile_unary_tests(compiler, node)
