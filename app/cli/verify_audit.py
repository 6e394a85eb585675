"""`jiuji verify-audit`: recompute the audit chains, against an anchor kept elsewhere if given."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from app.cli.site import site
from app.kernel.errors import Invalid
from app.studio.audit import breaks, heads

Heads = dict[tuple[str, UUID], tuple[int, str]]


def add_parsers(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("verify-audit", help="核对审计链，找出被改动或缺失的记录")
    parser.description = "逐条重算审计链；有断裂时退出码为 1。锚点应另机保存，用来发现末尾被截去。"
    parser.add_argument("--anchor", type=Path, metavar="文件", help="与从前打印的锚点核对")
    parser.add_argument("--print-anchor", action="store_true", help="以 JSON 打印当前锚点")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what is broken; 1 when something is."""
    anchors = _read(args.anchor) if args.anchor else None
    with site() as here:
        found = breaks(here.installation.database, anchors)
        known = heads(here.installation.database)
    for one in found:
        print(f"{one.region} {one.chain_id} 第 {one.seq} 条：{one.reason}")
    if args.print_anchor:
        lines = [[region, str(chain), seq, tip] for (region, chain), (seq, tip) in known.items()]
        print(json.dumps(lines, indent=0))
    elif not found:
        print(f"{len(known)} 条审计链、{sum(seq for seq, _ in known.values())} 条记录，全部完好。")
    return 1 if found else 0


def _read(path: Path) -> Heads:
    """The anchors of a file written by --print-anchor; raises Invalid."""
    try:
        lines = json.loads(path.read_text("utf-8"))
        return {(str(r), UUID(chain)): (int(seq), str(tip)) for r, chain, seq, tip in lines}
    except (OSError, ValueError, TypeError):
        raise Invalid(f"锚点文件 {path} 读不懂，须是 --print-anchor 打印的内容。") from None
