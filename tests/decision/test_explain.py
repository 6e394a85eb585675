"""Reasons in Chinese, tables as Markdown and HTML, quick answers: what people and pages read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.decision import load_model
from app.decision.explain import explain
from app.decision.model import Model, NotATableError
from app.decision.quick import NoAnswerError
from app.decision.render import to_html, to_markdown
from app.decision.values import feel_equal
from tests.decision.tables import NAMESPACE, In, Out, Sheet

SHEET = Sheet(
    [In("收入", label="月人均收入（元）", values=">= 0"), In("类别", "string", values='"医疗","教育"'), In("低保", "boolean")],
    [["< 900", '"医疗"', "-", '"A"', "1000"], ["[900..1500]", "-", "true", '"B"', "500"], ["> 2700", "-", "-", '"不救助"', "0"]],
    [Out("档次"), Out("金额", "number", label="金额（元）")],
    annotations={"依据": ["办法第三条", "办法第四条", ""]},
)  # fmt: skip


def reasons(sheet: Sheet, **inputs: Any) -> list[str]:
    """The sentences for one case."""
    model = sheet.model()
    return explain(model, model.evaluate("dec", inputs))


def test_the_row_that_answered_and_the_nearest_other_answers() -> None:
    assert reasons(SHEET, 收入=950, 类别="医疗", 低保=True) == [
        "“救助档次”查的是：月人均收入 950.00 元、类别 “医疗”、低保 “是”。",
        "第 2 行符合：月人均收入 900.00–1500.00 元，且低保为“是”；结果：档次 “B”、金额 500.00 元（依据：办法第四条）。",
        "如月人均收入低于 900.00 元，则档次 “A”、金额 1000.00 元（第 1 行）。",
        "如月人均收入高于 2700.00 元，则档次 “不救助”、金额 0.00 元（第 3 行）。",
    ]


def test_no_row_is_said_and_what_was_missing() -> None:
    lines = reasons(SHEET, 收入=2000, 类别="教育", 低保=False)
    assert lines[1] == "没有一行符合。"
    assert lines[2] == "如月人均收入高于 2700.00 元，则档次 “不救助”、金额 0.00 元（第 3 行）。"
    assert (
        lines[3]
        == "如月人均收入不高于 1500.00 元，且低保为“是”，则档次 “B”、金额 500.00 元（第 2 行）。"
    )
    assert lines[-1] == "注意：决策表“救助档次”没有一行符合。"


def test_upward_limits_and_other_texts() -> None:
    lines = reasons(SHEET, 收入=500, 类别="教育", 低保=True)
    assert lines[2:4] == [
        "如月人均收入不低于 900.00 元，则档次 “B”、金额 500.00 元（第 2 行）。",
        "如类别为“医疗”，则档次 “A”、金额 1000.00 元（第 1 行）。",
    ]


def test_a_missing_value_is_named_and_ranges_are_whole() -> None:
    lines = reasons(SHEET, 类别="医疗", 低保=False)
    assert "月人均收入 空值" in lines[0]
    assert any("月人均收入 0.00–899.99 元" in line for line in lines)


def test_a_value_of_the_wrong_kind_gets_no_advice() -> None:
    sheet = Sheet([In("甲", "Any")], [["> 5", '"A"'], ["<= 5", '"B"']])
    lines = reasons(sheet, 甲="x")
    assert lines[:2] == ["“救助档次”查的是：甲 “x”。", "没有一行符合。"]
    assert not any(line.startswith("如") for line in lines)


def test_a_clash_of_rows_says_there_is_no_answer() -> None:
    lines = reasons(Sheet([In("甲")], [["> 5", '"A"'], ["> 6", '"B"']]), 甲=7)
    assert any(line.startswith("没有结果：第 1、2 行同时符合") for line in lines)


def test_first_tables_advise_only_what_earlier_rows_allow() -> None:
    sheet = Sheet(
        [In("甲"), In("乙", "boolean")],
        [["> 5", "-", '"A"'], ["> 3", "true", '"B"'], ["> 9", "-", '"C"'], ["-", "-", '"D"']],
        policy="FIRST",
    )
    lines = reasons(sheet, 甲=4, 乙=False)
    assert lines[1] == "第 4 行符合：不论什么情况；结果：结果 “D”。"
    assert lines[2:] == [
        "如甲高于 5，则结果 “A”（第 1 行）。",
        "如乙为“是”，则结果 “B”（第 2 行）。",
    ]


def test_cells_that_cannot_be_judged_are_quoted() -> None:
    lines = reasons(Sheet([In("甲"), In("线")], [["> 线", "-", '"A"']]), 甲=5, 线=3)
    assert lines[1] == "第 1 行符合：甲满足 > 线；结果：结果 “A”。"


def test_dates_and_collections_are_explained_without_advice() -> None:
    sheet = Sheet(
        [In("日", "date")],
        [['>= @"2026-07-01"', '"新"'], ['< @"2026-07-01"', '"旧"']],
        policy="COLLECT",
    )
    from datetime import date

    lines = reasons(sheet, 日=date(2026, 7, 2))
    assert lines == [
        "“救助档次”查的是：日 2026-07-02。",
        "第 1 行符合：日 不低于 2026-07-01；结果：结果 “新”。",
    ]


def test_every_table_on_the_way_is_explained() -> None:
    first, second = (
        SHEET.xml().decode(),
        '<decision id="d2" name="复核"><informationRequirement><requiredDecision href="#dec"/></informationRequirement><decisionTable hitPolicy="UNIQUE"><input label="档次"><inputExpression><text>救助档次.档次</text></inputExpression></input><output name="复核"/><rule><inputEntry><text>"A"</text></inputEntry><outputEntry><text>true</text></outputEntry></rule></decisionTable></decision></definitions>',
    )
    model = load_model(first.replace("</definitions>", second).encode())
    lines = explain(model, model.evaluate("复核", {"收入": 5, "类别": "医疗", "低保": True}))
    assert sum("查的是" in line for line in lines) == 2


HOSTILE = Sheet(
    [In("x", label='<b>"|收入</b>')],
    [["-", '"<script>alert(1)</script>|*_`"']],
    annotations={"<i>": ["[a](javascript:1)"]},
)


def test_markdown_escapes_markup() -> None:
    text = to_markdown(HOSTILE.model().tables()[0])
    assert "<script>" not in text
    assert "\\|" in text
    assert "\\[a\\](javascript:1)" in text
    assert text.startswith("### 救助档次\n\n命中策略：UNIQUE（只许一行符合）\n")


def test_html_escapes_markup_and_marks_columns() -> None:
    text = to_html(HOSTILE.model().tables()[0])
    assert "<script>" not in text
    assert "&lt;b&gt;&quot;|收入&lt;/b&gt;" in text
    assert (
        text.count('class="input"')
        == text.count('class="output"')
        == text.count('class="annotation"')
        == 2
    )


def quick_agrees(model: Model, inputs: dict[str, Any]) -> None:
    """The quick answer, asked twice, is the full one."""
    quick = model.quick("dec")
    full = model.evaluate("dec", inputs)
    for _ in range(2):
        if full.errors:
            with pytest.raises(NoAnswerError) as caught:
                quick(inputs)
            assert caught.value.findings
        else:
            assert feel_equal(quick(inputs), full.value) is True


@pytest.mark.parametrize(
    "value", [Decimal(3), Decimal(7), Decimal(100), None, "x", True, [Decimal(3)]]
)
def test_quick_answers_are_the_full_ones(value: Any) -> None:
    quick_agrees(
        Sheet([In("甲")], [["< 5", '"A"'], ["[6..9]", '"B"'], ["8", '"C"']]).model(), {"甲": value}
    )
    quick_agrees(
        Sheet([In("甲", "Any")], [["< 5", "甲 + 1"], [">= 5", "甲"]], [Out("乙", "Any")]).model(),
        {"甲": value},
    )
    quick_agrees(Sheet([In("甲", "string")], [['"x"', '"A"']]).model(), {"甲": value})
    quick_agrees(Sheet([In("甲")], [["< 5", '"A"']], [Out(default='"无"')]).model(), {"甲": value})
    quick_agrees(
        Sheet([In("甲")], [["< 5", '"A"']], [Out(default="string(甲)")]).model(), {"甲": value}
    )
    quick_agrees(Sheet([In("甲", expression="甲 * 2")], [["< 5", '"A"']]).model(), {"甲": value})
    quick_agrees(
        Sheet([In("甲"), In("乙")], [["< 乙", "-", '"A"']]).model(), {"甲": value, "乙": Decimal(4)}
    )


def test_quick_answers_report_a_clash() -> None:
    quick_agrees(Sheet([In("甲")], [["< 5", '"A"'], ["3", '"B"']]).model(), {"甲": Decimal(3)})


def test_quick_answers_are_for_tables_only() -> None:
    xml = f'<definitions xmlns="{NAMESPACE}" id="d" name="m" namespace="u"><decision id="dec" name="x"><literalExpression><text>1</text></literalExpression></decision></definitions>'
    with pytest.raises(NotATableError):
        load_model(xml.encode()).quick("x")


def test_rows_that_share_cells_answer_as_if_they_did_not() -> None:
    rows = [
        [a, b, c, f'"{a}{b}{c}"']
        for a in ("< 5", "-", ">= 5")
        for b in ("1", "2")
        for c in ("-", "> 3")
    ]
    model = Sheet(
        [In("a"), In("b"), In("c")],
        [[*r[:3], r[3].replace('"', "").join('""')] for r in rows],
        policy="COLLECT",
    ).model()
    for a in (4, 5):
        for b in (1, 2, 3):
            for c in (3, 4):
                result = model.evaluate("dec", {"a": a, "b": b, "c": c})
                expected = [
                    n
                    for n, (x, y, z, _) in enumerate(rows, 1)
                    if (x == "-" or (x == "< 5") == (a < 5)) and int(y) == b and (z == "-" or c > 3)
                ]
                assert [rule.number for rule in result.matched] == expected


def test_a_table_without_inputs_answers() -> None:
    assert Sheet([], [['"A"']]).model().evaluate("dec", {}).value == "A"
