"""A loaded DMN model and the questions it answers.

Answers always come as a Result: a limit crossed, a broken cell or a clash of rows is an error in
it, not an exception.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from app.decision.analysis import analyse
from app.decision.answers import answer, given_values
from app.decision.batch import BatchResult, run_batch
from app.decision.batch_data import ColumnData
from app.decision.boundaries import Boundary, boundaries
from app.decision.compile_calls import invoke
from app.decision.dmn import Document, load_documents
from app.decision.drg import Element, Evaluation
from app.decision.lexer import canonical_name
from app.decision.quick import QuickTable
from app.decision.result import Finding, Place, Result, Value
from app.decision.runtime import Runtime
from app.decision.table import CompiledTable
from app.decision.table_nodes import Table


class DecisionModelError(Exception):
    """A model cannot be used; `findings` says everything that is wrong with it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        errors = [finding for finding in findings if finding.severity == "error"]
        super().__init__("；".join(finding.message for finding in errors[:5]))
        self.findings = tuple(findings)


class UnknownElementError(LookupError):
    """The model has no decision, BKM or service of that name or id."""


class NotATableError(TypeError):
    """The decision is not one table over its inputs, so it has no batch."""


class Model:
    """A compiled DMN file; safe to share between threads, since answering changes nothing."""

    def __init__(self, document: Document, findings: Sequence[Finding]) -> None:
        self._document = document
        self.findings = tuple(findings)
        self.file = document.book.file
        self.namespace = document.namespace

    @property
    def decisions(self) -> tuple[str, ...]:
        """Names of the decisions in file order."""
        return self._labels("decision")

    @property
    def business_knowledge_models(self) -> tuple[str, ...]:
        """Names of the business knowledge models in file order."""
        return self._labels("bkm")

    @property
    def decision_services(self) -> tuple[str, ...]:
        """Names of the decision services in file order."""
        return self._labels("service")

    def _labels(self, kind: str) -> tuple[str, ...]:
        nodes = self._document.nodes.values()
        return tuple(node.label for node in nodes if node.kind == kind)

    @property
    def inputs(self) -> tuple[Element, ...]:
        """The inputs as drawn, in file order."""
        return tuple(node for node in self._document.nodes.values() if node.kind == "input")

    def element(self, name_or_id: str, *kinds: str) -> Element:
        """Return the element of that id, else of that name; raises UnknownElementError."""
        nodes = self._document.nodes
        found = nodes.get(name_or_id)
        if found is not None and found.kind in kinds:
            return found
        wanted = canonical_name(name_or_id)
        for node in nodes.values():
            if node.kind in kinds and wanted in {node.label, node.name}:
                return node
        raise UnknownElementError(name_or_id)

    def inputs_of(self, name_or_id: str) -> tuple[str, ...]:
        """Return the names of all inputs a decision needs, directly or through others."""
        found: dict[str, None] = {}
        seen: set[Element] = set()
        stack = [self.element(name_or_id, "decision")]
        while stack:
            node = stack.pop(0)
            if node in seen:
                continue
            seen.add(node)
            if node.kind == "input":
                found[node.name] = None
            found.update(dict.fromkeys(sorted(node.implicit)))
            stack.extend(requirement.element for requirement in node.requires)
        return tuple(found)

    def evaluate(self, name_or_id: str, inputs: Mapping[str, object], now: object = None) -> Result:
        """Return a decision's answer for these inputs; raises UnknownElementError."""
        element = self.element(name_or_id, "decision")
        return answer(
            lambda rt: Evaluation(rt, given_values(inputs)).value(element), now, element.place
        )

    def invoke(
        self, name_or_id: str, arguments: Mapping[str, object], now: object = None
    ) -> Result:
        """Return what a BKM or service answers to named arguments; raises UnknownElementError."""
        element = self.element(name_or_id, "bkm", "service")

        def call(rt: Runtime) -> Value:
            given = given_values(arguments)
            function = Evaluation(rt, {}).function(element)
            for name in given:
                if name not in function.parameters:
                    rt.warn("unknown_argument", f"“{element.label}”没有参数“{name}”")
            return invoke(rt, function, [given.get(name) for name in function.parameters])

        return answer(call, now, element.place)

    def tables(self) -> list[Table]:
        """Return every decision table of the file as written, in file order."""
        return [table for node in self._document.nodes.values() for table in node.tables]

    def analyse(self) -> list[Finding]:
        """Return what the tables leave out, say twice or say in vain, each with an example."""
        return analyse(self.tables())

    def batch(
        self,
        name_or_id: str,
        columns: Mapping[str, ColumnData],
        *,
        previous: BatchResult | None = None,
    ) -> BatchResult:
        """Return a table decision's answers for columns of inputs, by name; exact amounts only.

        Rows that differ from `previous` are asked of the closures again. Raises InputError for
        unusable columns, UnknownElementError, and NotATableError for any other logic.
        """
        given = {canonical_name(name): data for name, data in columns.items()}
        element, body = self._table_element(name_or_id, given)
        types = {
            requirement.element.name: requirement.element.type for requirement in element.requires
        }
        return run_batch(body, given, types, element.type, previous=previous)

    def quick(self, name_or_id: str) -> QuickTable:
        """Return a table decision as a fast function of FEEL values, without trace.

        Raises UnknownElementError, and NotATableError for any other logic.
        """
        element, body = self._table_element(name_or_id, ())
        return QuickTable(
            body, {r.element.name: r.element.type for r in element.requires}, element.type
        )

    def _table_element(
        self, name_or_id: str, given: Container[str]
    ) -> tuple[Element, CompiledTable]:
        """The decision whose logic is one table over inputs and the `given` names."""
        element = self.element(name_or_id, "decision")
        needed = (requirement.element for requirement in element.requires)
        computed = [node for node in needed if node.kind != "input" and node.name not in given]
        if not isinstance(element.body, CompiledTable) or computed:
            raise NotATableError(element.label)
        return element, element.body

    def boundaries(self, name_or_id: str) -> list[Boundary]:
        """Return test cases below, at and above every limit of a decision's tables."""
        element = self.element(name_or_id, "decision", "bkm")
        return [case for table in element.tables for case in boundaries(table)]


def load_model(
    xml: bytes, imports: Sequence[bytes] = (), *, file: str = "", strict: bool = True
) -> Model:
    """Return the model of a DMN file, or raise DecisionModelError with all that is wrong.

    `imports` are the files it may import, in any order. With `strict` false a model with broken
    parts is returned all the same (for editors): those parts answer null with an error.
    """
    try:
        document, findings = load_documents(xml, imports, file)
    except RecursionError:
        place = Place(file=file)
        finding = Finding("too_deep", "error", "模型嵌套太深。", "请拆成几个决策", place)
        raise DecisionModelError([finding]) from None
    broken = any(finding.severity == "error" for finding in findings)
    if document is None or (strict and broken):
        raise DecisionModelError(findings)
    return Model(document, findings)
