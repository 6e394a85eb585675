"""Commands for operators: parse, call one verb, answer.

Each module is one command or a family; `add_parsers(subparsers)` declares it and
`set_defaults(run=...)` names the function that answers with an exit code. What is expected to go
wrong is told in one Chinese sentence, without a traceback.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from app.cli import (
    backtest,
    check,
    compare,
    coverage,
    demo,
    dmn,
    parcels,
    proposals,
    publish,
    run,
    simulate,
    users,
    verify_audit,
    worker,
)
from app.cli.words import Parser, describe
from app.kernel.errors import AppError

OK, REFUSED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

_FAMILIES = (
    run,
    worker,
    check,
    coverage,
    compare,
    publish,
    parcels,
    simulate,
    backtest,
    proposals,
    dmn,
    verify_audit,
    demo,
    users,
)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = Parser(prog="jiuji", description="救急：临时救助办理系统的运维命令。")
    subparsers = top.add_subparsers(title="命令", metavar="命令", required=True)
    for family in _FAMILIES:
        family.add_parsers(subparsers)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of one command: 0 done, 1 refused or found wrong, 2 used wrongly."""
    try:
        args = parser().parse_args(argv)
        return int(args.run(args))
    except AppError as error:
        print(describe(error), file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has seen enough; say nothing more, not even while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
