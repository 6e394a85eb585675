"""Sending what must leave the machine: claimed in one transaction, sent outside any, then marked.

A message may be sent twice after a crash; its key lets the receiver refuse the second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases.office import Office
from app.store import outbox
from app.store.session import Actor, Unit

SENDER = Actor(user_id="outbox", name="系统发送", kind="system")


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the outside."""

    region: str
    key: str  # the receiver refuses it twice
    kind: str  # e.g. "payment.order"
    payload: Mapping[str, Any]
    created_at: datetime


Send = Callable[[Message], Mapping[str, Any]]


def _message(unit: Unit, row: outbox.OutboxRow) -> Message:
    return Message(row.region, row.key, row.kind, outbox.opened(unit, row), row.created_at)


def deliver(office: Office, send: Send) -> int:
    """Every message due was handed to `send` once; answers how many arrived.

    An OSError of `send` puts the message back with a growing pause.
    """
    with office.database.begin(SENDER) as unit:
        claimed = [
            (
                row.region,
                row.id,
                _message(unit, row),
            )
            for row in outbox.claim_due(unit)
        ]
    arrived = 0
    for region, row_id, message in claimed:
        try:
            answer = send(message)
        except OSError as error:
            with office.database.begin(SENDER) as unit:
                outbox.mark_failed(unit, region, row_id, str(error))
            continue
        with office.database.begin(SENDER) as unit:
            outbox.mark_done(unit, region, row_id, answer)
        arrived += 1
    return arrived
