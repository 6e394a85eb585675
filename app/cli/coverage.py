"""`jiuji coverage`: which file, page or test fulfils each requirement."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from app.kernel.errors import NotFound
from app.settings import load_settings
from app.studio.coverage import FOLDER, as_page, read_coverage


def add_parsers(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("coverage", help="列出每条需求由什么满足（docs/coverage.md）")
    parser.description = "按 docs/coverage 写出每条需求由哪个文件、页面或测试满足。"
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    """Print the page; 1 when an element that is named is missing."""
    coverage = read_coverage(load_settings().models_dir)
    if coverage is None:
        raise NotFound("no_coverage", f"这里没有 {FOLDER}。")
    print(as_page(coverage), end="")
    for one in coverage.findings:
        print(one.message, file=sys.stderr)
    return 1 if coverage.findings else 0
