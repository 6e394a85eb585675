"""A process of members who declare and vote at once, each twice; run as a program.

Arguments: database URL, frozen instant, meeting id, my number, how many of us, the file whose
appearance starts everybody. Prints one line per accepted ballot.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from uuid import UUID

from app.cases import meetings as verbs
from app.cases.meetings import MeetingRef
from app.cases.office import Office, load_calendar
from app.kernel.clock import FrozenClock
from app.kernel.errors import Refused, Stale
from app.store import people
from app.store.session import Actor, Database
from app.store.vault import Vault
from tests.conftest import KEY
from tests.world import REGION, ROOT

CHOICES = ("yes", "no", "abstain")


def main(url: str, instant: str, meeting: str, number: int, of: int, go: str) -> None:
    """Every of-th member of this process votes, then tries to vote again otherwise."""
    clock = FrozenClock(datetime.fromisoformat(instant))
    office = Office(Database(url, clock=clock, vault=Vault(KEY)), load_calendar(ROOT))
    ref = MeetingRef(REGION, UUID(meeting))
    with office.database.read() as unit:
        rows = [row for row in people.users(unit) if row.name.startswith("成员")]
        mine = [people.actor_of(unit, row) for row in rows][number::of]
    while not Path(go).exists():
        time.sleep(0.005)

    def vote(actor: Actor) -> int:
        choice = CHOICES[int(actor.name[2:]) % 2] if int(actor.name[2:]) % 10 else "abstain"
        accepted = 0
        for attempt in (choice, "yes"):
            accepted += _cast(office, actor, ref, attempt)
        return accepted

    with ThreadPoolExecutor(len(mine)) as pool:
        for accepted in pool.map(vote, mine):
            sys.stdout.write(f"{accepted}\n")


def _cast(office: Office, actor: Actor, ref: MeetingRef, choice: str) -> int:
    """1 when the ballot was taken; tries again while the office is busy."""
    while True:
        try:
            verbs.cast_ballot(office, actor, ref, choice=choice)
        except Stale:
            continue
        except Refused as refusal:
            if refusal.code != "already_voted":
                raise
            return 0
        return 1


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5]), sys.argv[6])
