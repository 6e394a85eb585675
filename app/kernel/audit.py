"""The link between one audit record and the next, so that a change anywhere shows.

Each record's hash covers the hash before it and its own canonical body; a chain is verified from
its first record. Where the chain is kept is the store's business.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

GENESIS = "0" * 64


def canonical(body: Mapping[str, Any]) -> bytes:
    """The one byte form of `body`: sorted keys, no spaces, UTF-8, exact decimals as text."""
    return json.dumps(
        body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    ).encode()


def digest(raw: bytes) -> str:
    """SHA-256 of `raw` in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def link(previous: str, body: Mapping[str, Any], key: bytes) -> str:
    """The hash of the record that follows `previous`; keyed, so that only we can make one."""
    return hmac.new(key, previous.encode() + b"\n" + canonical(body), hashlib.sha256).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"not a record value: {type(value).__name__}")
