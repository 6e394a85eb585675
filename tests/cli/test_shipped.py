"""The first start of a fresh clone: the shipped pack, its people and its demonstration cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import main
from app.kernel.clock import SystemClock
from app.settings import load_settings
from app.store import cases
from app.studio.installation import install

ROOT = Path(__file__).parents[2]


def test_fresh_clone_stands_ready_after_one_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIUJI_INSTANCE_DIR", str(tmp_path / "instance"))
    for name in ("DATABASE_URL", "SECRET_FILE", "MODELS_DIR"):
        monkeypatch.delenv(f"JIUJI_{name}", raising=False)
    assert main(["run", "--prepare-only"]) == 0
    told = capsys.readouterr().out
    assert "已导入初始版本" in told
    for role in (
        "乡镇（街道）经办人",
        "乡镇（街道）审批人",
        "县级民政审批人",
        "政策管理员",
        "发布审批人",
    ):
        assert role in told
    with install(load_settings(), SystemClock()).database.read() as unit:
        count = sum(cases.count_by_status(unit, "370881").values())
    assert count >= 40
    assert main(["run", "--prepare-only"]) == 0
    assert "已导入初始版本" not in capsys.readouterr().out
    assert main(["diff", "jining"]) == 0
    assert "没有差别" in capsys.readouterr().out
    assert main(["verify-audit"]) == 0
    assert main(["check"]) == 0
    assert "（100%）；0 处错误，0 处提醒" in capsys.readouterr().out
