"""How a builtin function is declared, chosen and guarded.

A declaration is one line per signature, `name: kind, name: kind?`; `?` lets null through.
The guard checks kinds once for all builtins, unwraps one-item lists and wraps single values as
FEEL's implicit conversions ask, and turns every misuse into null with a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from app.decision.moments import Date, DateTime, DaysDuration, MonthsDuration, Time
from app.decision.result import Value
from app.decision.runtime import ITEMS_PER_STEP, MAX_LIST, MAX_STRING, OutOfFuelError, Runtime
from app.decision.values import Function, kind_label

Call = Callable[..., Value]
_Body = TypeVar("_Body", bound=Call)

_KINDS: Mapping[str, frozenset[type]] = {
    "any": frozenset(),
    "number": frozenset({Decimal}),
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "list": frozenset({list}),
    "context": frozenset({dict}),
    "function": frozenset({Function}),
    "day": frozenset({Date, DateTime}),
    "time": frozenset({Time}),
    "duration": frozenset({DaysDuration}),
    "amount": frozenset({Decimal, DaysDuration, MonthsDuration}),
}

_LABELS: Mapping[str, str] = {
    "number": "数字",
    "string": "文本",
    "boolean": "是否",
    "list": "列表",
    "context": "上下文",
    "function": "函数",
    "day": "日期或日期时间",
    "time": "时间",
    "duration": "时长（天时）",
    "amount": "数字或时长",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter."""

    name: str  # the specification's name, for named calls
    kind: str  # a key of _KINDS
    nullable: bool  # null is passed on instead of refused


@dataclass(frozen=True, slots=True)
class Builtin:
    """One builtin function with all its signatures; `calls[i]` belongs to `signatures[i]`."""

    name: str
    signatures: tuple[tuple[str, ...], ...]
    calls: tuple[Call, ...]
    variadic: Call | None  # takes any number of positional arguments when no signature fits

    def pick_positional(self, count: int) -> Call | None:
        """The call for `count` unnamed arguments, or None."""
        for names, call in zip(self.signatures, self.calls, strict=True):
            if len(names) == count:
                return call
        return self.variadic if count else None

    def pick_named(self, names: Iterable[str]) -> tuple[tuple[str, ...], Call] | None:
        """The signature of exactly these names and its call, or None."""
        asked = frozenset(names)
        for signature, call in zip(self.signatures, self.calls, strict=True):
            if len(signature) == len(asked) and asked == frozenset(signature):
                return signature, call
        return None

    def as_function(self) -> Function:
        """The builtin as a FEEL value; its parameters are those of the longest signature."""
        longest = max(self.signatures, key=len)
        return Function(self.name, longest, self._invoke, variadic=self.variadic is not None)

    def _invoke(self, rt: Runtime, *arguments: Value) -> Value:
        call = self.pick_positional(len(arguments))
        if call is None:
            rt.warn("no_signature", f"函数 {self.name} 不接受 {len(arguments)} 个参数")
            return None
        return call(rt, *arguments)


def parse_signature(text: str) -> tuple[Parameter, ...]:
    """Parameters of a declaration line such as `list: list, position: number`."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, kind = part.partition(":")
        kind = kind.strip()
        found.append(Parameter(name.strip(), kind.rstrip("?"), kind.endswith("?")))
    return tuple(found)


class Registry:
    """Builtins of one module, filled by its `define` decorator."""

    def __init__(self) -> None:
        self.table: dict[str, Builtin] = {}

    def define(
        self, name: str, *declarations: str, variadic: Call | None = None
    ) -> Callable[[_Body], _Body]:
        """Decorator: add these signatures, answered by the decorated function, to `name`."""

        def add(body: _Body) -> _Body:
            parsed = [parse_signature(text) for text in declarations]
            old = self.table.get(name)
            self.table[name] = Builtin(
                name=name,
                signatures=(old.signatures if old else ())
                + tuple(tuple(p.name for p in parameters) for parameters in parsed),
                calls=(old.calls if old else ()) + tuple(_guard(name, p, body) for p in parsed),
                variadic=variadic or (old.variadic if old else None),
            )
            return body

        return add


def _guard(name: str, parameters: tuple[Parameter, ...], body: Call) -> Call:
    """`body` behind the kind checks of its parameters."""
    plain = all(p.kind == "any" and p.nullable for p in parameters)
    if plain:
        return body

    def call(rt: Runtime, *arguments: Value) -> Value:
        checked = []
        for parameter, argument in zip(parameters, arguments, strict=True):
            value = _convert(parameter, argument)
            if value is _REFUSED:
                rt.warn(
                    "null_argument" if argument is None else "wrong_argument",
                    f"函数 {name} 的参数“{parameter.name}”要求"
                    f"{_LABELS.get(parameter.kind, '非空值')}，得到{kind_label(argument)}",
                )
                return None
            checked.append(value)
        answer = body(rt, *checked)
        # A loop must not collect long texts or lists for nothing.
        if type(answer) is str:
            rt.pay_for(answer)
        elif type(answer) is list:
            rt.spend(len(answer) // ITEMS_PER_STEP)
        return answer

    return call


_REFUSED: Any = object()


def _convert(parameter: Parameter, value: Value) -> Value:
    """The value as the parameter wants it, or _REFUSED."""
    if value is None:
        return None if parameter.nullable else _REFUSED
    kinds = _KINDS[parameter.kind]
    if not kinds or type(value) in kinds:
        return value
    if type(value) is list and len(value) == 1 and type(value[0]) in kinds:
        return value[0]
    return [value] if parameter.kind == "list" else _REFUSED


def refuse(rt: Runtime, code: str, message: str) -> Value:
    """Null, with a warning that says why."""
    rt.warn(code, message)
    return None


def whole(value: Decimal) -> int:
    """The number without its fraction, as FEEL uses positions and scales; capped, not exact."""
    return int(value) if value.adjusted() < 18 else (10**18 if value > 0 else -(10**18))


def limited_list(rt: Runtime, size: int) -> None:
    """Pay for a list of `size` items; raises OutOfFuelError beyond MAX_LIST."""
    if size > MAX_LIST:
        raise OutOfFuelError("MAX_LIST", MAX_LIST)
    rt.spend(1 + size // 16)


def limited_text(text: str) -> str:
    """The text itself; raises OutOfFuelError beyond MAX_STRING characters."""
    if len(text) > MAX_STRING:
        raise OutOfFuelError("MAX_STRING", MAX_STRING)
    return text
