"""Fixtures everybody shares: a frozen clock, a vault, an actor and a migrated empty database.

`database` runs a test twice, on SQLite and on PostgreSQL. The PostgreSQL server is named by
JIUJI_TEST_POSTGRES_URL; when none answers, its half is skipped at home and fails under CI=true.
Each worker of pytest-xdist has its own database; a test finds it empty.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from app.kernel.clock import FrozenClock
from app.store import migrate
from app.store.schema import metadata
from app.store.session import Actor, Database
from app.store.vault import Vault

POSTGRES_URL = os.environ.get(
    "JIUJI_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"
)
KEY = bytes(range(32))
START = datetime(2026, 4, 7, 2, 5, tzinfo=UTC)  # Tue 2026-04-07 10:05 in Shanghai


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands at Tuesday 2026-04-07 10:05 local time until moved."""
    return FrozenClock(START)


@pytest.fixture
def vault() -> Vault:
    """A vault with a key known to tests."""
    return Vault(KEY)


@pytest.fixture
def actor() -> Actor:
    """A township handler."""
    return Actor(
        user_id="00000000-0000-7000-8000-000000000001",
        name="经办李",
        roles=(("township_handler", "370881001"),),
    )


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated, empty database, on both kinds in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str, clock: FrozenClock, vault: Vault) -> Iterator[Database]:
    """The store on both kinds of database in turn."""
    opened = Database(database_url, clock=clock, vault=vault)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, made once per worker and copied for each test."""
    path = tmp_path_factory.mktemp("template") / "jiuji.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite file."""
    path = tmp_path / "jiuji.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_home() -> Iterator[str]:
    """The URL of this worker's own migrated PostgreSQL database, dropped at the end."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"jiuji_test_{worker}_{os.getpid()}"
    try:
        server = psycopg.connect(_plain(POSTGRES_URL), autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"PostgreSQL is needed in CI: {error}")
        pytest.skip("no PostgreSQL server answers")
    with server:
        server.execute(f'CREATE DATABASE "{name}"')
        url = make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
        try:
            migrate.upgrade(url)
            yield url
        finally:
            with suppress(psycopg.Error):
                server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgresql_url(postgres_home: str) -> str:
    """The URL of this worker's PostgreSQL database, emptied."""
    tables = [f'DELETE FROM "{table.name}"' for table in metadata.sorted_tables]
    with psycopg.connect(_plain(postgres_home)) as connection:
        # Replica role: neither triggers nor foreign keys stand in the way of the cleaning.
        connection.execute("SET session_replication_role = replica")
        connection.execute("; ".join(tables))
    return postgres_home


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
