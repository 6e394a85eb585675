"""Packages in and out, scenarios and back-tests from a terminal: the same verbs as the pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.studio import drafts
from app.studio.installation import Installation
from app.studio.localities import resolve
from app.studio.parcels import pack
from app.studio.people import person
from tests.cli.conftest import Jiuji
from tests.studio.drawing import GOOD

SLIP = "forms/here/slip.form"
NEW = GOOD[SLIP].replace(b'"label": "method"', '"label": "方式"'.encode())


@pytest.fixture
def plan(models: Path) -> None:
    """The locality says how it is tried on past cases."""
    steps = '[{ key = "amount", decision = "deadline", value = "=amount" }]'
    with (models / "processes/here/locality.toml").open("a", encoding="utf-8") as file:
        file.write(f'[[replay]]\nroutes = ["emergency"]\nsteps = {steps}\n')


def test_package_goes_out_as_a_file_and_as_folders_and_comes_back_the_same(
    prepared: Jiuji, models: Path, tmp_path: Path
) -> None:
    out, folder, again = tmp_path / "a.zip", tmp_path / "out", tmp_path / "b.zip"
    assert prepared("export", "here", str(out)) == 0
    assert prepared("export", "here", str(folder)) == 0
    assert prepared("export", "here", str(again), "--files") == 0
    package = resolve(models, "here")
    assert out.read_bytes() == again.read_bytes() == pack(package.stored)
    assert resolve(folder, "here").stored == package.stored


def test_export_overwrites_nothing(
    prepared: Jiuji, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "a.zip"
    taken.write_text("mine")
    assert prepared("export", "here", str(taken)) == 1
    assert prepared("export", "here", str(tmp_path)) == 1
    assert prepared("export", "nowhere", str(tmp_path / "b.zip")) == 1
    assert taken.read_text() == "mine"
    assert "不覆盖" in capsys.readouterr().err


@pytest.mark.parametrize("as_zip", [True, False])
def test_changed_package_comes_in_as_a_draft(
    prepared: Jiuji, installation: Installation, models: Path, tmp_path: Path, as_zip: bool
) -> None:
    (models / SLIP).write_bytes(NEW)
    source = models
    if as_zip:
        source = tmp_path / "here.zip"
        source.write_bytes(pack(resolve(models, "here").stored))
    given = ("import", "here", str(source), "--author", "wu", "--title", "改单据")
    assert prepared(*given) == 0
    editor = person(installation.database, "wu")
    (card,) = drafts.drafts(installation.database, editor)
    draft = drafts.load(installation.database, editor, card.id)
    assert (draft.title, dict(draft.changed)) == ("改单据", {SLIP: "changed"})
    assert draft.package.files[SLIP] == NEW


def test_broken_package_comes_in_nowhere(
    prepared: Jiuji,
    installation: Installation,
    models: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (models / SLIP).write_bytes(b"[]")
    given = ("--author", "wu", "--title", "改")
    assert prepared("import", "here", str(models), *given) == 1
    assert "没有导入" in capsys.readouterr().out
    (tmp_path / "x.zip").write_bytes(b"PK")
    assert prepared("import", "here", str(tmp_path / "x.zip"), *given) == 1
    assert prepared("import", "here", str(tmp_path / "gone.zip"), *given) == 1
    assert drafts.drafts(installation.database, person(installation.database, "wu")) == []


def test_scenarios_are_told_step_by_step(
    jiuji: Jiuji, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert jiuji("simulate", "here") == 0
    told = capsys.readouterr().out
    assert "合  main：走通" in told
    assert "现场核实 → 审批" in told
    assert jiuji("simulate", "here", "--json") == 0
    (plain,) = json.loads(capsys.readouterr().out)
    assert (plain["end"], plain["problems"]) == ("done", [])
    path = models / "processes/here/main.scenarios.yaml"
    path.write_text(path.read_text("utf-8").replace("end: done", "end: other"), "utf-8")
    assert jiuji("simulate", "here") == 1
    assert "不合  main：走通" in capsys.readouterr().out
    assert jiuji("simulate", "here", "--scenario", "没有") == 1


def test_draft_is_simulated_and_backtested(
    prepared: Jiuji, installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    editor = person(installation.database, "wu")
    draft_id = str(drafts.open_draft(installation.database, editor, "here", "改", key="k"))
    assert prepared("simulate", "here", "--draft", draft_id, "--by", "wu") == 0
    assert prepared("simulate", "here", "--draft", draft_id) == 1
    assert prepared("simulate", "here", "--draft", "x", "--by", "wu") == 1
    capsys.readouterr()
    span = ("--since", "2026-01-01", "--until", "2026-01-31")
    assert prepared("backtest", draft_id, "--by", "wu", *span) == 1
    assert "没有写明怎样回测" in capsys.readouterr().err
    assert prepared("backtest", "x", "--by", "wu", *span) == 1
    assert "不是草稿编号" in capsys.readouterr().err


def test_backtest_tells_what_it_found(
    plan: None, prepared: Jiuji, installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    editor = person(installation.database, "wu")
    draft_id = str(drafts.open_draft(installation.database, editor, "here", "改", key="k"))
    span = ("--since", "2026-01-01", "--until", "2026-01-31")
    assert prepared("backtest", draft_id, "--by", "wu", *span, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["cases"], told["before_fen"], told["after_fen"]) == (
        "done",
        0,
        0,
        0,
    )
    assert prepared("backtest", draft_id, "--by", "wu", *span) == 0
    assert capsys.readouterr().out.strip()


def test_two_localities_are_compared(
    jiuji: Jiuji, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, raw in GOOD.items():
        if "/here/" in path:
            target = models / path.replace("/here/", "/there/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(raw.replace(b"<text>24</text>", b"<text>12</text>"))
    assert jiuji("diff", "here", "--with", "there") == 0
    assert "24 → 12" in capsys.readouterr().out
    assert jiuji("diff", "here", "--with", "here") == 0
    assert "没有差别" in capsys.readouterr().out
