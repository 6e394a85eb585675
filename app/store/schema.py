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
    drafts,
    instances,
    ledger,
    letters,
    meeting_records,
    meetings,
    messages,
    notices,
    objections,
    outbox,
    people,
    requests,
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
    drafts,
    instances,
    ledger,
    letters,
    meeting_records,
    meetings,
    messages,
    notices,
    objections,
    outbox,
    people,
    requests,
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
    "meeting_agenda",
    "meeting_materials",
    "meeting_notices",
    "meeting_declarations",
    "ballots",
    "meeting_minutes",
    "meeting_signoffs",
)
"""Tables in which nothing is ever changed or removed; migrations give them their triggers."""

metadata: MetaData = Base.metadata
