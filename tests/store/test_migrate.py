"""Aims at the dated steps: from nothing to exactly the models, and back, on both databases."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from app.store import migrate
from app.store.engine import make_engines
from app.store.schema import APPEND_ONLY, metadata

GUARDS = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT event_object_table, event_manipulation FROM information_schema.triggers",
}


@pytest.fixture
def url(database_url: str) -> Iterator[str]:
    """A database that is put right again after the steps went down and up."""
    yield database_url
    migrate.upgrade(database_url)


def test_steps_make_exactly_the_models(url: str) -> None:
    engine, _ = make_engines(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        checks = inspect(connection).get_check_constraints("accounts")
    engine.dispose()
    assert [check["name"] for check in checks] == ["ck_accounts_floor"]
    assert migrate.revision(url) == migrate.head()


def test_steps_go_down_to_nothing_and_up_again(url: str) -> None:
    migrate.downgrade(url, "base")
    assert migrate.revision(url) is None
    engine, _ = make_engines(url)
    with engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    migrate.upgrade(url)
    assert migrate.revision(url) == migrate.head()


def test_upgrade_twice_changes_nothing(url: str) -> None:
    migrate.upgrade(url)
    assert migrate.revision(url) == migrate.head()


def test_every_append_only_table_has_its_guard(url: str) -> None:
    engine, _ = make_engines(url)
    with engine.connect() as connection:
        rows = connection.execute(text(GUARDS[connection.dialect.name])).all()
    engine.dispose()
    guarded: dict[str, set[str]] = {}
    for table, what in rows:
        guarded.setdefault(table, set()).add(what.lower().rpartition("_")[2])
    assert set(guarded) == set(APPEND_ONLY)
    assert all({"update", "delete"} <= verbs for verbs in guarded.values())


def test_new_database_file_is_made_with_its_folder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a/b/jiuji.db"
    migrate.upgrade(url)
    assert migrate.revision(url) == migrate.head()


def test_steps_are_one_line_of_dated_names() -> None:
    script = ScriptDirectory(str(migrate.MIGRATIONS))
    assert len(script.get_heads()) == 1
    for step in script.walk_revisions():
        assert re.fullmatch(r"\d{8}_\d\d_[a-z0-9_]+\.py", Path(step.path).name)
        assert Path(step.path).name.startswith(step.revision)


def test_processes_that_start_together_migrate_once(url: str) -> None:
    migrate.downgrade(url, "base")
    order = f"from app.store import migrate; migrate.upgrade({url!r})"
    started = [
        subprocess.Popen([sys.executable, "-c", order], cwd=migrate.MIGRATIONS.parent)
        for _ in range(3)
    ]
    assert [process.wait(timeout=60) for process in started] == [0, 0, 0]
    assert migrate.revision(url) == migrate.head()


def test_steps_that_fail_leave_nothing_half_done(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate.downgrade(url, "base")
    real, seen = Operations.create_index, []

    def fail_late(self: Operations, name: str, *args: object, **options: object) -> object:
        seen.append(name)
        if name == "ix_cases_status":
            raise KeyError(name)
        return real(self, name, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Operations, "create_index", fail_late)
    with pytest.raises(KeyError):
        migrate.upgrade(url)
    monkeypatch.undo()
    assert len(seen) > 1
    assert migrate.revision(url) is None
    engine, _ = make_engines(url)
    with engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    engine.dispose()
