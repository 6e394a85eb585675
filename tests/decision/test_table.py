"""Decision tables: every hit policy by the number of rows that match, nulls, defaults, traces.

The TCK has 3 % table cases; this is the suite that money depends on. Syntax of cells is left to
test_parser, findings about cells to test_check_table.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.decision import Model
from tests.decision.models import ask, one_decision, table

N = Decimal
PRIORITIES = '"high", "mid", "low"'


def overlapping(policy: str, aggregation: str = "", **options: Any) -> Model:
    """Rows 1, 2, 3 match from 10, 20 and 30 on: x=5 hits none, 15 one, 25 two, 35 three."""
    numeric = bool(aggregation)
    answers = ["3", "1", "2"] if numeric else ['"mid"', '"low"', '"high"']
    rows = [[f">= {10 * (n + 1)}", answer] for n, answer in enumerate(answers)]
    kind = "number" if numeric else "string"
    if not numeric:
        options.setdefault("output_values", PRIORITIES)
    body = table(
        [("x", "number")], [("y", kind)], rows, policy=policy, aggregation=aggregation, **options
    )
    return one_decision(body, ("x", "number"))


MATRIX = [
    ("UNIQUE", "", [None, "mid", "error", "error"]),
    ("ANY", "", [None, "mid", "error", "error"]),
    ("FIRST", "", [None, "mid", "mid", "mid"]),
    ("PRIORITY", "", [None, "mid", "mid", "high"]),
    ("RULE ORDER", "", [None, ["mid"], ["mid", "low"], ["mid", "low", "high"]]),
    ("OUTPUT ORDER", "", [None, ["mid"], ["mid", "low"], ["high", "mid", "low"]]),
    ("COLLECT", "", [None, ["mid"], ["mid", "low"], ["mid", "low", "high"]]),
    ("COLLECT", "SUM", [None, N(3), N(4), N(6)]),
    ("COLLECT", "MIN", [None, N(3), N(1), N(1)]),
    ("COLLECT", "MAX", [None, N(3), N(3), N(3)]),
    ("COLLECT", "COUNT", [None, N(1), N(2), N(3)]),
]


@pytest.mark.parametrize("matches", range(4))
@pytest.mark.parametrize(("policy", "aggregation", "expected"), MATRIX)
def test_hit_policy_by_number_of_matches(
    policy: str, aggregation: str, expected: list[Any], matches: int
) -> None:
    result = ask(overlapping(policy, aggregation), x=5 + 10 * matches)
    if expected[matches] == "error":
        assert result.value is None
        assert [error.severity for error in result.errors] == ["error"]
        assert not result.ok
    else:
        assert result.value == expected[matches]
        assert result.ok
    assert len(result.matched) == min(matches, 1 if policy == "FIRST" else 3)


def test_the_default_hit_policy_is_unique() -> None:
    assert ask(overlapping(""), x=25).errors[0].code == "several_rules_matched"


def test_unique_names_the_rows_that_clash() -> None:
    assert "第 1、2 行" in ask(overlapping("UNIQUE"), x=25).errors[0].message


def test_any_accepts_rows_that_agree() -> None:
    body = table([("x", "number")], [("y", "")], [[">1", '"a"'], [">2", '"a"']], policy="ANY")
    result = ask(one_decision(body, ("x", "number")), x=3)
    assert result.value == "a"
    assert [rule.number for rule in result.matched] == [1, 2]


def test_no_match_warns_and_answers_null() -> None:
    result = ask(overlapping("UNIQUE"), x=5)
    assert result.value is None
    assert [warning.code for warning in result.warnings] == ["no_rule_matched"]


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "PRIORITY"])
def test_default_output_answers_when_no_row_matches(policy: str) -> None:
    result = ask(overlapping(policy, default='"low"'), x=5)
    assert result.value == "low"
    assert result.matched == ()


def test_several_outputs_make_a_context() -> None:
    body = table(
        [("x", "number")], [("金额", "number"), ("说明", "string")], [["-", "1.10", '"好"']]
    )
    assert ask(one_decision(body, ("x", "number")), x=1).value == {"金额": N("1.10"), "说明": "好"}


def test_collect_with_several_outputs_makes_a_list_of_contexts() -> None:
    body = table(
        [("x", "number")], [("a", ""), ("b", "")], [["-", "1", "2"], [">0", "3", "4"]],
        policy="COLLECT",
    )  # fmt: skip
    found = ask(one_decision(body, ("x", "number")), x=1).value
    assert found == [{"a": N(1), "b": N(2)}, {"a": N(3), "b": N(4)}]


def test_priority_with_several_outputs_ranks_by_the_columns_in_order() -> None:
    body = table(
        [("x", "number")], [("a", ""), ("b", "")],
        [["-", '"low"', '"high"'], ["-", '"mid"', '"low"'], ["-", '"mid"', '"high"']],
        policy="PRIORITY", output_values=PRIORITIES,
    )  # fmt: skip
    assert ask(one_decision(body, ("x", "number")), x=1).value == {"a": "mid", "b": "high"}


def test_a_null_input_matches_dash_and_null_only() -> None:
    body = table(
        [("x", "number")], [("y", "")],
        [["> 1", '"more"'], ["[0..1]", '"less"'], ["null", '"nothing"'], ["-", '"any"']],
        policy="RULE ORDER",
    )  # fmt: skip
    assert ask(one_decision(body, ("x", "number")), x=None).value == ["nothing", "any"]


def test_a_missing_input_is_null_with_a_warning() -> None:
    result = ask(overlapping("UNIQUE"))
    assert result.value is None
    assert "input_missing" in {warning.code for warning in result.warnings}


def test_an_input_of_the_wrong_type_is_null_with_a_warning() -> None:
    result = ask(overlapping("UNIQUE"), x="15")
    assert result.value is None
    assert "type_mismatch" in {warning.code for warning in result.warnings}


def test_an_input_outside_its_allowed_values_warns() -> None:
    model = overlapping("UNIQUE", input_values="[0..20]")
    assert "input_not_allowed" in {w.code for w in ask(model, x=25).warnings}
    assert not ask(model, x=15).warnings


@pytest.mark.parametrize(
    ("cell", "hits"),
    [
        ("< 1000", [True, False, False]),
        ("<= 1000", [True, True, False]),
        ("1000", [False, True, False]),
        (">= 1000", [False, True, True]),
        ("> 1000", [False, False, True]),
        ("[999.99..1000]", [True, True, False]),
        ("(999.99..1000)", [False, False, False]),
        ("]999.99..1000.01[", [False, True, False]),
        ("not(1000)", [True, False, True]),
        ("999.99, 1000.01", [True, False, True]),
        ("not(< 1000, > 1000)", [False, True, False]),
        ("? * 2 > 2000", [False, False, True]),
        ("floor(?) = 1000", [False, True, True]),
        ("-", [True, True, True]),
        ("", [True, True, True]),
        ("[1..2000]", [True, True, True]),
        ("[1000, 1000.01]", [False, True, True]),
    ],
)
def test_cells_below_at_and_above_an_edge(cell: str, hits: list[bool]) -> None:
    body = table([("x", "number")], [("y", "")], [[cell, "true"]], default="false")
    model = one_decision(body, ("x", "number"))
    assert [ask(model, x=N(x)).value for x in ("999.99", "1000", "1000.01")] == hits


def test_cells_may_use_other_inputs() -> None:
    body = table([("家庭 收入", "number")], [("y", "")], [["< 低保 标准 * 2", '"是"']])
    model = one_decision(body, ("家庭 收入", "number"), ("低保 标准", "number"))
    given = {"家庭 收入": 999, "低保 标准": 500}
    assert model.evaluate("d", given).value == "是"


def test_matched_rules_carry_ids_numbers_and_clauses() -> None:
    body = table(
        [("x", "number")], [("y", "")], [["<1", "1", ""], [">=1", "2", "国发〔2014〕47号 第三条"]],
        notes=["依据"],
    )  # fmt: skip
    result = ask(one_decision(body, ("x", "number")), x=1)
    (rule,) = result.matched
    assert (rule.rule_id, rule.number, rule.outputs) == ("r2", 2, {"y": N(2)})
    assert rule.annotations == {"依据": "国发〔2014〕47号 第三条"}
    (trace,) = result.traces
    assert trace.inputs == {"x": N(1)}
    assert trace.hit_policy == "UNIQUE"


def test_outputs_are_coerced_to_their_type() -> None:
    body = table([("x", "number")], [("y", "number")], [["-", "[x]"]])
    assert ask(one_decision(body, ("x", "number")), x=7).value == N(7)


def test_amounts_stay_exact() -> None:
    body = table([("x", "number")], [("y", "number")], [["-", "round half up(x * 0.1 * 3, 2)"]])
    assert str(ask(one_decision(body, ("x", "number")), x=N("0.35")).value) == "0.11"


def test_sum_of_texts_and_numbers_is_null_with_a_warning() -> None:
    body = table(
        [("x", "number")], [("y", "")], [["-", "1"], ["-", '"a"']],
        policy="COLLECT", aggregation="SUM",
    )  # fmt: skip
    result = ask(one_decision(body, ("x", "number")), x=1)
    assert result.value is None
    assert result.warnings


def test_max_of_texts_and_numbers_is_null_with_a_warning() -> None:
    body = table(
        [("x", "number")], [("y", "")], [["-", "1"], ["-", '"a"']],
        policy="COLLECT", aggregation="MAX",
    )  # fmt: skip
    result = ask(one_decision(body, ("x", "number")), x=1)
    assert result.value is None
    assert "not_comparable" in {warning.code for warning in result.warnings}


def test_a_warning_inside_a_cell_names_row_and_column() -> None:
    body = table([("x", "number")], [("y", "")], [["-", "1"], ['? + "a" > 1', "2"]])
    (warning,) = ask(one_decision(body, ("x", "number")), x=1).warnings[:1]
    assert (warning.place.rule, warning.place.column) == (2, "x")
