"""`jiuji decide` and `jiuji dmn`: exact JSON, reasons, checks and tables on the terminal.

What the engine answers is tested in tests/decision; the figures of bench are its own business.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli import dmn, dmn_bench
from app.cli.dmn_chain import if_chain
from app.cli.words import Parser
from app.kernel.errors import Invalid, ModelError, NotFound
from tests.decision.tables import NAMESPACE, In, Out, Sheet

SHEET = Sheet(
    [In("收入", label="人均收入（元）", values=">= 0"), In("类别", "string")],
    [["< 900", '"医疗"', "收入 * 0.1"], [">= 900", "-", "0"]],
    [Out("金额", "number")],
)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A model on disk."""
    path = tmp_path / "standard.dmn"
    path.write_bytes(SHEET.xml())
    return str(path)


def run(*argv: str) -> int:
    """The exit code of a command line."""
    top = Parser(prog="jiuji")
    dmn.add_parsers(top.add_subparsers(required=True))
    args = top.parse_args(argv)
    return int(args.run(args))


def test_decide_prints_exact_numbers(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("decide", file, "--input", '{"收入": 0.3, "类别": "医疗"}') == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["value"] == "0.03"
    assert answer["matched"] == [
        {"rule": 1, "id": "r1", "outputs": {"金额": "0.03"}, "annotations": {}}
    ]
    assert answer["errors"] == []


def test_decide_explains(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(
            "decide",
            file,
            "--decision",
            "dec",
            "--input",
            '{"收入": 950}',
            "--explain",
            "--now",
            "2026-11-22T09:00:00+08:00",
        )
        == 0
    )
    answer = json.loads(capsys.readouterr().out)
    assert answer["explanation"][1] == "第 2 行符合：人均收入 不低于 900.00 元；结果：金额 0。"


def test_decide_reads_input_from_a_file(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.json").write_text('{"收入": 1000}', encoding="utf-8")
    assert run("decide", file, "--input", f"@{tmp_path / 'in.json'}") == 0
    assert json.loads(capsys.readouterr().out)["value"] == "0"


def test_decide_reads_standard_input(
    file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO('{"收入": 1000}'))
    assert run("decide", file, "--input", "-") == 0


def test_decide_says_when_there_is_no_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "clash.dmn"
    path.write_bytes(Sheet([In("a")], [["< 5", '"A"'], ["< 6", '"B"']]).xml())
    assert run("decide", str(path), "--input", '{"a": 1}') == 1
    assert json.loads(capsys.readouterr().out)["errors"]


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": NaN}', '{"收入": 1e999999}'])
def test_bad_input_is_refused_in_chinese(file: str, text: str) -> None:
    if text.startswith('{"收入'):
        assert run("decide", file, "--input", text) == 1
        return
    with pytest.raises(Invalid, match="输入"):
        run("decide", file, "--input", text)


def test_an_unknown_decision_names_the_known_ones(file: str) -> None:
    with pytest.raises(NotFound, match="救助档次"):
        run("decide", file, "--decision", "别的")


def test_a_file_of_several_decisions_wants_a_name(tmp_path: Path) -> None:
    one = '<decision id="{0}" name="{0}"><literalExpression><text>1</text></literalExpression></decision>'
    path = tmp_path / "two.dmn"
    path.write_text(
        f'<definitions xmlns="{NAMESPACE}" id="d" name="m" namespace="u">{one.format("a")}{one.format("b")}</definitions>'
    )
    with pytest.raises(NotFound, match="a、b"):
        run("decide", str(path))


def test_a_missing_or_huge_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    with pytest.raises(NotFound, match="读不到"):
        run("dmn", "table", str(tmp_path / "none.dmn"))
    monkeypatch.setattr(dmn, "MAX_FILE", 10)
    with pytest.raises(NotFound, match="超过"):
        run("dmn", "table", file)


def test_a_broken_model_is_not_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.dmn"
    path.write_bytes(SHEET.xml().replace(b"&lt; 900", "&lt; 九百".encode()))
    with pytest.raises(ModelError, match="不能使用"):
        run("decide", str(path), "--input", "{}")
    assert run("dmn", "check", str(path)) == 1
    assert "错误" in capsys.readouterr().out


def test_a_file_that_is_no_model_is_checked_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "text.dmn"
    path.write_text("你好")
    assert run("dmn", "check", str(path)) == 1


def test_check_lists_findings_with_examples(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("dmn", "check", file) == 0
    out = capsys.readouterr().out
    assert "“类别”是表中没有列出的文本时，有情况没有规则。" in out
    assert "例：人均收入（元） = " in out
    assert out.endswith("条。\n")


def test_check_of_a_good_file_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "good.dmn"
    path.write_bytes(
        Sheet([In("a", "boolean", values="true, false")], [["true", '"A"'], ["false", '"B"']]).xml()
    )
    assert run("dmn", "check", str(path)) == 0
    assert capsys.readouterr().out == f"{path}：没有问题。\n"


def test_table_prints_markdown_or_html(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("dmn", "table", file) == 0
    assert "| 行 | 人均收入（元） | 类别 | 金额 |" in capsys.readouterr().out
    assert run("dmn", "table", file, "--html", "--import", file) == 0
    assert "<table" in capsys.readouterr().out


def test_bench_compares_the_same_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        dmn_bench,
        "theirs",
        lambda: {"spiff_table": 1e6, "spiff_first_row": 1e6, "spiff_expression": 1e6},
    )
    monkeypatch.setattr(dmn_bench, "microseconds", lambda run, seconds=0.0: (run(), 1.0)[1])
    assert run("dmn", "bench", "--rows", "1000") in (0, 1)
    out = capsys.readouterr().out
    assert "达到：索引 比 SpiffWorkflow 24000000.0 倍（目标 ≥ 300）" in out
    assert run("dmn", "bench", "--rows", "1000", "--json") in (0, 1)
    assert set(json.loads(capsys.readouterr().out)) == {"microseconds", "ratios"}
    monkeypatch.setattr(dmn_bench, "theirs", dict)
    run("dmn", "bench", "--rows", "1000")
    assert "没有 SpiffWorkflow 的数字" in capsys.readouterr().out


def test_the_if_chain_is_the_table() -> None:
    case: dict[str, Any] = dmn_bench.cases()[5]
    assert if_chain(**{**case, "category": "x"}) is None
    assert all(if_chain(**{**c, "persons": 0}) is None for c in dmn_bench.cases())


def test_without_the_source_tree_nobody_else_is_timed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dmn_bench, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    assert dmn_bench.theirs() == {}


def test_microseconds_are_positive() -> None:
    assert dmn_bench.microseconds(lambda: None, 0.01) > 0
