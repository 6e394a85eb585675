"""The bitmask index agrees with the closures for every value, and knows when to ask them.

What atoms and boxes are is tested here too; what analysis says of them: test_analysis.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.decision.boxes import NotBoxError
from app.decision.index import ASK_CLOSURES, make_index, table_columns
from app.decision.temporal import parse_at_literal
from tests.decision.feel import feel
from tests.decision.tables import In, Sheet, compiled, rows_by_closures

NUMBER_CELLS = ["-", "5", "< 5", "<= 5", "> 10", ">= 10", "[5..10]", "(5..10)", "[5..10)", "(5..10]", "5, 7, > 10",
                "not(5)", "not([5..10])", "null", "not(null)", "!= 5", "-3", "? > 5 and ? < 10", "? between 5 and 7",
                "[5, 7]", "[5..7], null", "? in (5, [7..10])", "< -3", "6.5", "? < 5 or ? > 10", "5 < ?", "number(\"7\")"]  # fmt: skip
STRING_CELLS = [
    "-",
    '"医疗"',
    '"医疗","教育"',
    'not("医疗")',
    'not("医疗","教育")',
    "null",
    '"急难"',
    '!= "教育"',
]
ORDERED_STRING_CELLS = [*STRING_CELLS, '< "m"', '["a".."m")', '> "a"']
DATE_CELLS = [
    "-",
    '@"2026-01-01"',
    '< date("2026-01-01")',
    '[date("2026-01-01")..date("2026-06-30")]',
    'date("2026-01-02")',
    "null",
]
BOOLEAN_CELLS = ["-", "true", "false", "not(true)", "null", "true, false", "not(null)"]
DURATION_CELLS = ["-", '>= duration("P6M")', '< duration("P2Y")', '@"P1Y"']
DAYS_CELLS = ["-", '>= duration("P6D")', '< duration("PT36H")', '@"P1D"']

NUMBERS = [
    None,
    *[Decimal(n) for n in ("-4", "-3", "4", "5", "5.5", "6", "6.5", "7", "8", "10", "10.01", "99")],
    "x",
    True,
    [Decimal(5)],
]
STRINGS = [None, "医疗", "教育", "急难", "其他", "", "a", "b", "m", "z", Decimal(1), ["医疗"]]
DATES = [
    None,
    *[
        parse_at_literal(t)
        for t in (
            "2025-12-31",
            "2026-01-01",
            "2026-01-02",
            "2026-06-30",
            "2026-07-01",
            "2026-01-01T00:00:00",
        )
    ],
    "x",
]
BOOLEANS = [None, True, False, Decimal(1), Decimal(0), "true"]
MONTHS = [None, *[parse_at_literal(t) for t in ("P5M", "P6M", "P1Y", "P2Y", "P3Y", "P1D")]]
DAYS = [None, *[parse_at_literal(t) for t in ("PT1H", "P1D", "PT36H", "P6D", "P7D", "P1M")]]
AXES = [("number", NUMBER_CELLS, NUMBERS), ("string", STRING_CELLS, STRINGS), ("string", ORDERED_STRING_CELLS, STRINGS),
        ("date", DATE_CELLS, DATES), ("boolean", BOOLEAN_CELLS, BOOLEANS), ("Any", DURATION_CELLS, MONTHS), ("Any", DAYS_CELLS, DAYS)]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_index_agrees_with_the_closures(data: st.DataObject) -> None:
    axes = data.draw(st.lists(st.sampled_from(AXES), min_size=1, max_size=4))
    rows = data.draw(
        st.lists(
            st.tuples(*[st.sampled_from(cells) for _, cells, _ in axes]), min_size=1, max_size=8
        )
    )
    policy = data.draw(st.sampled_from(["UNIQUE", "FIRST", "COLLECT"]))
    sheet = Sheet(
        [In(f"列{i}", kind) for i, (kind, _, _) in enumerate(axes)],
        [[*row, '"x"'] for row in rows],
        policy=policy,
    )
    table = compiled(sheet.model())
    index = make_index(table.syntax)
    assert index is not None
    for _ in range(40):
        values = [data.draw(st.sampled_from(values)) for _, _, values in axes]
        mask = index.mask(values)
        if mask != ASK_CLOSURES:
            found = index.rows(mask)
            assert (found[:1] if policy == "FIRST" else found) == rows_by_closures(table, values)


@pytest.mark.parametrize(
    ("kind", "cell", "values"),
    [(kind, cell, values) for kind, cells, values in AXES for cell in cells],
)
def test_every_cell_agrees_on_every_value(kind: str, cell: str, values: list[Any]) -> None:
    table = compiled(Sheet([In("列", kind)], [[cell, '"x"']]).model())
    index = table.index(now=True)
    if index is None:
        assert cell in ("null", "not(null)")
        return
    for value in values:
        mask = index.mask([value])
        assert mask == ASK_CLOSURES or index.rows(mask) == rows_by_closures(table, [value])


def test_a_value_of_another_kind_asks_the_closures() -> None:
    index = compiled(Sheet([In("列")], [["> 5", '"x"']]).model()).index(now=True)
    assert index is not None
    assert index.mask(["6"]) == ASK_CLOSURES
    assert index.mask([True]) == ASK_CLOSURES
    assert index.mask([[Decimal(6)]]) == ASK_CLOSURES


@pytest.mark.parametrize(
    "cell",
    ["> 列", "列2 + 1", "string length(?) > 2", '5, "a"', '@"10:00:00"', '@"2026-01-01T00:00:00"', "count([1])",
     "? > 列2", "[null..5]", 'date("x")', "[列2..5]", "? + 1 > 2", "not(? > 5 and 列2 = 1)"],
)  # fmt: skip
def test_a_cell_of_another_shape_has_no_index(cell: str) -> None:
    sheet = Sheet([In("列", "Any"), In("列2", "Any")], [[cell, "-", '"x"']])
    table = compiled(sheet.model())
    assert table.index(now=True) is None
    with pytest.raises(NotBoxError):
        table_columns(table.syntax)


def test_the_index_is_built_after_a_few_questions() -> None:
    model = Sheet([In("列")], [["> 5", '"x"'], ["<= 5", '"y"']]).model()
    answers = [model.evaluate("dec", {"列": 6}).value for _ in range(6)]
    assert answers == ["x"] * 6
    assert compiled(model).index() is not None


def test_many_rows_use_many_bits() -> None:
    rows = [[f"[{i}..{i + 1})", f'"{i}"'] for i in range(200)]
    model = Sheet([In("列")], rows).model()
    table = compiled(model)
    assert table.index(now=True) is not None
    assert [model.evaluate("dec", {"列": n}).value for n in (0, Decimal("63.5"), 64, 199)] == [
        "0",
        "63",
        "64",
        "199",
    ]
    assert feel(model.evaluate("dec", {"列": 200}).value) is None
