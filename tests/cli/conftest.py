"""An installation of its own for each test: a small models folder, an SQLite file, no demonstration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main
from app.kernel.clock import SystemClock
from app.settings import load_settings
from app.store import people
from app.store.session import SYSTEM
from app.studio.installation import Installation, install
from tests.studio.drawing import EXTRAS, GOOD

ORGANS = '[[organs]]\ncode = "990001"\nname = "示范县民政局"\nlevel = "county"\nparent = ""\n'

Jiuji = Callable[..., int]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with the good package of the studio's tests."""
    root = tmp_path / "models"
    for path, raw in {**GOOD, **EXTRAS, "processes/here/organs.toml": ORGANS.encode()}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)
    return root


@pytest.fixture
def jiuji(
    tmp_path: Path, models: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> Jiuji:
    """The command, in an installation whose database does not exist yet."""
    monkeypatch.setenv("JIUJI_INSTANCE_DIR", str(tmp_path / "instance"))
    monkeypatch.setenv("JIUJI_MODELS_DIR", str(models))
    monkeypatch.delenv("JIUJI_DATABASE_URL", raising=False)
    monkeypatch.delenv("JIUJI_SECRET_FILE", raising=False)
    return lambda *argv: main(argv)


@pytest.fixture
def prepared(
    jiuji: Jiuji, tmp_path: Path, sqlite_template: Path, capsys: pytest.CaptureFixture[str]
) -> Jiuji:
    """The command, in an installation that has been prepared."""
    instance = tmp_path / "instance"
    instance.mkdir()
    (instance / "jiuji.db").write_bytes(sqlite_template.read_bytes())
    assert jiuji("run", "--prepare-only", "--no-demo") == 0
    capsys.readouterr()
    return jiuji


@pytest.fixture
def installation(prepared: Jiuji) -> Installation:
    """The prepared installation, open, with an editor and a publisher."""
    opened = install(load_settings(), SystemClock())
    with opened.database.begin(SYSTEM) as unit:
        for login, name, role in (
            ("wu", "政策吴", "policy_editor"),
            ("zheng", "发布郑", "publisher"),
        ):
            row = people.add_user(unit, login, name, "-")
            people.grant(unit, row.id, role, "990001")
    return opened
