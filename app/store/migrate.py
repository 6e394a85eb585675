"""The database brought to the present shape by the dated steps under migrations/."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.store.engine import checked_url, make_engines

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """The database at `url` has the shape of `revision`; its file is made when there is none."""
    parsed = checked_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """The database at `url` has the shape it had at `revision` ("base" = empty)."""
    command.downgrade(_config(url), revision)


def revision(url: str) -> str | None:
    """The step the database stands at, None when it is empty."""
    engine, _ = make_engines(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def head() -> str:
    """The newest step."""
    found = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert found, "migrations/ has exactly one head"
    return found


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config
