"""Analysis of tables: all planted gaps and overlaps are found, none is invented, all is named.

The oracle asks the closures on every combination of atoms; it knows nothing of bitmasks.
"""

from __future__ import annotations

import itertools
import random
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.decision import load_model
from app.decision.analysis import analyse_table
from app.decision.boundaries import boundaries
from app.decision.explain import explain
from app.decision.gaps import find_gaps
from app.decision.overlap import touching
from app.decision.render import to_html
from app.decision.result import Finding
from app.decision.runtime import Runtime
from app.decision.space import make_space, split_heading
from tests.decision.tables import In, Out, Sheet, compiled, rows_by_closures

MONEY = In("人均收入", label="人均收入（元）", values=">= 0")
KIND = In("类别", "string", values='"医疗","教育"')
FLAG = In("低保", "boolean", values="true, false")


def findings(sheet: Sheet, code: str = "") -> list[Finding]:
    """The findings of one code, or all."""
    found = [f for table in sheet.model().tables() for f in analyse_table(table)]
    return [f for f in found if not code or f.code == code]


def messages(sheet: Sheet, code: str = "") -> list[str]:
    """Their sentences."""
    return [f.message for f in findings(sheet, code)]


def test_a_money_gap_is_said_in_money_words() -> None:
    rows = [["<= 1000", '"A"'], [">= 2700", '"B"']]
    (gap,) = findings(Sheet([MONEY], rows))
    assert gap.code == "gap"
    assert gap.message == "人均收入 1000.01–2699.99 元时没有规则。"
    assert gap.example == {"人均收入（元）": "1000.01"}
    assert gap.place.decision == "救助档次"


def test_no_gap_between_neighbouring_fen() -> None:
    assert findings(Sheet([MONEY], [["<= 1000", '"A"'], [">= 1000.01", '"B"']])) == []


def test_without_a_unit_numbers_are_dense() -> None:
    column = In("比例", values=">= 0")
    (gap,) = findings(Sheet([column], [["<= 1000", '"A"'], [">= 1000.01", '"B"']]))
    assert gap.message == "比例 高于 1000且低于 1000.01时没有规则。"
    assert Decimal(1000) < Decimal(gap.example["比例"]) < Decimal("1000.01")


def test_whole_numbers_have_no_gap_between_neighbours() -> None:
    column = In("人口", label="家庭人口（人）", values="[1..20]")
    assert findings(Sheet([column], [["<= 3", '"A"'], [">= 4", '"B"']])) == []


def test_dates_are_whole_days() -> None:
    column = In("受理日", "date")
    rows = [['<= @"2026-06-30"', '"旧"'], ['>= @"2026-07-02"', '"新"'], ["null", '"缺"']]
    (gap,) = findings(Sheet([column], rows), "gap")
    assert gap.message == "受理日 2026-07-01时没有规则。"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["[100..200]"], ["人均收入 0.00–99.99 元或 不低于 200.01 元时没有规则。"]),
        (
            ["[0..100], [200..300], [400..500], [600..700], > 800"],
            [
                "人均收入 100.01–199.99 元或 300.01–399.99 元或 500.01–599.99 元或 700.01–800.00 元时没有规则。"
            ],
        ),
        (["> 0"], ["人均收入 0.00 元时没有规则。"]),
        (["0"], ["人均收入 不低于 0.01 元时没有规则。"]),
    ],
)
def test_ranges_in_words(cells: list[str], words: list[str]) -> None:
    assert messages(Sheet([MONEY], [[cell, '"A"'] for cell in cells]), "gap") == words


def test_an_unbounded_gap_in_words() -> None:
    sheet = Sheet([In("收入")], [["[0..100]", '"A"']])
    assert messages(sheet, "gap") == ["收入 低于 0或 高于 100时没有规则。"]
    assert messages(sheet, "null_not_covered") == ["“收入”为空时，有情况没有规则。"]


def test_texts_and_flags_in_words() -> None:
    rows = [['"医疗"', "true", '"A"']]
    assert messages(Sheet([KIND, FLAG], rows)) == [
        "类别为“医疗”，且低保为“否”时没有规则。",
        "类别为“教育”时没有规则。",
    ]


def test_an_open_text_column_asks_for_allowed_values() -> None:
    rows = [['"医疗"', '"A"'], ["null", '"B"']]
    assert messages(Sheet([In("类别", "string")], rows)) == [
        "“类别”是表中没有列出的文本时，有情况没有规则。"
    ]


def test_ordered_texts_are_analysed() -> None:
    rows = [['< "m"', '"A"'], ['> "m"', '"B"'], ["null", '"C"']]
    (gap,) = findings(Sheet([In("编码", "string")], rows))
    assert gap.example == {"编码": '"m"'}


def test_many_texts_are_not_all_named() -> None:
    values = ",".join(f'"{c}"' for c in "甲乙丙丁戊己")
    (message,) = messages(Sheet([In("类别", "string", values=values)], [['"甲"', '"A"']]))
    assert message == "类别为“丁”或“丙”或“乙”或“己”等 5 种时没有规则。"


def test_a_default_result_leaves_no_gap() -> None:
    sheet = Sheet([MONEY], [["> 100", '"A"']], outputs=[Out(default='"不救助"')])
    assert findings(sheet) == []


def test_collect_gaps_are_only_mentioned() -> None:
    (gap,) = findings(Sheet([FLAG], [["true", '"A"']], policy="COLLECT"))
    assert gap.severity == "info"


def test_more_gaps_than_fit_are_counted() -> None:
    rows = [[f"{i}", f"{i}", '"A"'] for i in range(30)]
    column = In("a", label="a（人）", values="[0..100]")
    found = messages(Sheet([column, In("b", label="b（人）", values="[0..100]")], rows), "gap")
    assert len(found) == 21
    assert "只列出 20 处" in found[-1]


def test_unique_overlaps_are_errors_with_an_example() -> None:
    rows = [["< 1000", "-", '"A"'], [">= 900", '"医疗"', '"B"'], [">= 1000", '"教育"', '"C"']]
    (overlap,) = findings(Sheet([MONEY, KIND], rows), "overlap")
    assert overlap.severity == "error"
    assert overlap.message.startswith(
        "第 1 行与第 2 行重叠：人均收入 900.00–999.99 元，且类别为“医疗”时"
    )
    assert overlap.place.rule == 2
    assert overlap.place.element_id == "r2"
    assert overlap.example == {"人均收入（元）": "900", "类别": '"医疗"'}


def test_any_overlaps_matter_when_results_differ() -> None:
    rows = [["true", '"A"'], ["-", '"A"'], ["true, false", '"B"']]
    found = findings(Sheet([FLAG], rows, policy="ANY"))
    assert [f.code for f in found] == ["overlap", "overlap"]
    assert all(f.severity == "error" for f in found)


def test_any_rows_that_add_nothing_are_redundant() -> None:
    rows = [["-", '"A"'], ["true", '"A"']]
    (found,) = findings(Sheet([FLAG], rows, policy="ANY"))
    assert (found.code, found.severity) == ("redundant_rule", "info")


def test_any_with_computed_results_warns() -> None:
    rows = [["-", "x"], ["true", "x + 1"], ["false", "x"]]
    sheet = Sheet(
        [FLAG, In("x")],
        [[r[0], "-", r[1]] for r in rows],
        policy="ANY",
        outputs=[Out(type="number")],
    )
    assert [f.severity for f in findings(sheet, "overlap")] == ["warning"]


def test_many_overlaps_are_counted() -> None:
    rows = [["-", f'"{i}"'] for i in range(8)]
    found = findings(Sheet([FLAG], rows), "overlap")
    assert len(found) == 21
    assert found[-1].message == "还有 8 处重叠没有逐一列出。"


def test_first_hides_later_rows() -> None:
    rows = [
        ["< 500", "-", '"A"'],
        ["[500..1000]", "-", '"B"'],
        ["<= 1000", '"医疗"', '"C"'],
        ["-", "-", '"D"'],
    ]
    found = findings(Sheet([MONEY, KIND], rows, policy="FIRST"))
    assert [(f.code, f.place.rule) for f in found] == [("dead_rule", 3)]
    assert found[0].message == "第 3 行永远轮不到：它的情况都已被前面第 1、2 行占先。"


def test_a_row_outside_the_allowed_values_is_dead() -> None:
    rows = [["-5", '"A"'], ["-", '"B"']]
    assert messages(Sheet([MONEY], rows), "dead_rule") == [
        "第 1 行永远不会符合：“人均收入”的条件没有允许的取值能满足。"
    ]


def test_unused_columns_are_named() -> None:
    rows = [["true", "-", '"A"', ""], ["false", "-", '"B"', "null"]]
    sheet = Sheet([FLAG, In("空")], rows, outputs=[Out("档"), Out("注")])
    assert messages(sheet) == ["输入列“空”没有一行用到。", "输出列“注”每一行都是空的。"]


def test_a_damaged_row_is_named_and_breaks_nothing() -> None:
    xml = Sheet([FLAG, KIND], [["true", "-", '"A"'], ["false", "-", '"B"']]).xml()
    entry = b'<inputEntry id="c1_1"><text>-</text></inputEntry>'
    assert entry in xml
    model = load_model(xml.replace(entry, b""), strict=False)
    assert "第 2 行“类别”没有分析：单元格读不懂。" in [f.message for f in model.analyse()]
    assert model.boundaries("dec") == []
    assert to_html(model.tables()[0])
    assert explain(model, model.evaluate("dec", {"低保": False}))


def test_values_outside_the_allowed_ones_are_named() -> None:
    rows = [["50, 200", '"A"'], ["not(50, -1)", '"B"']]
    sheet = Sheet([In("甲", label="甲（元）", values="[0..100]")], rows)
    assert messages(sheet, "value_not_allowed") == [
        "第 1 行的 200.00 元 不在“甲”允许的取值中。",
        "第 2 行的 -1.00 元 不在“甲”允许的取值中。",
    ]


@pytest.mark.parametrize(
    ("default", "said"), [("", ["“丙”、“丁”"]), ('"丁"', ["“丙”"]), ("string(1)", [])]
)
def test_listed_results_no_row_gives_are_named(default: str, said: list[str]) -> None:
    out = Out(values='"甲","乙","丙","丁"', default=default)
    sheet = Sheet([FLAG], [["true", '"甲"'], ["false", '"乙"']], outputs=[out])
    assert messages(sheet, "unused_output") == [
        f"输出列“结果”列出的 {one} 没有一行给出。" for one in said
    ]


def test_a_table_without_rows_is_named() -> None:
    assert [f.code for f in findings(Sheet([FLAG], []))] == ["empty_table"]


def test_cells_that_cannot_be_judged_are_named_and_not_guessed() -> None:
    rows = [["< 900", "-", '"A"'], ["> 低保线", "-", '"B"'], ["< 950", "-", '"C"']]
    sheet = Sheet([MONEY, In("低保线")], rows)
    found = findings(sheet)
    assert [f.code for f in found] == ["not_analysed", "overlap", "unused_column"]
    assert found[0].message == "第 2 行“人均收入（元）”没有分析：单元格里有计算、函数或别的数据。"
    assert found[0].place.element_id == "c1_0"


def test_a_column_of_mixed_kinds_is_named() -> None:
    sheet = Sheet([In("甲", "Any")], [["5", '"A"'], ['"x"', '"B"'], ["-", '"C"']])
    assert [f.code for f in findings(sheet)].count("not_analysed") == 2


def test_allowed_values_that_cannot_be_judged_are_named() -> None:
    sheet = Sheet(
        [In("甲", "number", values="string length(string(?)) > 2")],
        [["> 5", '"A"'], ["<= 5", '"B"']],
    )
    assert "允许的取值没有分析" in messages(sheet, "not_analysed")[0]


def test_times_of_day_are_named_as_not_analysed() -> None:
    sheet = Sheet([In("时刻", "time")], [['> @"10:00:00"', '"A"']])
    assert messages(sheet, "not_analysed") == ["第 1 行“时刻”没有分析：time 类型的列不分析。"]


AMOUNT = Out("金额", "number", label="救助金额（元；随“人均收入”上升不增）")


def test_a_promise_kept_is_silent() -> None:
    rows = [["< 500", "2000"], ["[500..1000]", "1000"], ["> 1000", ""]]
    assert findings(Sheet([MONEY], rows, outputs=[AMOUNT])) == []


def test_a_promise_broken_is_shown_with_both_rows() -> None:
    rows = [["< 500", "-", "1000"], [">= 500", '"医疗"', "1000"], [">= 500", '"教育"', "1200"]]
    (found,) = findings(Sheet([MONEY, KIND], rows, outputs=[AMOUNT]))
    assert found.code == "not_monotone"
    assert (
        found.message
        == "人均收入从 0.01 元到 500.00 元，结果却从 1000.00 元（第 1 行）变为 1200.00 元（第 3 行）。"
    )
    assert found.example == {"类别": '"教育"', "人均收入（元）": "500"}


def test_a_rising_promise_looks_the_other_way() -> None:
    out = Out("金额", "number", label="金额（元；随家庭人口上升不减）")
    column = In("人口", label="家庭人口（人）", values="[1..9]")
    assert [
        f.code for f in findings(Sheet([column], [["< 3", "5"], [">= 3", "4"]], outputs=[out]))
    ] == ["not_monotone"]
    assert findings(Sheet([column], [["< 3", "4"], [">= 3", "5"]], outputs=[out])) == []


@pytest.mark.parametrize(
    ("policy", "label", "output"),
    [
        ("COLLECT", AMOUNT.label, "5"),
        ("FIRST", "金额（元；随“身高”上升不增）", "5"),
        ("FIRST", AMOUNT.label, "1 + 1"),
        ("FIRST", AMOUNT.label, '"x"'),
    ],
)
def test_a_promise_that_cannot_be_checked_is_named(policy: str, label: str, output: str) -> None:
    sheet = Sheet(
        [MONEY], [["-", output]], policy=policy, outputs=[Out("金额", "Any", label=label)]
    )
    assert [f.code for f in findings(sheet, "not_analysed")] == ["not_analysed"]


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("人均收入（元）", ("人均收入", "元")),
        ("金额(元；随收入上升不增)", ("金额", "元")),
        ("类别", ("类别", "")),
        ("补助（元/月）", ("补助", "元")),
        ("（元）", ("（元）", "元")),
    ],
)
def test_a_heading_splits_into_name_and_unit(label: str, parts: tuple[str, str]) -> None:
    assert split_heading(label) == parts


CELLS: dict[str, list[str]] = {
    "number": [
        "-",
        "< 3",
        "<= 3",
        "> 5",
        ">= 5",
        "[3..5]",
        "(3..5)",
        "4",
        "3, 5",
        "not(4)",
        "[1..8]",
        "null",
        "> 2.5",
    ],
    "string": ["-", '"a"', '"b"', '"a","b"', 'not("a")', "null", 'not("a","b")'],
    "boolean": ["-", "true", "false", "not(true)", "null"],
}


def sheets() -> st.SearchStrategy[Sheet]:
    """Random box tables of up to three columns and seven rows."""
    columns = st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=3)
    return columns.flatmap(
        lambda kinds: st.builds(
            lambda rows, values: Sheet(
                [
                    In(f"c{i}", kind, values=values if kind == "number" else "")
                    for i, kind in enumerate(kinds)
                ],
                [[*row, '"x"'] for row in rows],
            ),
            st.lists(
                st.tuples(*[st.sampled_from(CELLS[kind]) for kind in kinds]), min_size=1, max_size=7
            ),
            st.sampled_from(["", "[0..9]", "> 1"]),
        )
    )


@settings(max_examples=200, deadline=None)
@given(sheets())
def test_gaps_and_overlaps_are_exactly_the_oracles(sheet: Sheet) -> None:
    table = compiled(sheet.model())
    space = make_space(table.syntax)
    every = [dimension.every for dimension in space.dimensions]
    boxes = find_gaps(space, every, 10_000).boxes
    touch = touching(space)
    pairs: set[tuple[int, int]] = set()
    for atoms in itertools.product(*every):
        values = [d.point(a) for d, a in zip(space.dimensions, atoms, strict=True)]
        rows = rows_by_closures(table, values)
        inside = [
            box for box in boxes if all(a in part for a, part in zip(atoms, box, strict=True))
        ]
        assert len(inside) == (0 if rows else 1)
        pairs.update(itertools.combinations(rows, 2))
    assert pairs == {
        (i, j) for i in range(len(touch)) for j in range(i + 1, len(touch)) if touch[i] >> j & 1
    }


@settings(max_examples=100, deadline=None)
@given(sheets())
def test_every_example_shows_what_its_finding_says(sheet: Sheet) -> None:
    table = compiled(sheet.model())
    for finding in analyse_table(table.syntax):
        if (
            finding.code not in ("gap", "overlap", "null_not_covered", "other_text_not_covered")
            or not finding.example
        ):
            continue
        values = [_value(finding.example[c.label or c.name]) for c in sheet.inputs]
        count = len(rows_by_closures(table, values))
        assert count >= 2 if finding.code == "overlap" else count == 0


def _value(text: str) -> Any:
    if text in ("null", "true", "false"):
        return {"null": None, "true": True, "false": False}[text]
    return text[1:-1] if text.startswith('"') else Decimal(text)


def partition(rows: int, columns: int, seed: int = 1) -> list[list[str]]:
    """A random complete table: the space cut again and again along a random column."""
    rng = random.Random(seed)
    boxes = [[(0, 1000)] * columns]
    while len(boxes) < rows:
        box = boxes.pop(rng.randrange(len(boxes)))
        column = rng.randrange(columns)
        low, high = box[column]
        if high - low < 2:
            boxes.append(box)
            continue
        middle = rng.randrange(low + 1, high)
        for ends in ((low, middle), (middle, high)):
            boxes.append([*box[:column], ends, *box[column + 1 :]])
    return [
        ["-" if ends == (0, 1000) else f"[{ends[0]}..{ends[1]})" for ends in box] for box in boxes
    ]


def cost_of(columns: int) -> tuple[int, float, list[Finding]]:
    """States visited, seconds of the whole analysis, and findings, for 500 rows."""
    rows = [[*row, '"x"'] for row in partition(500, columns)]
    sheet = Sheet([In(f"c{i}", values="[0..1000)") for i in range(columns)], rows)
    table = sheet.model().tables()[0]
    start = time.process_time()
    found = analyse_table(table)
    seconds = time.process_time() - start
    space = make_space(table)
    return find_gaps(space, [d.lawful for d in space.dimensions], 20).states, seconds, found


def test_wider_tables_cost_little_more_per_state() -> None:
    narrow, wide = cost_of(5), cost_of(8)
    assert narrow[2] == wide[2] == []
    assert wide[1] / wide[0] < 3 * narrow[1] / narrow[0]


def test_a_random_table_of_500_rows_is_analysed_whole() -> None:
    rng = random.Random(2)

    def cell() -> str:
        low, high = sorted(rng.sample(range(1000), 2))
        return "-" if rng.random() < 0.3 else f"[{low}..{high})"

    rows = [[*[cell() for _ in range(8)], '"x"'] for _ in range(500)]
    table = Sheet([In(f"c{i}") for i in range(8)], rows).model().tables()[0]
    codes = {finding.code for finding in analyse_table(table)}
    assert {"gap", "overlap"} <= codes


def test_boundaries_stand_below_at_and_above() -> None:
    rows = [["< 900", '"医疗"', '"A"'], [">= 900", '"医疗"', '"B"']]
    cases = boundaries(Sheet([MONEY, KIND], rows).model().tables()[0])
    assert [(c.side, str(c.values["人均收入"]), c.rows) for c in cases] == [
        ("below", "899.99", (1,)),
        ("at", "900", (2,)),
        ("above", "900.01", (2,)),
    ]
    assert all(c.values["类别"] == "医疗" and c.column == "人均收入（元）" for c in cases)


def test_boundaries_of_dates_and_plain_numbers() -> None:
    sheet = Sheet(
        [In("日", "date"), In("数"), In("旗", "boolean")],
        [['>= @"2026-07-01"', "0.5", "true", '"A"'], ["-", "> 数", "-", '"B"']],
    )
    cases = boundaries(sheet.model().tables()[0])
    assert [str(c.values["日"]) for c in cases[:3]] == ["2026-06-30", "2026-07-01", "2026-07-02"]
    assert [str(c.values["数"]) for c in cases[3:]] == ["0.4", "0.6"]
    assert sheet.model().boundaries("dec") == cases


def test_a_model_analyses_all_its_tables() -> None:
    model = Sheet([FLAG], [["true", '"A"']]).model()
    assert [f.code for f in model.analyse()] == ["gap"]
    assert (
        rows_by_closures(compiled(model), [True])
        == compiled(model).match(Runtime(), {}, [True])
        == [0]
    )


def test_a_search_that_takes_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.decision.cover.MAX_STATES", 3)
    monkeypatch.setattr("app.decision.monotone.MAX_STATES", 3)
    rows = [[*row[:-1], str(i)] for i, row in enumerate([[*r, "x"] for r in partition(40, 4)])]
    columns = [In(f"c{i}", values="[0..1000)") for i in range(4)]
    out = Out("金额", "number", label="金额（元；随“c0”上升不减）")
    found = findings(Sheet(columns, rows, [out]))
    assert "是否还有没有规则的情况，没有查完。" in [f.message for f in found]
    first = findings(Sheet(columns, [*rows, ["-", "-", "-", "-", "1"]], [out], policy="FIRST"))
    codes = [f.code for f in first]
    assert "analysis_incomplete" in codes
    assert "dead_rule" not in codes


def test_too_many_limits_in_one_column_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.decision.boxes.MAX_ATOMS", 20)
    rows = [[f"[{i}..{i + 1})", '"x"'] for i in range(30)]
    assert {f.code for f in findings(Sheet([In("a")], rows))} == {"not_analysed"}
    assert compiled(Sheet([In("a")], rows).model()).index(now=True) is None


def test_the_list_of_boundaries_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.decision.boundaries.MAX_BOUNDARIES", 4)
    assert len(Sheet([MONEY], [["[5..10]", '"A"']]).model().boundaries("dec")) == 4
