"""`jiuji decide` and `jiuji dmn`: ask a DMN file, check it, print its tables, time the engine.

Answers are JSON with exact numbers as text; `--explain` adds the reasons in Chinese sentences.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.cli import dmn_bench
from app.cli.words import finding_line
from app.decision import DecisionModelError, Finding, Model, Result, UnknownElementError, load_model
from app.decision.convert import InputError, to_json
from app.decision.explain import explain
from app.decision.render import to_html, to_markdown
from app.kernel.clock import SystemClock, parse_instant
from app.kernel.errors import AppError, FieldProblem, Invalid, ModelError, NotFound

MAX_FILE = 10 * 1024 * 1024  # bytes of a model or an input file


def add_parsers(subparsers: Any) -> None:
    """Declare both commands."""
    decide_parser = subparsers.add_parser("decide", help="用决策模型回答一个问题")
    decide_parser.description = (
        "用一个 DMN 文件里的决策回答一个问题，以 JSON 输出；没有答案时退出码为 1。"
    )
    _add_file(decide_parser)
    decide_parser.add_argument(
        "--decision", metavar="名称", help="决策的名称或编号；只有一个决策时可不写"
    )
    decide_parser.add_argument(
        "--input",
        metavar="JSON",
        default="{}",
        help="输入，JSON；@文件 表示读文件，- 表示读标准输入",
    )
    decide_parser.add_argument(
        "--now", metavar="时刻", help="当前时刻，如 2026-11-22T09:00:00+08:00；不写则取系统时间"
    )
    decide_parser.add_argument("--explain", action="store_true", help="用中文说明理由")
    decide_parser.set_defaults(run=decide)

    family = subparsers.add_parser("dmn", help="检查、打印决策表，或给引擎计时")
    inner = family.add_subparsers(title="命令", metavar="命令", required=True)
    check_parser = inner.add_parser("check", help="检查一个 DMN 文件并分析其中的表")
    _add_file(check_parser)
    check_parser.set_defaults(run=check)
    table_parser = inner.add_parser("table", help="打印一个 DMN 文件里的决策表")
    _add_file(table_parser)
    table_parser.add_argument("--html", action="store_true", help="输出 HTML，不写则为 Markdown")
    table_parser.set_defaults(run=table)
    bench_parser = inner.add_parser("bench", help="同一张表上各种做法的用时")
    bench_parser.add_argument(
        "--rows", type=int, default=1_000_000, metavar="行数", help="成批计算的行数"
    )
    bench_parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    bench_parser.set_defaults(run=bench)


def _add_file(parser: Any) -> None:
    parser.add_argument("file", metavar="文件", help="DMN 文件")
    parser.add_argument(
        "--import",
        dest="imports",
        action="append",
        default=[],
        metavar="文件",
        help="被它引用的 DMN 文件，可写多次",
    )


def decide(args: argparse.Namespace) -> int:
    """Print one decision's answer; 1 when there is none."""
    model = _load(args)
    name = args.decision or _only_decision(model)
    now = parse_instant(args.now) if args.now else SystemClock().now()
    try:
        result = model.evaluate(name, _inputs(args.input), now)
    except UnknownElementError:
        known = "、".join(model.decisions)
        raise NotFound("no_decision", f"没有叫“{name}”的决策；此文件有：{known}。") from None
    except InputError as error:
        raise _bad_input(str(error)) from None
    answer = _plain(result)
    if args.explain:
        answer["explanation"] = explain(model, result)
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0 if result.ok else 1


def _only_decision(model: Model) -> str:
    if len(model.decisions) == 1:
        return model.decisions[0]
    raise NotFound("no_decision", f"请用 --decision 指明决策：{'、'.join(model.decisions)}。")


def _inputs(text: str) -> Mapping[str, Any]:
    if text == "-":
        text = sys.stdin.read(MAX_FILE)
    elif text.startswith("@"):
        text = _read(text[1:]).decode("utf-8", errors="strict")
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _bad_input(f"输入不是 JSON：{error}") from None
    if not isinstance(found, dict):
        raise _bad_input('输入要写成 JSON 对象，如 {"家庭人口": 3}')
    return found


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} 不是数字")


def _bad_input(message: str) -> AppError:
    return Invalid(f"{message}。", (FieldProblem("input", "输入", message),), "bad_input")


def _plain(result: Result) -> dict[str, Any]:
    return {
        "value": to_json(result.value),
        "matched": [
            {
                "rule": rule.number,
                "id": rule.rule_id,
                "outputs": {name: to_json(value) for name, value in rule.outputs.items()},
                "annotations": dict(rule.annotations),
            }
            for rule in result.matched
        ],
        "warnings": [caution.message for caution in result.warnings],
        "errors": [finding_line(finding) for finding in result.errors],
    }


def check(args: argparse.Namespace) -> int:
    """Print everything a person should know about a file; 1 when something is wrong."""
    try:
        model = _load_model(args, strict=False)
    except DecisionModelError as error:
        findings: list[Finding] = list(error.findings)
    else:
        findings = [*model.findings, *model.analyse()]
    for finding in findings:
        print(finding_line(finding))
        if finding.example:
            shown = "，".join(f"{label} = {text}" for label, text in finding.example.items())
            print(f"    例：{shown}")
    errors = sum(finding.severity == "error" for finding in findings)
    print(
        f"{args.file}：{errors} 处错误，共 {len(findings)} 条。"
        if findings
        else f"{args.file}：没有问题。"
    )
    return 1 if errors else 0


def table(args: argparse.Namespace) -> int:
    """Print the tables of a file."""
    show = to_html if args.html else to_markdown
    for one in _load(args).tables():
        print(show(one))
    return 0


def bench(args: argparse.Namespace) -> int:
    """Print what one answer costs, ours and others'; 1 when a target is missed."""
    return dmn_bench.report(rows=args.rows, as_json=args.json)


def _load(args: argparse.Namespace) -> Model:
    try:
        return _load_model(args, strict=True)
    except DecisionModelError as error:
        message = f"{args.file} 不能使用，先改正其中的错误。"
        raise ModelError(message, error.findings) from None


def _load_model(args: argparse.Namespace, *, strict: bool) -> Model:
    imports = [_read(path) for path in args.imports]
    return load_model(_read(args.file), imports, file=args.file, strict=strict)


def _read(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_FILE + 1)
    except OSError as error:
        raise NotFound("no_file", f"读不到文件 {path}：{error.strerror}。") from None
    if len(content) > MAX_FILE:
        raise NotFound("file_too_large", f"文件 {path} 超过 {MAX_FILE // 1024 // 1024} MB。")
    return content
