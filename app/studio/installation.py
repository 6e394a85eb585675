"""This installation's database and secret, opened as the settings say.

The entry packages may not reach into the store; they take the open door from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import ArgumentError, OperationalError

from app.kernel.clock import Clock
from app.kernel.errors import Refused
from app.settings import Settings
from app.store import migrate
from app.store.session import Database
from app.store.vault import Vault, load_or_make_secret


@dataclass(frozen=True, slots=True)
class Installation:
    """One installation, open."""

    settings: Settings
    clock: Clock
    key: bytes  # 32 secret bytes: personal data, log-in tokens and audit links rest on them
    database: Database


def prepare(settings: Settings) -> None:
    """The database exists and has the present shape; raises Refused when it can not be reached."""
    with _reaching(settings):
        migrate.upgrade(settings.database_url)


def install(settings: Settings, clock: Clock) -> Installation:
    """The installation, open; its secret is made on the first start.

    Raises: Refused when the database can not be reached or has not the shape this program needs.
    """
    with _reaching(settings):
        revision = migrate.revision(settings.database_url)
    if revision != migrate.head():
        raise Refused("not_migrated", "数据库还没有准备好或版本不符，请先运行 jiuji run。")
    key = load_or_make_secret(settings.secret_file)
    database = Database(settings.database_url, clock=clock, vault=Vault(key))
    return Installation(settings, clock, key, database)


@contextmanager
def _reaching(settings: Settings) -> Iterator[None]:
    """Turns a database that is not there into a sentence; its password stays out of it."""
    try:
        yield
    except (ArgumentError, ValueError):
        raise Refused("bad_database_url", "JIUJI_DATABASE_URL 写得不对，请核对。") from None
    except OperationalError as error:
        kind = settings.database_url.partition(":")[0]
        text = f"连不上数据库（{kind}）：请先运行 jiuji run，或核对 JIUJI_DATABASE_URL。"
        raise Refused("no_database", text) from error
