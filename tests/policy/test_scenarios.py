"""Every scenario beside a diagram goes as written, and together they walk every flow.

Saving and restoring at each wait is the golden test of tests/process.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

from app.process import compare, scenarios_of, simulate
from app.studio.play import play
from tests.policy.pack import clauses, library, package

FILES = [path for path in package().companions if path.endswith(".scenarios.yaml")]
CASES = [
    pytest.param(scenario, id=f"{scenario['process']}-{number}")
    for path in FILES
    for number, scenario in enumerate(scenarios_of(yaml.safe_load(package().companions[path])))
]


@pytest.mark.parametrize("scenario", CASES)
def test_scenario_goes_as_written(scenario: dict[str, object]) -> None:
    assert compare(simulate(library(), scenario), scenario["expect"]) == []


def test_every_flow_is_walked() -> None:
    walked = play(library(), package().companions).walked
    for name in library().process_ids:
        assert set(library().definition(name).flows) - walked[name] == set(), name


@pytest.mark.parametrize("scenario", CASES)
def test_scenario_names_its_clauses(scenario: dict[str, list[str]]) -> None:
    assert scenario["clause"]
    assert set(scenario["clause"]) <= set(clauses())


def _named(words: str) -> dict[str, object]:
    return next(case.values[0] for case in CASES if words in case.values[0]["name"])


def test_the_reserve_is_asked_again_after_a_supplement() -> None:
    """Scenario 29: refused at 800.00, paid after the county has added."""
    outcome = simulate(library(), _named("备用金 800.00 元不足"))
    types = [call.type for call in outcome.calls]
    assert types.count("fund.hold") == 2
    assert types.index("fund.supplement") < types.index("payment.pay")
    supplement = next(call for call in outcome.calls if call.type == "fund.supplement")
    assert supplement.inputs["package_no"] == "销-2026-04-01"
    assert "clock.cancel" not in types


def test_the_county_pays_out_of_its_own_money() -> None:
    outcome = simulate(library(), _named("再同意直接支付"))
    payment = next(call for call in outcome.calls if call.type == "payment.pay")
    assert payment.inputs["source"] == "county"


def test_first_relief_stops_at_the_payment_and_catchup_starts_there() -> None:
    """Scenario 1: both limits hang on the moment of the payment, not of the typing."""
    outcome = simulate(library(), _named("火灾，1000.00 元"))
    stop = next(call for call in outcome.calls if call.element_id == "stop_first_relief")
    start = next(call for call in outcome.calls if call.element_id == "start_catchup")
    assert stop.inputs["at"] == start.inputs["from"] == "2026-04-07T16:40:00+08:00"


def test_a_notice_stays_as_long_as_the_table_says() -> None:
    outcome = simulate(library(), _named("公布完成后结案"))
    notice = next(call for call in outcome.calls if call.type == "notice.publish")
    assert notice.inputs == {"paper": "relief_notice", "days": Decimal(5)}


def test_every_way_out_closes_the_case() -> None:
    outcomes = set()
    for case in CASES:
        outcome = simulate(library(), case.values[0])
        if outcome.ended and case.values[0]["process"] == "intake":
            outcomes |= {
                str(call.inputs["outcome"]) for call in outcome.calls if call.type == "case.close"
            }
    assert outcomes == {"relieved", "transferred"}


def test_the_facts_of_a_case_stay_small() -> None:
    for case in CASES:
        facts = simulate(library(), case.values[0]).facts
        assert len(str(facts)) < 2_500, case.values[0]["name"]
