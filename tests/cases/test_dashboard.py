"""Aims at the leaders' page: its figures are those of the ledgers, and of one's own territory."""

from __future__ import annotations

import pytest

from app.cases.dashboard import dashboard
from app.kernel.errors import Forbidden
from app.kernel.money import Money
from app.store.session import Database
from app.store.vault import Vault
from tests.conftest import KEY
from tests.world import OTHER_TOWNSHIP, TOWNSHIP, build, slip_cash


def test_late_due_waiting_and_money_are_counted_by_township(sqlite_url, clock):
    database = Database(sqlite_url, clock=clock, vault=Vault(KEY))
    world = build(database, clock)
    world.allot("20000.00")
    paid = world.to_payment()  # reported and paid on 7 April, 10:05
    world.do("经办李", paid, "pay", slip_cash("1000.00", clock.now().isoformat()))
    world.to_payment("500.00")  # approved, not paid: first relief due 8 April, 10:05
    page = dashboard(world.office, world.people["县审孙"])
    assert (page.late, page.due_today, page.paid) == (0, 0, Money.from_yuan("1000.00"))
    assert (page.free, page.held) == (Money.from_yuan("18500.00"), Money.from_yuan("500.00"))
    assert page.used_share is None  # no budget was reviewed
    world.at("2026-04-08T09:00:00+08:00")
    assert dashboard(world.office, world.people["县审孙"]).due_today == 1
    world.at("2026-04-08T10:06:00+08:00")
    page = dashboard(world.office, world.people["县审孙"])
    lines = {line.code: line for line in page.townships}
    assert (page.late, lines[TOWNSHIP].late, lines[OTHER_TOWNSHIP].late) == (1, 1, 0)
    assert page.nearest[0].late
    assert sum(step.waiting for step in page.steps) == page.waiting == lines[TOWNSHIP].waiting
    assert page.paid == lines[TOWNSHIP].paid
    own = dashboard(world.office, world.people["乙镇经办"])
    assert (own.late, own.waiting, own.paid) == (0, 0, Money.zero())
    for who in ("热线员", "财政吴"):
        with pytest.raises(Forbidden):
            dashboard(world.office, world.people[who])
    database.close()
