"""Proposed rules are compared with the tables in force and never act."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli import main
from app.kernel.errors import ModelError
from app.studio.localities import localities, resolve
from app.studio.proposals import FOLDER, Line, compare, proposals
from app.studio.subject import Subject, Surroundings

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def standing(locality: str) -> dict[str, Line]:
    """How each point of the shipped proposal stands to the locality."""
    (proposal,) = proposals(ROOT)
    subject = Subject(resolve(ROOT, locality), Surroundings(now=NOW))
    return {line.point: line for line in compare(proposal, subject)}


@pytest.mark.parametrize(
    ("locality", "now", "bound"),
    [("jining", "1000.00", "900.00"), ("jiangxi", "2640.00", "880.00")],
)
def test_the_cap_conflicts_with_both_packs(locality: str, now: str, bound: str) -> None:
    line = standing(locality)["small_cap"]
    assert line.standing == "conflict"
    assert f"现为 {now}，提议为不超过 {bound}" in line.sentence


def test_certified_families_differ_in_one_pack_only() -> None:
    assert standing("jining")["certified_not_again"].standing == "conflict"
    assert standing("jiangxi")["certified_not_again"].standing == "agrees"


def test_what_no_table_answers_is_left_to_people() -> None:
    assert standing("jining")["edge_families"].standing == "by_hand"
    assert standing("national")["small_cap"].standing == "not_asked"


def test_a_proposal_is_no_locality_and_in_no_package() -> None:
    assert "proposed" not in localities(ROOT)
    for locality in localities(ROOT):
        assert not any(path.startswith(FOLDER) for path in resolve(ROOT, locality).files)


def test_the_command_tells_and_refuses_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["proposals"]) == 0
    told = capsys.readouterr().out
    assert "未启用" in told
    assert "有出入" in told


@pytest.mark.parametrize(
    "text",
    [
        "document = 1",
        'document = "d"\nnote = ""\n[[points]]\nid = "a"\nsentence = "s"\nadvice = ""\n'
        'asks = [{ decision = "x" }]',
    ],
)
def test_a_broken_proposal_is_named(tmp_path: Path, text: str) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    (folder / "p.toml").write_text(text)
    with pytest.raises(ModelError, match=r"p\.toml"):
        proposals(tmp_path)
