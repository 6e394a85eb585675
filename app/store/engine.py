"""Engines set up so that neither database can surprise us.

SQLite: every write transaction begins IMMEDIATE (a deferred one that reads and then writes fails
under load), the journal is WAL only from 3.51.3 on (older versions can corrupt it), commits are
synced in full. PostgreSQL: READ COMMITTED with short lock, statement and idle limits; a unit that
only reads sees one snapshot, so that a page never shows a work item its instance has left.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

BUSY_TIMEOUT_MS = 10_000
LOCK_TIMEOUT_MS = 3_000
STATEMENT_TIMEOUT_MS = 10_000
IDLE_TIMEOUT_MS = 15_000
POOL_SIZE = 10
POOL_OVERFLOW = 10
WAL_SAFE_FROM = (3, 51, 3)


def checked_url(url: str | URL) -> URL:
    """The URL with the driver we ship; raises ValueError for other databases and for memory."""
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise ValueError(f"neither SQLite nor PostgreSQL: {kind}")
    if parsed.database in (None, "", ":memory:"):
        raise ValueError("an SQLite database needs a file: every connection must see the same one")
    return parsed


def make_engines(url: str | URL) -> tuple[Engine, Engine]:
    """(for writing, for reading) the database at `url`; nothing is connected yet."""
    parsed = checked_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, read_only=False), _sqlite(parsed, read_only=True)
    options = (
        f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS} "
        f"-c idle_in_transaction_session_timeout={IDLE_TIMEOUT_MS} -c timezone=UTC"
    )
    engine = create_engine(
        parsed,
        isolation_level="READ COMMITTED",
        connect_args={"options": options},
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_pre_ping=True,
    )
    reading = engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
    return engine, reading


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """The safe journal for that SQLite."""
    return "WAL" if version >= WAL_SAFE_FROM else "TRUNCATE"


def _sqlite(url: URL, *, read_only: bool) -> Engine:
    engine = create_engine(url, pool_size=POOL_SIZE, max_overflow=POOL_OVERFLOW)
    mode = journal_mode()

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing; `begin` below does
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute(f"PRAGMA journal_mode={mode}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
