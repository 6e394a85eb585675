"""Batches answer what the closures answer, exactly, for every kind of column and hit policy."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.decision import load_model
from app.decision.batch import BatchMismatchError, BatchResult
from app.decision.batch_data import Coded, Scaled, fen
from app.decision.convert import InputError
from app.decision.model import Model, NotATableError
from app.decision.table import CompiledTable
from app.decision.values import feel_equal
from tests.decision.tables import NAMESPACE, In, Out, Sheet

ROWS = [
    ["< 900", '"医疗","教育"', '"A"', "1000.00"],
    ["[900..1500)", "-", '"B"', "500.50"],
    [">= 1500.005", '"医疗"', '"C"', "0"],
]
SHEET = Sheet([In("收入"), In("类别", "string")], ROWS, outputs=[Out("档"), Out("金额", "number")])
TEXTS = ("医疗", "教育", "其他")


def agree(model: Model, result: BatchResult, rows: list[dict[str, Any]]) -> None:
    """Every row of the batch is what `evaluate` says."""
    for index, inputs in enumerate(rows):
        single = model.evaluate("dec", inputs)
        assert feel_equal(result.values[index], single.value) is True, (inputs, single)
        assert result.failed[index] == bool(single.errors)
        assert result.matched[index] == (single.matched[0].number if single.matched else 0)
        assert result.multi_hit[index] == (len(single.matched) > 1)


def test_fen_and_codes_answer_exactly() -> None:
    numbers = np.array([0, 89_999, 90_000, 90_001, 149_999, 150_000, 150_001, -1, 7])
    nulls = np.array([False] * 8 + [True])
    codes = np.array([0, 1, 2, 0, 1, 0, 0, 2, -1])
    model = SHEET.model()
    result = model.batch("救助档次", {"收入": fen(numbers, nulls), "类别": Coded(codes, TEXTS)})
    rows = [
        {"收入": None if n else Decimal(int(a)).scaleb(-2), "类别": None if c < 0 else TEXTS[c]}
        for a, n, c in zip(numbers, nulls, codes, strict=True)
    ]
    agree(model, result, rows)
    assert len(result.fallback) == 0
    assert result.checked == 1
    assert list(result.output("档")[:3]) == ["A", "A", "B"]


def test_one_hundred_thousand_rows_are_sampled() -> None:
    numbers = np.arange(100_000)
    codes = np.arange(100_000) % 3
    result = SHEET.model().batch("dec", {"收入": fen(numbers), "类别": Coded(codes, TEXTS)})
    assert result.checked == 1_000
    assert int((result.matched == 1).sum()) == 60_000


def test_binary_floats_are_refused() -> None:
    with pytest.raises(InputError, match="浮点数"):
        SHEET.model().batch("dec", {"收入": np.array([0.1]), "类别": ["医疗"]})
    with pytest.raises(InputError, match="行数不一致"):
        SHEET.model().batch("dec", {"收入": [1, 2], "类别": ["医疗"]})


def test_a_batch_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.decision.batch_data.MAX_BATCH", 2)
    with pytest.raises(InputError, match="最多"):
        SHEET.model().batch("dec", {"收入": [1, 2, 3], "类别": ["医疗"] * 3})


def test_plain_sequences_work_too() -> None:
    rows = [
        {"收入": n, "类别": c}
        for n in (0, Decimal("899.995"), 900, 1500, Decimal("1500.005"), None)
        for c in ("医疗", "x", None)
    ]
    model = SHEET.model()
    result = model.batch(
        "dec",
        {
            "收入": [r["收入"] for r in rows],
            "类别": np.array([r["类别"] for r in rows], dtype=object),
        },
    )
    agree(model, result, rows)
    assert len(result.fallback) == 0


def test_values_of_mixed_kinds_fall_back_to_closures() -> None:
    rows = [{"收入": n, "类别": "医疗"} for n in (0, "x", True, 900)]
    model = SHEET.model()
    result = model.batch("dec", {"收入": [r["收入"] for r in rows], "类别": ["医疗"] * 4})
    agree(model, result, rows)
    assert list(result.fallback) == [0, 1, 2, 3]


def test_flags_days_and_whole_numbers() -> None:
    sheet = Sheet(
        [In("低保", "boolean"), In("日", "date"), In("人口")],
        [
            ["true", '>= @"2026-07-01"', "-", '"A"'],
            ["false", "-", "> 3", '"B"'],
            ["true", '< @"2026-07-01"', "2.5", '"C"'],
        ],
    )
    days = np.array(["2026-06-30", "2026-07-01", "NaT", "2026-07-02"], dtype="datetime64[D]")
    flags = np.array([True, True, False, False])
    people = np.array([1, 2, 4, 3], dtype=np.int32)
    model = sheet.model()
    result = model.batch("dec", {"低保": flags, "日": days, "人口": people})
    texts = [None if np.isnat(day) else str(day) for day in days]
    rows = [
        {"低保": bool(f), "日": None if d is None else _date(d), "人口": int(p)}
        for f, d, p in zip(flags, texts, people, strict=True)
    ]
    agree(model, result, rows)


def _date(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


def test_many_rows_need_several_words() -> None:
    rows = [[f"[{i}..{i + 2})", f'"{i}"'] for i in range(150)]
    model = Sheet([In("收入")], rows, policy="COLLECT").model()
    result = model.batch("dec", {"收入": Scaled(np.arange(-1, 1520), 1)})
    agree(model, result, [{"收入": Decimal(i).scaleb(-1)} for i in range(-1, 1520)])
    assert result.multi_hit.sum() == 1_490


def test_computed_outputs_are_asked_row_by_row() -> None:
    sheet = Sheet(
        [In("收入")], [["< 10", "收入 * 2"], [">= 10", "1"]], outputs=[Out("额", "number")]
    )
    model = sheet.model()
    result = model.batch("dec", {"收入": np.arange(20)})
    agree(model, result, [{"收入": i} for i in range(20)])
    assert list(result.fallback) == list(range(10))


@pytest.mark.parametrize("default", ['"无"', "string(收入)"])
def test_defaults_answer_where_no_row_does(default: str) -> None:
    model = Sheet([In("收入")], [["< 10", '"A"']], outputs=[Out(default=default)]).model()
    result = model.batch("dec", {"收入": np.arange(20)})
    agree(model, result, [{"收入": i} for i in range(20)])
    assert len(result.fallback) == (0 if default == '"无"' else 10)


@pytest.mark.parametrize(
    ("policy", "aggregation"),
    [
        ("UNIQUE", ""),
        ("ANY", ""),
        ("FIRST", ""),
        ("PRIORITY", ""),
        ("RULE ORDER", ""),
        ("OUTPUT ORDER", ""),
        ("COLLECT", ""),
        ("COLLECT", "SUM"),
        ("COLLECT", "MIN"),
        ("COLLECT", "MAX"),
        ("COLLECT", "COUNT"),
    ],
)
def test_every_hit_policy(policy: str, aggregation: str) -> None:
    rows = [["< 10", "3"], ["< 20", "1"], ["[5..15]", "1"], ["100", "2"]]
    sheet = Sheet([In("收入")], rows, [Out("额", "number", values="1, 3, 2")], policy, aggregation)
    model = sheet.model()
    result = model.batch("dec", {"收入": np.arange(-5, 110)})
    agree(model, result, [{"收入": i} for i in range(-5, 110)])


def test_a_cell_without_box_shape_uses_closures() -> None:
    sheet = Sheet([In("收入"), In("线")], [["< 线", "-", '"A"'], [">= 线", "-", '"B"']])
    model = sheet.model()
    result = model.batch("dec", {"收入": np.arange(10), "线": np.full(10, 5)})
    agree(model, result, [{"收入": i, "线": 5} for i in range(10)])
    assert len(result.fallback) == 10


def test_computed_inputs_and_missing_columns_use_closures() -> None:
    sheet = Sheet(
        [In("收入", expression="收入 / 2"), In("人")], [["< 3", "-", '"A"'], [">= 3", "-", '"B"']]
    )
    model = sheet.model()
    result = model.batch("dec", {"收入": np.arange(10)})
    agree(model, result, [{"收入": i} for i in range(10)])


def test_item_definitions_make_forbidden_values_null() -> None:
    xml = Sheet([In("收入", "tMoney")], [["< 5", '"A"'], ["null", '"B"']]).xml().decode()
    item = '<itemDefinition name="tMoney"><typeRef>number</typeRef><allowedValues><text>[0..100]</text></allowedValues></itemDefinition>'
    model = load_model(xml.replace("<inputData", item + "<inputData", 1).encode())
    result = model.batch("dec", {"收入": np.arange(-3, 110)})
    agree(model, result, [{"收入": i} for i in range(-3, 110)])
    assert len(result.fallback) == 0
    assert result.values[0] == "B"


def test_huge_limits_do_not_wrap_around() -> None:
    rows = [
        ["> 1000000000000000000000", '"A"'],
        ["< -1000000000000000000000", '"B"'],
        ["[0..1]", '"C"'],
    ]
    model = Sheet([In("收入")], rows).model()
    edge = np.iinfo(np.int64)
    numbers = np.array([edge.min, -1, 0, 1, 2, edge.max])
    agree(
        model,
        model.batch("dec", {"收入": Scaled(numbers, 2)}),
        [{"收入": Decimal(int(n)).scaleb(-2)} for n in numbers],
    )


def test_other_logic_has_no_batch() -> None:
    xml = f'<definitions xmlns="{NAMESPACE}" id="d" name="m" namespace="u"><decision id="dec" name="x"><literalExpression><text>1</text></literalExpression></decision></definitions>'
    with pytest.raises(NotATableError):
        load_model(xml.encode()).batch("x", {"a": [1]})


def test_changed_rows_are_checked_again() -> None:
    model = SHEET.model()
    columns = {
        "收入": fen(np.arange(0, 200_000, 100)),
        "类别": Coded(np.zeros(2000, dtype=np.int64), TEXTS),
    }
    first = model.batch("dec", columns)
    again = model.batch("dec", columns, previous=first)
    assert again.checked == 20
    stricter = Sheet(
        SHEET.inputs,
        [["< 800", *ROWS[0][1:]], ["[800..1500)", *ROWS[1][1:]], ROWS[2]],
        outputs=SHEET.outputs,
    )
    changed = stricter.model().batch("dec", columns, previous=first)
    assert changed.checked >= 100
    assert sum(a != b for a, b in zip(first.values, changed.values, strict=True)) == 100


def test_a_disagreement_is_an_error_in_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    model = SHEET.model()
    monkeypatch.setattr(CompiledTable, "match_by_closures", lambda self, rt, env, values: [])
    with pytest.raises(BatchMismatchError):
        model.batch("dec", {"收入": fen(np.array([1])), "类别": Coded(np.array([0]), TEXTS)})


CELLS = ["-", "< 3", "3", "[3..5)", "> 4.5", "not(4)", "null", "2, 5", "!= 3"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(CELLS), st.sampled_from(CELLS)), min_size=1, max_size=6),
    st.sampled_from(["UNIQUE", "FIRST", "COLLECT", "ANY"]),
)
def test_random_tables_agree(rows: list[tuple[str, str]], policy: str) -> None:
    sheet = Sheet(
        [In("a"), In("b")], [[*row, f'"{i % 2}"'] for i, row in enumerate(rows)], policy=policy
    )
    model = sheet.model()
    values = [*range(20, 60, 5)]
    a, b = (
        np.array([x for x in values for _ in values]),
        np.array([y for _ in values for y in values]),
    )
    nulls = a == 20
    result = model.batch("dec", {"a": Scaled(a, 1, nulls), "b": Scaled(b, 1)})
    agree(
        model,
        result,
        [
            {"a": None if n else Decimal(int(x)).scaleb(-1), "b": Decimal(int(y)).scaleb(-1)}
            for x, y, n in zip(a, b, nulls, strict=True)
        ],
    )
