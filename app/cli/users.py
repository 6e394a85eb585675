"""`jiuji user`: let people in, give and take roles, shut people out."""

from __future__ import annotations

import argparse
from typing import Any

from app.cases import users
from app.cli.site import site
from app.cli.words import table
from app.kernel.errors import Refused
from app.kernel.roles import ROLES


def add_parsers(subparsers: Any) -> None:
    """Declare the commands."""
    parser = subparsers.add_parser("user", help="人员：新增、授权、撤权、停用、列表")
    deeds = parser.add_subparsers(title="操作", metavar="操作", required=True)
    one = deeds.add_parser("add", help="新增人员，打印一次性初始密码")
    one.add_argument("login", metavar="登录名")
    one.add_argument("name", metavar="姓名")
    one.add_argument("posts", nargs="+", metavar="角色@机构", help="如 township_handler@990001101")
    one.set_defaults(run=add)
    for name, words, deed in (("grant", "授予角色", grant), ("revoke", "撤销角色", revoke)):
        one = deeds.add_parser(name, help=words)
        one.add_argument("login", metavar="登录名")
        one.add_argument("post", metavar="角色@机构")
        one.set_defaults(run=deed)
    one = deeds.add_parser("stop", help="停用人员，立即退出其所有登录")
    one.add_argument("login", metavar="登录名")
    one.set_defaults(run=stop)
    deeds.add_parser("list", help="列出人员和角色").set_defaults(run=listing)


def add(args: argparse.Namespace) -> int:
    """Print the first password."""
    with site() as here:
        password = users.add(here.office, args.login, args.name, [_post(p) for p in args.posts])
    print(f"已新增 {args.name}（{args.login}）。初始密码只显示这一次：{password}")
    return 0


def grant(args: argparse.Namespace) -> int:
    """Give a role."""
    with site() as here:
        users.grant(here.office, args.login, *_post(args.post))
    print(f"已授予 {args.login}：{args.post}")
    return 0


def revoke(args: argparse.Namespace) -> int:
    """Take a role."""
    with site() as here:
        users.revoke(here.office, args.login, *_post(args.post))
    print(f"已撤销 {args.login}：{args.post}，其登录已全部退出。")
    return 0


def stop(args: argparse.Namespace) -> int:
    """Shut a person out."""
    with site() as here:
        users.shut_out(here.office, args.login)
    print(f"已停用 {args.login}，其登录已全部退出。")
    return 0


def listing(_args: argparse.Namespace) -> int:
    """Everybody with their roles."""
    with site() as here:
        people = users.everybody(here.office)
    rows = [("登录名", "姓名", "状态", "角色")]
    for one in people:
        roles = "、".join(f"{ROLES[code].label}@{organ}" for code, organ in one.roles)
        rows.append((one.login, one.name, "在用" if one.active else "停用", roles))
    print(table(rows))
    return 0


def _post(text: str) -> tuple[str, str]:
    role, at, organ = text.partition("@")
    if not at or not organ:
        raise Refused("bad_post", f"“{text}”要写成 角色@机构，如 township_handler@990001101。")
    return role, organ
