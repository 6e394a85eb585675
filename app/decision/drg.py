"""The requirements graph at work: which element needs which, and their values on demand.

Every element is evaluated at most once per question. Cycles are found at load and reported; a
graph that still runs into itself stops with an error, never with a recursion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.decision.closures import Closure, Env
from app.decision.compile_calls import Depth, make_function
from app.decision.result import Place, Value
from app.decision.runtime import Runtime
from app.decision.table_nodes import Table
from app.decision.types import ANY, Type, coerce
from app.decision.values import Function


@dataclass(slots=True, eq=False)
class Element:
    """An input, decision, business knowledge model or decision service of a graph."""

    kind: str  # "input" | "decision" | "bkm" | "service"
    element_id: str  # XML id
    name: str  # canonical name of its variable
    label: str  # name of the element as drawn
    place: Place  # for warnings and errors
    type: Type = ANY  # of its variable
    requires: list[Requirement] = field(default_factory=list)
    body: Closure | None = None  # logic of a decision or BKM; None: no logic, or foreign code
    parameters: tuple[str, ...] = ()  # of a BKM
    types: tuple[Type, ...] = ()  # of these parameters
    outputs: list[Element] = field(default_factory=list)  # of a service
    inputs: list[Element] = field(default_factory=list)  # of a service, in parameter order
    implicit: set[str] = field(default_factory=set)  # inputs used without being drawn
    tables: list[Table] = field(default_factory=list)  # tables in its logic
    compiled: bool = False  # True once its logic was read


@dataclass(frozen=True, slots=True)
class Requirement:
    """An arrow of the graph."""

    prefix: str  # import name when the element lives in another file, else ""
    element: Element


class Evaluation:
    """One question to a graph: given inputs in, values out, each computed once."""

    __slots__ = ("_functions", "_given", "_open", "_values", "rt")

    def __init__(self, rt: Runtime, given: Mapping[str, Value]) -> None:
        self.rt = rt
        self._given = given  # by variable name; a decision given here is not computed
        self._values: dict[Element, Value] = {}
        self._functions: dict[Element, Function] = {}
        self._open: set[Element] = set()

    def preset(self, element: Element, value: Value) -> None:
        """Take `value` for an element instead of computing it."""
        self._values[element] = value

    def value(self, element: Element) -> Value:
        """Return the element's value: an input's, a decision's, or a function."""
        if element in self._values:
            return self._values[element]
        if element.kind == "input":
            value = self._input(element)
        elif element.kind == "decision":
            value = self._decision(element)
        else:
            value = self.function(element)
        self._values[element] = value
        return value

    def _input(self, element: Element) -> Value:
        name = element.name
        if name not in self._given:
            name = element.label  # the drawn name, where it differs from the variable's
        if name not in self._given:
            self.rt.warn("input_missing", f"没有给出“{name}”，按空值处理")
            return None
        return coerce(self.rt, self._given[name], element.type, name)

    def _decision(self, element: Element) -> Value:
        rt = self.rt
        outer, rt.place = rt.place, element.place
        if element in self._open:
            rt.fail("requirement_cycle", f"“{element.label}”的计算需要它自己的结果。")
            return None
        self._open.add(element)
        with Depth(rt):
            env = self._environment(element)
            rt.place = element.place
            value = element.body(rt, env) if element.body is not None else None
        self._open.discard(element)
        value = coerce(rt, value, element.type, element.name)
        rt.place = outer
        return value

    def _environment(self, element: Element) -> Env:
        env: Env = {name: self._given.get(name) for name in element.implicit}
        for requirement in element.requires:
            value = self.value(requirement.element)
            if not requirement.prefix:
                env[requirement.element.name] = value
                continue
            inner = env.setdefault(requirement.prefix, {})
            inner[requirement.element.name] = value
        return env

    def function(self, element: Element) -> Function:
        """Return a BKM or service as a function value."""
        if element not in self._functions:
            # Entered before it is complete: a BKM may call itself.
            made = self._service(element) if element.kind == "service" else self._bkm(element)
            self._functions[element] = made
        return self._functions[element]

    def _bkm(self, element: Element) -> Function:
        body = element.body

        def run(rt: Runtime, arguments: Env) -> Value:
            if body is None:
                rt.warn("external_function", "不执行外部函数，按空值处理")
                return None
            outer, rt.place = rt.place, element.place
            env = {element.name: self.function(element), **self._environment(element), **arguments}
            value = body(rt, env)
            rt.place = outer
            return value

        result = _result_type(element)
        return make_function(element.name, element.parameters, element.types, run, {}, result)

    def _service(self, element: Element) -> Function:
        names = tuple(part.name for part in element.inputs)
        types = tuple(part.type for part in element.inputs)
        result = _result_type(element)

        def run(rt: Runtime, arguments: Env) -> Value:
            inner = Evaluation(rt, arguments)
            for part in element.inputs:
                inner.preset(part, arguments.get(part.name))
            values = {part.name: inner.value(part) for part in element.outputs}
            return next(iter(values.values())) if len(values) == 1 else values

        return make_function(element.name, names, types, run, {}, result)


def _result_type(element: Element) -> Type | None:
    """What calling a BKM or service answers; its variable may declare that or the function."""
    declared = element.type.result if element.type.kind == "function" else element.type
    if declared is not None and declared is not ANY:
        return declared
    alone = element.outputs[0].type if len(element.outputs) == 1 else ANY
    return None if alone is ANY else alone


def find_cycle(elements: Iterable[Element]) -> list[Element]:
    """Return the elements of one requirement cycle in order, or nothing.

    A BKM that requires itself is recursion, which the call depth bounds; it is not reported.
    """
    done: set[Element] = set()
    for start in elements:
        path: list[Element] = []
        stack: list[tuple[Element, int]] = [(start, 0)]
        while stack:
            element, depth = stack.pop()
            del path[depth:]
            if element in path:
                return path[path.index(element) :]
            if element in done:
                continue
            done.add(element)
            path.append(element)
            for requirement in element.requires:
                if requirement.element.kind == "decision":
                    stack.append((requirement.element, depth + 1))
    return []
