"""The bundles of the designers: pinned, without a registry host, built when the sources change."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.rules.source import ROOT, build_tool

FRONTEND = ROOT / "frontend"


def test_every_version_is_exact() -> None:
    package = json.loads((FRONTEND / "package.json").read_text("utf-8"))
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert [one for one in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", one[1])] == []
    lock = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_the_lock_names_no_registry_and_has_a_hash_for_each_package() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]
    packages = {name: one for name, one in lock.items() if name}
    assert [name for name, one in packages.items() if "resolved" in one] == []
    assert [name for name, one in packages.items() if "integrity" not in one] == []


def test_built_files_are_not_kept() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").split()
    assert "dist/" in ignored
    assert "node_modules/" in ignored


def test_the_digest_changes_with_any_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = build_tool()
    copy = tmp_path / "frontend"
    shutil.copytree(FRONTEND, copy, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    monkeypatch.setattr(tool, "HERE", copy)
    before = tool.digest()
    assert tool.digest() == before
    (copy / "src/shared/page.js").write_text("// changed\n", "utf-8")
    assert tool.digest() != before


def test_without_node_it_says_so_in_chinese_and_fails_in_ci_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tool = build_tool()
    monkeypatch.setattr(tool, "STAMP", tmp_path / "stamp.txt")
    monkeypatch.setattr(tool.shutil, "which", lambda _name: None)
    monkeypatch.setattr(tool, "_wheel", lambda: None)
    monkeypatch.setattr(tool, "_fetch_wheel", lambda: False)
    monkeypatch.delenv("CI", raising=False)
    assert tool.main([]) == 0
    said = capsys.readouterr().err
    assert "没有生成流程和决策表设计器" in said
    assert "需要 node 20" in said
    monkeypatch.setenv("CI", "true")
    assert tool.main([]) == 1


def test_a_failed_build_is_not_stamped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tool = build_tool()
    monkeypatch.setattr(tool, "STAMP", tmp_path / "stamp.txt")
    monkeypatch.setattr(tool, "HERE", FRONTEND)

    def fail(command: list[str], what: str, *, path: Path) -> None:
        raise tool.BuildError(what)

    monkeypatch.setattr(tool, "_run", fail)
    monkeypatch.setattr(tool, "find_node", lambda: (Path("node"), ["npm"]))
    assert tool.main(["--strict"]) == 1
    assert not (tmp_path / "stamp.txt").exists()


def test_the_bundles_that_lie_there_are_those_of_the_sources() -> None:
    tool = build_tool()
    if not tool.OUT.is_dir():
        pytest.skip("not built here; make install builds them")
    assert tool.is_fresh(tool.digest()), "run: python frontend/build.py"
    licences = (tool.OUT / "licences.txt").read_text("utf-8")
    for name in ("bpmn-js 18.31.1", "dmn-js 17.10.2", "diagram-js 15.28.1"):
        assert f"\n{name}\n" in f"\n{licences}"
