"""`jiuji publish`: put the files of a locality in force, signed by two people."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from app.cli.site import site
from app.kernel.clock import SHANGHAI, as_utc, local
from app.kernel.errors import Invalid
from app.studio.localities import resolve
from app.studio.people import held_roles, person
from app.studio.publish import Order, publish, sha256
from app.studio.subject import Surroundings


def add_parsers(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("publish", help="发布一个地区的文件，成为不可改动的版本")
    parser.description = "检查并发布一个地区的文件；编制人与发布人须是两个人。"
    parser.add_argument("locality", metavar="地区")
    parser.add_argument("--author", required=True, metavar="登录名", help="编制人（政策管理员）")
    parser.add_argument("--publisher", required=True, metavar="登录名", help="发布审批人")
    parser.add_argument("--label", required=True, metavar="说明", help="本次改了什么")
    parser.add_argument("--document-no", default="", metavar="文号", help="依据的文件文号")
    parser.add_argument(
        "--effective-from", metavar="时间", help="生效时间，如 2026-07-01；不写为立即"
    )
    parser.add_argument(
        "--reason",
        action="append",
        default=[],
        metavar="编号=理由",
        help="与“原则上”的要求不一致之处的理由，编号见 jiuji check --json；可写多次",
    )
    parser.add_argument("--key", help="请求编号；同一编号重复执行只算一次")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Publish and print the name of the deployment."""
    with site() as here:
        database = here.installation.database
        now = here.installation.clock.now()
        package = resolve(here.settings.models_dir, args.locality)
        order = Order(args.label, args.document_no, moment(args.effective_from))
        name = publish(
            database,
            package,
            order,
            author=person(database, args.author),
            publisher=person(database, args.publisher),
            surroundings=Surroundings(now=now, held_roles=held_roles(database)),
            reasons=dict(one.split("=", 1) for one in args.reason if "=" in one),
            key=args.key or f"publish:{sha256(package)[:32]}:{now:%Y%m%d%H%M%S%f}",
        )
    when = local(order.effective_from or now)
    print(f"{package.name}的版本 {name[:12]} 已发布，自 {when:%Y-%m-%d %H:%M} 起施行。")
    return 0


def moment(text: str | None) -> datetime | None:
    """The instant a person wrote, Shanghai time unless it says otherwise; raises Invalid."""
    if not text:
        return None
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"“{text}”不是时间，请写成 2026-07-01 或 2026-07-01T08:00。") from None
    return as_utc(written.replace(tzinfo=SHANGHAI) if written.tzinfo is None else written)
