"""Each run-time limit at its edge; those of files are in test_xmlread, of states in test_codec."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.kernel.errors import ModelError
from app.process import Engine, limits
from app.process.timers import TimerProblemError, due_of
from tests.process.drawing import (
    NOW,
    activity,
    begin,
    do,
    draw,
    end,
    flow,
    flows,
    library,
    open_ids,
    par,
    path,
    script,
    start,
    user,
    xor,
)

LINE = draw(start(), user("a"), end(), flows("s > a > e"))


def test_engine_steps_of_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    data = draw(
        start(),
        script("x", "={n: 1}"),
        script("y", "={n: 2}"),
        user("a"),
        end(),
        flows("s > x > y > a > e"),
    )
    monkeypatch.setattr(limits, "ENGINE_STEPS", 4)
    begin(data)
    monkeypatch.setattr(limits, "ENGINE_STEPS", 3)
    with pytest.raises(ModelError, match="空转"):
        begin(data)


def test_open_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    data = draw(
        start(),
        par("g"),
        user("a"),
        user("b"),
        user("c"),
        par("j"),
        end(),
        flows("s > g > a > j > e", "g > b > j", "g > c > j"),
    )
    monkeypatch.setattr(limits, "OPEN_TOKENS", 3)
    begin(data)
    monkeypatch.setattr(limits, "OPEN_TOKENS", 2)
    with pytest.raises(ModelError):
        begin(data)


def test_process_that_calls_itself_stops_at_the_depth_limit() -> None:
    run, step = begin(draw(start(), activity("c", "p"), end(), flows("s > c > e")))
    assert [i.code for i in step.incidents] == ["limit"]
    assert path(step).count("s") == limits.SUBPROCESS_DEPTH + 1
    again = Engine(library(draw(start(), activity("c", "p"), end(), flows("s > c > e")))).load(
        run.dump()
    )
    assert again.incidents == run.incidents


def test_value_depth_and_items() -> None:
    deep: object = 1
    for _ in range(limits.VALUE_DEPTH):
        deep = [deep]
    begin(LINE, {"k": deep})
    begin(LINE, {"k": [True] * limits.VALUE_ITEMS})
    for value in (
        [deep],
        [True] * (limits.VALUE_ITEMS + 1),
        {str(n): 1 for n in range(limits.VALUE_ITEMS + 1)},
    ):
        with pytest.raises(ModelError):
            begin(LINE, {"k": value})


def test_facts_bytes_at_start() -> None:
    begin(LINE, {"k": "x" * (limits.FACTS_BYTES - 8)})
    with pytest.raises(ModelError):
        begin(LINE, {"k": "x" * (limits.FACTS_BYTES - 7)})


def test_key_length() -> None:
    begin(LINE, {"k" * limits.ID_CHARS: 1})
    with pytest.raises(ModelError):
        begin(LINE, {"k" * (limits.ID_CHARS + 1): 1})


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (f"R{limits.CYCLE_REPEATS}/PT1H", True),
        (f"R{limits.CYCLE_REPEATS + 1}/PT1H", False),
        ("R1/PT60S", True),
        ("R1/PT59S", False),
        ("R0/PT1H", False),
        ("R/PT1H", False),
        ("R1/P1M", False),
        ("PT1H", False),
    ],
)
def test_cycle(text: str, good: bool) -> None:
    if good:
        assert due_of("timeCycle", text, NOW).at > NOW
    else:
        with pytest.raises(TimerProblemError):
            due_of("timeCycle", text, NOW)


def test_timer_horizon() -> None:
    days = limits.TIMER_HORIZON_DAYS
    assert due_of("timeDuration", f"P{days}D", NOW).at == NOW + timedelta(days=days)
    with pytest.raises(TimerProblemError):
        due_of("timeDuration", f"P{days + 1}D", NOW)


def test_one_library_serves_many_threads() -> None:
    data = draw(
        start(), user("a", outputs={"n": "=n + 1"}), xor("g", "g_e"), par("f"), user("b"), user("c"), par("j"), end(),
        flows("s > a > g > e", "f > b > j > e", "f > c > j"), flow("g", "f", "=n < 1000"),
    )  # fmt: skip
    lib = library(data)

    def carry(number: int) -> int:
        run, _ = begin(lib, {"n": number})
        do(run, "a", n=number)
        run = Engine(lib).load(run.dump())
        for name in open_ids(run):
            do(run, name)
        assert run.ended
        return int(run.facts["n"])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(carry, range(200))) == [number + 1 for number in range(200)]
