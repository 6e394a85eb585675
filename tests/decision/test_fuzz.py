"""Random texts and random files: always an answer or the named refusals, never anything else.

Longer runs are made by hand (see docs); these few hundred guard against regressions.
"""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.decision import (
    DecisionModelError,
    Result,
    evaluate_expression,
    evaluate_unary_tests,
    load_model,
)
from app.decision.builtins import BUILTINS
from tests.decision.models import data, decision, definitions, literal, table

WORDS = [
    "(", ")", "[", "]", "{", "}", ",", "..", ".", '"', "@", "?", "-", "+", "*", "/", "**", "=",
    "!=", "<", ">=", ":", "and", "or", "not(", "in", "if", "then", "else", "for i in", "return",
    "some i in", "satisfies", "function(i)", "instance of", "between", "true", "null", "1", "0.5",
    "1e300", "i", "x", "人均 收入", "“", "，", "（", "１", '"文"', "\\u", "\x00", "list<number>",
    '@"2026-01-31"', '@"P1M"', "item", "partial", "//", "/*", "'", "external", *sorted(BUILTINS),
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join) | st.text(max_size=60)
CONTEXT = {"x": [1, {"i": 2}, None], "人均 收入": 5, "i": "a"}
FEW = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def is_refused(xml: bytes) -> bool:
    """Whether a file is refused, which it must be with findings."""
    try:
        load_model(xml)
    except DecisionModelError as refused:
        return len(refused.findings) > 0
    return False


@FEW
@given(TEXTS)
def test_any_text_as_expression(text: str) -> None:
    result = evaluate_expression(text, CONTEXT)
    assert isinstance(result, Result)
    assert result.value is None or not result.errors
    assert all(finding.message and finding.code for finding in result.errors)


@FEW
@given(TEXTS, st.none() | st.integers() | st.text(max_size=5) | st.booleans())
def test_any_text_as_cell(text: str, value: object) -> None:
    assert evaluate_unary_tests(text, value, CONTEXT).value in {True, False, None}


@FEW
@given(st.lists(TEXTS, min_size=4, max_size=4), st.sampled_from(["UNIQUE", "COLLECT", "PRIORITY"]))
def test_any_text_in_a_table(texts: list[str], policy: str) -> None:
    clean = ["".join(c for c in text if c.isprintable()) for text in texts]
    body = table([(clean[0], "number")], [("y", "")], [[clean[1], clean[2]]], policy=policy)
    parts = (data("x"), decision("d", body), decision("e", literal(clean[3]), needs=["#in_x"]))
    xml = definitions(*parts)
    loose = load_model(xml, strict=False)
    for name in ("d", "e"):
        result = loose.evaluate(name, CONTEXT)
        assert result.value is None or not result.errors
    broken = any(finding.severity == "error" for finding in loose.findings)
    assert is_refused(xml) is broken


@FEW
@given(st.binary(max_size=200))
def test_any_bytes_as_a_file(data_: bytes) -> None:
    assert is_refused(data_) in {True, False}
