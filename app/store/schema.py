"""All tables in one place, and the triggers that keep the books from being rewritten."""

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
)
"""Tables in which nothing is ever changed or removed."""

metadata: MetaData = Base.metadata


def guards(dialect: str) -> list[str]:
    """The statements that make the tables of `APPEND_ONLY` refuse UPDATE and DELETE."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in APPEND_ONLY
            for verb in ("UPDATE", "DELETE")
        ]
    function = (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    return [function] + [
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    ]


def unguards(dialect: str) -> list[str]:
    """The statements that take the guards away again."""
    if dialect == "sqlite":
        return [
            f"DROP TRIGGER {table}_no_{verb}"
            for table in APPEND_ONLY
            for verb in ("update", "delete")
        ]
    drops = [f"DROP TRIGGER {table}_append_only ON {table}" for table in APPEND_ONLY]
    return [*drops, "DROP FUNCTION refuse_change()"]
