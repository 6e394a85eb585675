"""All tables in one place, and those that the database keeps from being rewritten."""

from __future__ import annotations

from sqlalchemy import MetaData

from app.store import (
    attachments,
    audit,
    cases,
    clocks,
    commands,
    counters,
    decisions,
    deployments,
    instances,
    ledger,
    letters,
    messages,
    notices,
    outbox,
    people,
    slips,
    submissions,
    timers,
    work_items,
)
from app.store.base import Base

MODULES = (
    attachments,
    audit,
    cases,
    clocks,
    commands,
    counters,
    decisions,
    deployments,
    instances,
    ledger,
    letters,
    messages,
    notices,
    outbox,
    people,
    slips,
    submissions,
    timers,
    work_items,
)

APPEND_ONLY = (
    "audit_records",
    "entries",
    "postings",
    "decision_records",
    "deployments",
    "deployment_files",
    "blobs",
    "publications",
    "slips",
    "slip_lines",
    "letters",
    "work_item_moves",
    "passed_elements",
)
"""Tables in which nothing is ever changed or removed; migrations give them their triggers."""

metadata: MetaData = Base.metadata
