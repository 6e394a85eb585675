"""Identifiers: UUID version 7 (RFC 9562), ordered by time, made without the network.

The instant comes from the injected clock; random bits from the operating system.
"""

from __future__ import annotations

import os
from datetime import datetime
from uuid import UUID

from app.kernel.clock import as_utc


def uuid7(now: datetime) -> UUID:
    """A fresh UUIDv7 whose first 48 bits are the milliseconds of `now`."""
    millis = int(as_utc(now).timestamp() * 1000)
    random = int.from_bytes(os.urandom(10), "big")
    value = (millis & (2**48 - 1)) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
