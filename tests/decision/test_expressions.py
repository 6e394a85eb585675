"""What FEEL expressions mean: three-valued logic, membership, loops, filters, functions.

Builtins have test_builtins, temporal values test_temporal, cells in tables test_table.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from app.decision import (
    ExpressionError,
    compile_expression,
    evaluate_expression,
    evaluate_unary_tests,
)
from app.decision.values import to_text


def value(text: str, **context: Any) -> Any:
    result = evaluate_expression(text, context)
    assert not result.errors, result.errors
    return result.value


def shown(text: str, **context: Any) -> str:
    """The value as FEEL text: compact to compare."""
    return to_text(value(text, **context))


def warnings(text: str, **context: Any) -> list[str]:
    return [warning.code for warning in evaluate_expression(text, context).warnings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true and true", True),
        ("true and false", False),
        ("true and null", None),
        ("false and null", False),
        ("null and null", None),
        ("null and false", False),
        ('true and "x"', None),
        ('false and "x"', False),
        ("true or null", True),
        ("false or null", None),
        ("null or true", True),
        ("false or false", False),
        ('false or "x"', None),
        ("not(null)", None),
        ("not(true)", False),
        ("5 in [< 3, > 4]", True),
        ("1 = null", False),
        ("null = null", True),
        ("null != null", False),
        ('1 = "1"', None),
        ("1 < null", None),
        ('1 < "2"', None),
        ("true = 1", None),
        ("1.0 = 1.00", True),
        ("null between 1 and 2", None),
        ("1 between 1 and 2", True),
        ("0 between 1 and null", False),
        ("2 between 1 and null", None),
    ],
)
def test_three_valued_logic(text: str, expected: bool | None) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 + 0.2", "0.3"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("10 / 0", "null"),
        ("2 ** 10", "1024"),
        ("-2 ** 2", "4"),
        ("-0", "0"),
        ('"a" + "b"', "ab"),
        ("1 + null", "null"),
        ('1 + "a"', "null"),
        ("if null then 1 else 2", "2"),
        ('if "x" then 1 else 2', "2"),
        ("if 1 < 2 then 1 else 2", "1"),
        ("5 in (1, < 3, [5..6])", "true"),
        ("5 in [1, 5]", "true"),
        ("5 in [[1..3], [5..6]]", "true"),
        ("5 in ]5..6]", "false"),
        ("5 in (> 5)", "false"),
        ('"b" in ("a", "b")', "true"),
        ('5 in ["a"]', "false"),
        ("[1, 2] in [[1, 2], [3]]", "true"),
        ("[1, 2, 3][2]", "2"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][4]", "null"),
        ("[1, 2, 3][0]", "null"),
        ("[1, 2, 3][1.5]", "null"),
        ("[1, 2, 3][item > 1]", "[2, 3]"),
        ("[1, null, 3][item > 1]", "[3]"),
        ("[][1]", "null"),
        ("[][item > 1]", "[]"),
        ("null[item > 1]", "[]"),
        ("5[1]", "5"),
        ("5[item > 6]", "[]"),
        ("[{a: 1, b c: 2}, {a: 3, b c: 4}].b c", "[2, 4]"),
        ("[{a: 1}, {a: 2}][a > 1].a", "[2]"),
        ("[{item: 1}, {item: 2}][item > 1]", "[{item: 2}]"),
        ("for i in 1..3 return i * i", "[1, 4, 9]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in [1..3] return i", "[1, 2, 3]"),
        ("for i in (1..3) return i", "[2]"),
        ("for i in [3..1] return i", "null"),
        ("for i in [], j in [1] return i", "[]"),
        ("for i in null return i", "null"),
        ("for i in 7 return i", "[7]"),
        ("for i in 1..1.5 return i", "null"),
        ('for i in 1.."3" return i', "null"),
        ("for i in 1..2, j in i..2 return i * 10 + j", "[11, 12, 22]"),
        ("for i in 1..4 return if i < 3 then 1 else partial[-1] + partial[-2]", "[1, 1, 2, 3]"),
        ('for d in @"2026-02-28"..@"2026-03-01" return d.day', "[28, 1]"),
        ('for d in @"2026-01-02"..@"2026-01-01" return d.day', "[2, 1]"),
        ("some x in [1, 2] satisfies x > 1", "true"),
        ("some x in [1, null] satisfies x > 1", "null"),
        ("some x in [] satisfies x > 1", "false"),
        ("every x in [1, 2] satisfies x > 0", "true"),
        ("every x in [1, null] satisfies x > 0", "null"),
        ("every x in [0, null] satisfies x > 0", "false"),
        ("every x in [] satisfies x", "true"),
        ("some x in null satisfies x", "null"),
        ("some x in [1, 2], y in [2, 3] satisfies x = y", "true"),
        ("{a: 1, b: a + 1}.b", "2"),
        ("{a: 1}.b", "null"),
        ('{"a b": 1}.a b', "1"),
        ("(function(a, b) a - b)(5, 3)", "2"),
        ("(function(a, b) a - b)(b: 5, a: 3)", "-2"),
        ("(function(a) a)(1, 2)", "null"),
        ("(function(a) a)(b: 1)", "null"),
        ('(function(a: number) a)("x")', "null"),
        ("(function(a: list<number>) a)(1)", "[1]"),
        ("(function(a: number) a)([1])", "1"),
        ("{n: 2, f: function(x) x * n}.f(3)", "6"),
        ("(for i in 1..2 return function() i)[1]()", "1"),
        ("5()", "null"),
        ('substring(string: "abcd", start position: 2, length: 2)', "bc"),
        ("substring(text: 1)", "null"),
        ("{sum: function(x) 0, y: sum([1, 2])}.y", "0"),
        ("(function(f) f(4))(sqrt)", "2"),
        ("1 instance of number", "true"),
        ("null instance of Any", "false"),
        ("null instance of Null", "true"),
        ("[1] instance of list<number>", "true"),
        ('[1, "a"] instance of list<number>', "false"),
        ('{a: 1} instance of context<a: number>', "true"),
        ("{a: 1} instance of context<a: number, b: number>", "false"),
        ("[1..2] instance of range<number>", "true"),
        ("(function(a: number) a) instance of function<number>->number", "true"),
        ("(function(a: string) a) instance of function<number>->number", "false"),
        ('@"P1D" instance of days and time duration', "true"),
        ('@"P1D" instance of years and months duration', "false"),
        ("(> 5) = (> 5)", "true"),
        ('[1.."a"]', "null"),
    ],
)  # fmt: skip
def test_meaning(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("tests", "tested", "expected"),
    [
        ("-", None, True),
        ("null", None, True),
        ("1", None, False),
        ("1", "1", None),
        ("< 5", 4, True),
        ("< 5", "4", None),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "c", True),
        ('not("a", "b")', "b", False),
        ("not(< 5)", "x", None),
        ("? > 3 and ? < 5", 4, True),
        ('contains(?, "保")', "低保", True),
        ("[1, 2, 3]", 2, True),
        ("< ? + 1", 5, True),
        ("[1, 2]", [1, 2], True),
        ('<= "b"', "a", True),
        ("x", 7, True),
        ("< x", 6, True),
        ("[x..9]", 8, True),
        ("? in [x, 9]", 9, True),
        ("true", True, True),
        ("true", False, False),
        ("= 5", 5, True),
        ("!= 5", 5, False),
        ("count(?) > 1", [1, 2], True),
        ("1", [1], True),
    ],
)
def test_unary_tests(tests: str, tested: Any, expected: bool | None) -> None:
    result = evaluate_unary_tests(tests, tested, {"x": 7})
    assert not result.errors
    assert result.value is expected


def test_python_values_come_in_exactly() -> None:
    context = {
        "n": 10**20,
        "f": 0.1,
        "d": datetime.date(2026, 1, 31),
        "l": [1, {"k": Decimal("2.50")}],
    }
    assert value("n", **context) == Decimal(10**20)
    assert value("f * 3", **context) == Decimal("0.3")
    assert shown('d + @"P1M"', **context) == "2026-02-28"
    assert value("l[2].k", **context) == Decimal("2.50")


def test_an_input_feel_cannot_hold_is_an_error() -> None:
    result = evaluate_expression("x", {"x": object()})
    assert [error.code for error in result.errors] == ["bad_input"]


def test_the_moment_is_given_not_asked() -> None:
    moment = datetime.datetime(2026, 2, 3, 4, 5, tzinfo=datetime.UTC)
    assert to_text(evaluate_expression("today()", {}, moment).value) == "2026-02-03"
    without = evaluate_expression("today()", {})
    assert without.value is None
    assert without.warnings


def test_nulls_come_with_a_reason() -> None:
    assert warnings("收入 + 1") == ["unknown_name", "null_operand"]
    assert warnings("sume([1])")[-1] == "not_a_function"
    assert warnings('1 < "a"') == ["not_comparable"]
    assert warnings("[1][5]") == ["no_such_item"]
    assert warnings('if "a" then 1 else 2') == ["condition_not_boolean"]
    assert warnings('[1]["a"]') == ["filter_not_boolean"]


def test_a_broken_expression_is_an_error_not_an_exception() -> None:
    result = evaluate_expression("1 +")
    assert result.value is None
    assert not result.ok
    assert result.errors[0].code == "unexpected_end"


def test_compiled_expressions_tell_which_variables_they_read() -> None:
    text = "for i in 列表[item > 门槛] return i * {a: 倍数, b: a}.b + (function(x) x + 底数)(1) + max(1)"
    compiled = compile_expression(text)
    assert compiled.names == {"列表", "门槛", "倍数", "底数"}
    found = compiled.evaluate({"列表": [1, 5], "门槛": 2, "倍数": 10, "底数": 100}).value
    assert found == [Decimal(152)]


def test_compiling_with_names_refuses_unknown_ones() -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression("人均收人 > 1000", names=["人均收入"])
    (finding,) = caught.value.findings
    assert finding.code == "unknown_name"
    assert finding.suggestion == "您是不是想写 人均收入？"


def test_compiling_with_dotted_names_declares_members() -> None:
    compiled = compile_expression("申请人.家庭 人口 * 2", names=["申请人.家庭 人口"])
    assert compiled.names == {"申请人"}
    assert compiled.evaluate({"申请人": {"家庭 人口": 3}}).value == Decimal(6)


def test_members_of_a_given_context_need_no_declaration() -> None:
    assert value("p.月 收入 + 1", p={"月 收入": 2}) == Decimal(3)
    assert value("p[月 收入 > 1].月 收入", p=[{"月 收入": 2}]) == [Decimal(2)]


def test_evaluating_does_not_change_the_given_context() -> None:
    context = {"x": [1, 2], "y": {"a": 1}}
    evaluate_expression("for i in x return {x: i, y: append(x, 3)}", context)
    assert context == {"x": [1, 2], "y": {"a": 1}}
