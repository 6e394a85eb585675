"""In-app notes: reading one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.cases.office import Office
from app.store import messages
from app.store.session import Actor, Unit


def mark_read(office: Office, actor: Actor, region: str, message_id: UUID) -> dict[str, Any]:
    """The actor has read the note; nothing happens when it is not the actor's."""

    def body(unit: Unit) -> dict[str, Any]:
        messages.mark_read(unit, region, message_id)
        return {}

    return office.database.run(actor, "message.read", None, body, region=region)
