"""The questions of the pack: what must be asked, what is private, what a paper may show."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from app.form.model import StaticText
from app.form.papers import load_paper, problems_of
from app.kernel.clock import SHANGHAI
from tests.policy.pack import forms, library, package, toml

NOW = datetime(2026, 4, 7, 16, 45, tzinfo=SHANGHAI)
MUST_HAVE = {
    "report": "channel applicant_name applicant_id_number applicant_phone township village applicant_kind residence area cause summary occurred_at reporter_name reporter_phone",
    "accept": "emergency_now irreversible_risk cause major_hardship special_city",
    "verify": "investigator_1 investigator_2 findings emergency_confirmed degree basis self_paid_cost persons cash_amount goods goods_value amount",
    "approve": "decision opinion relative_declaration reasons clauses referral",
    "slip": "method cash_amount goods paid_at payer_1 payer_2 receipt_kind signer_name bank_account photo",
    "catchup": "recipient registered_cause registered_amount handler sealed eased_on",
    "error_case": "facts_found loss error_class error_evidence",
    "exhausted": "resolution", "county_pay": "county_decision", "supplement": "supplement_amount package_no papers",
    "publish": "checked", "transfer": "destination reasons referral", "conclude": "error_outcome",
}  # fmt: skip
PRIVATE = {
    "report": "applicant_name applicant_id_number applicant_phone reporter_name reporter_phone address illness summary",
    "verify": "findings", "slip": "signer_name bank_account", "catchup": "recipient recipient_id_number",
}  # fmt: skip
ORGANS = toml("processes/jining/organs.toml")["organs"]


def options(level: str) -> list[dict[str, str]]:
    return [
        {"label": o["name"], "value": o["code"], "parent": o["parent"]}
        for o in ORGANS
        if o["level"] == level
    ]


CONTEXT: dict[str, Any] = {
    "townships": options("township"), "villages": options("village"), "reported_at": "2026-04-07T10:05:00+08:00",
    "cause": "fire", "amount": Decimal("1000.00"), "outcomes": ["从轻", "减轻", "免于追责"],
}  # fmt: skip


def judged(form: str, **values: Any) -> Any:
    one = forms()[form]
    return one.validate(one.parse_json(values), context=CONTEXT, now=NOW)


def wrong(form: str, **values: Any) -> set[str]:
    return {problem.key for problem in judged(form, **values).problems}


@pytest.mark.parametrize("form", MUST_HAVE)
def test_statutory_questions_are_asked(form: str) -> None:
    for key in MUST_HAVE[form].split():
        forms()[form].field(key)


def test_every_form_is_used_and_every_used_form_is_there() -> None:
    used = {
        e.form_id
        for name in library().process_ids
        for e in library().definition(name).elements.values()
    } - {""}
    assert used == set(forms())


@pytest.mark.parametrize("form", PRIVATE)
def test_private_answers_are_marked(form: str) -> None:
    for key in PRIVATE[form].split():
        assert forms()[form].field(key).meta.sensitivity in ("personal", "sensitive"), key


REPORT = {
    "channel": "hotline", "applicant_name": "演示某", "applicant_kind": "family", "residence": "local", "area": "urban",
    "township": "370881101", "village": "370881101201", "cause": "fire", "summary": "厨房失火",
}  # fmt: skip


def test_an_emergency_needs_no_papers_to_be_reported() -> None:
    assert wrong("report", **REPORT) == set()


def test_a_village_of_another_township_is_no_choice() -> None:
    assert "village" in wrong("report", **{**REPORT, "village": "370881102201"})


@pytest.mark.parametrize(
    ("number", "fault"), [("370881199001010013", False), ("370881199001010014", True)]
)
def test_an_identity_number_is_checked(number: str, fault: bool) -> None:
    assert ("applicant_id_number" in wrong("report", **REPORT, applicant_id_number=number)) is fault


def test_the_illness_is_asked_only_for_illness() -> None:
    outcome = judged("report", **REPORT, illness="leukaemia")
    assert "illness" not in outcome.values


VERIFY = {
    "investigator_1": "经办李", "investigator_2": "调查王", "verified_at": "2026-04-07T13:00:00+08:00", "findings": "属实",
    "emergency_confirmed": "yes", "degree": "light", "cash_amount": "500.00",
}  # fmt: skip
GOODS = [
    {"article": "棉被", "quantity": "2", "unit_price": "120.00"},
    {"article": "大米 25 公斤", "quantity": "1", "unit_price": "150.00"},
]


def test_goods_and_cash_add_up() -> None:
    values = judged("verify", **VERIFY, goods=GOODS).values
    assert (values["goods_value"], values["amount"]) == (Decimal("390.00"), Decimal("890.00"))


def test_two_people_verify() -> None:
    assert "investigator_2" in wrong("verify", **{**VERIFY, "investigator_2": "经办李"})


def test_what_is_not_an_emergency_has_no_amount() -> None:
    outcome = judged("verify", **{**VERIFY, "emergency_confirmed": "no"})
    assert outcome.ok
    assert "amount" not in outcome.values


SLIP = {
    "method": "cash", "cash_amount": "1000.00", "paid_at": "2026-04-07T16:40:00+08:00", "payer_1": "经办李",
    "payer_2": "调查王", "receipt_kind": "recipient", "signer_name": "演示某",
}  # fmt: skip


def test_the_slip_of_scenario_1_is_in_order() -> None:
    outcome = judged("slip", **SLIP)
    assert outcome.ok
    assert outcome.values["paid_total"] == Decimal("1000.00")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"payer_2": "经办李"}, "payer_2"),
        ({"payer_2": None}, "payer_2"),
        ({"signer_name": None}, "signer_name"),
        ({"receipt_kind": None}, "receipt_kind"),
        ({"paid_at": "2026-04-07T16:45:01+08:00"}, "paid_at"),
        ({"paid_at": "2026-04-07T10:04:59+08:00"}, "paid_at"),
        ({"method": "bank"}, "bank_account"),
    ],
)
def test_a_slip_without_its_papers_is_refused(change: dict[str, Any], field: str) -> None:
    assert field in wrong("slip", **{**SLIP, **change})


def test_a_refusal_must_say_why_on_what_and_where_else() -> None:
    asked = wrong("approve", relative_declaration="none", decision="refuse", clauses="")
    assert {"reasons", "clauses", "referral"} <= asked
    assert not {"reasons", "clauses", "referral"} & wrong(
        "approve", relative_declaration="none", decision="return"
    )


def test_an_error_has_no_class_before_a_person_chooses() -> None:
    assert {"error_class", "error_evidence"} <= wrong("error_case")
    raw = json.loads(package().files["forms/jining/error_case.form"])
    assert not any("defaultValue" in one for one in raw["components"])


def test_only_listed_outcomes_can_be_chosen() -> None:
    assert wrong("conclude", error_outcome="减轻", opinion="理由") == set()
    assert "error_outcome" in wrong("conclude", error_outcome="严肃追究", opinion="理由")


def papers() -> dict[str, Any]:
    return {
        p.id: p
        for p in (load_paper(raw, file=path) for path, raw in package().of(".paper.toml").items())
    }


def allowed() -> frozenset[str]:
    return frozenset(
        library().decision("publicity_fields")[0].evaluate("publicity_fields", {}, now=NOW).value
    )


@pytest.mark.parametrize("paper", ["relief_notice", "refusal", "transfer_notice"])
def test_papers_use_only_what_they_may(paper: str) -> None:
    assert problems_of(papers()[paper], allowed()) == []


def test_a_notice_shows_nothing_private() -> None:
    assert not allowed() & {"applicant_name", "case_no", "reasons", "referral"}
    assert {"applicant_masked", "village", "cause_class", "amount", "paid_on"} <= set(
        papers()["relief_notice"].fields
    )


def test_a_refusal_names_reasons_clauses_and_remedies() -> None:
    refusal = papers()["refusal"]
    assert {"reasons", "clauses", "remedies", "referral"} <= set(refusal.fields)
    assert "行政复议" in refusal.remedies
    assert "行政诉讼" in refusal.remedies


def test_no_figure_of_a_standard_stands_in_a_form() -> None:
    for path, raw in package().of(".form").items():
        for words in re.findall(
            r'"(?:label|description|text|check_message)": "([^"]*)"', raw.decode()
        ):
            words = re.sub(r"12349|〔\d+〕\d+号", "", words)
            assert not re.search(r"\d{2,}|千元|小时|工作日", words), (path, words)


def test_the_money_in_question_stands_at_the_top_of_the_form() -> None:
    """Who decides about money reads the sums first, worked out from the facts of the case."""
    facts = {"amount": Decimal(1000), "balance": Decimal(800), "shortfall": Decimal(200)}
    first = forms()["exhausted"].components[0]
    assert isinstance(first, StaticText)
    assert not isinstance(first.text, str)
    shown = first.text.compiled.evaluate(facts, NOW).value
    assert shown == "批准金额 1000.00 元，备用金余额 800.00 元，还差 200.00 元。"
