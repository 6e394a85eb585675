"""`jiuji demo`: invented people and cases into an installation that has no case yet."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from app.cases import demo
from app.cases.setup import Login
from app.cli.site import Site, published_localities, site
from app.cli.words import table


def add_parsers(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("demo", help="在空库中装入演示人员和演示个案（均为虚构）")
    parser.description = "在空库中装入演示人员和演示个案。数据均为虚构，请勿用于正式环境。"
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    """Load and print the log-ins."""
    with site() as here:
        print_logins(load(here))
    return 0


def load(here: Site) -> list[Login]:
    """The demonstration of every locality that has one; answers the log-ins."""
    root = here.settings.models_dir
    found: list[Login] = []
    for locality in published_localities(root):
        found += demo.load(here.office, root, locality)
    return found


def print_logins(logins: Sequence[Login]) -> None:
    """The demonstration log-ins as a table."""
    if not logins:
        print("没有演示数据。")
        return
    rows = [(one.login, one.password, one.name, one.role) for one in logins]
    print(table([("登录名", "密码", "姓名", "角色"), *rows]))
