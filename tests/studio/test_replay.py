"""A past case decided again: what follows, what stays, what cannot be asked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.kernel.errors import ModelError
from app.kernel.money import Money
from app.process.library import Library
from app.studio.impact import Receipt, impact, line, sentence
from app.studio.localities import package_of
from app.studio.replay import Question, Replayed, Replayer, Side, plans_of

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
D = Decimal


def dmn(rate: str, quota: str, more: str = "") -> bytes:
    """Amount = cost x rate, refused below one; township up to the quota."""
    extra_input = (
        f'<inputData id="in_{more}" name="{more}"><variable id="v_{more}" name="{more}"/></inputData>'
        if more
        else ""
    )
    extra_need = (
        f'<informationRequirement id="n_{more}"><requiredInput href="#in_{more}"/></informationRequirement>'
        if more
        else ""
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:t">
<inputData id="in_cost" name="cost"><variable id="v_cost" name="cost"/></inputData>
<inputData id="in_amount" name="amount"><variable id="v_amount" name="amount"/></inputData>
{extra_input}
<decision id="fit" name="fit"><variable id="vf" name="fit"/>
<informationRequirement id="n1"><requiredInput href="#in_cost"/></informationRequirement>
<literalExpression id="l1"><text>{{ok: cost &gt;= 1}}</text></literalExpression></decision>
<decision id="sum" name="sum of it"><variable id="vs" name="sum of it"/>
<informationRequirement id="n2"><requiredInput href="#in_cost"/></informationRequirement>{extra_need}
<literalExpression id="l2"><text>{{standard: cost * {rate}}}</text></literalExpression></decision>
<decision id="who" name="who"><variable id="vw" name="who"/>
<informationRequirement id="n3"><requiredInput href="#in_amount"/></informationRequirement>
<literalExpression id="l3"><text>{{level: if amount &lt;= {quota} then "township" else "county"}}</text></literalExpression></decision>
</definitions>""".encode()


DESCRIPTION = b"""
name = "x"
[[replay]]
routes = ["a"]
steps = [
  { key = "eligible", decision = "fit", value = "=ok" },
  { key = "amount", decision = "sum", value = "=standard", decided = { decision = "who", input = "amount" } },
  { key = "level", decision = "who", value = "=level", follows = { amount = "amount" } },
]
"""


def package(rate: str = "1", quota: str = "100", more: str = ""):
    files = {"dmn/x/d.dmn": dmn(rate, quota, more), "processes/x/locality.toml": DESCRIPTION}
    return package_of("x", files)


def replayer(rate: str, quota: str = "100", more: str = "") -> Replayer:
    tried = package(rate, quota, more)
    return Replayer(Library(tried.files), plans_of(tried), None, Library(package().files))


def questions(cost: str, decided: str | None = None) -> dict[str, Question]:
    amount = D(decided or cost)
    level = "township" if amount <= 100 else "county"
    asked = {
        "fit": Question("fit", {"cost": D(cost)}, {"ok": D(cost) >= 1}, AT),
        "sum": Question("sum", {"cost": D(cost)}, {"standard": D(cost)}, AT),
        "who": Question("who", {"amount": amount}, {"level": level}, AT),
    }
    return asked if D(cost) >= 1 else {"fit": asked["fit"]}


def yuan(text: str) -> Money:
    return Money.from_yuan(text)


def test_what_followed_the_table_follows_the_draft():
    found = replayer("2").replay("a", questions("60"))
    assert found is not None
    assert (found.before.amount, found.before.level) == (yuan("60"), "township")
    assert (found.after.amount, found.after.level) == (yuan("120"), "county")
    assert not found.settled


def test_an_amount_settled_by_people_stays():
    found = replayer("2").replay("a", questions("60", decided="75"))
    assert found is not None
    assert found.settled
    assert found.after.amount == found.before.amount == yuan("75")
    assert found.after.level == "township"


def test_a_changed_quota_moves_what_people_settled_all_the_same():
    found = replayer("1", quota="70").replay("a", questions("60", decided="75"))
    assert found is not None
    assert (found.before.level, found.after.level) == ("township", "county")


def test_an_input_nobody_was_asked_is_said_and_not_guessed():
    found = replayer("2", more="savings").replay("a", questions("60"))
    assert found is not None
    assert found.problems == ("草案要问“savings”，当时没有问过",)
    assert line("1", "t", "a", date(2026, 3, 2), found).verdict == "unknown"


def test_memory_changes_no_answer():
    one = replayer("2")
    asked = questions("60")
    first = one.replay("a", asked)
    before = one.asked
    assert one.replay("a", asked) == first
    assert one.asked == before
    assert one.replay("a", asked, remember=False) == first
    assert one.asked == before + 3


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (Side(True, yuan("1")), Side(True, yuan("2")), "higher"),
        (Side(True, yuan("2")), Side(True, yuan("1")), "lower"),
        (Side(True, yuan("2")), Side(True, yuan("2")), "equal"),
        (Side(True, yuan("2")), Side(False), "refused"),
        (Side(False), Side(True, yuan("2")), "granted"),
        (Side(False), Side(True), "granted"),
        (Side(False), Side(False), "equal"),
        (Side(True, yuan("2")), Side(True), "refused"),
    ],
)
def test_verdicts(before, after, verdict):
    assert line("1", "t", "a", date(2026, 3, 2), Replayed(before, after)).verdict == verdict


def test_money_by_township_and_the_day_the_reserve_would_be_used_up():
    def case(day: int, amount: str, new: str):
        sides = [Side(True, yuan(one), "township", "reserve") for one in (amount, new)]
        return line(str(day), "t", "a", date(2026, 3, day), Replayed(*sides))

    lines = [case(2, "60", "90"), case(5, "30", "45"), case(9, "10", "15")]
    receipts = [
        Receipt("t", date(2026, 3, 1), yuan("100")),
        Receipt("t", date(2026, 3, 9), yuan("20")),
    ]
    found = impact(lines, receipts, "township")
    (township,) = found.townships
    assert (township.before, township.after) == (yuan("100"), yuan("150"))
    assert township.out_before is None
    assert township.out_after == date(2026, 3, 5)
    assert found.percent == D("50.00")
    assert sentence(found).startswith("3 件个案重算：0 件减少，3 件增加，0 件不变；合计 100.00 元")


@pytest.mark.parametrize(
    "text",
    ['replay = "no"', "[[replay]]\nroutes = []", '[[replay]]\nsteps = [{ key = "a" }]',
     '[[replay]]\nsteps = [{ key = "a", decision = "b", value = "=1 +" }]'],
)  # fmt: skip
def test_a_plan_that_cannot_be_read_is_refused_in_words(text):
    files = {"processes/x/locality.toml": f'name = "x"\n{text}'.encode()}
    with pytest.raises(ModelError, match="replay"):
        plans_of(package_of("x", files))
