"""Scenario files keep every other line when one scenario comes or goes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from app.kernel.errors import Invalid, NotFound
from app.studio.localities import localities, resolve
from app.studio.play import ENDING, read_scenarios
from app.studio.scenario_files import added, names_of, removed

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {
    path: raw
    for code in localities(ROOT)
    for path, raw in resolve(ROOT, code).companions.items()
    if path.endswith(ENDING)
}
NEW = {"name": "新：一个", "facts": {"amount": Decimal("2700.00")}, "expect": {"path": ["a"]}}


@pytest.mark.parametrize("path", sorted(SHIPPED))
def test_a_scenario_comes_and_goes_and_leaves_no_trace(path):
    raw = SHIPPED[path]
    made = added(raw, "p", NEW)
    assert made.startswith(raw.rstrip())
    assert names_of(made) == [*names_of(raw), "新：一个"]
    scenario = read_scenarios(made)[0][-1]
    assert scenario["facts"] == {"amount": 2700.00}
    assert b"2700.00" in made
    assert removed(made, "新：一个").rstrip() == raw.rstrip()


@pytest.mark.parametrize("path", sorted(SHIPPED))
def test_every_scenario_can_be_taken_out_alone(path):
    raw = SHIPPED[path]
    kept, _ = read_scenarios(raw)
    names = names_of(raw)
    for name in {names[0], names[len(names) // 2], names[-1]}:
        left, problem = read_scenarios(removed(raw, name))
        assert not problem
        assert left == [one for one in kept if one["name"] != name]


def test_a_first_scenario_makes_the_file():
    made = added(b"", "expenditure", NEW)
    assert yaml.safe_load(made)["process"] == "expenditure"
    assert names_of(made) == ["新：一个"]
    assert names_of(removed(made, "新：一个")) == []


def test_names_are_asked_for_and_not_given_twice():
    made = added(b"", "p", NEW)
    with pytest.raises(Invalid, match="已有名为"):
        added(made, "p", NEW)
    with pytest.raises(Invalid, match="起一个名字"):
        added(made, "p", {**NEW, "name": " "})
    with pytest.raises(NotFound, match="没有名为"):
        removed(made, "别的")
