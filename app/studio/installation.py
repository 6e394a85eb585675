"""This installation's database and secret, opened as the settings say.

The entry packages may not reach into the store; they take the open door from here.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    """The database exists and has the present shape."""
    migrate.upgrade(settings.database_url)


def install(settings: Settings, clock: Clock) -> Installation:
    """The installation, open; its secret is made on the first start.

    Raises: Refused when the database has not the shape this program works with.
    """
    if migrate.revision(settings.database_url) != migrate.head():
        raise Refused("not_migrated", "数据库还没有准备好或版本不符，请先运行 jiuji run。")
    key = load_or_make_secret(settings.secret_file)
    database = Database(settings.database_url, clock=clock, vault=Vault(key))
    return Installation(settings, clock, key, database)
