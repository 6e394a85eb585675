"""`jiuji simulate`: the scenarios of a locality or a draft carried through its diagrams."""

from __future__ import annotations

import argparse
import json
from typing import Any
from uuid import UUID

from app.cli.site import site
from app.kernel.errors import Invalid, NotFound
from app.settings import load_settings
from app.studio import drafts
from app.studio.localities import Package, resolve
from app.studio.people import person
from app.studio.trials import Kept, bench, played


def add_parsers(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("simulate", help="在流程上走一遍情景，逐步说明走到哪里")
    parser.description = "在流程上走一遍情景，说明经过的环节、停在哪里；有不合预期的，退出码为 1。"
    parser.add_argument("locality", metavar="地区", help="文件夹里的地区")
    parser.add_argument("--draft", metavar="草稿编号", help="走草稿里的情景")
    parser.add_argument("--by", metavar="登录名", help="读草稿的人；与 --draft 同用")
    parser.add_argument("--process", metavar="流程编号", help="只走这个流程")
    parser.add_argument("--scenario", metavar="名称", help="只走这个情景")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print each scenario's way; 1 when one goes otherwise than expected."""
    on = bench(_package(args))
    found = [
        one
        for one in played(on)
        if args.process in (None, one.process) and args.scenario in (None, one.name)
    ]
    if not found:
        raise NotFound("no_scenario", "没有这样的情景。")
    if args.json:
        print(json.dumps([_plain(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            _tell(one, on.definition(one.process).elements)
    return 1 if any(one.problems for one in found) else 0


def _package(args: argparse.Namespace) -> Package:
    if not args.draft:
        return resolve(load_settings().models_dir, args.locality)
    if not args.by:
        raise Invalid("请用 --by 写明读草稿的人的登录名。")
    try:
        draft_id = UUID(args.draft)
    except ValueError:
        raise Invalid(f"“{args.draft}”不是草稿编号。") from None
    with site() as here:
        database = here.installation.database
        return drafts.load(database, person(database, args.by), draft_id).package


def _tell(one: Kept, elements: Any) -> None:
    print(f"{'合' if not one.problems else '不合'}  {one.process}：{one.name}")
    names = [elements[name].name or name if name in elements else name for name in one.outcome.path]
    print(f"    经过 {' → '.join(names)}")
    if one.outcome.waiting:
        print(f"    停在 {'、'.join(one.outcome.waiting)}")
    for problem in one.problems:
        print(f"    {problem}")


def _plain(one: Kept) -> dict[str, Any]:
    return {
        "process": one.process,
        "scenario": one.name,
        "file": one.path,
        "path": one.outcome.path,
        "waiting": list(one.outcome.waiting),
        "ended": one.outcome.ended,
        "end": one.outcome.end_element_id,
        "calls": [call.type for call in one.outcome.calls],
        "problems": list(one.problems),
    }
