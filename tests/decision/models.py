"""Short ways to write DMN files; shared by the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from app.decision import Model, Result, load_model

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(*parts: str, namespace: str = "http://test", dmn: str = NAMESPACE) -> bytes:
    """A DMN file of these parts."""
    head = f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{dmn}" id="defs"'
    body = "".join(parts)
    return f'{head} name="test" namespace="{namespace}">{body}</definitions>'.encode()


def literal(text: str, kind: str = "") -> str:
    """A literal expression."""
    return f"<literalExpression{_type(kind)}><text>{escape(text)}</text></literalExpression>"


def item(name: str, content: str, *, collection: bool = False) -> str:
    """An item definition."""
    flag = ' isCollection="true"' if collection else ""
    return f"<itemDefinition name={quoteattr(name)}{flag}>{content}</itemDefinition>"


def data(name: str, kind: str = "") -> str:
    """An input data element with id `in_<name>`."""
    identity = quoteattr(f"in_{name}")
    variable = f"<variable name={quoteattr(name)}{_type(kind)}/>"
    return f"<inputData id={identity} name={quoteattr(name)}>{variable}</inputData>"


def decision(
    name: str,
    body: str,
    *,
    needs: Sequence[str] = (),
    knows: Sequence[str] = (),
    kind: str = "",
) -> str:
    """A decision with id `d_<name>`; `needs` are hrefs of inputs and decisions."""
    arrows = "".join(
        f"<informationRequirement><required{_arrow(href)} href={quoteattr(href)}/>"
        "</informationRequirement>"
        for href in needs
    )
    arrows += "".join(
        f"<knowledgeRequirement><requiredKnowledge href={quoteattr(href)}/></knowledgeRequirement>"
        for href in knows
    )
    variable = f"<variable name={quoteattr(name)}{_type(kind)}/>"
    identity = quoteattr(f"d_{name}")
    return f"<decision id={identity} name={quoteattr(name)}>{variable}{arrows}{body}</decision>"


def _arrow(href: str) -> str:
    return "Input" if "#in_" in href else "Decision"


def _type(kind: str) -> str:
    return f" typeRef={quoteattr(kind)}" if kind else ""


def bkm(name: str, parameters: Mapping[str, str], body: str, *, knows: Sequence[str] = ()) -> str:
    """A business knowledge model with id `k_<name>`."""
    formal = "".join(
        f"<formalParameter name={quoteattr(key)}{_type(kind)}/>" for key, kind in parameters.items()
    )
    arrows = "".join(
        f"<knowledgeRequirement><requiredKnowledge href={quoteattr(href)}/></knowledgeRequirement>"
        for href in knows
    )
    return (
        f"<businessKnowledgeModel id={quoteattr('k_' + name)} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)}/><encapsulatedLogic>{formal}{body}</encapsulatedLogic>"
        f"{arrows}</businessKnowledgeModel>"
    )


def table(
    inputs: Sequence[tuple[str, str]],
    outputs: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]],
    *,
    policy: str = "",
    aggregation: str = "",
    output_values: str = "",
    input_values: str = "",
    default: str = "",
    notes: Sequence[str] = (),
) -> str:
    """A decision table; a row is its input cells, its outputs, then its annotations."""
    flags = f' hitPolicy="{policy}"' if policy else ""
    flags += f' aggregation="{aggregation}"' if aggregation else ""
    parts = [f'<decisionTable id="t"{flags}>']
    for number, (text, kind) in enumerate(inputs):
        allowed = f"<inputValues><text>{escape(input_values)}</text></inputValues>"
        parts.append(
            f'<input id="i{number}"><inputExpression{_type(kind)}><text>{escape(text)}</text>'
            f"</inputExpression>{allowed if input_values else ''}</input>"
        )
    for number, (name, kind) in enumerate(outputs):
        values = f"<outputValues><text>{escape(output_values)}</text></outputValues>"
        fallback = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>"
        parts.append(
            f'<output id="o{number}" name={quoteattr(name)}{_type(kind)}>'
            f"{values if output_values else ''}{fallback if default else ''}</output>"
        )
    parts.extend(f"<annotation name={quoteattr(note)}/>" for note in notes)
    for number, row in enumerate(rows, 1):
        parts.append(f'<rule id="r{number}">')
        for index, cell in enumerate(row):
            tag = _cell_tag(index, len(inputs), len(outputs))
            parts.append(f"<{tag}><text>{escape(cell)}</text></{tag}>")
        parts.append("</rule>")
    parts.append("</decisionTable>")
    return "".join(parts)


def _cell_tag(index: int, inputs: int, outputs: int) -> str:
    if index < inputs:
        return "inputEntry"
    return "outputEntry" if index < inputs + outputs else "annotationEntry"


def one_decision(body: str, *inputs: tuple[str, str]) -> Model:
    """A model of one decision "d" that needs these inputs."""
    parts = [data(name, kind) for name, kind in inputs]
    needs = [f"#in_{name}" for name, _ in inputs]
    return load_model(definitions(*parts, decision("d", body, needs=needs)))


def ask(model: Model, **inputs: Any) -> Result:
    """The answer of decision "d"."""
    return model.evaluate("d", inputs)
