"""Types of FEEL and DMN: does a value belong, and what may be done to make it belong.

Conformance is the specification's: null belongs to every type when a value is passed on, and a
mismatch is null with a warning, never an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.decision.moments import Date, DateTime, Time
from app.decision.nodes import (
    ContextType,
    FunctionType,
    ListType,
    NamedType,
    Node,
    RangeType,
)
from app.decision.result import Value
from app.decision.runtime import Runtime
from app.decision.values import KINDS, Function, Range, feel_type_name, kind_label, to_text

Check = Callable[[Runtime, Value], bool]

ALIASES: Mapping[str, str] = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
    "Null": "null",
}
BASIC: frozenset[str] = frozenset(
    {
        "number", "string", "boolean", "date", "time", "date and time", "null",
        "days and time duration", "years and months duration",
    }
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Type:
    """One type; item definitions are filled in after creation, so the record is not frozen."""

    kind: str  # "any" | "basic" | "list" | "context" | "function" | "range" | "unknown"
    name: str = ""  # as FEEL writes it: a built-in name or the item definition's name
    basic: str = ""  # built-in name of a basic type, aliases resolved
    item: Type | None = None  # of a list or range; None = anything
    entries: dict[str, Type] | None = None  # of a context; None = any context
    parameters: tuple[Type, ...] | None = None  # of a function; None = any function
    result: Type | None = None  # of a function
    checks: list[Check] = field(default_factory=list)  # allowed values
    allowed: list[Node] = field(default_factory=list)  # the same as UnaryTests, for analysis


ANY = Type("any", "Any")
_PYTHON: Mapping[str, type] = {name: kind for kind, name in KINDS.items()}
_SIMPLE = {name: Type("basic", name, name) for name in BASIC}
_SIMPLE.update(
    {
        "Any": ANY,
        "list": Type("list", "list"),
        "context": Type("context", "context"),
        "function": Type("function", "function"),
        "range": Type("range", "range"),
    }
)


def simple_type(name: str) -> Type | None:
    """Return the built-in type called `name`, aliases included."""
    return _SIMPLE.get(ALIASES.get(name, name))


def type_of_node(node: Node, named: Callable[[str], Type]) -> Type:
    """Return the type a type expression means; `named` finds item definitions."""
    match node:
        case ListType(item=item):
            return Type("list", item=type_of_node(item, named))
        case RangeType(item=item):
            return Type("range", item=type_of_node(item, named))
        case ContextType(entries=entries):
            return Type("context", entries={k: type_of_node(t, named) for k, t in entries})
        case FunctionType(parameters=parameters, result=result):
            types = tuple(type_of_node(t, named) for t in parameters)
            return Type("function", parameters=types, result=type_of_node(result, named))
        case NamedType(name=name):
            return simple_type(name) or named(name)
    return ANY


def conforms(rt: Runtime, value: Value, kind: Type) -> bool:
    """True when a value may stand where `kind` is declared; null always may."""
    return value is None or _fits(rt, value, kind, _conforms_checked)


def instance_of(rt: Runtime, value: Value, kind: Type) -> bool:
    """`value instance of kind`: the shape alone, whatever values are allowed."""
    if value is None:
        return kind.basic == "null"
    return _fits(rt, value, kind, _conforms_shape)


Inner = Callable[[Runtime, Value, Type], bool]


def _conforms_checked(rt: Runtime, value: Value, kind: Type) -> bool:
    return conforms(rt, value, kind)


def _conforms_shape(rt: Runtime, value: Value, kind: Type) -> bool:
    return value is None or instance_of(rt, value, kind)


def _fits(rt: Runtime, value: Value, kind: Type, inner: Inner) -> bool:
    rt.spend()
    if not _shape_fits(rt, value, kind, inner):
        return False
    return inner is _conforms_shape or all(check(rt, value) for check in kind.checks)


def _shape_fits(rt: Runtime, value: Value, kind: Type, inner: Inner) -> bool:
    match kind.kind:
        case "any":
            return True
        case "basic":
            return feel_type_name(value) == kind.basic
        case "list":
            item = kind.item
            return type(value) is list and (
                item is None or all(inner(rt, part, item) for part in value)
            )
        case "context":
            return _fits_context(rt, value, kind, inner)
        case "function":
            return _fits_function(value, kind)
        case "range":
            return type(value) is Range and (
                kind.item is None
                or all(inner(rt, end, kind.item) for end in (value.low, value.high))
            )
    return False


def _fits_context(rt: Runtime, value: Value, kind: Type, inner: Inner) -> bool:
    if type(value) is not dict:
        return False
    if kind.entries is None:
        return True
    return all(
        name in value and inner(rt, value[name], entry) for name, entry in kind.entries.items()
    )


def _fits_function(value: Value, kind: Type) -> bool:
    if type(value) is not Function:
        return False
    if kind.parameters is None:
        return True
    if len(kind.parameters) != len(value.parameters):
        return False
    declared = value.types or (ANY,) * len(value.parameters)
    # A function may stand in when it accepts at least what is asked and answers at most that.
    accepts = all(
        fits_type(asked, own or ANY) for asked, own in zip(kind.parameters, declared, strict=True)
    )
    own = value.result_type  # None: nobody declared what it answers
    return accepts and (kind.result is None or own is None or fits_type(own, kind.result))


def fits_type(narrow: Type, wide: Type) -> bool:
    """True when every value of `narrow` is one of `wide`."""
    if wide.kind == "any" or narrow is wide or narrow.basic == "null":
        return True
    if narrow.kind != wide.kind:
        return False
    match wide.kind:
        case "basic":
            return narrow.basic == wide.basic
        case "list" | "range":
            return wide.item is None or fits_type(narrow.item or ANY, wide.item)
        case "context":
            own = narrow.entries or {}
            return wide.entries is None or all(
                name in own and fits_type(own[name], entry) for name, entry in wide.entries.items()
            )
        case "function":
            return _function_fits(narrow, wide)
    return False


def _function_fits(narrow: Type, wide: Type) -> bool:
    if wide.parameters is None:
        return True
    if narrow.parameters is None or len(narrow.parameters) != len(wide.parameters):
        return False
    pairs = zip(wide.parameters, narrow.parameters, strict=True)
    return all(fits_type(asked, own) for asked, own in pairs) and fits_type(
        narrow.result or ANY, wide.result or ANY
    )


def python_type(kind: Type) -> type | None:
    """Return the Python type whose every value belongs to `kind`, when there is one."""
    return None if kind.checks else _PYTHON.get(kind.basic)


def coerce(rt: Runtime, value: Value, kind: Type, what: str = "") -> Value:
    """Return `value` as one of `kind`: as it is, in or out of a list of one, or null."""
    if value is None or kind is ANY or conforms(rt, value, kind):
        return value
    if kind.kind == "list" and type(value) is not list:
        if conforms(rt, [value], kind):
            return [value]
    elif type(value) is list and len(value) == 1 and kind.kind != "list":
        if conforms(rt, value[0], kind):
            return value[0]
    elif type(value) is Date and kind.basic == "date and time":
        return DateTime(value, Time(0, 0))
    shown = kind_label(value) if type(value) in {list, dict} else to_text(value)
    shown = shown if len(shown) <= 40 else shown[:40] + "…"
    rt.warn("type_mismatch", f"{what or '值'}应为 {type_text(kind)}，得到 {shown}，按空值处理")
    return None


def type_text(kind: Type) -> str:
    """Return the type as FEEL text; an item definition by its name."""
    if kind.name:
        return kind.name
    match kind.kind:
        case "list" | "range":
            return f"{kind.kind}<{type_text(kind.item or ANY)}>"
        case "context":
            inner = ", ".join(f"{k}: {type_text(t)}" for k, t in (kind.entries or {}).items())
            return f"context<{inner}>"
        case "function":
            inner = ", ".join(type_text(t) for t in kind.parameters or ())
            return f"function<{inner}>->{type_text(kind.result or ANY)}"
    return "Any"
