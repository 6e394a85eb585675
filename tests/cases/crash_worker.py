"""A worker that completes what it finds and may be killed at any moment; run as a program.

Arguments: database URL, frozen instant, element to complete, file to note acknowledgements in.
Every completion has a key made from its item, as a browser would send the same form again; several
workers go for the same items. Notes a line after each answer.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from app.cases.office import Office, load_calendar
from app.cases.work_items import ItemRef, complete
from app.kernel.clock import FrozenClock
from app.kernel.errors import Stale
from app.store import people, work_items
from app.store.session import Actor, Database
from app.store.vault import Vault
from tests.conftest import KEY
from tests.world import ACCEPT, REGION, ROOT, World, slip_cash

NAME = "经办李"


def main(url: str, instant: str, element: str, notes: str) -> None:
    """Every open item of that element is completed, by this worker or a rival."""
    clock = FrozenClock(datetime.fromisoformat(instant))
    office = Office(Database(url, clock=clock, vault=Vault(KEY)), load_calendar(ROOT))
    with office.database.read() as unit:
        row = next(user for user in people.users(unit) if user.name == NAME)
        handler = people.actor_of(unit, row)
    world = World(office, clock, {NAME: handler})
    answers = ACCEPT if element == "accept" else slip_cash("100.00", instant)
    for ref in _mine(office, handler, element):
        form = world.page(NAME, ref).form
        if form is None:
            continue  # a rival has done it since the list was read
        try:
            key = f"{element}:{ref.id}"
            answer = complete(office, handler, ref, form.parse_json(answers), key=key)
        except Stale:
            continue  # a rival, or an earlier life of this worker, did it
        with Path(notes).open("a", encoding="utf-8") as file:
            file.write(f"{answer['case_id']}\n")


def _mine(office: Office, handler: Actor, element: str) -> list[ItemRef]:
    with office.database.read(handler) as unit:
        found = work_items.inbox(unit, region=REGION)
        return [ItemRef(row.region, row.id) for row in found if row.element_id == element]


if __name__ == "__main__":
    main(*sys.argv[1:])
