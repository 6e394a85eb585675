"""Types: which values and which types stand in for which, and what coercion does to the rest.

Item definitions read from files are in test_model.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.decision.nodes import InstanceOf
from app.decision.parser import parse_expression
from app.decision.parser_base import Vocabulary
from app.decision.runtime import Runtime
from app.decision.site import ROOT
from app.decision.temporal import parse_at_literal
from app.decision.types import (
    ANY,
    Type,
    coerce,
    conforms,
    fits_type,
    instance_of,
    python_type,
    simple_type,
    type_of_node,
    type_text,
)
from app.decision.values import Function, Range, to_text

N = Decimal


def kind(text: str) -> Type:
    """The type FEEL text names."""
    node = parse_expression(f"x instance of {text}", Vocabulary(ROOT.child(("x",)))).node
    assert isinstance(node, InstanceOf)
    return type_of_node(node.type, lambda name: Type("unknown", name))


TEXTS = [
    "number", "list<number>", "range<date>", "context<a: number, b: string>",
    "function<number, string>->boolean", "Any", "list", "list<Any>",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_type_is_written_as_it_was_read(text: str) -> None:
    assert type_text(kind(text)) == text


@pytest.mark.parametrize(
    ("narrow", "wide", "fits"),
    [
        ("number", "Any", True),
        ("number", "number", True),
        ("number", "string", False),
        ("null", "string", True),
        ("number", "list<number>", False),
        ("list<number>", "list", True),
        ("list<number>", "list<number>", True),
        ("list<number>", "list<string>", False),
        ("list", "list<number>", False),
        ("range<date>", "range", True),
        ("range<date>", "range<number>", False),
        ("context<a: number, b: string>", "context<a: number>", True),
        ("context<a: number>", "context<a: number, b: string>", False),
        ("context<a: number>", "context", True),
        ("context", "context<a: number>", False),
        ("function<Any>->number", "function<number>->Any", True),
        ("function<number>->Any", "function<Any>->number", False),
        ("function<number>->number", "function", True),
        ("function", "function<number>->number", False),
        ("function<number, number>->number", "function<number>->number", False),
    ],
)
def test_which_type_fits_which(narrow: str, wide: str, fits: bool) -> None:
    assert fits_type(kind(narrow), kind(wide)) is fits


def test_a_type_nobody_defined_fits_nothing_but_itself() -> None:
    unknown = Type("unknown", "tX")
    assert fits_type(unknown, unknown)
    assert not fits_type(unknown, Type("unknown", "tX"))
    assert not conforms(Runtime(), N(1), unknown)


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        (N(1), "number", True),
        (True, "number", False),
        (Range(N(1), N(2)), "range<number>", True),
        (Range(N(1), N(2)), "range<string>", False),
        (Range(N(1), N(2)), "range", True),
        ({"a": N(1)}, "context<a: number>", True),
        ({"a": None}, "context<a: number>", True),
        ({}, "context<a: number>", False),
        ({"a": "x"}, "context<a: number>", False),
        (N(1), "context<a: number>", False),
        ({}, "context", True),
        ([N(1), None], "list<number>", True),
        (Function("f", ("a",), lambda rt, a: a), "function", True),
        (Function("f", ("a",), lambda rt, a: a), "function<number>->string", True),
        (Function("f", ("a", "b"), lambda rt, a: a), "function<number>->string", False),
        (N(1), "function", False),
        (None, "Any", False),
        (None, "number", False),
    ],
)
def test_instance_of(value: Any, text: str, expected: bool) -> None:
    assert instance_of(Runtime(), value, kind(text)) is expected


@pytest.mark.parametrize(
    ("value", "text", "expected", "warned"),
    [
        (None, "number", "null", False),
        (N(1), "number", "1", False),
        ([N(1)], "number", "1", False),
        ([[N(1)]], "number", "null", True),
        ([N(1), N(2)], "number", "null", True),
        ("x", "number", "null", True),
        (N(1), "list<number>", "[1]", False),
        ("x", "list<number>", "null", True),
        ("x", "list", '["x"]', False),
        ([N(1), "x"], "list<number>", "null", True),
        ({"a": N(1)}, "context<a: number>", "{a: 1}", False),
        (["x"], "Any", '["x"]', False),
    ],
)
def test_coercion(value: Any, text: str, expected: str, warned: bool) -> None:
    rt = Runtime()
    assert to_text(coerce(rt, value, kind(text))) == expected
    assert [warning.code for warning in rt.warnings] == (["type_mismatch"] if warned else [])


def test_a_date_becomes_midnight_in_utc() -> None:
    found = coerce(Runtime(), parse_at_literal("2026-01-02"), kind("date and time"))
    assert to_text(found) == "2026-01-02T00:00:00Z"


def test_a_long_value_is_shortened_in_the_warning() -> None:
    rt = Runtime()
    coerce(rt, "长" * 500, kind("number"), "金额")
    assert "金额应为 number" in rt.warnings[0].message
    assert len(rt.warnings[0].message) < 80


def test_names_of_types() -> None:
    assert simple_type("dateTime") is simple_type("date and time")
    assert simple_type("tPerson") is None
    assert python_type(kind("number")) is Decimal
    assert python_type(ANY) is None
    assert python_type(kind("list<number>")) is None
    restricted = Type("basic", "tAge", "number", checks=[lambda rt, value: True])
    assert python_type(restricted) is None
