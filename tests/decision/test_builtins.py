"""Every builtin: what it answers, when it answers null with a warning, and its limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.decision.builtins import BUILTINS
from app.decision.regex import PatternError, compile_pattern
from app.decision.runtime import OutOfFuelError, Runtime
from app.decision.temporal import parse_date_time
from app.decision.values import Function, Range, feel_equal
from tests.decision.feel import ask, call, feel, interval

NUMBER_CASES = [
    ("decimal", (Decimal("2.5"), 0), 2),
    ("decimal", (Decimal("0.515"), 2), Decimal("0.52")),
    ("decimal", (Decimal("1.25"), Decimal("1.9")), Decimal("1.2")),
    ("round up", (Decimal("-5.5"), 0), -6),
    ("round down", (Decimal("-5.5"), 0), -5),
    ("round half up", (Decimal("1.005"), 2), Decimal("1.01")),
    ("round half down", (Decimal("1.005"), 2), 1),
    ("round up", (Decimal("5.5"), 6176), Decimal("5.5")),
    ("round up", (Decimal("5.5"), 6177), None),
    ("round up", (Decimal("5.5"), -6112), None),
    ("round half up", (149, -2), 100),
    ("round half up", (150, -2), 200),
    ("round down", (150, -3), 0),
    ("floor", (Decimal("-1.5"),), -2),
    ("floor", (Decimal("-1.56"), 1), Decimal("-1.6")),
    ("ceiling", (Decimal("1.56"), 1), Decimal("1.6")),
    ("ceiling", ("1.5",), None),
    ("ceiling", (None, 1), None),
    ("abs", (-1,), 1),
    ("abs", ([-1],), 1),
    ("abs", ("@-P1D",), "@P1D"),
    ("abs", ("@-P1Y",), "@P1Y"),
    ("abs", ("@2026-01-01",), None),
    ("modulo", (12, 5), 2),
    ("modulo", (-12, 5), 3),
    ("modulo", (12, -5), -3),
    ("modulo", (Decimal("10.1"), Decimal("4.5")), Decimal("1.1")),
    ("modulo", (1, 0), None),
    ("modulo", (Decimal("1E50"), 3), None),
    ("sqrt", (16,), 4),
    ("sqrt", (-1,), None),
    ("exp", (0,), 1),
    ("exp", (999_999,), None),
    ("log", (1,), 0),
    ("log", (0,), None),
    ("even", (Decimal("-2.0"),), True),
    ("even", (Decimal("2.5"),), False),
    ("even", (Decimal("1E100"),), True),
    ("odd", (Decimal("-3"),), True),
    ("odd", (Decimal("2.5"),), False),
]

TEXT_CASES = [
    ("substring", ("foobar", 3), "obar"),
    ("substring", ("foobar", 3, Decimal("3.8")), "oba"),
    ("substring", ("foobar", -2, 1), "a"),
    ("substring", ("foobar", 0), None),
    ("substring", ("foobar", 7), ""),
    ("substring", ("foobar", -9, 2), "fo"),
    ("substring", ("foobar", 10**30), ""),
    ("string length", ("🐎😀救急",), 4),
    ("upper case", ("aß",), "ASS"),
    ("lower case", ("ABC",), "abc"),
    ("substring before", ("foobar", "bar"), "foo"),
    ("substring before", ("foobar", "x"), ""),
    ("substring after", ("foobar", "ob"), "ar"),
    ("substring after", ("foobar", "x"), ""),
    ("contains", ("foobar", ""), True),
    ("contains", (None, "a"), None),
    ("starts with", ("foobar", "fo"), True),
    ("ends with", ("foobar", "fo"), False),
    ("matches", ("foobar", "^fo*b"), True),
    ("matches", ("foobar", "^Fo*b", "i"), True),
    ("matches", ("foobar", "o", None), True),
    ("matches", ("foobar", "o", "p"), None),
    ("matches", ("aa", "(a)\\1"), None),
    ("replace", ("abcd", "(ab)|(a)", "[1=$1][2=$2]"), "[1=ab][2=]cd"),
    ("replace", ("a.b", ".", "$", "q"), "a$b"),
    ("replace", ("abc", "b", "$1"), "ac"),
    ("replace", ("abc", "(b)", "$12"), "ab2c"),
    ("replace", ("abc", "(b)", "\\$\\\\"), "a$\\c"),
    ("replace", ("abc", "b", "\\n"), None),
    ("replace", ("abc", "b", "$"), None),
    ("replace", ("abc", "b", "$x"), None),
    ("replace", ("abc", "x*", "-"), None),
    ("replace", ("abc", "(", "-"), None),
    ("split", ("a;b;;", ";"), ["a", "b", "", ""]),
    ("split", ("John Doe", "\\s"), ["John", "Doe"]),
    ("split", ("a", "x*"), None),
    ("split", ("a", "("), None),
    ("string join", (["a", None, "c"], "X"), "aXc"),
    ("string join", ([], "X"), ""),
    ("string join", ("a",), "a"),
    ("string join", ([1], "X"), None),
    ("string join", (None,), None),
]

LIST_CASES = [
    ("list contains", ([1, None], None), True),
    ("list contains", ([1, "1"], "2"), False),
    ("list contains", (None, 1), None),
    ("count", ([1, 2],), 2),
    ("count", (1,), 1),
    ("all", ([True, None],), None),
    ("all", (True, False, None), False),
    ("all", ([],), True),
    ("all", ([True, 1],), None),
    ("any", (False, None), None),
    ("any", ([False, True, 1],), True),
    ("any", ([],), False),
    ("sublist", ([1, 2, 3], 2), [2, 3]),
    ("sublist", ([1, 2, 3], -2, 1), [2]),
    ("sublist", ([1, 2, 3], 0), None),
    ("sublist", ([1, 2, 3], 4), None),
    ("append", ([1], 2, 3), [1, 2, 3]),
    ("append", ([1], None), [1, None]),
    ("append", (1, 2, 3), [1, 2, 3]),
    ("append", (None, 2, 3), None),
    ("append", ([1],), [1]),
    ("concatenate", ([1], [2], 3), [1, 2, 3]),
    ("concatenate", ([1], None), None),
    ("concatenate", ([1],), [1]),
    ("union", ([1, 2], [2, 3]), [1, 2, 3]),
    ("union", ([1, 1],), [1]),
    ("union", ([1], None), None),
    (
        "distinct values",
        ([1, Decimal("1.0"), "1", None, None, [1], [1], {"a": 1}, True],),
        [1, "1", None, [1], {"a": 1}, True],
    ),
    ("insert before", ([1, 3], 2, 2), [1, 2, 3]),
    ("insert before", ([1, 3], -2, 0), [0, 1, 3]),
    ("insert before", ([1, 3], 3, 0), None),
    ("remove", ([1, 2, 3], 2), [1, 3]),
    ("remove", ([1], 2), None),
    ("reverse", ([1, 2],), [2, 1]),
    ("index of", ([1, 2, 1, None], 1), [1, 3]),
    ("index of", ([1, None], None), [2]),
    ("flatten", ([1, [2, [3]], []],), [1, 2, 3]),
    ("list replace", ([1, 2, 3], -1, 4), [1, 2, 4]),
    ("list replace", ([1, 2, 3], 0, 4), None),
    ("list replace", ([1, 2, 3], "2", 4), None),
    ("sort", ([3, 1, 2],), [1, 2, 3]),
    ("sort", ([3, "a"],), None),
    ("min", ([2, 1, 3],), 1),
    ("max", ("a", "c", "b"), "c"),
    ("max", ("@2026-01-01", "@2026-01-02"), "@2026-01-02"),
    ("min", ([],), None),
    ("min", ([True],), None),
    ("max", ([1, None],), None),
    ("sum", (1, 2, 3), 6),
    ("sum", ([],), None),
    ("sum", ([1, "a"],), None),
    ("sum", (["@P1D", "@PT2H"],), "@P1DT2H"),
    ("sum", (["@P1D", "@P1Y"],), None),
    ("sum", ([Decimal("9E6144"), Decimal("9E6144")],), None),
    ("mean", ([1, 2],), Decimal("1.5")),
    ("mean", ([],), None),
    ("mean", ([Decimal("9E6144"), Decimal("9E6144")],), None),
    ("product", ([2, 3],), 6),
    ("product", ([],), None),
    ("product", ([Decimal("1E6000"), Decimal("1E6000")],), None),
    ("median", ([8, 2, 5, 7],), 6),
    ("median", ([8, 2, 5],), 5),
    ("median", ([],), None),
    ("mode", ([3, 6, 1, 9, 6, 1, 3],), [1, 3, 6]),
    ("mode", ([],), []),
    ("mode", (["a"],), None),
    ("stddev", ([2, 4],), Decimal("1.414213562373095048801688724209698")),
    ("stddev", ([2],), None),
    ("stddev", (["a"],), None),
    ("stddev", ([Decimal("9E6144"), Decimal("-9E6144")],), None),
]

TIME_CASES = [
    ("date", ("2026-01-31",), "@2026-01-31"),
    ("date", ("@2026-01-31T10:00:00",), "@2026-01-31"),
    ("date", (["2026-01-31"],), "@2026-01-31"),
    ("date", (["2026-01-31", "2026-01-31"],), None),
    ("date", (1,), None),
    ("date", (2026, 2, 29), None),
    ("date", (2024, 2, 29), "@2024-02-29"),
    ("date", (Decimal("1E30"), 2, 29), None),
    ("date", (Decimal("-1E30"), 2, 29), None),
    ("time", ("@2026-01-31",), "@00:00:00Z"),
    ("time", ("@2026-01-31T10:00:00@Asia/Shanghai",), "@10:00:00@Asia/Shanghai"),
    ("time", ("@10:00:00",), "@10:00:00"),
    ("time", (11, 59, Decimal("45.5"), "@-PT2H1M"), "@11:59:45.5-02:01"),
    ("time", (11, 59, 45, None), "@11:59:45"),
    ("time", (11, 59, 45), "@11:59:45"),
    ("time", (11, 59, 60, None), None),
    ("time", (11, 59, 0, "@PT15H"), None),
    ("time", ("noon",), None),
    ("date and time", ("2026-01-31",), "@2026-01-31T00:00:00"),
    ("date and time", ("@2026-01-31T10:00:00",), "@2026-01-31T10:00:00"),
    ("date and time", ("@2026-01-31",), None),
    ("date and time", ("@2026-01-31", "@10:00:00Z"), "@2026-01-31T10:00:00Z"),
    ("date and time", ("@2026-01-31T11:00:00@Etc/UTC", "@10:00:00"), "@2026-01-31T10:00:00"),
    ("date and time", ("@10:00:00", "@10:00:00"), None),
    ("date and time", (2026, 1, 31, 10, 0, 0), "@2026-01-31T10:00:00"),
    ("date and time", (2026, 1, 31, 10, 0, 0, "@PT8H"), "@2026-01-31T10:00:00+08:00"),
    (
        "date and time",
        (2026, 1, 31, 10, 0, 0, "Asia/Shanghai"),
        "@2026-01-31T10:00:00@Asia/Shanghai",
    ),
    ("date and time", (2026, 1, 31, 10, 0, 0, "Nowhere"), None),
    ("date and time", (2026, 1, 32, 10, 0, 0), None),
    ("duration", ("P26M",), "@P2Y2M"),
    ("duration", ("@P1D",), "@P1D"),
    ("duration", (1,), None),
    ("years and months duration", ("@2011-12-22", "@2013-08-24"), "@P1Y8M"),
    ("years and months duration", ("@2013-08-24", "@2011-12-22"), "@-P1Y8M"),
    ("years and months duration", ("@2016-01-30T09:05:00", "@2015-02-28"), "@-P11M"),
    ("years and months duration", ("@2016-01-31", "@2016-02-28"), "@P0M"),
    ("number", ("-1.5e2",), -150),
    ("number", (".5",), Decimal("0.5")),
    ("number", (7,), 7),
    ("number", ("1_000",), None),
    ("number", ("1e99999",), None),
    ("number", ("+1",), None),
    ("number", ("1 000,5", " ", ","), Decimal("1000.5")),
    ("number", ("1,000.5", ",", "."), Decimal("1000.5")),
    ("number", ("1,000", ","), 1000),
    ("number", ("1.000,5", None, ","), None),
    ("number", ("1.0", ".", None), None),
    ("number", ("1", "x", "."), None),
    ("string", (None,), None),
    ("string", ("@P1D",), "P1D"),
    ("not", (True,), False),
    ("not", (None,), None),
    ("not", (1,), None),
    ("is", ("@10:00:00Z", "@10:00:00+00:00"), True),
    ("is", ("@10:00:00@Etc/UTC", "@10:00:00Z"), False),
    ("is", (1, Decimal("1.0")), True),
    ("is", (1, "1"), False),
    ("is", (1,), False),
    ("day of year", ("@2020-12-31",), 366),
    ("day of week", ("@2019-09-17T10:00:00",), "Tuesday"),
    ("month of year", ("@2019-09-17",), "September"),
    ("week of year", ("@2005-01-01",), 53),
    ("week of year", ("@-399999-01-01",), 1),
    ("day of week", ("foo",), None),
]

CONTEXT_CASES = [
    ("get value", ({"a": 1}, "a"), 1),
    ("get value", ({"a": 1}, "b"), None),
    ("get entries", ({"a": 1},), [{"key": "a", "value": 1}]),
    ("get entries", ([1, 2],), None),
    ("context", ([{"key": "a", "value": 1}],), {"a": 1}),
    ("context", ({"key": "a", "value": None},), {"a": None}),
    ("context", ([{"key": "a", "value": 1}, {"key": "a", "value": 1}],), None),
    ("context", ([{"key": None, "value": 1}],), None),
    ("context", ([{"key": "a"}],), None),
    ("context", (["a"],), None),
    ("context put", ({"x": 1, "y": {"a": 0}}, ["y", "b"], 2), {"x": 1, "y": {"a": 0, "b": 2}}),
    ("context put", ({}, "", 1), {"": 1}),
    ("context put", ({"y": 1}, ["y", "b"], 2), None),
    ("context put", ({"y": {"z": 1}}, ["y", "z", "b"], 2), None),
    ("context put", ({}, [], 2), None),
    ("context put", ({}, 1, 2), None),
    ("context put", ({}, [None], 2), None),
    ("context merge", ([{"a": 1}, {"a": 2, "b": 3}],), {"a": 2, "b": 3}),
    ("context merge", ([1],), None),
]


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    NUMBER_CASES + TEXT_CASES + LIST_CASES + TIME_CASES + CONTEXT_CASES,
)
def test_a_builtin_answers(name: str, arguments: tuple[Any, ...], answer: Any) -> None:
    found, codes = ask(name, *arguments)
    assert feel_equal(found, feel(answer)) is True, found
    if answer is None:
        quiet = (
            name in ("get value", "string", "not") and arguments[-1] in (None, "b")
        ) or name in ("all", "any")
        assert codes or quiet


def test_every_builtin_has_a_call_for_each_signature() -> None:
    assert len(BUILTINS) >= 85
    for builtin in BUILTINS.values():
        assert len(builtin.signatures) == len(builtin.calls)
        for names in builtin.signatures:
            assert builtin.pick_positional(len(names)) is not None
            assert builtin.pick_named(names) is not None
        assert builtin.pick_named(["no such name"]) is None


def test_named_calls_choose_by_names() -> None:
    one = BUILTINS["context put"].pick_named(["context", "key", "value"])
    many = BUILTINS["context put"].pick_named(["value", "keys", "context"])
    assert one is not None
    assert many is not None
    assert one[1](Runtime(), {}, ["a", "b"], None) is None
    assert one[1](Runtime(), {}, "a", None) == {"a": None}
    assert many[1](Runtime(), {"a": {}}, ["a", "b"], None) == {"a": {"b": None}}


def test_a_builtin_is_a_value_too() -> None:
    function = BUILTINS["substring"].as_function()
    assert function.parameters == ("string", "start position", "length")
    assert function.call(Runtime(), "abc", Decimal(2)) == "bc"
    rt = Runtime()
    assert function.call(rt, "abc") is None
    assert rt.warnings[0].code == "no_signature"
    assert BUILTINS["max"].as_function().call(Runtime(), Decimal(1), Decimal(2)) == Decimal(2)
    assert BUILTINS["now"].pick_positional(1) is None


def test_functions_drive_sort_and_replace() -> None:
    down = Function("", ("x", "y"), lambda rt, x, y: x > y)
    assert call("sort", [1, 3, 2], down) == feel([3, 2, 1])
    assert call("sort", [1, 3], Function("", ("x",), lambda rt, x: True)) is None
    assert call("sort", [1, 3], Function("", ("x", "y"), lambda rt, x, y: None)) is None
    smaller = Function("", ("item", "newItem"), lambda rt, a, b: a < b)
    assert call("list replace", [2, 7], smaller, 5) == feel([5, 7])
    assert call("list replace", [2], Function("", ("a",), lambda rt, a: True), 5) is None
    assert call("list replace", [2], Function("", ("a", "b"), lambda rt, a, b: a), 5) is None
    named = BUILTINS["list replace"].pick_named(["list", "match", "newItem"])
    assert named is not None
    assert named[1](Runtime(), feel([1]), Decimal(1), None) is None


def test_sort_is_stable() -> None:
    pairs = [{"k": 1, "n": 1}, {"k": 0, "n": 2}, {"k": 1, "n": 3}]
    by_key = Function("", ("x", "y"), lambda rt, x, y: x["k"] < y["k"])
    assert [item["n"] for item in call("sort", pairs, by_key)] == feel([2, 1, 3])


def test_the_moment_is_injected() -> None:
    assert ask("now") == (None, ["no_clock"])
    assert ask("today") == (None, ["no_clock"])
    moment = parse_date_time("2026-11-22T02:00:00+08:00")
    assert call("now", rt=Runtime(moment)) == moment
    assert str(call("today", rt=Runtime(moment))) == "2026-11-22"


RELATIONS = [
    ("before", 1, 2, True), ("before", 2, 1, False), ("before", 1, "(1..5]", True), ("before", 1, "[1..5]", False),
    ("before", "[1..5)", 5, True), ("before", "[1..5]", "(5..8]", True), ("before", "[1..5]", "[5..8]", False),
    ("after", 2, 1, True), ("after", "(5..8]", "[1..5]", True), ("after", 5, "[1..5)", True),
    ("meets", "[1..5]", "[5..8]", True), ("meets", "[1..5)", "[5..8]", False), ("met by", "[5..8]", "[1..5]", True),
    ("overlaps", "[1..5]", "[3..8]", True), ("overlaps", "[1..5]", "(5..8]", False), ("overlaps", "[1..5]", "[5..8]", True),
    ("overlaps before", "[1..5]", "[3..8]", True), ("overlaps before", "[3..8]", "[1..5]", False),
    ("overlaps before", "[1..5]", "(1..5]", True), ("overlaps before", "[1..5]", "[1..8]", False),
    ("overlaps before", "[1..8]", "[3..5]", False),
    ("overlaps after", "[3..8]", "[1..5]", True), ("overlaps after", "[1..5]", "[3..8]", False),
    ("finishes", 5, "[1..5]", True), ("finishes", 5, "[1..5)", False), ("finishes", "[3..5]", "[1..5]", True),
    ("finishes", "[1..5)", "[3..5]", False), ("finished by", "[1..5]", 5, True), ("finished by", "[1..5]", "[3..5]", True),
    ("includes", "[1..5]", 5, True), ("includes", "[1..5)", 5, False), ("includes", "[1..5]", "(1..5)", True),
    ("includes", "(1..5]", "[1..5]", False), ("during", 3, "[1..5]", True), ("during", "[2..3]", "[1..5]", True),
    ("starts", 1, "[1..5]", True), ("starts", "[1..3]", "[1..5]", True), ("starts", "[1..5]", "[1..3]", False),
    ("started by", "[1..5]", 1, True), ("started by", "[1..5]", "[1..3]", True),
    ("coincides", 3, 3, True), ("coincides", "[1..5]", "[1..5]", True), ("coincides", "[1..5)", "[1..5]", False),
    ("meets", 1, 2, None), ("before", 1, "a", None), ("overlaps", "[1..5]", 3, None), ("coincides", "[1..5]", 3, None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "a", "b", "answer"), RELATIONS)
def test_ranges_relate(name: str, a: Any, b: Any, answer: bool | None) -> None:
    values = [interval(v) if isinstance(v, str) and ".." in v else feel(v) for v in (a, b)]
    assert call(name, *values) is answer


def test_unbounded_ranges_reach_beyond_every_point() -> None:
    below = Range(None, Decimal(10), False, False, "<")
    above = Range(Decimal(10), None, True, False, ">=")
    assert call("before", below, above) is True
    assert call("before", above, below) is False
    assert call("overlaps", below, interval("[1..5]")) is True
    assert call("includes", below, interval("[1..5]")) is True
    assert call("includes", interval("[1..5]"), below) is False
    assert call("starts", below, below) is True
    assert call("finishes", above, above) is True
    assert call("overlaps before", below, interval("[1..15]")) is True
    assert call("overlaps after", above, interval("[1..15]")) is True
    assert call("coincides", below, above) is False
    assert call("before", Range(None, Decimal(1)), 5) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("[1..3]", "[1..3]"),
        (" ] 1 .. 3 [ ", "(1..3)"),
        ('["a".."c"]', '["a".."c"]'),
        ('[date("1970-01-01")..@"1970-01-02"]', "[1970-01-01..1970-01-02]"),
        ("[3..1]", None),
        ('[1.."b"]', None),
        ("[..2]", None),
        ("[null..null]", None),
        ('[date("x")..date("y")]', None),
        (">=10", None),
        ("", None),
    ],
)
def test_a_range_is_read_from_text(text: str, answer: str | None) -> None:
    found = call("range", text)
    assert (None if found is None else str(found)) == answer


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        ("^$", "m", "\nabcd\ndefg\n", True),
        ("Mary.Jones", "", "Mary\rJones", False),
        ("Mary.Jones", "s", "Mary\rJones", True),
        ("[A-Z-[OI]]", "i", "x", True),
        ("[A-Z-[OI]]", "i", "i", False),
        ("[^a-c-[d]]", "", "d", False),
        ("[^a-c-[d]]", "", "e", True),
        ("[a-c-[^a]]", "", "b", False),
        ("hello\\ sworld", "x", "hello world", True),
        ("hello[ ]world", "x", "hello world", True),
        ("\\p{IsCJKUnifiedIdeographs}+", "", "救急", True),
        ("^\\P{IsBasicLatin}+$", "", "救急", True),
        ("^\\d{3}$", "", "１２３", True),
        ("^\\w+$", "", "救急_1", False),
        ("^[\\w_]+$", "", "救急_1", True),
        ("^\\W$", "", "，", True),
        ("^\\i\\c*$", "", "a-1", True),
        ("\\S", "", " ", False),
        ("^[^\\d]$", "", "a", True),
        ("^\\p{L}$", "", "a", True),
        ("a.c", "q", "abc", False),
        ("(?:ab)+", "", "abab", True),
        ("^[\\-\\]\\n]$", "", "\n", True),
        ("^[a-]$", "", "-", True),
        ("^\\.$", "", ".", True),
    ],
)
def test_xpath_patterns_mean_what_they_mean_in_xpath(
    pattern: str, flags: str, text: str, found: bool
) -> None:
    assert (compile_pattern(pattern, flags).search(text) is not None) is found


@pytest.mark.parametrize(
    "pattern",
    ["(a)\\1", "[\\1]", "\\z", "[a", "a\\", "\\p", "\\p{", "\\p{IsKlingon}", "(?=a)", "[]", "[z-a]", "[[a]]", "[\\S]",
     "[\\d-[1]]", "[a-z-[b]c]", "a{2,1}", "x" * 3000, "\\p{Nope}"],
)  # fmt: skip
def test_a_pattern_outside_the_flavour_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern, "")


def test_a_catastrophic_pattern_is_linear() -> None:
    assert call("matches", "a" * 5000 + "!", "^(a+)+$") is False


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("append", ([1] * 10_000, 1)),
        ("append", ([1] * 10_000, 1, 2)),
        ("concatenate", ([1] * 6_000, [1] * 6_000)),
        ("insert before", ([1] * 10_000, 1, 1)),
        ("split", ("," * 20_000, ",")),
        ("replace", ("a" * 60_000, "a", "bb")),
        ("string join", (["x" * 60_000, "y" * 60_000],)),
        ("upper case", ("ß" * 60_000,)),
        ("flatten", ([[1] * 6_000, [1] * 6_000],)),
        ("context put", ({}, ["a"] * 60, 1)),
    ],
)
def test_limits_stop_growth(name: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(OutOfFuelError):
        call(name, *arguments)


def test_flatten_stops_at_the_depth_limit() -> None:
    deep: list[Any] = []
    for _ in range(60):
        deep = [deep]
    with pytest.raises(OutOfFuelError):
        call("flatten", deep)
