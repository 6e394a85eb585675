"""`jiuji check`: everything the checks say about one file, one locality or all of them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.cli.words import SEVERITIES, place_text, table
from app.decision.result import Finding
from app.kernel.clock import SystemClock
from app.kernel.errors import NotFound
from app.settings import load_settings
from app.studio.coverage import read_coverage
from app.studio.localities import localities, resolve
from app.studio.reference import reference
from app.studio.report import Report, check
from app.studio.single import check_file
from app.studio.subject import Surroundings

ENDINGS = (".bpmn", ".dmn", ".form", ".paper.toml")


def add_parsers(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "check", help="检查流程、决策表、表单和文书，运行算例和情景", description=__doc__
    )
    parser.description = "检查流程、决策表、表单和文书，并运行算例和情景；有错误时退出码为 1。"
    parser.add_argument("path", nargs="?", metavar="路径", help="一个文件或一个地区；不写则全部")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.add_argument("--verbose", action="store_true", help="连说明一起显示")
    parser.add_argument("--list", action="store_true", help="列出全部检查项和护栏")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what was found; 1 when something stands in the way of publication."""
    if args.list:
        print(reference(load_settings().models_dir), end="")
        return 0
    around = Surroundings(now=SystemClock().now())
    if args.path and args.path.endswith(ENDINGS):
        findings = check_file(Path(args.path), around)
        return _tell_file(args, findings)
    root = load_settings().models_dir
    codes = [_code(args.path)] if args.path else localities(root)
    if not codes:
        raise NotFound("no_locality", f"{root} 下没有任何地区（processes/<地区>/locality.toml）。")
    reports = [check(resolve(root, code), around) for code in codes]
    if args.json:
        print(json.dumps([_plain(one) for one in reports], ensure_ascii=False, indent=2))
    else:
        for report in reports:
            _tell(report, verbose=args.verbose)
    wrong = [] if args.path else _coverage(root, args.json)
    return 0 if all(report.ok for report in reports) and not wrong else 1


def _coverage(root: Path, quiet: bool) -> list[Finding]:
    """What docs/coverage names and is not there; nothing where it is not installed."""
    coverage = read_coverage(root)
    wrong = [one for one in coverage.findings if one.severity == "error"] if coverage else []
    if wrong and not quiet:
        print(table([_row("coverage", one) for one in wrong]))
    return wrong


def _code(path: str) -> str:
    """A locality named by its code or by one of its folders."""
    return Path(path.rstrip("/")).name


def _tell_file(args: argparse.Namespace, findings: Sequence[Finding]) -> int:
    if args.json:
        print(json.dumps([_finding(one) for one in findings], ensure_ascii=False, indent=2))
    elif findings:
        print(table([_row("", one) for one in findings]))
    else:
        print(f"{args.path}：没有问题。")
    return 1 if any(one.severity == "error" for one in findings) else 0


def _tell(report: Report, *, verbose: bool) -> None:
    notes = [n for n in report.notes if verbose or n.finding.severity != "info"]
    if notes:
        print(table([_row(note.check, note.finding) for note in notes]))
    errors, warnings = len(report.of("error")), len(report.of("warning"))
    soft = f"，{len(report.soft)} 处须写明理由" if report.soft else ""
    walked = sum(one for one, _ in report.coverage.values())
    drawn = sum(all_ for _, all_ in report.coverage.values())
    share = f"{100 * walked / drawn:.0f}%" if drawn else "无连线"
    print(
        f"{report.locality}：{report.files} 个文件，{report.examples} 个算例，"
        f"{report.scenarios} 个情景，走过连线 {walked}/{drawn}（{share}）；"
        f"{errors} 处错误{soft}，{warnings} 处提醒。"
    )


def _row(check_id: str, finding: Finding) -> tuple[str, str, str, str]:
    advice = f" {finding.suggestion}" if finding.suggestion else ""
    severity = SEVERITIES.get(finding.severity, finding.severity)
    return severity, check_id, place_text(finding), finding.message + advice


def _plain(report: Report) -> dict[str, Any]:
    return {
        "locality": report.locality,
        "ok": report.ok,
        "files": report.files,
        "examples": report.examples,
        "scenarios": report.scenarios,
        "coverage": {
            name: {"walked": walked, "drawn": drawn}
            for name, (walked, drawn) in report.coverage.items()
        },
        "findings": [
            {"check": one.check, "key": one.key, **_finding(one.finding)} for one in report.notes
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "file": place.file,
        "element": place.element_id or place.decision,
        "rule": place.rule,
        "column": place.column,
        "example": dict(finding.example),
        "clause": finding.clause,
        "path": [{"file": one.file, "element": one.element_id} for one in finding.path],
    }
