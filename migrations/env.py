"""How Alembic reaches our database: same engine settings, the URL given by app.store.migrate."""

import os

from alembic import context
from sqlalchemy import text

from app.store.engine import make_engines
from app.store.schema import metadata

ONE_AT_A_TIME = 20261122  # advisory lock number: of processes starting together one migrates


def run() -> None:
    """All missing steps are done in one transaction, on both databases, by one process."""
    url = context.config.attributes.get("url") or os.environ["JIUJI_DATABASE_URL"]
    engine, _ = make_engines(url)
    try:
        with engine.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=metadata,
                compare_type=True,
                transactional_ddl=True,
            )
            with context.begin_transaction():
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SET LOCAL lock_timeout = '60s'"))
                    connection.execute(text("SET LOCAL statement_timeout = 0"))
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
                context.run_migrations()
    finally:
        engine.dispose()


run()
