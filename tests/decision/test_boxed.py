"""Boxed expressions: contexts, lists, relations, functions, invocations, loops, conditionals.

Decision tables have test_table; what text expressions mean is left to test_expressions.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.decision import load_model
from app.decision.values import to_text
from tests.decision.models import bkm, decision, definitions, literal, one_decision


def shown(body: str, *parts: str) -> str:
    model = load_model(definitions(*parts, decision("d", body)))
    return to_text(model.evaluate("d", {}).value)


def entry(name: str, body: str, kind: str = "") -> str:
    reference = f' typeRef="{kind}"' if kind else ""
    return f'<contextEntry><variable name="{name}"{reference}/>{body}</contextEntry>'


def loop(tag: str, over: str, last: str, body: str) -> str:
    inner = f"<in>{literal(over)}</in><{last}>{literal(body)}</{last}>"
    return f'<{tag} iteratorVariable="户 主">{inner}</{tag}>'


def test_context_entries_see_earlier_ones_and_the_last_may_be_the_result() -> None:
    entries = entry("月 收入", literal("100")) + entry("年 收入", literal("月 收入 * 12"))
    assert shown(f"<context>{entries}</context>") == "{月 收入: 100, 年 收入: 1200}"
    result = f"<contextEntry>{literal('年 收入 + 1')}</contextEntry>"
    assert shown(f"<context>{entries}{result}</context>") == "1201"


def test_context_entries_are_coerced_to_their_type() -> None:
    entries = entry("a", literal("[1]"), "number") + entry("b", literal('"x"'), "number")
    assert shown(f"<context>{entries}</context>") == "{a: 1, b: null}"


def test_lists_and_relations() -> None:
    assert shown(f"<list>{literal('1')}{literal('null')}</list>") == "[1, null]"
    rows = f"<row>{literal('1')}{literal('2')}</row><row>{literal('3')}{literal('4')}</row>"
    columns = '<column name="a"/><column name="b c"/>'
    assert shown(f"<relation>{columns}{rows}</relation>") == ("[{a: 1, b c: 2}, {a: 3, b c: 4}]")


def test_function_definition_and_invocation() -> None:
    formal = '<formalParameter name="x y" typeRef="number"/>'
    function = f"<functionDefinition>{formal}{literal('x y * 2')}</functionDefinition>"
    binding = f'<binding><parameter name="x y"/>{literal("4")}</binding>'
    assert shown(f"<invocation>{function}{binding}</invocation>") == "8"
    wrong = f'<binding><parameter name="z"/>{literal("4")}</binding>'
    assert shown(f"<invocation>{function}{wrong}</invocation>") == "null"
    assert shown(f"<invocation>{function}</invocation>") == "null"


def test_a_foreign_function_is_never_run() -> None:
    formal = '<formalParameter name="x"/>'
    function = f'<functionDefinition kind="Java">{formal}{literal("1")}</functionDefinition>'
    binding = f'<binding><parameter name="x"/>{literal("4")}</binding>'
    model = one_decision(f"<invocation>{function}{binding}</invocation>")
    result = model.evaluate("d", {})
    assert result.value is None
    assert "external_function" in {warning.code for warning in result.warnings}


@pytest.mark.parametrize(
    ("condition", "expected"), [("true", "1"), ("false", "2"), ("null", "2"), ('"x"', "null")]
)
def test_conditional(condition: str, expected: str) -> None:
    branches = f"<then>{literal('1')}</then><else>{literal('2')}</else>"
    assert shown(f"<conditional><if>{literal(condition)}</if>{branches}</conditional>") == expected


@pytest.mark.parametrize(
    ("source", "condition", "expected"),
    [
        ("[1, 2, 3]", "item > 1", "[2, 3]"),
        ("[{x y: 1}, {x y: 2}]", "x y > 1", "[{x y: 2}]"),
        ("[1, 2, 3]", "2", "2"),
        ("null", "item > 1", "[]"),
        ("5", "item > 1", "[5]"),
    ],
)
def test_filter(source: str, condition: str, expected: str) -> None:
    inner = f"<in>{literal(source)}</in><match>{literal(condition)}</match>"
    assert shown(f"<filter>{inner}</filter>") == expected


@pytest.mark.parametrize(
    ("tag", "over", "last", "body", "expected"),
    [
        ("for", "[1, 2]", "return", "户 主 + count(partial)", "[1, 3]"),
        ("for", "1..3", "return", "户 主", "[1, 2, 3]"),
        ("for", "3..1", "return", "户 主", "[3, 2, 1]"),
        ("for", "null", "return", "户 主", "null"),
        ("some", "[1, 2]", "satisfies", "户 主 > 1", "true"),
        ("some", "[1, 2]", "satisfies", "户 主 > 2", "false"),
        ("some", "[1, null]", "satisfies", "户 主 > 2", "null"),
        ("every", "[1, 2]", "satisfies", "户 主 > 0", "true"),
        ("every", "[1, 2]", "satisfies", "户 主 > 1", "false"),
        ("every", "[]", "satisfies", "户 主 > 1", "true"),
        ("every", "null", "satisfies", "户 主 > 1", "null"),
    ],
)
def test_loops(tag: str, over: str, last: str, body: str, expected: str) -> None:
    assert shown(loop(tag, over, last, body)) == expected


def test_any_boxed_expression_is_coerced_to_its_type() -> None:
    assert shown(literal("[7]", "number")) == "7"
    assert shown(literal('"x"', "number")) == "null"
    assert shown(f'<list typeRef="Any">{literal("7")}</list>') == "[7]"


def test_boxed_expressions_nest() -> None:
    inner = loop("for", "[1, 2]", "return", "f(户 主)")
    body = f"<context>{entry('f', literal('function(x) x * 10'))}{entry('xs', inner)}</context>"
    assert to_text(one_decision(body).evaluate("d", {}).value) == "{f: function(x), xs: [10, 20]}"


@pytest.mark.parametrize("body", ["", "<literalExpression/>", literal("")])
def test_missing_logic_is_a_warning_and_null(body: str) -> None:
    model = one_decision(body)
    assert [finding.severity for finding in model.findings] == ["warning"]
    assert model.evaluate("d", {}).value is None


def test_another_expression_language_is_refused() -> None:
    body = '<literalExpression expressionLanguage="javascript"><text>1</text></literalExpression>'
    model = load_model(definitions(decision("d", body)), strict=False)
    assert [finding.code for finding in model.findings] == ["unknown_language"]


def test_a_bkm_is_a_function_of_its_parameters() -> None:
    parts = bkm("折算", {"金额": "number", "比例": "number"}, literal("金额 * 比例"))
    model = load_model(
        definitions(parts, decision("d", literal("折算(200, 0.6)"), knows=["#k_折算"]))
    )
    assert model.evaluate("d", {}).value == Decimal("120.0")
    assert model.business_knowledge_models == ("折算",)
    arguments: dict[str, Any] = {"金额": 10, "比例": 2}
    assert model.invoke("折算", arguments).value == Decimal(20)
    assert model.invoke("k_折算", {"金额": 10}).value is None
    odd = model.invoke("折算", {**arguments, "别的": 1})
    assert odd.value == Decimal(20)
    assert [warning.code for warning in odd.warnings] == ["unknown_argument"]


def test_a_name_shared_by_a_bkm_and_a_builtin_means_the_bkm() -> None:
    parts = bkm("sum", {"list": "", "甲": ""}, literal("甲"))
    texts = {"sum(list: 1, 甲: 2)": Decimal(2), "sum(1, 3)": Decimal(3)}
    for text, expected in texts.items():
        body = decision("d", literal(text), knows=["#k_sum"])
        assert load_model(definitions(parts, body)).evaluate("d", {}).value == expected


def test_a_builtin_handed_on_is_called_by_its_parameter_names() -> None:
    call = '(function(f) f(string: "abc", match: "b"))(contains)'
    assert shown(literal(call)) == "true"
    assert shown(literal("(function(f) f(text: 1))(contains)")) == "null"


def test_boxed_places_without_logic_are_named() -> None:
    for body in ("<context><contextEntry/></context>", "<conditional/>", "<some/>"):
        model = load_model(definitions(decision("d", body)), strict=False)
        assert "empty_expression" in {finding.code for finding in model.findings}
        assert model.evaluate("d", {}).value is None


def test_a_foreign_bkm_is_never_run() -> None:
    logic = f'<encapsulatedLogic kind="PMML">{literal("1")}</encapsulatedLogic>'
    foreign = f'<businessKnowledgeModel id="k" name="k">{logic}</businessKnowledgeModel>'
    body = decision("d", literal("k()"), knows=["#k"])
    result = load_model(definitions(foreign, body)).evaluate("d", {})
    assert result.value is None
    assert "external_function" in {warning.code for warning in result.warnings}


def test_a_row_of_a_relation_needs_a_cell_per_column() -> None:
    body = f'<relation><column name="a"/><row>{literal("1")}{literal("2")}</row></relation>'
    model = load_model(definitions(decision("d", body)), strict=False)
    assert "wrong_cell_count" in {finding.code for finding in model.findings}
