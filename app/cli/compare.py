"""`jiuji diff`: what the files of a locality would change of what is in force, or another has."""

from __future__ import annotations

import argparse
import json
from typing import Any

from app.cli.site import site
from app.kernel.clock import SystemClock
from app.settings import load_settings
from app.studio.diff import diff
from app.studio.localities import Package, package_of, resolve
from app.studio.overlay import own_path
from app.studio.publish import in_force


def add_parsers(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("diff", help="比较文件夹里的文件与现行版本，用业务语言说明")
    parser.description = "比较一个地区文件夹里的文件与现行版本，逐条用业务语言说明。"
    parser.add_argument("locality", metavar="地区")
    parser.add_argument("--with", dest="other", metavar="地区", help="与另一个地区的文件比较")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print every change of meaning."""
    old: Package | None
    if args.other:
        root = load_settings().models_dir
        old, other = resolve(root, args.locality), resolve(root, args.other)
        moved = {own_path(args.locality, path): raw for path, raw in other.stored.items()}
        new = package_of(args.locality, moved)
    else:
        with site() as here:
            new = resolve(here.settings.models_dir, args.locality)
            old = in_force(here.installation.database, args.locality)
    before = old.files if old else {}
    changes = diff(before, new.files, now=SystemClock().now())
    if args.json:
        plain = [{"file": c.file, "element": c.element_id, "line": c.line} for c in changes]
        print(json.dumps(plain, ensure_ascii=False, indent=2))
        return 0
    if old is None:
        print(f"{new.name}还没有发布过，以下都是新增。")
    for change in changes:
        print(change.line)
    if not changes:
        print("没有差别。" if args.other else "与现行版本没有差别。")
    return 0
