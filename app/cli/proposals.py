"""`jiuji proposals`: where proposed rules differ from what the localities' tables answer now."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli.site import published_localities
from app.cli.words import table
from app.kernel.clock import SystemClock
from app.settings import load_settings
from app.studio.localities import resolve
from app.studio.proposals import compare, proposals
from app.studio.subject import Subject, Surroundings

STANDINGS = {"conflict": "有出入", "agrees": "相合", "by_hand": "人工核对", "not_asked": "无此表"}


def add_parsers(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("proposals", help="列出未启用的提议与各地现行表的出入")
    parser.description = "列出未启用的提议与各地现行表的出入，只供研究；不改变任何地区。"
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print every comparison; always 0, because a proposal binds nobody."""
    root = load_settings().models_dir
    for proposal in proposals(root):
        print(f"{proposal.document}（未启用）\n{proposal.note}")
        for code in published_localities(root):
            package = resolve(root, code)
            subject = Subject(package, Surroundings(now=SystemClock().now()))
            rows = [(STANDINGS[one.standing], one.sentence) for one in compare(proposal, subject)]
            print(f"\n{package.name}\n{table(rows)}")
    return 0
