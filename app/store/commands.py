"""The register of commands already carried out: one key, one deed, one answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, Code, RegionKey, Sha

MAX_KEY = 120  # characters of a command key


class CommandRow(Base):
    """One carried-out command; written in the transaction of its deed."""

    __tablename__ = "commands"
    __table_args__ = (Index("ix_commands_region_at", "region", "at"),)

    region: Mapped[RegionKey]
    key: Mapped[str] = mapped_column(String(MAX_KEY), primary_key=True)
    verb: Mapped[Code]
    actor_id: Mapped[Code]
    fingerprint: Mapped[Sha]  # digest of the input, "" when the caller gave none
    at: Mapped[datetime]
    answer: Mapped[dict[str, Any]]
