"""Aims at work items: who sees what, who holds it, and that of many finishers one wins."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest

from app.kernel.clock import FrozenClock
from app.kernel.errors import NotFound, Stale
from app.store import work_items
from app.store.session import Actor, Database, Unit
from tests.store.build import REGION, TOWNSHIP, a_case, an_instance, an_item, case_instance_item

LI = Actor(user_id="li", name="经办李", roles=(("township_handler", TOWNSHIP),))
WANG = Actor(user_id="wang", name="调查王", roles=(("township_handler", TOWNSHIP),))
FAR = Actor(user_id="far", name="外乡", roles=(("township_handler", "370881002"),))


def _waiting(database: Database, actor: Actor) -> list[str]:
    with database.read(actor) as unit:
        return [row.token for row in work_items.inbox(unit)]


def test_inbox_shows_claimable_and_own_nearest_deadline_first(
    database: Database, clock: FrozenClock
) -> None:
    with database.begin(LI) as unit:
        instance = an_instance(unit, a_case(unit))
        for token, hours in (("none", None), ("late", -1), ("soon", 2), ("far", 20)):
            row = an_item(unit, instance, token=token)
            row.due_at = None if hours is None else clock.now() + timedelta(hours=hours)
        an_item(unit, instance, token="elsewhere", organ="370881002")
    assert _waiting(database, LI) == ["late", "soon", "far", "none"]
    assert _waiting(database, FAR) == ["elsewhere"]
    assert _waiting(database, Actor(user_id="nobody", name="无")) == []
    with database.read() as unit:
        assert [row.token for row in work_items.overdue(unit, region=REGION)] == ["late"]


def test_claimed_item_is_the_claimers_alone(database: Database) -> None:
    with database.begin(LI) as unit:
        _, _, item_id = case_instance_item(unit)
    with database.begin(LI) as unit:
        work_items.claim(unit, work_items.get(unit, REGION, item_id, lock=True))
    assert _waiting(database, LI) == ["t1"]
    assert _waiting(database, WANG) == []
    with pytest.raises(Stale) as caught, database.begin(WANG) as unit:
        work_items.claim(unit, work_items.get(unit, REGION, item_id, lock=True))
    assert caught.value.code == "claimed_by_other"


def test_every_change_of_hands_is_on_record(database: Database, clock: FrozenClock) -> None:
    with database.begin(LI) as unit:
        _, _, item_id = case_instance_item(unit)
    steps = (
        lambda unit, row: work_items.claim(unit, row),
        lambda unit, row: work_items.reassign(unit, row, to_user="wang", reason="出差"),
        lambda unit, row: work_items.release(unit, row, "回避"),
        lambda unit, row: work_items.reassign(
            unit, row, to_user=None, to_organ="370881", reason="超权限", kind="returned"
        ),
    )
    for step in steps:
        clock.advance(timedelta(minutes=1))
        with database.begin(LI) as unit:
            step(unit, work_items.get(unit, REGION, item_id, lock=True))
    with database.read() as unit:
        moves = work_items.moves(unit, REGION, item_id)
        assert [(move.kind, move.from_user, move.to_user, move.reason) for move in moves] == [
            ("claimed", None, "li", ""),
            ("reassigned", "li", "wang", "出差"),
            ("released", "wang", None, "回避"),
            ("returned", None, None, "超权限"),
        ]
        row = work_items.get(unit, REGION, item_id)
        assert (row.state, row.organ_code) == ("open", "370881")


def test_one_token_of_an_instance_is_one_item(database: Database) -> None:
    with database.begin(LI) as unit:
        instance = an_instance(unit, a_case(unit))
        an_item(unit, instance)
    with pytest.raises(Stale) as caught, database.begin(LI) as unit:
        an_item(unit, instance)
    assert caught.value.code == "item_exists"


def test_item_the_engine_took_away_can_not_be_finished(database: Database) -> None:
    with database.begin(LI) as unit:
        _, instance_id, item_id = case_instance_item(unit)
        assert len(work_items.close_tokens(unit, REGION, instance_id, ["t1", "other"])) == 1
    with pytest.raises(Stale, match="已办理或已撤回"), database.begin(LI) as unit:
        work_items.finish(unit, work_items.get(unit, REGION, item_id, lock=True), "done")


def test_who_did_what_is_known_per_element(database: Database) -> None:
    with database.begin(LI) as unit:
        case, _, item_id = case_instance_item(unit)
        work_items.finish(unit, work_items.get(unit, REGION, item_id, lock=True), "ok")
        assert work_items.done_by(unit, REGION, case.id, ["verify", "approve"]) == {
            "verify": {"li"}
        }
        assert work_items.of_case(unit, REGION, case.id, waiting_only=True) == []


def test_unknown_item_is_not_found(database: Database) -> None:
    with database.read() as unit, pytest.raises(NotFound):
        work_items.find(unit, unit.new_id())


def test_change_of_a_row_read_before_another_change_is_stale(database: Database) -> None:
    with database.begin(LI) as unit:
        _, _, item_id = case_instance_item(unit)
    with database.read() as unit:
        old = work_items.get(unit, REGION, item_id)
    with database.begin(LI) as unit:
        work_items.claim(unit, work_items.get(unit, REGION, item_id))

    def change_from_old_reading() -> None:
        with database.begin(LI) as unit:
            unit.session.add(old)
            old.outcome = "x"

    with pytest.raises(Stale) as caught:
        change_from_old_reading()
    assert caught.value.code == "faster"


@pytest.mark.parametrize("locked", [True, False])
def test_of_64_finishers_one_wins(database: Database, locked: bool) -> None:
    with database.begin(LI) as unit:
        _, _, item_id = case_instance_item(unit)
    heard: Counter[str] = Counter()
    start = threading.Barrier(64)

    def press(number: int) -> None:
        me = Actor(user_id=f"u{number}", name="某")

        def body(unit: Unit) -> dict[str, object]:
            row = work_items.get(unit, REGION, item_id, lock=locked)
            work_items.finish(unit, row, me.user_id)
            return {"winner": me.user_id}

        start.wait()
        try:
            heard["won:" + str(database.run(me, "finish", f"k{number}", body)["winner"])] += 1
        except Stale as error:
            heard[error.code] += 1

    threads = [threading.Thread(target=press, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [key for key in heard if key.startswith("won:")]
    assert len(winners) == 1
    assert sum(heard.values()) == 64
    assert set(heard) - set(winners) <= {"item_not_waiting", "faster"}
    with database.read() as unit:
        row = work_items.get(unit, REGION, item_id)
        assert "won:" + row.outcome == winners[0] == f"won:{row.done_by}"
