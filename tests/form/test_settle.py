"""Which questions are asked, which values are computed, and that hidden answers do not count."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.form import settle as settle_module
from app.form.feel import Effort
from tests.form.factory import NOW, answer, field, form, group, rows

HIDDEN = {"conditional": {"hide": '=kind != "b"'}}
CHOICE = field(
    "radio", "kind", values=[{"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}]
)
REQUIRED = {"validate": {"required": True}}
LATER = form(CHOICE, field("number", "n", **HIDDEN, **REQUIRED))


def test_hidden_means_not_demanded_and_not_kept():
    found = answer(LATER, ("kind", "a"), ("n", "5"))
    assert found.ok
    assert found.values == {"kind": "a"}
    assert found.visible == {"kind"}


def test_a_hidden_wrong_answer_is_no_problem():
    assert answer(LATER, ("kind", "a"), ("n", "x")).ok


def test_shown_means_demanded():
    assert [one.key for one in answer(LATER, ("kind", "b")).problems] == ["n"]
    assert answer(LATER, ("kind", "b"), ("n", "5")).values == {"kind": "b", "n": Decimal(5)}


def test_a_hidden_group_hides_what_is_in_it():
    one = form(
        CHOICE, group(field("textfield", "x", **REQUIRED), rows(field("textfield", "y")), **HIDDEN)
    )
    found = answer(one, ("kind", "a"), ("x", "1"), ("members[0].y", "2"))
    assert (found.ok, found.values, found.visible) == (True, {"kind": "a"}, {"kind"})


def test_hiding_goes_on_through_answers_that_were_dropped():
    one = form(
        CHOICE,
        field("textfield", "x", **HIDDEN),
        field("textfield", "y", conditional={"hide": "=x = null"}),
    )
    assert answer(one, ("kind", "a"), ("x", "1"), ("y", "2")).values == {"kind": "a"}
    assert answer(one, ("kind", "b"), ("x", "1"), ("y", "2")).values == {
        "kind": "b",
        "x": "1",
        "y": "2",
    }


def test_a_condition_that_cannot_be_decided_asks():
    found = answer(form(field("textfield", conditional={"hide": "=missing > 3"})), ("a", "x"))
    assert found.values == {"a": "x"}


def test_conditions_in_rows_see_their_row_and_the_form():
    one = form(
        CHOICE,
        rows(
            field("checkbox", "works"),
            field("textfield", "job", conditional={"hide": '=not(works) or kind = "a"'}),
        ),
    )
    pairs = [
        ("members[0].works", "true"),
        ("members[0].job", "x"),
        ("members[1].job", "y"),
        ("members[1].works", ""),
    ]
    found = answer(one, ("kind", "b"), *pairs)
    assert found.values["members"] == [{"works": True, "job": "x"}, {"works": False}]
    assert "members[1].job" not in found.visible
    assert answer(one, ("kind", "a"), *pairs).values["members"] == [
        {"works": True},
        {"works": False},
    ]


def test_computed_values_are_the_servers():
    one = form(field("number", "n"), field("expression", "double", expression="=n * 2"))
    assert answer(one, ("n", "1.5"), ("double", "999")).values == {
        "n": Decimal("1.5"),
        "double": Decimal(3),
    }


def test_computed_values_feed_conditions_and_each_other():
    one = form(
        rows(field("number", "income", properties={"kind": "money"})),
        field("expression", "average", expression="=total / count(members)"),
        field("expression", "total", expression="=sum(members.income)"),
        field("textfield", "why", conditional={"hide": "=average < 150"}),
    )
    pairs = [("members[0].income", "100"), ("members[1].income", "200.50")]
    found = answer(one, *pairs, ("why", "x"))
    assert (found.values["total"], found.values["average"]) == (
        Decimal("300.50"),
        Decimal("150.25"),
    )
    assert "why" in found.visible
    assert "why" not in answer(one, pairs[0], ("why", "x")).visible


def test_computed_in_rows():
    one = form(rows(field("number", "n"), field("expression", "twice", expression="=n * 2")))
    assert answer(one, ("members[0].n", "2")).values["members"] == [
        {"n": Decimal(2), "twice": Decimal(4)}
    ]


def test_a_hidden_row_list_is_null_for_the_sum():
    one = form(
        CHOICE,
        rows(field("number", "n"), **HIDDEN),
        field("expression", "t", expression="=if members = null then 0 else sum(members.n)"),
    )
    assert answer(one, ("kind", "a"), ("members[0].n", "2")).values == {
        "kind": "a",
        "t": Decimal(0),
    }


def test_a_computed_sum_must_be_a_whole_fen():
    one = form(
        field("number", "n"),
        field("expression", "t", expression="=n / 3", properties={"kind": "money"}),
    )
    assert answer(one, ("n", "3")).ok
    assert "整分" in answer(one, ("n", "1")).problems[0].message


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("100000000000.00", True),
        ("100000000000.01", False),
        ("10 ** 6000", False),
        ("1.00000000000000000000000000001", False),
        ("-0.01", True),
        ('"1"', False),
        ("null", True),
    ],
)
def test_sums_money_can_hold(text, fine):
    one = form(field("expression", "t", expression=f"={text}", properties={"kind": "money"}))
    found = answer(one)
    assert found.ok is fine
    one.describe(found.values)
    one.dump(found.values)


def test_facts_and_earlier_answers_are_seen_but_own_answers_come_first():
    one = form(
        field("textfield", "a"), field("expression", "e", expression='=a + "/" + b + "/" + c')
    )
    found = answer(
        one, ("a", "own"), so_far={"a": "earlier", "b": "earlier"}, a="fact", b="fact", c="fact"
    )
    assert found.values["e"] == "own/earlier/fact"


def test_days_computed_are_text():
    one = form(
        field("expression", "d", expression='=date("2026-11-22") + duration("P1D")'),
        field("expression", "t", expression="=now()"),
    )
    assert answer(one).values == {"d": "2026-11-23", "t": "2026-11-22T14:30:00+08:00"}


def test_rounds_are_bounded(monkeypatch):
    one = form(
        *[
            field("textfield", f"k{n}", conditional={"hide": f"=k{n - 1} = null"})
            if n
            else field("textfield", "k0")
            for n in range(10)
        ]
    )
    pairs = [(f"k{n}", "x") for n in range(1, 10)]
    assert answer(one, *pairs).values == {"k0": None}
    monkeypatch.setattr(settle_module, "MAX_PASSES", 3)
    assert "定不下来" in answer(one, *pairs).problems[0].message


def test_evaluations_below_at_above(monkeypatch):
    one = form(rows(field("expression", "e", expression="=1")))
    monkeypatch.setattr(settle_module, "Effort", lambda: Effort(left=20))
    for count, fine in ((9, True), (10, True), (11, False)):  # two rounds, one evaluation a row
        found = answer(one, *[(f"members[{at}]", "") for at in range(count)], ("_refresh", "1"))
        assert found.ok is fine
        assert fine or "行数太多" in found.problems[0].message


def test_an_endless_condition_is_tried_once():
    endless = {"hide": "=count(for x in 1..1000000000 return x) > 1"}
    one = form(rows(field("number", "n", conditional=endless)))
    found = answer(one, *[(f"members[{at}].n", "1") for at in range(20)])
    assert found.ok
    assert len(found.cautions) <= 1
    assert len(found.values["members"]) == 20


@pytest.mark.parametrize(
    ("default", "kept"), [("张三", "张三"), ("=reporter", "李四"), ("=nobody", None)]
)
def test_defaults(default, kept):
    one = form(field("textfield", defaultValue=default))
    assert one.initial({"reporter": "李四"}, NOW) == {"a": kept}


def test_first_rows_defaults_and_computed():
    one = form(
        rows(field("number", "n", defaultValue=2), defaultRepetitions=2),
        field("expression", "t", expression="=sum(members.n)"),
        field("checkbox", "c", defaultValue=True),
        field("datetime", "d", defaultValue="=today()"),
    )
    assert one.initial({}, NOW) == {
        "members": [{"n": 2}, {"n": 2}],
        "t": Decimal(4),
        "c": True,
        "d": "2026-11-22",
    }


def test_initial_takes_earlier_answers_first():
    assert form(field("textfield", defaultValue="x")).initial({}, NOW, {"a": "earlier"}) == {
        "a": "earlier"
    }


def test_visible_of_typed_values():
    assert LATER.visible({"kind": "a"}, {}) == {"kind"}
    assert LATER.visible({"kind": "b"}, {}) == {"kind", "n"}
