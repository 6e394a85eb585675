"""A worker that kills itself, for tests: `python -m tests.store.crash_worker URL SEED WHERE`.

It fires due timers through the same door as the product until none is left: each firing pays one
fen from the reserve, writes an outbox row and an audit record. At random it sends itself SIGKILL,
before or after the deed inside the transaction, or right after the commit. WHERE picks a subset:
"inside", "after" or "anywhere".

The lead's crash tests extend `PERFORM` with whole work-item completions.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from app.kernel.clock import SystemClock
from app.kernel.errors import Stale
from app.kernel.money import Money
from app.ledger import fund as deeds
from app.ledger.accounts import Fund
from app.ledger.entry import Warrant
from app.store import ledger, outbox, timers
from app.store.session import SYSTEM, Database, Unit
from app.store.vault import Vault

KEY = bytes(range(32))
FUND = Fund("370881", "370881001", 2026)
KILL_ONE_IN = 20


def fire(unit: Unit, region: str, timer_id: UUID, die: Callable[[str], None]) -> None:
    """One timer performed with all its consequences; Stale when another worker did it."""
    row = timers.claim(unit, region, timer_id)
    if row is None:
        raise Stale("timer_gone", "定时事项已处理。")  # and the command key stays free
    case = str(row.case_id)
    die("inside")
    for name, deed in (("hold", deeds.hold), ("pay", deeds.pay)):
        balances = ledger.balances(unit, FUND, subject=case)
        warrant = Warrant(key=f"{name}:{row.id}", purpose="test", subject=case)
        ledger.post(unit, deed(balances, FUND, Money(1), warrant))
    outbox.put(unit, region, "payment.order", f"order:{row.id}", {"fen": 1}, case_id=row.case_id)
    unit.audit(region, row.case_id, "timer.fired", ("timer", row.id), {})
    timers.mark_done(unit, row)
    die("inside")


PERFORM = fire


def main(url: str, seed: int, where: str) -> None:
    """Work until nothing is due, or until dead."""
    chance = random.Random(seed)

    def die(place: str) -> None:
        if where in (place, "anywhere") and chance.randrange(KILL_ONE_IN) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    database = Database(url, clock=SystemClock(), vault=Vault(KEY))
    while True:
        with database.read() as unit:
            due = timers.due_ids(unit)
        if not due:
            return
        chance.shuffle(due)
        for region, timer_id in due:

            def body(unit: Unit, region: str = region, timer_id: UUID = timer_id) -> dict[str, Any]:
                PERFORM(unit, region, timer_id, die)
                return {}

            with suppress(Stale):
                database.run(SYSTEM, "fire_timer", f"timer:{timer_id}", body, region=region)
            die("after")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
