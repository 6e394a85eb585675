"""Aims at cases: gap-free numbers, sealed applicants, the chain of responsibility."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from app.kernel.clock import FrozenClock
from app.kernel.errors import NotFound, Refused, Stale
from app.store import cases
from app.store.session import Actor, Database
from tests.store.build import REGION, TOWNSHIP, a_case

LI = Actor(user_id="li", name="经办李")


def test_numbers_are_gap_free_per_county_and_year(database: Database, clock: FrozenClock) -> None:
    numbers = []
    for _ in range(2):
        with database.begin(LI) as unit:
            numbers.append(a_case(unit).case_no)

    def fail() -> None:
        with database.begin(LI) as unit:
            a_case(unit)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with database.begin(LI) as unit:
        numbers.append(a_case(unit).case_no)
    clock.set(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))  # 2027 has begun in Shanghai
    with database.begin(LI) as unit:
        numbers.append(a_case(unit).case_no)
    assert numbers == [
        "370881-2026-000001",
        "370881-2026-000002",
        "370881-2026-000003",
        "370881-2027-000001",
    ]


def test_numbers_stay_gap_free_under_concurrency(database: Database) -> None:
    def open_some() -> None:
        for _ in range(4):
            database.run(LI, "open", None, lambda unit: {"no": a_case(unit).case_no})

    threads = [threading.Thread(target=open_some) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as unit:
        numbers = sorted(unit.session.scalars(select(cases.CaseRow.case_no)))
    assert numbers == [f"370881-2026-{number:06d}" for number in range(1, 25)]


def test_applicant_is_sealed_and_found_by_number(database: Database) -> None:
    with database.begin(LI) as unit:
        row = a_case(unit)
        a_case(unit, id_number="370811197510203018")
    with database.read() as unit:
        raw = unit.session.execute(text("SELECT * FROM cases")).all()
        assert "370881199001010013" not in repr(raw)
        assert "张三" not in repr(raw)
        assert [found.id for found in cases.of_person(unit, "37088119900101 0013")] == [row.id]
        assert cases.applicant(unit, cases.get(unit, REGION, row.id))["name"] == "张三"


def test_first_asked_person_answers_until_the_hand_over_is_accepted(
    database: Database, clock: FrozenClock
) -> None:
    with database.begin(LI) as unit:
        case = a_case(unit)
        assert cases.responsible(unit, REGION, case.id).user_name == "经办李"
        cases.hand_over(
            unit, case, user_id="", user_name="甲镇", organ_code=TOWNSHIP, reason="属地办理"
        )
        assert cases.responsible(unit, REGION, case.id).user_name == "经办李"
        with pytest.raises(Refused, match="尚未接收"):
            cases.hand_over(unit, case, user_id="x", user_name="乙", organ_code=TOWNSHIP)
    clock.advance(timedelta(minutes=9))
    with database.begin(Actor(user_id="wang", name="调查王")) as unit:
        accepted = cases.accept_handover(unit, cases.get(unit, REGION, case.id))
        assert (accepted.accepted_by, accepted.accepted_at) == ("wang", clock.now())
        assert cases.responsible(unit, REGION, case.id).user_name == "甲镇"
        with pytest.raises(Refused, match="没有待接收"):
            cases.accept_handover(unit, case)


def test_case_is_closed_once(database: Database) -> None:
    with database.begin(LI) as unit:
        case = a_case(unit)
    with database.begin(LI) as unit:
        row = cases.get(unit, REGION, case.id, lock=True)
        cases.close(unit, row, status="closed", outcome="relieved")
        with pytest.raises(Refused, match="不能重复办结"):
            cases.close(unit, row, status="closed", outcome="relieved")
        assert cases.count_by_status(unit, REGION) == {"closed": 1}


def test_lists_are_narrowed_and_newest_first(database: Database, clock: FrozenClock) -> None:
    ids = []
    for _ in range(3):
        clock.advance(timedelta(minutes=1))
        with database.begin(LI) as unit:
            ids.append(a_case(unit).id)
    with database.read() as unit:
        assert [row.id for row in cases.find(unit, region=REGION)] == ids[::-1]
        assert [row.id for row in cases.find(unit, townships=[TOWNSHIP], limit=1)] == ids[2:]
        assert cases.find(unit, townships=[]) == []
        assert cases.find(unit, statuses=["closed"]) == []
        assert cases.find(unit, case_no="370881-2026-000002")[0].id == ids[1]
        with pytest.raises(NotFound):
            cases.get(unit, "370882", ids[0])


def test_second_change_of_the_same_version_is_stale(database: Database) -> None:
    with database.begin(LI) as unit:
        case = a_case(unit)
    with database.begin(LI) as unit:
        cases.get(unit, REGION, case.id).route = "emergency"

    def change_from_old_reading() -> None:
        with database.begin(LI) as unit:
            unit.session.add(case)
            case.route = "major"

    with pytest.raises(Stale):
        change_from_old_reading()


def test_changed_applicant_is_found_by_the_new_number(database: Database) -> None:
    with database.begin(LI) as unit:
        row = a_case(unit, id_number="")
        assert row.applicant_index == ""
        cases.change_applicant(
            unit, row, {"name": "李四"}, id_number="370811197510203018", masked="李*"
        )
        assert cases.of_person(unit, "370811197510203018", region=REGION) == [row]
        assert cases.applicant(unit, row) == {"name": "李四"}
