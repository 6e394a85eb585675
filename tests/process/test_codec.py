"""Saved states: exact, compact, and refused when they are not ours. Journeys are in test_golden."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.decision.temporal import parse_at_literal
from app.kernel.errors import ModelError
from app.process import Engine, limits
from app.process.facts import copy_value, from_plain, to_plain
from tests.process.drawing import NOW, begin, do, draw, end, flow, flows, library, start, user, xor

LINE = draw(start(), user("a", outputs={"k": "=k"}), end(), flows("s > a > e"))
VALUES: list[Any] = [
    Decimal("3000.00"), Decimal("1E+30"), Decimal("-0.10"), Decimal("0.1234567890123456789012345678901234"),
    True, None, "", "文字\u2028\"", [], {}, [[None, {"a": [Decimal(1)]}]], {"$d": "1"}, {"$t": ["date", "x"]},
    {"$$x": {"$": "y"}}, date(2026, 2, 28), datetime(2026, 4, 7, 2, 5, tzinfo=UTC), time(8, 0), timedelta(hours=-3),
    *(parse_at_literal(text) for text in (
        "2026-04-07", "12345-01-01", "-0044-03-15", "08:00:00@Asia/Shanghai", "2026-04-07T10:00:00.123456789+08:00",
        "P1Y2M", "-P3M", "P0M", "PT0S", "P400DT1H2M3.5S", "2026-04-07T10:00:00",
    )),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_value_survives_save_and_load_exactly(value: Any) -> None:
    run, _ = begin(LINE, {"v": value})
    again = Engine(library(LINE)).load(run.dump())
    assert repr(again.facts["v"]) == repr(copy_value(value, "v"))
    assert type(again.facts["v"]) is type(copy_value(value, "v"))


PLAIN = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(PLAIN)
def test_any_value_survives_its_text(value: Any) -> None:
    assert repr(from_plain(json.loads(json.dumps(to_plain(value))))) == repr(value)


def test_state_does_not_grow_with_the_road_travelled() -> None:
    data = draw(
        start(), user("a", outputs={"again": "=again"}), xor("g", "g_e"), end(),
        flows("s > a > g > e"), flow("g", "a", "=again"),
    )  # fmt: skip
    run, _ = begin(data)
    sizes = []
    for _ in range(15):
        do(run, "a", again=True)
        sizes.append(len(run.dump()))
    assert max(sizes) - min(sizes) <= 8
    assert max(sizes) < 200


def test_tokens_survive_save_and_load() -> None:
    run, step = begin(LINE)
    again = Engine(library(LINE)).load(run.dump())
    assert [item.token for item in again.waiting] == [step.opened[0].token]
    assert again.dump() == run.dump()


def test_ended_instance_can_be_loaded_and_takes_no_command() -> None:
    run, _ = begin(LINE)
    do(run, "a", k=1)
    again = Engine(library(LINE)).load(run.dump())
    assert again.ended
    assert again.end_element_id == "e"
    assert again.facts["k"] == 1
    with pytest.raises(Exception, match="结束"):
        again.cancel(now=NOW)


@pytest.mark.parametrize(
    "state",
    [b"", b"\x00", b"\x01", b"\x01junk", b"\x02" + zlib.compress(b"[]"), b"\x01" + zlib.compress(b"{}"),
     b"\x01" + zlib.compress(b"[1,2,3,4,5]"), b"\x01" + zlib.compress(b'["p",1,0,"",[[9,null,{},[]]]]'),
     b"\x01" + zlib.compress(b'["nope",1,0,"",[]]'), b"\x80\x04K\x01."],
)  # fmt: skip
def test_bytes_that_are_no_state_are_refused(state: bytes) -> None:
    with pytest.raises(ModelError):
        Engine(library(LINE)).load(state)


def test_state_of_another_deployment_is_refused() -> None:
    run, _ = begin(draw(start(), user("other"), end(), flows("s > other > e")))
    with pytest.raises(ModelError):
        Engine(library(LINE)).load(run.dump())


def test_truncated_and_swollen_states_are_refused() -> None:
    run, _ = begin(LINE, {"text": "x" * 1000})
    state = run.dump()
    with pytest.raises(ModelError):
        Engine(library(LINE)).load(state[:-8])
    bomb = b"\x01" + zlib.compress(b'["' + b"x" * (limits.STATE_RAW_BYTES + 1) + b'"]')
    with pytest.raises(ModelError):
        Engine(library(LINE)).load(bomb)


def test_states_above_the_limit_are_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    run, _ = begin(LINE)
    size = len(run.dump())
    monkeypatch.setattr(limits, "STATE_BYTES", size)
    assert run.dump()
    monkeypatch.setattr(limits, "STATE_BYTES", size - 1)
    with pytest.raises(ModelError):
        run.dump()
