"""Back-tests over many cases: in pieces, resumed after a dead worker, stopped, never doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.kernel.errors import Refused
from app.store import backtests as table
from app.store.session import SYSTEM
from app.studio import backtests, drafts
from app.studio.backtests import Asked
from tests.studio.bench_backtest import EDITOR, NOW, PIECE, filled
from tests.studio.test_replay import dmn

WHOLE = Asked(NOW - timedelta(days=600), NOW + timedelta(days=1))


@pytest.fixture
def tried(database, clock):
    """A draft that doubles, over one piece of synthetic cases."""
    clock.set(NOW)
    filled(database, PIECE)
    draft = drafts.open_draft(database, EDITOR, "bench", "两倍", key="o")
    path = "dmn/bench/d.dmn"
    seen = drafts.read_file(database, EDITOR, draft, path).sha256
    raw = dmn("2", "100")
    drafts.write_file(database, EDITOR, draft, path, raw, expected_sha256=seen, key="w")
    return draft


def test_a_dead_workers_back_test_is_taken_up_where_it_stood(database, clock, tried, monkeypatch):
    made = backtests.ask(database, EDITOR, tried, WHOLE, key="a")
    keep, calls = table.keep, []

    def dying(*args, **kwargs):
        calls.append(1)
        if len(calls) == 4:
            raise RuntimeError("killed")
        keep(*args, **kwargs)

    monkeypatch.setattr(table, "keep", dying)
    with pytest.raises(RuntimeError):
        backtests.work(database)
    monkeypatch.undo()
    halfway = backtests.answer(database, EDITOR, made)
    assert halfway.progress.state == "running"
    assert halfway.progress.done == 3 * backtests.PIECE_CASES
    assert not backtests.work(database)  # its worker may yet live
    clock.set(NOW + timedelta(seconds=table.LEASE_S + 1))
    assert backtests.work(database)
    found = backtests.answer(database, EDITOR, made)
    assert (found.progress.state, found.progress.done) == ("done", PIECE)
    assert len({one.case_no for one in found.lines}) == len(found.lines) == PIECE
    assert found.impact.after.fen == 2 * found.impact.before.fen
    assert found.progress.checked > 0


def test_a_stopped_back_test_keeps_what_it_found_and_is_not_taken_up(database, tried):
    made = backtests.ask(database, EDITOR, tried, WHOLE, key="a")
    page = backtests.past_decisions.page
    pages = []

    def stopping(*args, **kwargs):
        pages.append(1)
        if len(pages) == 3:
            backtests.cancel(database, EDITOR, made, key="c")
        return page(*args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backtests.past_decisions, "page", stopping)
        assert backtests.work(database)
    found = backtests.answer(database, EDITOR, made)
    assert found.progress.state == "cancelled"
    assert len(found.lines) == found.progress.done == 2 * backtests.PIECE_CASES
    assert not backtests.work(database)
    with pytest.raises(Refused, match="已经结束"):
        backtests.cancel(database, EDITOR, made, key="again")


def test_a_wrong_memory_stops_the_back_test(database, tried, monkeypatch):
    made = backtests.ask(database, EDITOR, tried, WHOLE, key="a")
    monkeypatch.setattr(backtests, "SAMPLE_SHARE", 1.0)
    true = backtests.Replayer._answer

    def forgetful(self, decision, inputs, at, remember):
        value, problem = true(self, decision, inputs, at, remember)
        return (value, problem) if remember else ({"standard": 1}, problem)

    monkeypatch.setattr(backtests.Replayer, "_answer", forgetful)
    backtests.work(database)
    progress = backtests.answer(database, EDITOR, made).progress
    assert progress.state == "failed"
    assert "两次重算结果不同" in progress.problem
    with database.read(SYSTEM) as unit:
        assert table.lines(unit, made) == []
