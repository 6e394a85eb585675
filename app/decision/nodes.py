"""Syntax nodes of FEEL: what was written, where, and nothing about its value.

Nodes are frozen and hold offsets into the text they came from, so that a finding can point at
the characters. Run-time values live in `values.py`; `compile.py` is the only bridge.
"""

from __future__ import annotations

from collections.abc import Iterator as Iter
from dataclasses import dataclass, fields
from typing import NamedTuple

from app.decision.result import Value


class Span(NamedTuple):
    """Half-open range of character offsets in the expression text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Node:
    """Any piece of syntax."""

    span: Span


# Types, as written after `instance of` or in a parameter.


@dataclass(frozen=True, slots=True)
class NamedType(Node):
    """A basic type or an item definition: `number`, `date and time`, `tApplicant`."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType(Node):
    """`list<item>`."""

    item: Node


@dataclass(frozen=True, slots=True)
class RangeType(Node):
    """`range<item>`."""

    item: Node


@dataclass(frozen=True, slots=True)
class ContextType(Node):
    """`context<name: type, ...>`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class FunctionType(Node):
    """`function<type, ...> -> type`."""

    parameters: tuple[Node, ...]
    result: Node


# Expressions.


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, true, false, null, or `@"..."` already parsed to its value."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or function by canonical name; the tested value is Name `?`."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`base.name`."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`base[condition]`, which is also selection by position."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left op right` with op one of + - * / **."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`left op right` with op one of = != < <= > >=."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    """`a and b and ...`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """`a or b or ...`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`, both ends included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in test` or `value in (test, ...)`; tests as in UnaryTests."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: Node


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then then else otherwise`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """`name in source` or `name in source..end` of a for, some or every."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for iterators return body`."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some iterators satisfies condition`, or `every`."""

    every: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A formal parameter; `type` is None when none is written."""

    name: str
    type: Node | None


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """`function(parameters) body`; an external function has `external` true and is never run."""

    parameters: tuple[Parameter, ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)`; `names` is None for positional arguments."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[a, b, ...]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """`{key: value, ...}`; an entry sees the entries before it."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """`[low..high]` and its open forms; `(> 5)` is an OpTest."""

    low: Node
    high: Node
    low_closed: bool
    high_closed: bool


# Unary tests: the cells of a decision table and the right side of `in`.


@dataclass(frozen=True, slots=True)
class OpTest(Node):
    """`< operand` and so on; op one of = != < <= > >=.

    In a test it compares the tested value; as an expression, `(< 5)`, it is a range.
    """

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class AnyTest(Node):
    """`-`: always true, null included."""


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """`test, test, ...` or `not(test, ...)`.

    A test is an OpTest, or any expression: a range or list means membership, a Boolean
    expression that mentions `?` decides by itself, anything else means equality.
    `(AnyTest,)` stands for the dash.
    """

    tests: tuple[Node, ...]
    negated: bool = False


def children(node: Node) -> Iter[Node]:
    """Yield the direct parts of `node` in the order written, types included."""
    kind = type(node)
    names = _FIELD_NAMES.get(kind)
    if names is None:
        names = tuple(item.name for item in fields(kind) if item.name != "span")
        _FIELD_NAMES[kind] = names
    for name in names:
        # A declared field of our own dataclass: the name never comes from a model.
        yield from _nodes_in(object.__getattribute__(node, name))


_FIELD_NAMES: dict[type[Node], tuple[str, ...]] = {}  # filled once per node class


def _nodes_in(value: object) -> Iter[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes_in(part)


def walk(node: Node) -> Iter[Node]:
    """Yield `node` and everything below it, parents first."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(tuple(children(current))))


def depth_of(node: Node) -> int:
    """Return how many nodes lie inside one another at most."""
    deepest = 0
    stack = [(node, 1)]
    while stack:
        current, depth = stack.pop()
        deepest = max(deepest, depth)
        stack.extend((part, depth + 1) for part in children(current))
    return deepest


def mentions_input(node: Node) -> bool:
    """True when the tested value `?` is used somewhere in `node`."""
    return any(isinstance(part, Name) and part.name == "?" for part in walk(node))
