"""Every limit of the engine, each reached from both sides, and attacks that try to pass them.

A limit is an error in the Result, never an exception, never a wait. What hostile files do before
FEEL is read is in test_model; the shared corpus is in test_corpus.
"""

from __future__ import annotations

import sys
import time
from decimal import Decimal

import pytest

from app.decision import DecisionModelError, evaluate_expression, load_model
from app.decision.dmn import MAX_IMPORTS
from app.decision.nodes import children, walk
from app.decision.parser import parse_expression
from app.decision.parser_base import Vocabulary
from app.decision.result import Place
from app.decision.runtime import (
    MAX_CHAIN,
    MAX_DEPTH,
    MAX_EXPONENT,
    MAX_FUEL,
    MAX_LIST,
    MAX_NESTING,
    MAX_STRING,
    MAX_TEXT,
    OutOfFuelError,
    Runtime,
)
from app.decision.site import ROOT
from app.decision.table_read import MAX_COLUMNS, MAX_ROWS
from tests.decision.models import decision, definitions, literal, table


def outcome(text: str) -> str:
    """ "ok", or the code of the error."""
    result = evaluate_expression(text, {"x": {"y": 1}, "s": "a" * 60_000})
    return result.errors[0].code if result.errors else "ok"


def limit_of(text: str) -> str:
    """The number named in the limit's message."""
    (error,) = evaluate_expression(text, {"s": "a" * 60_000}).errors
    assert error.code == "limit_exceeded"
    return error.message


def test_list_length() -> None:
    assert outcome(f"count(for i in 1..{MAX_LIST} return i)") == "ok"
    assert str(MAX_LIST) in limit_of(f"count(for i in 1..{MAX_LIST + 1} return i)")
    assert str(MAX_LIST) in limit_of("for i in 1..10**9 return i")
    assert str(MAX_LIST) in limit_of("some i in 1..10**9 satisfies i < 0")
    assert str(MAX_LIST) in limit_of('for i in @"0001-01-01"..@"9999-01-01" return 1')
    assert str(MAX_LIST) in limit_of("for i in 1..200, j in 1..200 return 1")


def test_fuel() -> None:
    assert outcome("count(for i in 1..100, j in 1..99 return i)") == "ok"
    assert str(MAX_FUEL) in limit_of("some i in 1..10000, j in 1..10000 satisfies i + j < 0")
    assert str(MAX_FUEL) in limit_of(
        "for i in 1..1000 return count(for j in 1..1000 return count([1, 2][item > 1]))"
    )


def test_string_length() -> None:
    assert outcome('string length(s + "aaaa")') == "ok"
    assert str(MAX_STRING) in limit_of("s + s")
    assert str(MAX_STRING) in limit_of("string join(for i in 1..10000 return s)")


def test_call_depth() -> None:
    recursion = "{{f: function(g, n) if n = 0 then 0 else g(g, n - 1), r: f(f, {})}}.r"
    assert outcome(recursion.format(MAX_DEPTH - 2)) == "ok"
    assert str(MAX_DEPTH) in limit_of(recursion.format(MAX_DEPTH + 1))
    assert str(MAX_DEPTH) in limit_of("(function(f) f(f))(function(f) f(f))")


def test_exponents() -> None:
    assert outcome(f"1e{MAX_EXPONENT}") == "ok"
    assert outcome(f"1e{MAX_EXPONENT + 1}") == "number_too_large"
    for text in ("10 ** 999999", "99999999 ** 99999999", "9e6144 * 10", "9e6144 + 9e6144"):
        result = evaluate_expression(text)
        assert result.value is None, text
        assert result.warnings, text
    assert evaluate_expression("1e-6000 * 1e-6000").value == 0
    assert evaluate_expression("10 ** -999999").value in {None, Decimal(0)}


def test_text_length() -> None:
    assert outcome("1" + " " * (MAX_TEXT - 1)) == "ok"
    assert outcome("1" + " " * MAX_TEXT) == "too_long"


@pytest.mark.parametrize(
    ("left", "core", "right"),
    [("(", "1", ")"), ("[", "1", "]"), ("{a: ", "1", "}"), ("if true then ", "1", " else 2"),
     ("for i in [1] return ", "1", ""), ("function(a) ", "1", ""), ("x[", "1", "]"),
     ("max(", "1", ")"), ("not(", "true", ")")],
)  # fmt: skip
def test_nesting(left: str, core: str, right: str) -> None:
    few = (MAX_NESTING - 2) // 2
    assert outcome(left * few + core + right * few) == "ok"
    many = MAX_NESTING + 1
    assert outcome(left * many + core + right * many) == "too_deep"
    assert outcome(left * 700 + core + right * 700) == "too_deep"


def test_chains() -> None:
    assert outcome("+".join(["1"] * MAX_CHAIN)) == "ok"
    assert outcome("+".join(["1"] * (MAX_CHAIN + 2))) == "too_long"
    assert outcome("x" + ".y" * (MAX_CHAIN + 1)) == "too_long"
    assert outcome("x" + "[1]" * (MAX_CHAIN + 1)) == "too_long"
    assert outcome("x" + "()" * (MAX_CHAIN + 1)) == "too_long"
    assert outcome("-" * (MAX_CHAIN + 1) + "1") == "too_long"
    assert outcome("1" + " = 1" * (MAX_CHAIN + 1)) == "too_long"
    assert outcome(" and ".join(["true"] * 1500)) == "ok"


def test_chains_and_nesting_together_stay_inside_the_interpreter() -> None:
    text = "(" * 25 + "1" + "".join(" + 1" * (MAX_CHAIN - 1) + ")" for _ in range(25))
    assert len(text) <= MAX_TEXT
    assert outcome(text) in {"ok", "too_deep", "limit_exceeded"}


def test_a_stack_that_is_nearly_used_up_is_an_error_too() -> None:
    deep = "(" * 10 + "+".join(["1"] * 150) + ")" * 10

    def call(depth: int) -> str:
        return outcome(deep) if depth == 0 else call(depth - 1)

    frames = 0
    frame = sys._getframe()
    while frame is not None:
        frames, frame = frames + 1, frame.f_back  # type: ignore[assignment]
    for spare in (30, 60, 120, 200, 260):
        assert call(sys.getrecursionlimit() - frames - spare) in {
            "too_deep",
            "limit_exceeded",
            "ok",
        }


def test_warnings_and_errors_are_bounded() -> None:
    result = evaluate_expression("for i in 1..1000 return null + i")
    assert len(result.warnings) == 100


def test_warnings_carry_their_place_only() -> None:
    rt = Runtime()
    rt.place = Place(decision="d")
    rt.fail("x", "y")
    assert rt.errors[0].place.decision == "d"
    with pytest.raises(OutOfFuelError):
        rt.spend(MAX_FUEL + 1)


def errors_of(body: str) -> set[str]:
    with pytest.raises(DecisionModelError) as caught:
        load_model(definitions(decision("d", body)))
    return {finding.code for finding in caught.value.findings}


def test_table_size() -> None:
    assert errors_of(table([("1", "")], [("y", "")], [["-", "1"]] * (MAX_ROWS + 1))) == {
        "table_too_large"
    }
    wide = table([("1", "")] * (MAX_COLUMNS + 1), [("y", "")], [])
    assert "table_too_large" in errors_of(wide)


def test_imports_beyond_the_limit_are_not_read() -> None:
    main = definitions(decision("d", literal("1")))
    extra = [definitions(namespace=f"http://x{n}") for n in range(MAX_IMPORTS)] + [b"<broken"]
    assert load_model(main, extra).evaluate("d", {}).value == 1


ATTACKS = [
    "x.__class__", "x.y.__class__.__mro__", '"a".__class__', "[1].__len__", "(1).real",
    "{}.__init__", "x.keys", "x.items()", "sum.__globals__", "(function(a) a).call",
    "(function(a) a).__closure__", '__import__("os")', 'eval("1")', 'open("/etc/passwd")',
    "x.y.as_tuple", '@"2026-01-01".__class__', '@"2026-01-01".plus_days', "[1..2].contains",
    "null.__class__", "x[__class__]", "x[y.__class__ = 1]", '"{0.__class__}".format(1)',
    'get value(sum, "__globals__")',
]  # fmt: skip


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_of_python_is_reachable(text: str) -> None:
    result = evaluate_expression(text, {"x": {"y": 1}})
    assert result.value in (None, [], [None])
    assert result.errors or result.warnings or result.value == []


def test_no_expression_of_ours_calls_eval(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError

    monkeypatch.setattr("builtins.eval", refuse)
    monkeypatch.setattr("builtins.exec", refuse)
    assert evaluate_expression("for i in 1..3 return i ** 2").value == [1, 4, 9]


def test_walking_nodes_visits_all_of_them_without_recursion() -> None:
    node = parse_expression("+".join(["1"] * MAX_CHAIN), Vocabulary(ROOT)).node
    assert node is not None
    assert len(list(walk(node))) == 2 * MAX_CHAIN - 1
    assert len(list(children(node))) == 2


@pytest.mark.parametrize(
    "body",
    ['s + ""', "upper case(s)", "string(l)", "reverse(l)", "sublist(l, 2)", "get entries(c)",
     "distinct values(l)", "distinct values(m)", "l = l", "[l, l] = [l, l]", "l in [l]",
     "list contains(m, {a: 0})", "is(l, l)", "partial", "sort(l)", "l[item > 0]"],
)  # fmt: skip
def test_long_values_cost_fuel_each_time_they_are_copied_or_compared(body: str) -> None:
    context = {
        "s": "a" * 60_000,
        "l": list(range(10_000)),
        "m": [{"a": n} for n in range(1_000)],
        "c": {f"k{n}": n for n in range(5_000)},
    }
    result = evaluate_expression(f"count(for i in l return {body})", context)
    assert [error.code for error in result.errors] == ["limit_exceeded"]


@pytest.mark.parametrize(
    "piece",
    ["1 in (", "1 in (2) + (1 in (", "[1..2[", "x in ((", "1 in (1, (", "[1..x[1..", "not(1 in ("],
)
def test_reading_never_tries_the_same_dead_end_again(piece: str) -> None:
    started = time.process_time()
    for end in ("", ")", ") + 1"):
        evaluate_expression(piece * 40 + "1" + end * 40)
    assert time.process_time() - started < 5
