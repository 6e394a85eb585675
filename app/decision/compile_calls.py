"""Closures of function literals and calls.

A call reaches only what FEEL itself made: builtins, function literals, BKMs and services. A text
is never looked up as a Python name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MethodType

from app.decision.builtins import BUILTINS, Builtin
from app.decision.closures import Closure, Compiler, Env, Handler
from app.decision.nodes import Call, FunctionLiteral, Name, Node
from app.decision.result import Value
from app.decision.runtime import MAX_DEPTH, OutOfFuelError, Runtime
from app.decision.types import ANY, Type, coerce
from app.decision.values import Function, kind_label


def _function(compiler: Compiler, node: FunctionLiteral) -> Closure:
    names = tuple(parameter.name for parameter in node.parameters)
    types = tuple(
        compiler.type(parameter.type) if parameter.type is not None else ANY
        for parameter in node.parameters
    )
    if node.external:
        return lambda rt, env: external_function(names, types)
    body = compiler(node.body)
    return lambda rt, env: make_function("", names, types, body, env)


def external_function(names: tuple[str, ...], types: tuple[Type, ...]) -> Function:
    """Return a function that refuses to run: no foreign code is ever called."""

    def refuse(rt: Runtime, *_arguments: Value) -> Value:
        rt.warn("external_function", "不执行外部函数，按空值处理")
        return None

    return Function("", names, refuse, types)


def make_function(
    name: str,
    names: tuple[str, ...],
    types: tuple[Type, ...],
    body: Closure,
    env: Env,
    result: Type | None = None,
) -> Function:
    """Return a function value: arguments are coerced, the body sees `env` and the arguments."""
    typed = any(kind is not ANY for kind in types)

    def call(rt: Runtime, *arguments: Value) -> Value:
        if len(arguments) != len(names):
            rt.warn(
                "wrong_arguments", f"函数{name}需要 {len(names)} 个参数，给了 {len(arguments)} 个"
            )
            return None
        inner = dict(env)
        for parameter, kind, argument in zip(names, types, arguments, strict=True):
            value = coerce(rt, argument, kind, parameter) if typed else argument
            if value is None and argument is not None:
                return None
            inner[parameter] = value
        with Depth(rt):
            value = body(rt, inner)
        return value if result is None else coerce(rt, value, result, name)

    return Function(name, names, call, types, result)


class Depth:
    """One level of calls; raises when they are nested too deeply."""

    __slots__ = ("_rt",)

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt

    def __enter__(self) -> None:
        self._rt.spend()
        self._rt.depth += 1
        if self._rt.depth > MAX_DEPTH:
            raise OutOfFuelError("MAX_DEPTH", MAX_DEPTH)

    def __exit__(self, *_error: object) -> None:
        self._rt.depth -= 1


def _call(compiler: Compiler, node: Call) -> Closure:
    arguments = tuple(compiler(argument) for argument in node.arguments)
    function = compiler(node.function)
    general = _general_call(function, arguments, node.names)
    if isinstance(node.function, Name) and node.function.name in BUILTINS:
        return _builtin_call(BUILTINS[node.function.name], arguments, node.names, general)
    return general


def _builtin_call(
    builtin: Builtin,
    arguments: tuple[Closure, ...],
    names: tuple[str, ...] | None,
    general: Closure,
) -> Closure:
    """A call whose function is known now; a variable of the same name still wins."""
    name = builtin.name
    if names is None:
        call = builtin.pick_positional(len(arguments))
    else:
        picked = builtin.pick_named(names)
        call = None
        if picked is not None:
            order, call = picked
            arguments = tuple(arguments[names.index(parameter)] for parameter in order)

    def run(rt: Runtime, env: Env) -> Value:
        if name in env:
            return general(rt, env)
        rt.spend()
        if call is None:
            rt.warn("no_signature", f"函数 {name} 没有这样的参数，按空值处理")
            return None
        return call(rt, *[argument(rt, env) for argument in arguments])

    if call is None or len(arguments) != 2:
        return run
    known, (one, two) = call, arguments

    def run_two(rt: Runtime, env: Env) -> Value:
        if name in env:
            return general(rt, env)
        rt.spend()
        return known(rt, one(rt, env), two(rt, env))

    return run_two


def _general_call(
    function: Closure, arguments: tuple[Closure, ...], names: tuple[str, ...] | None
) -> Closure:
    def run(rt: Runtime, env: Env) -> Value:
        target = function(rt, env)
        values = [argument(rt, env) for argument in arguments]
        return invoke(rt, target, values, names)

    return run


def invoke(
    rt: Runtime, target: Value, values: list[Value], names: tuple[str, ...] | None = None
) -> Value:
    """Call a function value by position, or by name when `names` is given."""
    if type(target) is not Function:
        rt.warn("not_a_function", f"{kind_label(target)}不是函数，不能调用")
        return None
    if names is None:
        rt.spend()
        return target.call(rt, *values)
    bound = target.call.__self__ if isinstance(target.call, MethodType) else None
    if isinstance(bound, Builtin):
        picked = bound.pick_named(names)
        if picked is not None:
            order, call = picked
            return call(rt, *[values[names.index(parameter)] for parameter in order])
    if len(set(names)) != len(names) or set(names) != set(target.parameters):
        rt.warn("wrong_arguments", f"函数{target.name}没有参数“{'、'.join(names)}”")
        return None
    rt.spend()
    given = dict(zip(names, values, strict=True))
    return target.call(rt, *[given[parameter] for parameter in target.parameters])


HANDLERS: Mapping[type[Node], Handler] = {FunctionLiteral: _function, Call: _call}
