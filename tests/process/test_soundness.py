"""What can go wrong in a diagram whose parts are all drawn correctly, told from what can not.

Thirty-odd small diagrams of each sort, and random ones, are judged by the check and by the token
game of `nets.py`, which is made otherwise. Sub-processes and errors, which that game does not
know, have their own examples. First letters name kinds: p parallel, x exclusive, o inclusive,
i/n boundary event (interrupting or not), k end of everything.
"""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.process.checks import explore as exploring
from app.process.checks.explore import explore
from app.process.checks.graph import check_graph
from app.process.checks.marking import Scope
from app.process.checks.report import Report
from app.process.checks.soundness import check_soundness
from app.process.model import ProcessDefinition
from tests.process.nets import Game, invented, net, of_pairs

STARVED, DOUBLED, TRAPPED = "starving_join", "doubled_step", "endless_way"

UNSOUND = {
    "choice joined as if both": ("b > x1 > t1 > p1 > e\nx1 > t2 > p1", {STARVED}),
    "choice joined as if both, three ways": ("b > x1 > t1 > p1 > e\nx1 > t2 > p1\nx1 > t3 > p1", {STARVED}),
    "both joined as if choice": ("b > p1 > t1 > x1 > t3 > e\np1 > t2 > x1", {DOUBLED}),
    "both joined at a task": ("b > p1 > t1 > t3 > e\np1 > t2 > t3", {DOUBLED}),
    "some joined as if all": ("b > o1 > t1 > p1 > e\no1 > t2 > p1", {STARVED}),
    "some joined as if one": ("b > o1 > t1 > x1 > t3 > e\no1 > t2 > x1", {DOUBLED}),
    "one branch ends before the join": ("b > p1 > t1 > x1 > p2 > e\np1 > t2 > p2\nx1 > e", {STARVED}),
    "one branch is interrupted before the join": ("b > p1 > t1 > p2 > e\np1 > t2 > p2\ni_t1 > e", {STARVED}),
    "interruption goes past the join": ("b > p1 > t1 > p2 > t3 > e\np1 > t2 > p2\ni_t1 > t3", {STARVED}),
    "reminder joins the main way": ("b > t1 > x1 > t2 > e\nn_t1 > t3 > x1", {DOUBLED}),
    "reminder joins at a task": ("b > t1 > t2 > e\nn_t1 > t2", {DOUBLED}),
    "reminder is waited for": ("b > t1 > p1 > e\nn_t1 > t2 > p1", {STARVED}),
    "join in a loop from outside": ("b > p1 > t1 > x1 > e\nx1 > p1", {STARVED}),
    "loop back into one branch": ("b > p1 > t1 > p2 > x1 > e\np1 > t2 > p2\nx1 > t1", {STARVED}),
    "loop back before the split from one branch": ("b > x0 > p1 > t1 > x1 > p2 > t3 > e\np1 > t2 > p2\nx1 > x0", {DOUBLED, STARVED}),
    "split with no join and a task after": ("b > p1 > x1 > t1 > e\np1 > x1", {DOUBLED}),
    "three branches, two joined": ("b > p1 > t1 > p2 > x1 > t4 > e\np1 > t2 > p2\np1 > t3 > x1", {DOUBLED}),
    "nested join the wrong way round": ("b > p1 > x1 > t1 > p2 > e\nx1 > t2 > p2\np1 > t3 > p2", {STARVED}),
    "nested split joined crosswise": ("b > p1 > p3 > t1 > x1 > t4 > e\np3 > t2 > p4 > x1\np1 > t3 > p4", {DOUBLED}),
    "join waits for the other choice": ("b > x1 > p1 > t1 > p2 > e\nx1 > p2\np1 > t2 > p2", {STARVED}),
    "one entry from before the split": ("b > x1 > p1 > t1 > p2 > x2 > e\np1 > t2 > p2\nx1 > t3 > p2", {STARVED}),
    "loop that can not be left": ("b > p1 > t1 > x1 > t2 > x1\np1 > t3 > e", {TRAPPED}),
    "loop whose way out needs another": ("b > x0 > x1 > t1 > x1\nx0 > p1 > e\nx1 > p1", {STARVED}),
    "two joins wait for each other": ("b > p1 > t1 > p2 > t2 > p3 > e\np1 > p3\np3 > p2", {STARVED}),
    "loop takes a branch along": ("b > x0 > t1 > p1 > x1 > e\np1 > t2 > x0\nx1 > t3 > e", {DOUBLED}),
    "both ends needed, one may end all": ("b > p1 > x1 > t1 > p2 > e\nx1 > e\np1 > t2 > p2", {STARVED}),
    "two reminders waited for": ("b > t1 > p1 > e\nn_t1 > p1", {STARVED}),
    "interruption and end both go on": ("b > p1 > t1 > x1 > t3 > e\ni_t1 > x1\np1 > t2 > x1", {DOUBLED}),
    "default way past the join": ("b > o1 > t1 > o2 > p1 > e\no1 > t2 > o2\no1 > p1", {STARVED}),
    "correction sent back into the join": ("b > p1 > t1 > p2 > t3 > x1 > e\np1 > t2 > p2\nx1 > t2", {STARVED}),
    "approval beside its own correction": ("b > x0 > t1 > p1 > t2 > e\np1 > x1 > x0\nx1 > e", {DOUBLED}),
    "choice inside both, joined once": ("b > p1 > x1 > t1 > x2 > t3 > e\nx1 > t2 > x2\np1 > t4 > x2", {DOUBLED}),
}  # fmt: skip

SOUND = {
    "one step": "b > t1 > e",
    "choice": "b > x1 > t1 > x2 > e\nx1 > t2 > x2",
    "choice to two ends": "b > x1 > t1 > e1\nx1 > t2 > e2",
    "both": "b > p1 > t1 > p2 > e\np1 > t2 > p2",
    "three at once": "b > p1 > t1 > p2 > e\np1 > t2 > p2\np1 > t3 > p2",
    "both to two ends": "b > p1 > t1 > e1\np1 > t2 > e2",
    "both to one end": "b > p1 > t1 > e\np1 > t2 > e",
    "both meet only to end": "b > p1 > t1 > x1 > e\np1 > t2 > x1",
    "some": "b > o1 > t1 > o2 > e\no1 > t2 > o2",
    "some, one way empty": "b > o1 > t1 > o2 > t3 > e\no1 > o2",
    "correction": "b > x1 > t1 > x2 > e\nx2 > x1",
    "correction in one branch": "b > p1 > x1 > t1 > x2 > p2 > e\nx2 > x1\np1 > t2 > p2",
    "correction of the whole": "b > x1 > p1 > t1 > p2 > x2 > e\np1 > t2 > p2\nx2 > x1",
    "nested": "b > p1 > p3 > t1 > p4 > p2 > e\np3 > t2 > p4\np1 > t3 > p2",
    "choice in a branch": "b > p1 > x1 > t1 > x2 > p2 > e\nx1 > t2 > x2\np1 > t3 > p2",
    "some in a branch": "b > p1 > o1 > t1 > o2 > p2 > e\no1 > t2 > o2\np1 > t3 > p2",
    "both in a choice": "b > x1 > p1 > t1 > p2 > x2 > e\np1 > t2 > p2\nx1 > t3 > x2",
    "reminder to its own end": "b > t1 > e\nn_t1 > t2 > e2",
    "two reminders": "b > t1 > t2 > e\nn_t1 > t3 > e2\nn_t2 > t4 > e3",
    "interruption": "b > t1 > x1 > e\ni_t1 > t2 > x1",
    "interruption to another end": "b > t1 > t2 > e\ni_t1 > e2",
    "interruption in a branch that comes back": "b > p1 > t1 > x1 > p2 > e\ni_t1 > t3 > x1\np1 > t2 > p2",
    "interruption tries again": "b > x1 > t1 > e\ni_t1 > t2 > x1",
    "end of everything beside work": "b > p1 > t1 > k\np1 > x1 > t2 > x1",
    "withdrawal ends everything": "b > p1 > t1 > p2 > e\ni_t1 > k\np1 > t2 > p2",
    "split is join too": "b > p1 > t1 > p2 > t3 > p3 > e\np1 > t2 > p2 > t4 > p3",
    "choice is merge too": "b > x1 > t1 > x2 > t3 > x3 > e\nx1 > t2 > x2 > t4 > x3",
    "merge into a task": "b > x1 > t1 > t3 > e\nx1 > t2 > t3",
    "loop between two choices": "b > x1 > t1 > x2 > t2 > x3 > e\nx3 > x1\nx2 > x3",
    "reminder in a branch": "b > p1 > t1 > p2 > e\nn_t1 > e2\np1 > t2 > p2",
    "some joined late": "b > o1 > t1 > t2 > o2 > t4 > e\no1 > t3 > o2",
    "reminder counted by an inclusive join": "b > t1 > o1 > t3 > e\nn_t1 > t2 > o1",
    "both joined as if some": "b > p1 > t1 > o1 > t3 > e\np1 > t2 > o1",
    "choice joined as if some": "b > x1 > t1 > o1 > t3 > e\nx1 > t2 > o1",
}  # fmt: skip


def told(process: ProcessDefinition) -> set[str]:
    report = Report()
    check_soundness(process, report)
    return {one.code for one in report.findings}


def judged(process: ProcessDefinition) -> set[str]:
    """The verdict of the other game in the words of the check."""
    game = Game(process, limit=1_500)
    verdicts = {STARVED: game.starved, DOUBLED: game.doubled, TRAPPED: game.trapped}
    return {code for code, holds in verdicts.items() if holds}


@pytest.mark.parametrize("name", UNSOUND)
def test_defect_is_found_and_the_other_game_agrees(name: str) -> None:
    text, codes = UNSOUND[name]
    process = net(text)
    assert told(process) == judged(process)
    assert codes <= told(process)
    assert codes


@pytest.mark.parametrize("name", SOUND)
def test_sound_diagram_passes_and_the_other_game_agrees(name: str) -> None:
    process = net(SOUND[name])
    assert told(process) == judged(process) == set()


def test_enough_diagrams_of_each_sort() -> None:
    assert min(len(UNSOUND), len(SOUND)) >= 30


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=0, max_value=10**9))
def test_random_diagrams_are_judged_alike_in_any_order(seed: int) -> None:
    process = invented(Random(seed))
    shape = Report()
    check_graph(process, {"main": process}, shape)
    odd = {"many_ways", "no_condition", "busy_circle"}  # no matter for tokens
    assume(all(one.severity != "error" or one.code in odd for one in shape.findings))
    try:
        verdict = judged(process)
    except AssertionError:  # too large for a game on every flow
        return
    assert told(process) - {"dead_step"} == verdict
    pairs = [(flow.source, flow.target) for flow in process.flows.values()]
    Random(seed + 1).shuffle(pairs)
    assert told(of_pairs(pairs)) - {"dead_step"} == verdict


def test_shortest_way_is_shown_step_by_step() -> None:
    process = net("b > t0 > x1 > t1 > p1 > e\nx1 > t2 > t3 > p1")
    report = Report()
    check_soundness(process, report)
    (finding,) = report.findings
    steps = [one.element_id for one in finding.path if one.element_id in process.elements]
    assert (finding.code, finding.place.element_id) == (STARVED, "p1")
    assert steps == ["b", "t0", "x1", "t1"]
    assert "“t0” → “x1” → “t1”" in finding.message
    flows = [one.element_id for one in finding.path if one.element_id in process.flows]
    assert [process.flows[one].target for one in flows] == ["t0", "x1", "t1", "p1"]


def wide(branches: int, length: int) -> ProcessDefinition:
    """Branches at once, each with as many choices one after another."""
    lines = []
    for branch in range(branches):
        parts = ["p1"]
        for step in range(length):
            lines.append(f"x{branch}a{step} > t{branch}b{step} > x{branch}c{step}")
            parts += [f"x{branch}a{step}", f"t{branch}a{step}", f"x{branch}c{step}"]
        lines.append(" > ".join([*parts, "p2"]))
    return net("b > p1\np2 > e\n" + "\n".join(lines))


def test_many_states_are_reduced_and_too_many_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    process = wide(5, 3)
    began = time.process_time()
    found = explore(Scope(process, "", {}))
    assert found.reduced
    assert time.process_time() - began < 30
    monkeypatch.setattr(exploring, "MAX_STATES", 50)
    monkeypatch.setattr(exploring, "MAX_REDUCED", 50)
    assert told(process) == {"too_many_states"}


@pytest.mark.parametrize("name", UNSOUND)
def test_reduced_game_finds_the_same_standstills(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exploring, "MAX_STATES", 0)
    text, _ = UNSOUND[name]
    assert told(net(text)) >= {"reduced_check"} | judged(net(text)) & {STARVED}
