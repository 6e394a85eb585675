"""Scenario and example files: what is understood, what is refused, and how it is said."""

from __future__ import annotations

import pytest

from app.studio.play import MAX_FILE_BYTES, MAX_SCENARIOS, read_scenarios
from tests.studio.drawing import made, report

SCENARIOS = "processes/here/main.scenarios.yaml"
CASES = "dmn/here/basic.cases.csv"


def said(path: str, text: str) -> list[str]:
    found = report(made({path: text.encode()}, {}))
    return [note.finding.message for note in found.notes if note.finding.place.file == path]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scenarios: [", "读不懂"),
        ("3", "没有情景"),
        ("scenarios: 3", "一列情景"),
        ("scenarios: [3]", "一列情景"),
        ("a: &a [1]\nb: *a", "别名"),
        ("!!python/object/apply:os.system ['true']", "读不懂"),
        ("process: main\nscenarios: [{name: 甲}]", "没有写明预期"),
        ("process: gone\nscenarios: [{name: 甲, expect: {end: done}}]", "没有走完"),
        ("scenarios: [" + "{name: 甲}," * (MAX_SCENARIOS + 1) + "]", "超过"),
        ("#" * (MAX_FILE_BYTES + 1), "超过"),
    ],
)
def test_scenario_file_that_is_not_in_order_is_named(text: str, words: str) -> None:
    assert any(words in message for message in said(SCENARIOS, text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "1 至"),
        ("name,in.key\n甲,1\n", "表头"),
        ("decision,out,other\n甲,1,2\n", "other"),
        ("decision,out\ndeadline\n", "格数"),
        ("decision,in.key,out.amount\ngone,1,1\n", "不存在"),
        ("decision,in.key,out.amount\ndeadline,first +,1\n", "不是合格的 FEEL"),
        ('decision,in.key,out.amount\ndeadline,"""first""",25\n', "应为 25，实际为 24"),
        ('decision,in.key,out\ndeadline,"""other""",1\n', "应为 1，实际为 空"),
    ],
)
def test_example_file_that_is_not_in_order_is_named(text: str, words: str) -> None:
    assert any(words in message for message in said(CASES, text))


def test_example_tells_its_line_of_the_file() -> None:
    text = 'decision,in.key,out.amount\ndeadline,"""first""",24\n\ndeadline,"""first""",25\n'
    found = report(made({CASES: text.encode()}, {}))
    assert [n.finding.place.rule for n in found.notes if n.finding.code == "example_failed"] == [4]


@pytest.mark.parametrize(
    "text",
    ["[" * 999 + "]" * 999, "[" * 20000, "{a: " * 5000, "- " * 60000, "x: " + "[a, " * 3000],
)
def test_nesting_without_bound_is_refused_before_anything_recurses(text):
    scenarios, problem = read_scenarios(text.encode())
    assert scenarios == []
    assert "太深" in problem or "读不懂" in problem
