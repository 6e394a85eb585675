"""The tables answer their worked examples, and each figure of S1 stands in one table only."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from app.kernel.clock import SHANGHAI
from app.studio.examples import try_examples
from tests.policy.pack import DMN, library, package, tables, tree

NOW = datetime(2026, 4, 7, 10, 5, tzinfo=SHANGHAI)
LOCAL = "本地参数，待设定（演示值）"


def ask(decision: str, now: datetime = NOW, /, **inputs: Any) -> Any:
    result = library().decision(decision)[0].evaluate(decision, inputs, now=now)
    assert result.errors == ()
    return result.value


def test_every_worked_example_answers_as_written() -> None:
    tried = try_examples(
        package().companions,
        lambda name, given: library().decision(name)[0].evaluate(name, given, now=NOW),
    )
    assert [finding.message for finding in tried.findings] == []
    assert tried.count > 130
    assert set(library().decision_ids) == tried.decisions


@pytest.mark.parametrize(
    ("route", "amount", "level"),
    [
        ("emergency", "2999.99", "township"),
        ("emergency", "3000.00", "township"),
        ("emergency", "3000.01", "county"),
        ("expenditure", "3000.00", "township"),
        ("expenditure", "3000.01", "county"),
        ("city_direct", "10800.00", "city"),
        ("major", "30000.00", "coordination"),
    ],
)
def test_authority_follows_the_total(route: str, amount: str, level: str) -> None:
    assert ask("authority", route=route, amount=Decimal(amount))["level"] == level


def check(degree: str, amount: str, **more: Any) -> dict[str, Any]:
    given = {"emergency_confirmed": "yes", "persons": Decimal(1), "degree": degree, **more}
    answer: dict[str, Any] = ask("emergency_amount_check", amount=Decimal(amount), **given)
    return answer


def test_light_relief_stops_at_its_cap() -> None:
    assert [check("light", amount)["allowed"] for amount in ("999.99", "1000.00", "1000.01")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("degree", ["light", "heavy"])
@pytest.mark.parametrize("amount", ["1000.01", "2000.00", "2699.99"])
def test_an_amount_between_the_standards_is_refused_with_both_neighbours(
    degree: str, amount: str
) -> None:
    answer = check(degree, amount, basis="other", self_paid_cost=None)
    assert answer["allowed"] is False
    assert any("不超过 1000.00 元（含）" in text for text in answer["alternatives"])
    assert any("不低于 2700.00 元" in text for text in answer["alternatives"])
    assert "s1-2-3-2" in answer["clause"]


def test_the_neighbours_move_with_the_number_of_persons() -> None:
    answer = check("heavy", "2700.00", basis="other", persons=Decimal(2))
    assert answer["allowed"] is False
    assert any("不低于 5400.00 元" in text for text in answer["alternatives"])


def test_the_rural_standard_does_not_set_amounts() -> None:
    for area in ("urban", "rural"):
        given = {
            "degree": "heavy",
            "basis": "medical",
            "self_paid_cost": Decimal(45000),
            "area": area,
        }
        assert ask("emergency_amount", persons=Decimal(1), **given)["standard"] == Decimal(
            "5400.00"
        )


def test_before_the_document_there_is_no_quota_and_no_cap() -> None:
    before = datetime(2018, 11, 25, 12, tzinfo=SHANGHAI)
    after = datetime(2018, 11, 26, 12, tzinfo=SHANGHAI)
    assert [ask("township_quota", before), ask("township_quota", after)] == [None, Decimal(3000)]
    assert [ask("light_cap", before), ask("light_cap", after)] == [None, Decimal(1000)]


@pytest.mark.parametrize("cause", [None, "", "flood"])
def test_an_unknown_cause_gives_no_route(cause: str | None) -> None:
    given = {
        "major_hardship": False,
        "special_city": False,
        "emergency_now": False,
        "irreversible_risk": False,
    }
    result = library().decision("route")[0].evaluate("route", {**given, "cause": cause}, now=NOW)
    assert result.value is None


def test_an_unanswered_question_gives_no_route() -> None:
    given = {"major_hardship": False, "special_city": False, "emergency_now": None, "cause": "fire"}
    assert ask("route", **given) is None


def test_the_system_recommends_no_class_and_no_outcome() -> None:
    assert not ask("tolerance", error_class=None, error_evidence="network_outage")
    assert set(ask("tolerance", error_class="objective", error_evidence="network_outage")) == {
        "从轻",
        "减轻",
        "免于追责",
    }


def _rules() -> list[tuple[str, str, dict[str, str]]]:
    found = []
    for path in tables():
        for table in tree(path).iter(f"{DMN}decisionTable"):
            labels = [one.get("name") for one in table.iter(f"{DMN}annotation")]
            for rule in table.iter(f"{DMN}rule"):
                notes = [one.findtext(f"{DMN}text") for one in rule.iter(f"{DMN}annotationEntry")]
                found.append((path, rule.get("id"), dict(zip(labels, notes, strict=True))))
    return found


def test_every_row_says_its_clause_force_and_start() -> None:
    for path, rule, notes in _rules():
        assert notes["条款"], (path, rule)
        assert notes["效力"] in ("H", "P", "L", "E", "X"), (path, rule)
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}|—", notes["生效"]), (path, rule)


def test_what_the_locality_must_still_set_is_marked() -> None:
    marked = {
        rule.rpartition("_rule")[0] or rule.partition("_")[0]
        for _, rule, notes in _rules()
        if LOCAL in notes["备注"]
    }
    assert marked == {
        "dibao_standard",
        "multiple",
        "publicity",
        "village_households",
        "escalation",
        "route",
        "fund_source",
        "fund_allowed",
        "fund_origin",
        "fund_days",
        "reserve_review",
        *("mode_of_meeting", "voting_rules", "vote_result", "after_meeting", "signer"),
        *("disposable_income", "property_limits", "expenditure_multiple", "publicity_period"),
        *("return_limit", "repeat_window", "splitting_days", "delegable", "step_back_limit"),
        *("referral_catalogue", "watch_list", "deadline"),
    }


def test_a_remark_reads_the_same_where_dmn_js_shows_it() -> None:
    """dmn-js shows a rule's description; the record of a decision keeps its annotations."""
    for path in tables():
        for table in tree(path).iter(f"{DMN}decisionTable"):
            place = [one.get("name") for one in table.iter(f"{DMN}annotation")].index("备注")
            for rule in table.iter(f"{DMN}rule"):
                remark = list(rule.iter(f"{DMN}annotationEntry"))[place].findtext(f"{DMN}text")
                assert (rule.findtext(f"{DMN}description") or "") == remark, rule.get("id")


def test_no_table_leaves_a_gap_or_an_overlap() -> None:
    for path in tables():
        model = library().decision(next(iter(tree(path).iter(f"{DMN}decision"))).get("id"))[0]
        found = [one.message for one in model.analyse() if one.severity != "info"]
        assert found == [], path


def test_ids_are_unique_and_every_label_is_chinese() -> None:
    for path in tables():
        ids = [
            node.get("id")
            for node in tree(path).iter()
            if isinstance(node.tag, str) and node.get("id")
        ]
        assert len(ids) == len(set(ids)), path
        for node in tree(path).iter():
            if not isinstance(node.tag, str):
                continue
            word = node.get("label") or (
                node.get("name") if node.tag in (f"{DMN}decision", f"{DMN}inputData") else None
            )
            assert word is None or re.search(r"[一-鿿]", word), (path, node.get("id"))


def test_everything_in_the_graph_is_drawn() -> None:
    for path in tables():
        root = tree(path)
        drawn = {node.get("dmnElementRef") for node in root.iter() if isinstance(node.tag, str)} - {
            None
        }
        kinds = (
            "decision",
            "inputData",
            "businessKnowledgeModel",
            "informationRequirement",
            "knowledgeRequirement",
        )
        meant = {node.get("id") for kind in kinds for node in root.iter(DMN + kind)}
        assert drawn == meant, path


@pytest.mark.parametrize("basis", ["medical", "education", "other"])
def test_both_paths_count_the_same_segments(basis: str) -> None:
    """Heavy emergencies follow the expenditure standard (S1 二(三)2): one local parameter."""
    dibao = ask("dibao_standard")
    cuts = (3000, 8000, 10000, 15000, 30000, 60000, 100000)
    for cost in (Decimal(cut) + step for cut in cuts for step in (Decimal("-0.01"), 0)):
        band = ask("expenditure_band", basis=basis, costs=[cost], dibao=dibao)
        assert band["each"] == [ask("multiple", basis=basis, self_paid_cost=cost)], cost
    for one, other in (("low", "low"), ("high", "high")):
        bounds = ask("expenditure_bounds", basis=basis)
        assert bounds[one] == ask("multiple_bounds", basis=basis)[other]
