"""Messages for policy staff: misspelt names, words without quotes, wrong kinds, unknown values.

Syntax slips such as full-width signs are in test_parser.
"""

from __future__ import annotations

import pytest

from app.decision import Finding, load_model
from app.decision.check import edit_distance, nearest_name
from tests.decision.models import data, decision, definitions, literal, table


@pytest.mark.parametrize(
    ("left", "right", "distance"),
    [("", "", 0), ("收入", "收人", 1), ("abc", "acb", 1), ("kitten", "sitting", 3), ("a", "", 1)],
)
def test_edit_distance(left: str, right: str, distance: int) -> None:
    assert edit_distance(left, right) == distance
    assert edit_distance(right, left) == distance


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("人均收人", "人均收入"),
        ("人均 收入", "人均收入"),
        ("Income", "income"),
        ("户口", ""),
        ("b", ""),
        ("完全不同的东西", ""),
    ],
)
def test_the_nearest_name_is_close_or_none(name: str, nearest: str) -> None:
    assert nearest_name(name, ["人均收入", "income", "a", "户籍地区"]) == nearest


def findings(*parts: str) -> list[Finding]:
    return [
        f for f in load_model(definitions(*parts), strict=False).findings if f.severity != "info"
    ]


def in_table(
    cell: str, answer: str = "1", *, kind: str = "string", output: str = "", **options: str
) -> list[Finding]:
    body = table([("类别", kind)], [("y", output)], [[cell, answer]], **options)
    return findings(data("类别", kind), decision("d", body, needs=["#in_类别"]))


def only(found: list[Finding]) -> tuple[str, str]:
    (finding,) = found
    return finding.code, finding.suggestion


def test_a_word_in_a_text_column_wants_quotes() -> None:
    assert only(in_table("医疗")) == ("unquoted_text", '如果是文字，请加半角双引号："医疗"')
    assert only(in_table('"a"', "同意", output="string"))[0] == "unquoted_text"
    assert only(in_table("医疗 救助"))[1] == '如果是文字，请加半角双引号："医疗 救助"'


def test_a_misspelt_name_is_named_with_the_right_one() -> None:
    found = findings(
        data("人均 收入"), decision("d", literal("人均 收人 > 1"), needs=["#in_人均 收入"])
    )
    assert only(found) == ("unknown_name", "您是不是想写 人均 收入？")
    assert (found[0].place.offset, found[0].place.length) == (0, 5)


def test_an_unknown_name_without_a_neighbour_says_what_can_be_done() -> None:
    found = findings(data("x"), decision("d", literal("户籍 = 1"), needs=["#in_x"]))
    assert "请在决策图中连线" in only(found)[1]


def test_an_unknown_function_is_an_error_with_the_nearest_one() -> None:
    assert only(findings(decision("d", literal("coun([1])")))) == (
        "unknown_function",
        "您是不是想写 count？",
    )
    assert only(findings(decision("d", literal("乱写([1])"))))[1] == ""


def test_an_unknown_name_in_a_filter_only_warns() -> None:
    (finding,) = findings(decision("d", literal("[{a: 1}][别的 > 1]")))
    assert (finding.code, finding.severity) == ("unknown_name", "warning")


@pytest.mark.parametrize(
    ("cell", "kind", "suggestion"),
    [
        ('"1000"', "number", "请改为 1000"),
        ('"约一千"', "number", "请改单元格或列的类型"),
        ('> "5"', "number", "请改为 5"),
        ("1000", "string", '请改为 "1000"'),
        ('"true"', "boolean", "请改为 true"),
        ('"是"', "boolean", "请改为 true"),
        ('@"2026-01-01"', "number", "请改单元格或列的类型"),
    ],
)
def test_a_literal_of_the_wrong_kind_is_an_error(cell: str, kind: str, suggestion: str) -> None:
    assert only(in_table(cell, kind=kind)) == ("type_mismatch", suggestion)


def test_both_ends_of_a_range_are_checked() -> None:
    assert [f.place.offset for f in in_table('["1".."2"]', kind="number")] == [1, 6]


def test_the_message_names_row_column_and_kinds() -> None:
    (finding,) = in_table('"1000"', kind="number")
    assert finding.message == '“类别”列是数字，"1000" 是文本。'
    assert (finding.place.rule, finding.place.column, finding.place.length) == (1, "类别", 6)


def test_a_date_may_stand_in_a_date_and_time_column() -> None:
    assert in_table('< @"2026-01-01"', kind="date and time") == []


def test_values_outside_the_listed_ones_are_errors() -> None:
    values = '"医疗","教育","火灾"'
    assert in_table('"医疗", "教育"', input_values=values) == []
    assert in_table("null", input_values=values) == []
    assert only(in_table('"医疗费"', input_values=values)) == (
        "unknown_value", '您是不是想写 "医疗"？',
    )  # fmt: skip
    assert "请改为允许的取值" in only(in_table('"车祸受伤"', input_values=values))[1]
    found = in_table('"a"', '"不同意"', output="string", output_values='"同意"')
    assert only(found)[0] == "unknown_value"


def test_ranges_of_allowed_values_are_left_to_analysis() -> None:
    assert in_table("7", kind="number", input_values="[1..5]") == []


def test_priorities_must_be_listed() -> None:
    assert only(in_table('"a"', policy="PRIORITY"))[0] == "no_priorities"
    assert in_table('"a"', policy="PRIORITY", output_values="1, 2") == []


def test_two_outputs_need_two_names() -> None:
    body = table([("1", "")], [("a", ""), ("a", "")], [])
    assert only(findings(decision("d", body)))[0] == "repeated_output"


@pytest.mark.parametrize(
    ("cell", "kind", "code", "suggestion"),
    [
        (">= 1,000", "number", "thousands_separator", "请写 1000；"),
        ("2,700.50", "number", "thousands_separator", "请写 2700.50；"),
        (">= １０００", "number", "full_width_digits", "请改为 1000"),
        ("> 2026-01-01", "date", "bare_date", '请写 @"2026-01-01"'),
        ('"2026-01-01"', "date", "type_mismatch", '请改为 @"2026-01-01"'),
        ("> 1万", "number", "syntax", "“一万”请写 10000"),
        ("> 500元", "number", "syntax", "金额只写数字"),
        ("> 5%", "number", "syntax", "百分之五请写 0.05"),
        ("> 5％", "number", "syntax", "百分之五请写 0.05"),
    ],
)
def test_how_people_write_numbers_and_dates(
    cell: str, kind: str, code: str, suggestion: str
) -> None:
    found = only(in_table(cell, kind=kind))
    assert found[0] == code
    assert suggestion in found[1]


def test_two_numbers_apart_are_two_values() -> None:
    assert in_table("1, 200", kind="number") == []
    assert in_table("1,20", kind="number") == []
    assert in_table("max(1,200)", kind="number") == []


def test_a_name_in_full_width_letters_is_recognised() -> None:
    found = findings(data("abc"), decision("d", literal("ａｂｃ + 1"), needs=["#in_abc"]))
    assert only(found) == ("unknown_name", "您是不是想写 abc？")
