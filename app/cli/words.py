"""The words of the command line: help, tables and errors in Chinese."""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any, NoReturn

from app.decision.result import Finding
from app.kernel.errors import AppError, Invalid, ModelError, Refused

SEVERITIES = {"error": "错误", "soft": "须写明理由", "warning": "提醒", "info": "说明"}
HELP_COLUMN = 30
MAX_SHOWN = 20  # findings shown with an error; `jiuji check` shows all


class Parser(argparse.ArgumentParser):
    """argparse that speaks Chinese where it speaks most."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", _Formatter)
        kwargs["add_help"] = False
        super().__init__(*args, **kwargs)
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command and how it is used; exit code 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"命令写法不对：{message}\n")


class _Formatter(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=HELP_COLUMN)

    def _format_action(self, action: argparse.Action) -> str:
        text = super()._format_action(action)
        if isinstance(action, argparse._SubParsersAction):
            return text.partition("\n")[2]  # its own line repeats the heading
        return text

    def _format_usage(self, *args: Any, **kwargs: Any) -> str:
        return super()._format_usage(*args, **kwargs).replace("usage: ", "用法：", 1)


def describe(error: AppError) -> str:
    """An expected error for the terminal: sentence, what is lawful instead, findings."""
    lines = [error.message]
    if isinstance(error, Refused):
        lines += [f"  可以改为：{one.label}" for one in error.alternatives]
    if isinstance(error, Invalid):
        lines += [f"  {one.label}：{one.message}" for one in error.problems]
    if isinstance(error, ModelError):
        found = [one for one in error.findings if isinstance(one, Finding)]
        lines += [f"  {finding_line(one)}" for one in found[:MAX_SHOWN]]
        if len(found) > MAX_SHOWN:
            lines.append(f"  另有 {len(found) - MAX_SHOWN} 处，请运行 jiuji check 查看。")
    return "\n".join(lines)


def finding_line(finding: Finding) -> str:
    """One finding on one line: severity, place, sentence, advice."""
    where = place_text(finding)
    advice = f" {finding.suggestion}" if finding.suggestion else ""
    severity = SEVERITIES.get(finding.severity, finding.severity)
    return f"{severity} {where}{' ' if where else ''}{finding.message}{advice}"


def place_text(finding: Finding) -> str:
    """Where a finding stands, as far as it says: file, element, row, column."""
    place = finding.place
    parts = [place.file, place.element_id or place.decision]
    parts.append(f"第 {place.rule} 行" if place.rule else "")
    parts.append(place.column)
    return ":".join(part for part in parts if part)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns aligned for a terminal, where a Chinese character takes two places."""
    if not rows:
        return ""
    widths = [max(_width(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [text + " " * (widths[n] - _width(text)) for n, text in enumerate(row)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
