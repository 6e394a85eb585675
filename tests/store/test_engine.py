"""Aims at the settings of both engines: what a connection says about itself."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.store.engine import checked_url, journal_mode, make_engines
from app.store.session import Actor, Database


@pytest.mark.parametrize(
    ("version", "mode"),
    [((3, 40, 1), "TRUNCATE"), ((3, 51, 2), "TRUNCATE"), ((3, 51, 3), "WAL"), ((3, 52, 0), "WAL")],
)
def test_wal_only_from_the_version_without_the_reset_bug(
    version: tuple[int, ...], mode: str
) -> None:
    assert journal_mode(version) == mode


def test_sqlite_connection_is_set_up(sqlite_url: str) -> None:
    write, read = make_engines(sqlite_url)
    with write.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("busy_timeout", "synchronous", "foreign_keys", "query_only")
        }
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    with read.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA query_only").scalar() == 1
    assert asked == {"busy_timeout": 10_000, "synchronous": 2, "foreign_keys": 1, "query_only": 0}
    assert mode == journal_mode().lower()
    write.dispose()
    read.dispose()


def test_sqlite_writer_holds_the_lock_before_it_reads(sqlite_url: str) -> None:
    write, _ = make_engines(sqlite_url)
    rival, _ = make_engines(sqlite_url)
    with write.connect() as first, rival.connect() as second:
        second.exec_driver_sql("SELECT 1")  # begins and ends: nobody else writes yet
        second.rollback()
        raw = second.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA busy_timeout=1")  # type: ignore[attr-defined]
        first.exec_driver_sql("SELECT 1")
        with pytest.raises(Exception, match="locked"):
            second.exec_driver_sql("SELECT 1")
    write.dispose()
    rival.dispose()


@pytest.mark.postgres
def test_postgres_connection_is_set_up(postgresql_url: str) -> None:
    write, read = make_engines(postgresql_url)
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "timezone")
    with write.connect() as connection:
        asked = [connection.execute(text(f"SHOW {name}")).scalar() for name in names]
        assert connection.execute(text("SHOW transaction_isolation")).scalar() == "read committed"
    with read.connect() as connection:
        assert connection.execute(text("SHOW transaction_read_only")).scalar() == "on"
    assert asked == ["3s", "10s", "15s", "UTC"]
    write.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"file|neither"):
        checked_url(url)


def test_instant_is_fixed_for_the_whole_command(database: Database, actor: Actor) -> None:
    with database.begin(actor) as unit:
        assert unit.now == unit.now
        assert unit.now.utcoffset() is not None
        assert unit.new_id().version == 7
