"""The county of tests/world.py on both databases."""

from __future__ import annotations

import pytest

from app.kernel.clock import FrozenClock
from app.store.session import Database
from tests import world as county


@pytest.fixture
def world(database: Database, clock: FrozenClock) -> county.World:
    """A county at work on Tuesday 2026-04-07 10:05, 20 000.00 in the township's reserve."""
    made = county.build(database, clock)
    made.allot("20000.00")
    return made
