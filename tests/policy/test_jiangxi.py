"""The Jiangxi pack: its diagrams as drawn, its tables on the days that matter, its demonstration.

Rules that hold for every pack are those of test_diagrams, run here on these diagrams.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from sqlalchemy import select

from app.cases import demo, setup
from app.cases.office import Office, load_calendar
from app.form import load_form
from app.kernel.clock import SHANGHAI, FrozenClock
from app.kernel.roles import ROLES
from app.process import Library
from app.store.cases import CaseRow
from app.store.session import SYSTEM, Database
from app.store.work_items import WorkItemRow
from app.studio.localities import Package, resolve
from app.studio.report import Report, check
from app.studio.subject import Surroundings
from tests.policy import test_diagrams
from tests.policy.pack import ROOT
from tests.world import publish

LOCALITY = "jiangxi"
PROCESSES = (
    "accountability", "aftercare", "approval", "bridging", "emergency", "epidemic", "expenditure",
    "dibao", "intake", "major", "repeat_review", "staged", "village_direct", "watch",
)  # fmt: skip
PROCESSES += ("bank_return", "reserve_review", "writeoff")
PROCESSES += ("audit_issue", "complaint", "inspection", "rectification")
DRAWN: tuple[Callable[..., None], ...] = (
    test_diagrams.test_ids_are_ascii_and_labels_chinese,
    test_diagrams.test_everything_is_drawn,
    test_diagrams.test_shapes_keep_their_distance,
    test_diagrams.test_lines_are_square_and_meet_their_shapes,
    test_diagrams.test_no_line_runs_through_a_step,
    test_diagrams.test_every_element_stands_inside_its_lane,
    test_diagrams.test_lanes_are_roles_and_people_work_in_their_own,
    test_diagrams.test_every_choice_has_a_default_or_is_a_join,
)
BING, DING = "360722101", "360722101201"  # 丙镇, 丁村
SURE = {
    "township": BING, "cannot_work": "yes", "months_without_income": Decimal(3),
    "hardship": "yes", "insured": "no", "on_dibao": "no", "own_application": "yes",
    "works_or_lives_here": "yes", "paid_before": "no",
}  # fmt: skip


@cache
def package() -> Package:
    """The resolved files."""
    return resolve(ROOT, LOCALITY)


@cache
def library() -> Library:
    """Processes and decisions, compiled."""
    return Library(package().files)


def checked(changed: Package | None = None) -> Report:
    """What all checks say."""
    return check(changed or package(), Surroundings(now=datetime(2026, 11, 22, 4, tzinfo=UTC)))


def ask(decision: str, day: str = "2026-04-07T10:00", /, **inputs: Any) -> Any:
    """The answer at that moment in Shanghai."""
    now = datetime.fromisoformat(day).replace(tzinfo=SHANGHAI)
    result = library().decision(decision)[0].evaluate(decision, inputs, now=now)
    assert result.errors == ()
    return result.value


def test_every_check_passes_and_every_flow_is_walked() -> None:
    report = checked()
    assert [one.message for one in (*report.of("error"), *report.of("warning"))] == []
    assert set(report.coverage) == set(PROCESSES)
    assert all(walked == drawn for walked, drawn in report.coverage.values())
    assert report.examples > 150


@pytest.mark.parametrize("rule", DRAWN, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("process", PROCESSES)
def test_diagrams_are_drawn_like_all_others(process: str, rule: Callable[..., None]) -> None:
    rule(library().definition(process))


def test_every_form_is_used_and_every_used_form_is_there() -> None:
    forms = {load_form(raw, file=path).id for path, raw in package().of(".form").items()}
    used = {
        element.form_id
        for name in library().process_ids
        for element in library().definition(name).elements.values()
    } - {""}
    assert used == forms


@pytest.mark.parametrize(
    ("moment", "quota", "level"),
    [
        ("2026-06-30T23:59", "1000.00", "county"),
        ("2026-07-01T00:00", "2000.00", "township"),
        ("2026-07-31T23:59", "2000.00", "township"),
        ("2026-08-01T00:00", "1000.00", "county"),
    ],
)
def test_an_order_raises_the_quota_and_falls_back_by_itself(
    moment: str, quota: str, level: str
) -> None:
    assert ask("township_quota", moment, township=BING) == Decimal(quota)
    asked = {"township": BING, "route": "emergency", "amount": Decimal("1800.00")}
    assert ask("authority", moment, **asked)["level"] == level


def test_an_order_is_for_its_own_township_and_village_only() -> None:
    assert ask("township_quota", "2026-07-10T10:00", township="360722102") == Decimal(1000)
    assert ask("village_direct", "2026-07-10T10:00", village=DING)["allowed"] is True
    assert ask("village_direct", "2026-07-10T10:00", village="360722101202")["allowed"] is False
    assert ask("village_direct", "2026-08-01T00:00", village=DING)["allowed"] is False


@pytest.mark.parametrize("end", ['&gt;= date("2026-07-01")', "-"])
@pytest.mark.parametrize("file", ["authority", "epidemic"])
def test_an_order_without_an_end_cannot_be_published(file: str, end: str) -> None:
    """G22: the one row of the order loses its end."""
    path = f"dmn/{LOCALITY}/{file}.dmn"
    order = '[date("2026-07-01")..date("2026-07-31")]'
    text = package().files[path].decode()
    assert order in text
    files = {**package().files, path: text.replace(order, end).encode()}
    report = checked(replace(package(), files=files))
    assert "G22" in {one.code for one in report.of("error")}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"cannot_work": "no"}, "F-WORK"),
        ({"months_without_income": Decimal(2)}, "F-MONTHS"),
        ({"hardship": "no"}, "F-HARD"),
        ({"insured": "yes"}, "F-INSURED"),
        ({"on_dibao": "yes"}, "F-DIBAO"),
        ({"own_application": "no"}, "F-SELF"),
        ({"works_or_lives_here": "no"}, "F-PLACE"),
        ({"paid_before": "yes"}, "F-ONCE"),
        ({"township": "360722102"}, "F-ORDER"),
    ],
)
def test_one_time_relief_needs_every_condition(changed: dict[str, Any], code: str) -> None:
    """Scenario of S4 二: six conditions together, here, within the order, once per event."""
    assert ask("epidemic_eligibility", "2026-07-10T10:00", **SURE)["eligible"] is True
    answer = ask("epidemic_eligibility", "2026-07-10T10:00", **{**SURE, **changed})
    assert answer["eligible"] is False
    assert [one.split()[0] for one in answer["failures"]] == [code]


def test_one_time_relief_ends_with_its_order() -> None:
    assert ask("epidemic_eligibility", "2026-08-01T00:00", **SURE)["eligible"] is False


@pytest.mark.parametrize(
    ("group", "returned", "standard"),
    [
        ("dibao", False, "3168.00"),
        ("tekun", False, "3168.00"),
        ("jiandang", False, "3168.00"),
        ("other", False, "2640.00"),
        ("returned", True, "3168.00"),
        ("dibao", True, "3168.00"),  # the two raises do not add up
    ],
)
def test_the_standard_is_raised_once(group: str, returned: bool, standard: str) -> None:
    asked = {"cause": "illness", "group": group, "returned": returned, "persons": Decimal(1)}
    assert ask("relief_standard", **asked)["standard"] == Decimal(standard)


@pytest.mark.parametrize(
    ("asked", "mode"),
    [
        ({"matter": "policy", "undisputed": False, "departments": Decimal(1)}, "plenary"),
        ({"matter": "case", "undisputed": False, "departments": Decimal(2)}, "special"),
        ({"matter": "case", "undisputed": True, "departments": Decimal(4)}, "written"),
        ({"matter": "tracking", "undisputed": False, "departments": Decimal(4)}, "daily"),
    ],
)
def test_four_meeting_modes(asked: dict[str, Any], mode: str) -> None:
    assert ask("mode_of_meeting", **asked) == mode
    assert ask("voting_rules", meeting_mode=mode)["signoff_required"] is True


def test_nobody_is_asked_for_a_hukou() -> None:
    for decision in ("route", "emergency_amount_check", "authority", "eligibility"):
        raw = library().decision(decision)[1]
        assert b'name="residence"' not in package().files[raw]


DEMO = tomllib.loads((ROOT / "processes" / LOCALITY / "demo.toml").read_text("utf-8"))


def test_somebody_holds_every_role_and_nobody_bears_a_name_of_another_locality() -> None:
    assert {post["role"] for user in DEMO["users"] for post in user["roles"]} == set(ROLES)
    other = tomllib.loads((ROOT / "processes/jining/demo.toml").read_text("utf-8"))
    assert not {u["login"] for u in DEMO["users"]} & {u["login"] for u in other["users"]}


def test_the_demonstration_stands_as_written(database: Database, clock: FrozenClock) -> None:
    clock.set(datetime(2026, 1, 2, 2, tzinfo=UTC))
    office = Office(database, load_calendar(ROOT))
    publish(office, package().files, LOCALITY)
    setup.import_organs(office, ROOT, LOCALITY)
    clock.set(datetime(2026, 11, 20, 2, tzinfo=UTC))
    demo.load(office, ROOT, LOCALITY)
    with database.begin(SYSTEM) as unit:
        rows = unit.session.execute(
            select(CaseRow.id, CaseRow.title, CaseRow.outcome, WorkItemRow.element_id).outerjoin(
                WorkItemRow,
                (WorkItemRow.case_id == CaseRow.id) & WorkItemRow.state.in_(("open", "claimed")),
            )
        ).all()
    stand: dict[Any, set[str]] = {}
    for row in rows:
        stand.setdefault(row.id, set()).add(row.element_id or row.outcome)
    wanted = [
        {case["until"]} if isinstance(case["until"], str) else set(case["until"])
        for case in DEMO["cases"]
    ]
    wanted += [set(case["beside"]) for case in DEMO["cases"] if "beside" in case]
    assert sorted(map(sorted, stand.values())) == sorted(map(sorted, wanted))
