"""`jiuji worker`: timers that come due and messages that must leave, until told to stop.

Back-tests are worked on in a thread of their own: they take minutes, and no limit may wait for one.
"""

from __future__ import annotations

import argparse
import logging
import signal
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from app.cases import outbox, reviews, timers
from app.cli.drop import Drop
from app.cli.site import Site, site
from app.studio import backtests

POLL_S = 2.0  # between two looks for work
PAUSE_AFTER_ERROR_S = 10.0
STOP_WAIT_S = 15.0  # for the round at hand when told to stop

_log = logging.getLogger("jiuji.worker")


def add_parsers(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("worker", help="处理到期的时限和待发的消息（可运行多个）")
    parser.description = "持续处理到期的时限和待发的消息；用 SQLite 时 jiuji run 已内含。"
    parser.add_argument("--once", action="store_true", help="处理一轮就退出")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with site() as here:
        if args.once:
            fired, sent = work_once(here)
            study_once(here)
            print(f"处理到期事项 {fired} 件，送出消息 {sent} 条。")
            return 0
        print("后台处理已启动，按 Ctrl-C 停止。")
        Thread(target=_rounds, args=(here, stop, study_once), name="backtests", daemon=True).start()
        work(here, stop)
    return 0


def start(here: Site) -> tuple[Thread, Event]:
    """A worker running beside the pages of the same process, and how to stop it."""
    stop = Event()
    thread = Thread(target=work, args=(here, stop), name="worker", daemon=True)
    thread.start()
    Thread(target=_rounds, args=(here, stop, study_once), name="backtests", daemon=True).start()
    return thread, stop


def work(here: Site, stop: Event) -> None:
    """Rounds of work until `stop` is set."""
    _rounds(here, stop, work_once)


def _rounds(here: Site, stop: Event, once: Callable[[Site], object]) -> None:
    """One round after the other until `stop` is set; after a failing one the pause is longer."""
    while not stop.is_set():
        pause = POLL_S
        try:
            once(here)
        except Exception:  # the edge of the program: one bad round must not end the worker
            _log.exception("一轮处理失败，稍后再试")
            pause = PAUSE_AFTER_ERROR_S
        stop.wait(pause)


def study_once(here: Site) -> bool:
    """The oldest back-test that waits is worked to its end; False when none waited."""
    return backtests.work(here.office.database)


def work_once(here: Site) -> tuple[int, int]:
    """(timers performed, messages sent) of one round."""
    drop = Drop(here.settings.instance_dir / "outbox")
    return timers.fire_due(here.office) + reviews.begin_due(here.office), outbox.deliver(
        here.office, drop
    )
