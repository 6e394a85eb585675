"""Identifiers: UUID version 7 (RFC 9562), ordered by time, made without the network.

The instant comes from the injected clock; random bits from the operating system. Within one
millisecond of one process each id is greater than the one before, so that rows made in one
command sort in the order they were made.
"""

from __future__ import annotations

import os
from datetime import datetime
from threading import Lock
from uuid import UUID

from app.kernel.clock import as_utc

RANDOM_BITS = 74  # of the 128, beside 48 bits of time, version and variant
HEADROOM = 1 << (RANDOM_BITS - 1)  # first draws stay below half, so that counting up has room

_lock = Lock()
_last: tuple[int, int] = (0, 0)  # millisecond and random part of the newest id


def uuid7(now: datetime) -> UUID:
    """A fresh UUIDv7 whose first 48 bits are the milliseconds of `now`."""
    millis = int(as_utc(now).timestamp() * 1000) & (2**48 - 1)
    tail = _next_tail(millis)
    high, low = tail >> 62, tail & (2**62 - 1)
    return UUID(int=millis << 80 | 0x7 << 76 | high << 64 | 0x2 << 62 | low)


def _next_tail(millis: int) -> int:
    global _last
    with _lock:
        if _last[0] == millis:
            step = 1 + int.from_bytes(os.urandom(4), "big")  # not to be guessed from the one before
            tail = _last[1] + step
        else:
            tail = int.from_bytes(os.urandom(10), "big") % HEADROOM
        _last = (millis, tail)
        return tail
