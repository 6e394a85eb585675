"""The shape of compiled FEEL: a closure takes the runtime and the environment, returns a value.

Compilation happens once per model, evaluation thousands of times; whatever can be decided from
the syntax alone is decided here and not inside the closure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.decision.nodes import Node
from app.decision.result import Value
from app.decision.runtime import Runtime
from app.decision.types import ANY, Type, type_of_node

Env = dict[str, Value]
"""Variable values by canonical name; never changed once a closure can see it."""

Closure = Callable[[Runtime, Env], Value]
Test = Callable[[Runtime, Env, Value], bool | None]
"""A unary test: the third argument is the tested value."""

Handler = Callable[["Compiler", Any], Closure]
TestHandler = Callable[["Compiler", Node], Test]


class Compiler:
    """Turns nodes into closures by one handler per node type."""

    __slots__ = ("_handlers", "_test", "named_type")

    def __init__(
        self,
        handlers: Mapping[type[Node], Handler],
        test: TestHandler,
        named_type: Callable[[str], Type] | None = None,
    ) -> None:
        self._handlers = handlers
        self._test = test
        self.named_type = named_type or (lambda _name: ANY)

    def __call__(self, node: Node) -> Closure:
        """Return the closure of an expression."""
        return self._handlers[type(node)](self, node)

    def test(self, node: Node) -> Test:
        """Return the closure of one test on the right of `in` or in a cell."""
        return self._test(self, node)

    def type(self, node: Node) -> Type:
        """Return the type a type expression means."""
        return type_of_node(node, self.named_type)
