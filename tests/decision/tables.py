"""Decision tables for tests: from rows of cell texts to DMN XML and to a loaded model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from app.decision import Model, load_model
from app.decision.runtime import Runtime
from app.decision.table import CompiledTable

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


@dataclass(frozen=True)
class In:
    """An input column: variable name, type and, when given, heading and allowed values."""

    name: str
    type: str = "number"
    label: str = ""
    values: str = ""
    expression: str = ""


@dataclass(frozen=True)
class Out:
    """An output column."""

    name: str = "结果"
    type: str = "string"
    label: str = ""
    values: str = ""
    default: str = ""


@dataclass(frozen=True)
class Sheet:
    """A whole table; each row is its input cells then its output cells."""

    inputs: Sequence[In]
    rows: Sequence[Sequence[str]]
    outputs: Sequence[Out] = field(default_factory=lambda: [Out()])
    policy: str = "UNIQUE"
    aggregation: str = ""
    name: str = "救助档次"
    annotations: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def xml(self) -> bytes:
        """The DMN file of a model with this one decision."""
        data = "".join(
            f'<inputData id="in{i}" name={quoteattr(c.name)}>'
            f"<variable name={quoteattr(c.name)} typeRef={quoteattr(c.type)}/></inputData>"
            for i, c in enumerate(self.inputs)
        )
        needs = "".join(
            f'<informationRequirement><requiredInput href="#in{i}"/></informationRequirement>'
            for i in range(len(self.inputs))
        )
        aggregation = f' aggregation="{self.aggregation}"' if self.aggregation else ""
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{NAMESPACE}" id="d" name="m" namespace="urn:t">'
            f'{data}<decision id="dec" name={quoteattr(self.name)}><variable name={quoteattr(self.name)}/>{needs}'
            f'<decisionTable id="t" hitPolicy="{self.policy}"{aggregation}>'
            + "".join(self._input(i, c) for i, c in enumerate(self.inputs))
            + "".join(self._output(i, c) for i, c in enumerate(self.outputs))
            + "".join(f"<annotation name={quoteattr(label)}/>" for label in self.annotations)
            + "".join(self._rule(i, row) for i, row in enumerate(self.rows))
            + "</decisionTable></decision></definitions>"
        ).encode("utf-8", "replace")

    def _input(self, index: int, column: In) -> str:
        values = (
            f"<inputValues><text>{escape(column.values)}</text></inputValues>"
            if column.values
            else ""
        )
        return (
            f'<input id="i{index}" label={quoteattr(column.label or column.name)}>'
            f'<inputExpression id="ie{index}" typeRef={quoteattr(column.type)}>'
            f"<text>{escape(column.expression or column.name)}</text></inputExpression>{values}</input>"
        )

    def _output(self, index: int, column: Out) -> str:
        values = (
            f"<outputValues><text>{escape(column.values)}</text></outputValues>"
            if column.values
            else ""
        )
        default = (
            f"<defaultOutputEntry><text>{escape(column.default)}</text></defaultOutputEntry>"
            if column.default
            else ""
        )
        return (
            f'<output id="o{index}" name={quoteattr(column.name)} label={quoteattr(column.label or column.name)}'
            f" typeRef={quoteattr(column.type)}>{values}{default}</output>"
        )

    def _rule(self, index: int, row: Sequence[str]) -> str:
        split = len(self.inputs)
        cells = "".join(
            f'<inputEntry id="c{index}_{i}"><text>{escape(text)}</text></inputEntry>'
            for i, text in enumerate(row[:split])
        )
        outputs = "".join(
            f'<outputEntry id="x{index}_{i}"><text>{escape(text)}</text></outputEntry>'
            for i, text in enumerate(row[split:])
        )
        notes = "".join(
            f"<annotationEntry><text>{escape(texts[index])}</text></annotationEntry>"
            for texts in self.annotations.values()
        )
        return f'<rule id="r{index + 1}">{cells}{outputs}{notes}</rule>'

    def model(self) -> Model:
        """The loaded model."""
        return load_model(self.xml(), file="test.dmn")


def compiled(model: Model, name: str = "dec") -> CompiledTable:
    """The table of a decision as it runs."""
    table = model.element(name, "decision").body
    assert isinstance(table, CompiledTable), table
    return table


def rows_by_closures(table: CompiledTable, values: list[Any]) -> list[int]:
    """What the reference says."""
    return table.match_by_closures(Runtime(), {}, values)
