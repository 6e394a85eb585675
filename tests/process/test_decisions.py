"""A business rule task goes on with an answer and only with an answer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.kernel.errors import ModelError
from app.process import Library, Step
from tests.process.drawing import (
    begin,
    do,
    draw,
    end,
    flows,
    library,
    open_ids,
    par,
    rule,
    start,
    user,
)

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t" namespace="urn:t">'


def table(rules: str, policy: str = "UNIQUE", outputs: tuple[str, ...] = ("level",)) -> bytes:
    columns = "".join(f'<output id="o_{name}" name="{name}"/>' for name in outputs)
    rows = ""
    for number, row in enumerate(rules.strip().splitlines()):
        test, *cells = (cell.strip().replace("<", "&lt;") for cell in row.split("|"))
        rows += f'<rule id="r{number}"><inputEntry id="i{number}"><text>{test}</text></inputEntry>'
        rows += "".join(
            f'<outputEntry id="c{number}_{n}"><text>{cell}</text></outputEntry>'
            for n, cell in enumerate(cells)
        )
        rows += "</rule>"
    return (
        f'{HEAD}<inputData id="amount_data" name="amount"><variable id="v1" name="amount" typeRef="number"/></inputData>'
        '<decision id="authority" name="Authority"><variable id="v2" name="Authority"/>'
        '<informationRequirement id="q1"><requiredInput href="#amount_data"/></informationRequirement>'
        f'<decisionTable id="dt" hitPolicy="{policy}"><input id="in1"><inputExpression id="x1" typeRef="number">'
        f"<text>amount</text></inputExpression></input>{columns}{rows}</decisionTable></decision></definitions>"
    ).encode()


LEVELS = '<= 3000 | "township"\n> 3000 | "county"'


def made(dmn: bytes, **inputs: str) -> Library:
    data = draw(
        start(), rule("d", "authority", "level", inputs), user("a"), end(), flows("s > d > a > e")
    )
    return library(data, table_dmn=dmn)


@pytest.mark.parametrize(
    ("amount", "level"), [("2999.99", "township"), ("3000.00", "township"), ("3000.01", "county")]
)
def test_answer_becomes_a_fact_and_is_recorded(amount: str, level: str) -> None:
    run, step = begin(made(table(LEVELS)), {"amount": Decimal(amount), "other": 1})
    assert run.facts["level"] == level
    (taken,) = step.decisions
    assert (taken.element_id, taken.decision_id, taken.file) == ("d", "authority", "table.dmn")
    assert taken.inputs == {"amount": Decimal(amount)}
    assert taken.result.matched
    assert open_ids(run) == ["a"]


def stopped(step: Step, code: str) -> None:
    (incident,) = step.incidents
    assert (incident.code, incident.element_id) == (code, "d")
    assert not step.ended
    assert not step.opened
    assert step.decisions[0].element_id == "d"


@pytest.mark.parametrize("facts", [{}, {"amount": None}, {"amount": Decimal(9000)}])
def test_no_matching_rule_stops(facts: dict[str, object]) -> None:
    run, step = begin(made(table('[0..3000] | "township"')), facts)
    stopped(step, "empty_decision")
    assert step.incidents[0].facts == facts
    assert "level" not in run.facts


def test_empty_list_stops() -> None:
    _, step = begin(made(table('< 10 | "a"', "COLLECT")), {"amount": 100})
    assert step.incidents[0].code in ("empty_decision", "decision_error")


def test_context_of_nulls_stops() -> None:
    dmn = table("- | null | null", outputs=("level", "note"))
    _, step = begin(made(dmn), {"amount": 1})
    stopped(step, "empty_decision")


def test_two_rules_of_a_unique_table_stop() -> None:
    dmn = table('<= 3000 | "township"\n< 5000 | "county"')
    run, step = begin(made(dmn), {"amount": 1})
    stopped(step, "decision_error")
    assert run.incidents == step.incidents


def test_inputs_are_seen_by_the_decision_only() -> None:
    run, _ = begin(made(table(LEVELS), amount="=cash + goods"), {"cash": 2000, "goods": 1001})
    assert dict(run.facts) == {"cash": 2000, "goods": 1001, "level": "county"}


def test_stopped_decision_is_retried_when_the_facts_have_changed() -> None:
    data = draw(
        start(), par("g"), rule("d", "authority", "level"), user("fix", outputs={"amount": "=amount"}),
        user("a"), par("j"), end(), flows("s > g > d > a > j > e", "g > fix > j"),
    )  # fmt: skip
    from app.process import Engine
    from tests.process.drawing import NOW

    lib = library(data, table_dmn=table('[0..3000] | "township"'))
    run, step = begin(lib, {"amount": -1})
    token = step.incidents[0].token
    assert run.retry(token, now=NOW).incidents[0].code == "empty_decision"
    run = Engine(lib).load(run.dump())
    do(run, "fix", amount=100)
    again = run.retry(token, now=NOW)
    assert not again.incidents
    assert run.facts["level"] == "township"
    assert open_ids(run) == ["a"]


def test_broken_table_is_refused_with_its_findings() -> None:
    with pytest.raises(ModelError) as caught:
        made(table("<= 3000 | __import__('os')"))
    assert caught.value.findings


def test_same_decision_id_in_two_files_is_refused() -> None:
    with pytest.raises(ModelError):
        library(draw(start(), end(), flows("s > e")), a_dmn=table(LEVELS), b_dmn=table(LEVELS))


def test_library_names_what_it_holds() -> None:
    lib = made(table(LEVELS))
    assert lib.process_ids == ("p",)
    assert lib.decision_ids == ("authority",)
    assert lib.decision("authority")[1] == "table.dmn"
    for ask in (lib.definition, lib.decision):
        with pytest.raises(ModelError):
            ask("nope")
