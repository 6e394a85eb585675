"""How Alembic reaches our database: same engine settings, the URL given by app.store.migrate."""

import os

from alembic import context

from app.store.engine import make_engines
from app.store.schema import metadata


def run() -> None:
    """Every step runs in one transaction, on both databases."""
    url = context.config.attributes.get("url") or os.environ["JIUJI_DATABASE_URL"]
    engine, _ = make_engines(url)
    try:
        with engine.connect() as connection:
            context.configure(connection=connection, target_metadata=metadata, compare_type=True)
            with context.begin_transaction():
                context.run_migrations()
    finally:
        engine.dispose()


run()
