"""`jiuji backtest`: a draft tried on past cases, worked through here, told in one sentence."""

from __future__ import annotations

import argparse
import json
import uuid
from datetime import timedelta
from typing import Any

from app.cli.publish import moment
from app.cli.site import site
from app.cli.words import table
from app.kernel.clock import as_utc
from app.kernel.errors import Invalid
from app.studio import backtests
from app.studio.backtests import Asked
from app.studio.impact import VERDICTS, sentence
from app.studio.people import person


def add_parsers(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("backtest", help="用过去的个案回测一份草稿")
    parser.description = "用过去办结的个案回测一份草稿：谁多了、少了、不再救助，钱差多少。"
    parser.add_argument("draft", metavar="草稿编号")
    parser.add_argument("--by", required=True, metavar="登录名", help="政策管理员或发布审批人")
    parser.add_argument("--since", required=True, metavar="日期", help="如 2026-01-01，含当日")
    parser.add_argument("--until", required=True, metavar="日期", help="如 2026-06-30，含当日")
    parser.add_argument("--as-of", metavar="日期", help="按这一天的规定算；不写为各案决定之日")
    parser.add_argument("--running", action="store_true", help="比对在办个案，不是办结个案")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask, work it through and print what it found; 1 when it could not be done."""
    since, until, as_of = (moment(one) for one in (args.since, args.until, args.as_of))
    if since is None or until is None:
        raise Invalid("请写明起止日期。")
    try:
        draft_id = uuid.UUID(args.draft)
    except ValueError:
        raise Invalid(f"“{args.draft}”不是草稿编号。") from None
    asked = Asked(since, as_utc(until + timedelta(days=1)), args.running, as_of)
    with site() as here:
        database = here.installation.database
        actor = person(database, args.by)
        made = backtests.ask(database, actor, draft_id, asked, key=uuid.uuid4().hex)
        while backtests.answer(database, actor, made).progress.is_open:
            if not backtests.work(database):
                break  # another worker has it; what it found so far is told
        answer = backtests.answer(database, actor, made)
    found = answer.impact
    if args.json:
        plain = {
            "id": str(made),
            "state": answer.progress.state,
            "cases": found.cases,
            "counts": dict(found.counts),
            "before_fen": found.before.fen,
            "after_fen": found.after.fen,
        }
        print(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        print(sentence(found))
        rows = [(VERDICTS.get(name, name), str(count)) for name, count in found.counts.items()]
        print(table(rows))
        if answer.progress.problem:
            print(answer.progress.problem)
    return 0 if answer.progress.state == "done" else 1
