"""Equality, order, arithmetic, properties, text and conversion of FEEL values."""

from __future__ import annotations

from collections import UserDict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.decision.arithmetic import add, div, mul, negate, power, sub
from app.decision.convert import InputError, to_feel, to_json
from app.decision.properties import get_property, property_names
from app.decision.runtime import MAX_STRING, OutOfFuelError, Runtime
from app.decision.values import (
    Function,
    Range,
    feel_compare,
    feel_equal,
    feel_type_name,
    kind_label,
    literal_text,
    to_text,
)
from tests.decision.feel import feel, interval

NESTED: list[Any] = []
for _ in range(60):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        (None, None, True),
        (0, None, False),
        (1, True, None),
        (0, False, None),
        (Decimal("1.00"), 1, True),
        ("a", "A", False),
        ("1", 1, None),
        ([1, 2], [1, 2], True),
        ([1, 2], [2, 1], False),
        ([1], [1, 1], False),
        ([1, "a"], [1, 2], None),
        ([1, "a"], [2, 2], False),
        ([], None, False),
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"b": 1}, False),
        ({}, [], None),
        ("@2026-01-01", "@2026-01-01T00:00:00", None),
        ("@10:00:00.0001", "@10:00:00.0002", True),
        ("@10:00:00", "@10:00:00Z", False),
        ("@20:00:00+00:00", "@21:00:00+01:00", True),
        ("@2018-10-08T00:00:00+02:00", "@2018-10-08T00:00:00@Europe/Paris", True),
        ("@P1D", "@PT24H", True),
        ("@P1Y", "@P12M", True),
        ("@P0Y", "@P0D", None),
    ],
)
def test_equality_is_three_valued(a: Any, b: Any, answer: bool | None) -> None:
    assert feel_equal(feel(a), feel(b)) is answer
    assert feel_equal(feel(b), feel(a)) is answer


def test_ranges_and_functions_compare() -> None:
    same = Function("f", ("x",), lambda rt, x: x)
    assert feel_equal(same, same) is True
    assert feel_equal(same, Function("f", ("x",), lambda rt, x: x)) is None
    assert feel_equal(interval("[1..10]"), interval("[1..10]")) is True
    assert feel_equal(interval("[1..10]"), interval("[1..10)")) is False
    below = Range(None, Decimal(10), False, False, "<")
    assert feel_equal(below, Range(None, Decimal(10), False, False)) is False
    assert interval("[1..2]") == interval("[1..2]")
    assert hash(interval("[1..2]")) == hash(interval("[1..2]"))
    assert interval("[1..2]") != 1


def test_deep_values_stop_at_the_limit() -> None:
    with pytest.raises(OutOfFuelError):
        feel_equal(NESTED, NESTED)
    with pytest.raises(OutOfFuelError):
        to_text(NESTED)


@pytest.mark.parametrize(
    ("a", "b", "less"),
    [
        (1, 2, True),
        (2, 1, False),
        ("a", "b", True),
        (1, "b", None),
        (None, 1, None),
        (True, False, None),
        ([1], [2], None),
        ("@2026-01-01", "@2026-01-02", True),
        ("@10:00:00", "@10:00:01", True),
        ("@10:00:00", "@10:00:01Z", None),
        ("@2026-01-01T00:00:00Z", "@2026-01-01T00:00:00+01:00", False),
        ("@P1D", "@P2D", True),
        ("@P1M", "@P2M", True),
        ("@P1M", "@P2D", None),
    ],
)
def test_order_is_three_valued(a: Any, b: Any, less: bool | None) -> None:
    assert feel_compare("<", feel(a), feel(b)) is less
    assert feel_compare(">", feel(b), feel(a)) is less
    opposite = None if less is None else not less
    assert feel_compare(">=", feel(a), feel(b)) is opposite
    assert feel_compare("<=", feel(b), feel(a)) is opposite


def test_not_equal_is_null_across_kinds() -> None:
    assert feel_compare("!=", feel(1), feel(2)) is True
    assert feel_compare("!=", feel(1), "1") is None
    assert feel_compare("=", feel(1), feel(1)) is True


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("[1..3]", [1, 2, 3], [0, 4]),
        ("(1..3)", [2], [1, 3]),
        ("[1..3)", [1, 2], [3]),
        ("(1..3]", [3], [1]),
    ],
)
def test_a_range_knows_its_ends(text: str, inside: list[int], outside: list[int]) -> None:
    box = interval(text)
    assert all(box.contains(Decimal(n)) is True for n in inside)
    assert all(box.contains(Decimal(n)) is False for n in outside)
    assert box.contains(None) is None
    assert box.contains("a") is None
    assert str(box) == text


def test_an_unknown_end_gives_null() -> None:
    assert Range(None, Decimal(10), False).contains(Decimal(5)) is None
    assert Range(Decimal(1), None).contains(Decimal(5)) is None
    assert Range(Decimal(7), None).contains(Decimal(5)) is None
    assert Range(None, None).contains(None) is None


@pytest.mark.parametrize(
    ("op", "inside"),
    [("<", [9]), ("<=", [9, 10]), (">", [11]), (">=", [10, 11]), ("=", [10]), ("!=", [9, 11])],
)
def test_a_written_comparison_is_a_range(op: str, inside: list[int]) -> None:
    ten = Decimal(10)
    low, high = (
        (None, ten) if op in ("<", "<=") else (ten, None) if op in (">", ">=") else (ten, ten)
    )
    box = Range(low, high, op=op)
    assert [n for n in (9, 10, 11) if box.contains(Decimal(n))] == inside
    assert str(box) == f"({op} 10)"


@pytest.mark.parametrize(
    ("operation", "a", "b", "answer"),
    [
        (add, Decimal("0.1"), Decimal("0.2"), Decimal("0.3")),
        (add, "a", "b", "ab"),
        (add, 1, "b", None),
        (add, None, 1, None),
        (add, "@2024-01-31", "@P1M", "@2024-02-29"),
        (add, "@P1M", "@2024-01-31", "@2024-02-29"),
        (add, "@2021-01-01", "@PT36H", "@2021-01-02"),
        (sub, "@2021-01-02", "@PT1S", "@2021-01-01"),
        (add, "@10:15:00", "@PT23H", "@09:15:00"),
        (add, "@2021-01-01T23:00:00", "@PT2H", "@2021-01-02T01:00:00"),
        (add, "@P1D", "@PT2H", "@P1DT2H"),
        (sub, "@P1Y", "@P2M", "@P10M"),
        (sub, "@10:10:10+02:00", "@10:10:10+01:00", "@-PT1H"),
        (sub, "@10:10:10", "@10:10:10Z", None),
        (sub, "@2021-01-02", "@2021-01-01", "@P1D"),
        (sub, "@2021-01-02", "@2021-01-02T00:00:00Z", "@P0D"),
        (sub, "@2021-01-02", "@2021-01-02T00:00:00", None),
        (sub, "@2021-01-02T10:10:10@Europe/Paris", "@2021-01-01T10:10:10@Asia/Dhaka", "@P1DT5H"),
        (add, "@2021-01-02", "@2021-01-02", None),
        (add, "@10:00:00", "@P1Y", None),
        (sub, "@999999999-01-01", "@-P2Y", None),
        (mul, 3, 4, 12),
        (mul, Decimal("2.5"), "@PT23H", "@P2DT9H30M"),
        (mul, "@P1Y11M", Decimal("-2.5"), "@-P4Y9M"),
        (mul, "@P1D", "@P1D", None),
        (mul, "@P1D", Decimal("1E100"), None),
        (mul, "@P1D", Decimal("1E6000"), None),
        (div, 1, 0, None),
        (div, 10, 4, Decimal("2.5")),
        (div, "@P10Y11M", Decimal("2.5"), "@P4Y4M"),
        (div, "@P10D", 0, None),
        (div, "@P10D", "@P5D", 2),
        (div, "@P10Y", "@P5Y", 2),
        (div, "@P10Y", "@P0Y", None),
        (div, "@P10D", "@P5Y", None),
        (power, 2, 10, 1024),
        (power, 2, "a", None),
        (power, 10, 999_999_999, None),
        (power, -1, Decimal("0.5"), None),
        (power, 9, Decimal("0.5"), 3),
        (mul, Decimal("1E6000"), Decimal("1E6000"), None),
    ],
)
def test_arithmetic(operation: Any, a: Any, b: Any, answer: Any) -> None:
    rt = Runtime()
    found = operation(rt, feel(a), feel(b))
    assert feel_equal(found, feel(answer)) is True
    assert bool(rt.warnings) is (answer is None)


def test_division_keeps_34_digits_half_even() -> None:
    assert str(div(Runtime(), Decimal(2), Decimal(3))) == "0.6666666666666666666666666666666667"


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        (1, -1),
        ("@P1D", "@-P1D"),
        ("@P1Y", "@-P1Y"),
        (None, None),
        ("a", None),
        ("@2021-01-01", None),
    ],
)
def test_negation(value: Any, answer: Any) -> None:
    assert negate(Runtime(), feel(value)) == feel(answer)


def test_a_joined_text_has_a_limit() -> None:
    with pytest.raises(OutOfFuelError):
        add(Runtime(), "x" * MAX_STRING, "y")


@pytest.mark.parametrize(
    ("value", "name", "answer"),
    [
        ({"甲": 1}, "甲", 1),
        ("@2018-12-10", "weekday", 1),
        ("@2018-12-10T10:30:01", "weekday", 1),
        ("@2018-12-10T10:30:01", "year", 2018),
        ("@2018-12-10T10:30:01", "hour", 10),
        ("@2018-12-10T10:30:00+05:00", "time offset", "@PT5H"),
        ("@2018-12-10T10:30:00", "time offset", None),
        ("@2018-12-10T10:30:00@Etc/UTC", "timezone", "Etc/UTC"),
        ("@10:30:01.5", "second", Decimal("1.5")),
        ("@P1Y2M", "years", 1),
        ("@-P1Y2M", "months", -2),
        ("@-P1DT2H3M4.5S", "days", -1),
        ("@-P1DT2H3M4.5S", "hours", -2),
        ("@P1DT2H3M4.5S", "minutes", 3),
        ("@-P1DT2H3M4.5S", "seconds", Decimal("-4.5")),
    ],
)
def test_properties(value: Any, name: str, answer: Any) -> None:
    assert get_property(Runtime(), feel(value), name) == feel(answer)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"a": 1}, "b"),
        (1, "real"),
        ("text", "__class__"),
        ("@P1Y", "days"),
        (None, "a"),
        ({"a": 1}, "keys"),
    ],
)
def test_an_unknown_property_is_null_with_a_warning(value: Any, name: str) -> None:
    rt = Runtime()
    assert get_property(rt, feel(value), name) is None
    assert len(rt.warnings) == 1


def test_a_property_of_a_list_maps() -> None:
    assert get_property(Runtime(), [{"a": Decimal(1)}, {"a": None}], "a") == [Decimal(1), None]
    assert "start included" in property_names(Range)
    assert property_names(dict) == frozenset()
    box = interval("(1..2]")
    parts = [
        get_property(Runtime(), box, name)
        for name in ("start", "end", "start included", "end included")
    ]
    assert parts == [Decimal(1), Decimal(2), False, True]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.10"), "1.1"),
        (Decimal("-0.0"), "0"),
        (Decimal("1E+3"), "1000"),
        (True, "true"),
        (None, "null"),
        ('say "hi"\n', 'say "hi"\n'),
        (['say "hi"\n', 1], '["say \\"hi\\"\\n", 1]'),
        ({"人均 收入": 1, "a-b": "x"}, '{人均 收入: 1, "a-b": "x"}'),
        ("@P1D", "P1D"),
    ],
)
def test_text_of_values(value: Any, text: str) -> None:
    assert to_text(feel(value)) == text


def test_literal_text_can_be_read_again() -> None:
    assert literal_text(feel("@2026-01-01")) == '@"2026-01-01"'
    assert literal_text("a") == '"a"'
    assert to_text(Function("", ("x", "y"), lambda rt: None)) == "function(x, y)"


def test_text_has_a_limit() -> None:
    with pytest.raises(OutOfFuelError):
        to_text("x" * (MAX_STRING + 1))
    with pytest.raises(OutOfFuelError):
        to_text(["x" * MAX_STRING, "y"])


def test_kinds_have_names_in_both_languages() -> None:
    assert (feel_type_name(True), kind_label(True)) == ("boolean", "是否")
    assert (feel_type_name(Decimal(1)), kind_label(None)) == ("number", "空值")
    assert (feel_type_name(object()), kind_label(object())) == ("unknown", "未知类型")


def test_python_values_become_feel_values() -> None:
    made = to_feel(
        {"a": [1, 0.1, True, None, "x", date(2026, 1, 2), Decimal("1.50")], "b": UserDict(c=(1,))}
    )
    assert made["a"][:3] == [Decimal(1), Decimal("0.1"), True]
    assert type(made["a"][2]) is bool
    assert str(made["a"][5]) == "2026-01-02"
    assert made["b"] == {"c": [Decimal(1)]}
    assert to_feel(range(2)) == [Decimal(0), Decimal(1)]
    assert to_feel(interval("[1..2]")) == interval("[1..2]")
    assert to_json(made) == {
        "a": ["1", "0.1", True, None, "x", "2026-01-02", "1.5"],
        "b": {"c": ["1"]},
    }


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), Decimal("1E9999"), 1 << 70_000, object(), {1: 2}, "x" * (MAX_STRING + 1), [0] * 10_001, NESTED, b"x", {str(i): i for i in range(10_001)}],
    ids=["nan", "inf", "exponent", "int", "object", "key", "text", "list", "deep", "bytes", "entries"],
)  # fmt: skip
def test_values_feel_cannot_hold_are_refused(value: Any) -> None:
    with pytest.raises(InputError):
        to_feel(value)
