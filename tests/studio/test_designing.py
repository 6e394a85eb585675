"""What the designers are offered, and a table tried: lists that agree, kinds of input, errors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.decision import load_model
from app.kernel.errors import Invalid, NotFound
from app.process import lint
from app.process.checks.vocabulary import BPMN_RULES
from app.settings import ROOT
from app.studio import call_words
from app.studio.call_words import ANSWERS, words_of
from app.studio.calls import CALLS
from app.studio.element_templates import element_templates
from app.studio.localities import resolve
from app.studio.single import Everything
from app.studio.skeletons import new_file, new_path
from app.studio.toolbox import toolbox
from app.studio.trying import Trial, decisions_of, try_decision
from tests.rules.source import ROOT as DOCS_ROOT

NOW = datetime(2026, 4, 7, 2, tzinfo=UTC)
PACKAGE = resolve(ROOT, "jining")
AMOUNTS = "dmn/jining/expenditure_amount.dmn"


def test_every_argument_of_every_call_is_asked_in_chinese() -> None:
    named = {argument for shape in CALLS.values() for argument in shape.arguments}
    assert [name for name in sorted(named) if words_of(name).label == name] == []


def test_answers_offered_are_those_of_the_vocabulary() -> None:
    text = (DOCS_ROOT / "docs/vocabulary.md").read_text("utf-8").split("## Calls")[1]
    for call, answers in ANSWERS.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{call}` |"))
        if "as `payment.pay`" in row:
            continue
        assert [name for name in answers if f"`{name}`" not in row] == [], call


def test_a_template_writes_the_call_with_all_its_arguments() -> None:
    offered = {call_words.PAPER: [("relief_notice", "救助告知书")]}
    templates = {one["id"]: one for one in element_templates(offered)}
    assert set(templates) == {f"jiuji.{call}" for call in CALLS}
    letter = templates["jiuji.letter.issue"]
    bound = {one["binding"].get("name"): one for one in letter["properties"]}
    assert CALLS["letter.issue"].arguments <= set(bound)
    assert bound["paper"]["choices"] == [{"name": "救助告知书", "value": '="relief_notice"'}]
    assert bound["paper"]["constraints"] == {"notEmpty": True}
    assert letter["properties"][0]["value"] == "letter.issue"


def test_the_white_list_is_the_engines() -> None:
    offers = toolbox(PACKAGE, NOW)
    assert set(offers["elements"]) == set(BPMN_RULES)
    assert offers["elements"]["subProcess"]["fixed"]["triggeredByEvent"] == "false"


def test_repealed_clauses_are_marked() -> None:
    clauses = {one["value"]: one for one in toolbox(PACKAGE, NOW)["clauses"]}
    assert clauses["s1-2-2-2"]["force"] == "刚性"
    assert clauses["s1-2-2-2"]["ended"] == ""
    assert "20个工作日" in clauses["s1-2-2-2"]["text"]


@pytest.mark.parametrize("kind", ["process", "table"])
def test_new_files_can_be_read_at_once(kind: str) -> None:
    raw = new_file(kind, "jining", "home_visit", '走访 "试" & <用>')
    path = new_path(kind, "jining", "home_visit")
    if kind == "process":
        found = lint(
            {path: raw},
            call_types=frozenset(),
            form_ids=Everything(),
            decision_ids=Everything(),
            roles=frozenset(),
        )
        assert [one for one in found if one.severity == "error"] == []
    else:
        assert load_model(raw, file=path).decisions == ('走访 "试" & <用>',)


def test_new_files_need_a_key() -> None:
    with pytest.raises(Invalid, match="编号"):
        new_path("process", "jining", "Home Visit")


@pytest.mark.parametrize("label", ["", " ", "字" * 61, "走\x00访"])
def test_new_files_need_a_name(label: str) -> None:
    with pytest.raises(Invalid, match="名称"):
        new_file("process", "jining", "home_visit", label)


def test_questions_say_kind_unit_and_choices() -> None:
    asked = {one.id: one for one in decisions_of(PACKAGE.files[AMOUNTS], AMOUNTS, PACKAGE.files)}
    questions = {one.name: one for one in asked["expenditure_position"].questions}
    assert (questions["amount"].kind, questions["amount"].unit) == ("number", "元")
    assert questions["basis"].choices == ("medical", "education", "other")


def test_inputs_of_the_wrong_kind_are_named_one_by_one() -> None:
    with pytest.raises(Invalid) as refused:
        trial(AMOUNTS, "expenditure_position", {"amount": "一千", "cash_amount": "NaN"})
    assert [one.key for one in refused.value.problems] == ["amount", "cash_amount"]


def test_an_expression_may_stand_for_a_list() -> None:
    found = trial(
        AMOUNTS,
        "expenditure_standard",
        {"dibao": "{urban: 900, rural: 720}", "costs": "[12000]", "basis": "medical"},
    )
    assert found.errors == ()
    assert (
        found.value["standard"] == "2700"
    )  # 12,000 yuan of one's own: three times the monthly standard


def test_an_unknown_decision_and_a_broken_table_are_told_apart() -> None:
    with pytest.raises(NotFound):
        trial(AMOUNTS, "nowhere", {})
    broken = try_decision(b"<a/>", "dmn/jining/a.dmn", {}, decision="a", given={}, now=NOW)
    assert [one.code for one in broken.errors] == ["not_dmn"]


def trial(path: str, decision: str, given: dict[str, str]) -> Trial:
    raw = PACKAGE.files[path]
    return try_decision(raw, path, PACKAGE.files, decision=decision, given=given, now=NOW)
