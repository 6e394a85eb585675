"""Where messages to the outside go until a receiver is connected: a folder, one file each.

The file's name comes from the message's key, so that a message sent twice arrives once.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.cases.outbox import Message

NAME_CHARS = 24  # hexadecimal digits of the key's digest in a file name


class Drop:
    """A folder that receives messages."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, message: Message) -> Mapping[str, Any]:
        """The message lies in the folder, written whole; raises OSError when it can not."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = hashlib.sha256(f"{message.region} {message.key}".encode()).hexdigest()[:NAME_CHARS]
        target = self._folder / f"{name}.json"
        if target.exists():
            return {"file": target.name}
        body = {
            "region": message.region,
            "key": message.key,
            "kind": message.kind,
            "created_at": message.created_at.isoformat(),
            "payload": dict(message.payload),
        }
        part = target.with_suffix(f".{os.getpid()}.part")
        with part.open("w", encoding="utf-8") as stream:
            json.dump(body, stream, ensure_ascii=False, sort_keys=True, default=str)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
        return {"file": target.name}
