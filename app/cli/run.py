"""`jiuji run`: bring the database up to date, import what is missing, serve the pages."""

from __future__ import annotations

import argparse
import logging
import signal
import socket
import sys
from typing import Any

import waitress  # type: ignore[import-untyped]

from app.cases import setup
from app.cli import demo, worker
from app.cli.site import Site, published_localities, site
from app.kernel.clock import SystemClock
from app.kernel.errors import Refused
from app.settings import load_settings
from app.studio.installation import prepare
from app.studio.localities import resolve
from app.studio.publish import first_import
from app.studio.subject import Surroundings
from app.web import create_app

THREADS = 8
MAX_BODY_BYTES = 64 * 1024 * 1024  # photographs of one form


def add_parsers(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("run", help="准备数据库并启动网页服务")
    parser.description = "准备数据库（首次运行时导入地区文件和演示数据）并启动网页服务。"
    parser.add_argument("--host", default="127.0.0.1", metavar="地址", help="默认 127.0.0.1")
    parser.add_argument("--port", type=int, default=8000, metavar="端口", help="默认 8000")
    parser.add_argument("--no-demo", action="store_true", help="不装演示数据")
    parser.add_argument("--prepare-only", action="store_true", help="只准备，不启动服务")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    prepare(load_settings())
    with site() as here:
        fill(here)
        if not args.no_demo:
            demo.print_logins(demo.load(here))
        if not args.prepare_only:
            _serve(here, args.host, args.port)
    return 0


def fill(here: Site) -> None:
    """Every locality has its organs and, if it had none, its first deployment."""
    root = here.settings.models_dir
    for locality in published_localities(root):
        package = resolve(root, locality)
        around = Surroundings(now=SystemClock().now())
        name = first_import(here.installation.database, package, surroundings=around)
        if name is not None:
            print(f"{package.name}：已导入初始版本 {name[:12]}。")
        setup.import_organs(here.office, root, locality)


def _serve(here: Site, host: str, port: int) -> None:
    app = create_app(
        here.settings,
        office=here.office,
        clock=here.installation.clock,
        key=here.installation.key,
    )
    listener = _listen(host, port)
    embedded = here.installation.database.is_sqlite
    background = worker.start(here) if embedded else None
    print(f"服务已启动：http://{host}:{port} （按 Ctrl-C 停止）", flush=True)
    if not embedded:
        print("到期的时限和待发的消息由 jiuji worker 处理，请另行启动。", flush=True)
    try:
        waitress.serve(
            app,
            sockets=[listener],
            threads=THREADS,
            max_request_body_size=MAX_BODY_BYTES,
            ident=None,
            _quiet=True,
        )
    finally:
        listener.close()
        if background is not None:
            thread, stop = background
            stop.set()
            thread.join(worker.STOP_WAIT_S)


def _listen(host: str, port: int) -> socket.socket:
    """The address, ours; raises Refused when it is no address or somebody else has it."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        text = f"不能在 {host}:{port} 上启动服务：地址或端口不对，或已被占用；可用 --port 另选。"
        raise Refused("cannot_listen", text) from error
