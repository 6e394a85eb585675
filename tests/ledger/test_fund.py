"""Aims at each deed: the table's edges below, at and above; any order of deeds keeps the floor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.kernel.errors import Alternative, Refused
from app.kernel.money import Money
from app.ledger import fund as deeds
from app.ledger.accounts import Account, Fund, Kind
from app.ledger.entry import Entry, Source, Warrant

FUND = Fund("370881", "370881001", 2026)
RESERVE = FUND.account(Kind.RESERVE)
HELD = FUND.account(Kind.RESERVE_HELD, "c1")
WARRANT = Warrant(key="k", purpose="emergency_relief", subject="c1")
ELSE = (Alternative("县级直接支付", "JX-2-3"),)


def _yuan(text: str) -> Money:
    return Money.from_yuan(text)


def _moved(entry: Entry) -> dict[str, str]:
    return {posting.account.kind.value: str(posting.amount) for posting in entry.postings}


@pytest.mark.parametrize("yuan", ["799.99", "800.00"])
def test_hold_up_to_the_balance(yuan: str) -> None:
    entry = deeds.hold({RESERVE: _yuan("800")}, FUND, _yuan(yuan), WARRANT)
    assert _moved(entry) == {"reserve": f"-{yuan}", "reserve_held": yuan}


def test_hold_above_the_balance_is_refused_with_what_is_lawful() -> None:
    with pytest.raises(
        Refused, match=r"备用金可用余额 800.00 元，不足 800.01 元，差 0.01 元"
    ) as caught:
        deeds.hold({RESERVE: _yuan("800")}, FUND, _yuan("800.01"), WARRANT, alternatives=ELSE)
    assert caught.value.facts == {"balance": _yuan("800"), "shortfall": _yuan("0.01")}
    assert caught.value.alternatives == ELSE


def test_unknown_account_holds_nothing() -> None:
    with pytest.raises(Refused, match=r"余额 0\.00 元"):
        deeds.hold({}, FUND, _yuan("0.01"), WARRANT)


@pytest.mark.parametrize("yuan", ["999.99", "1000.00"])
def test_pay_up_to_the_hold(yuan: str) -> None:
    entry = deeds.pay({HELD: _yuan("1000")}, FUND, _yuan(yuan), WARRANT)
    assert _moved(entry) == {"reserve_held": f"-{yuan}", "spent": yuan}


def test_pay_and_release_above_the_hold_are_refused() -> None:
    for deed in (deeds.pay, deeds.release):
        with pytest.raises(Refused) as caught:
            deed({HELD: _yuan("1000")}, FUND, _yuan("1000.01"), WARRANT)
        assert caught.value.code == "hold_too_small"


def test_another_cases_hold_is_not_this_cases() -> None:
    other = FUND.account(Kind.RESERVE_HELD, "c2")
    with pytest.raises(Refused, match=r"本案已预留 0\.00 元"):
        deeds.pay({other: _yuan("1000")}, FUND, _yuan("1"), WARRANT)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (Source.TOWNSHIP, "reserve_source_own"),
        (Source.COUNTY, "reserve_source_allotted"),
        (Source.CENTRAL, "reserve_source_allotted"),
    ],
)
def test_allotment_names_its_source(source: Source, kind: str) -> None:
    entry = deeds.allot({}, FUND, _yuan("5"), WARRANT, source=source)
    assert entry.source is source
    assert _moved(entry) == {"reserve": "5.00", kind: "-5.00"}


def test_reserve_is_not_fed_by_recipients_or_itself() -> None:
    for source in (Source.RECIPIENT, Source.RESERVE, Source.CHARITY):
        with pytest.raises(Refused, match="备用金来源不能是"):
            deeds.allot({}, FUND, _yuan("5"), WARRANT, source=source)


def test_refund_up_to_what_was_paid_and_not_yet_returned() -> None:
    balances = {FUND.account(Kind.SPENT): _yuan("1000"), FUND.account(Kind.REFUND): _yuan("-400")}
    assert _moved(deeds.refund(balances, FUND, _yuan("600"), WARRANT)) == {
        "refund": "-600.00",
        "reserve": "600.00",
    }
    with pytest.raises(Refused) as caught:
        deeds.refund(balances, FUND, _yuan("600.01"), WARRANT)
    assert caught.value.code == "refund_too_large"


def test_county_payment_leaves_the_township_alone() -> None:
    entry = deeds.county_direct_pay({}, FUND, _yuan("5400"), WARRANT)
    assert {posting.account.township for posting in entry.postings} == {""}


@pytest.mark.parametrize("fen", [0, -1])
def test_no_deed_moves_nothing_or_less(fen: int) -> None:
    plenty = {RESERVE: _yuan("100"), HELD: _yuan("100"), FUND.account(Kind.SPENT): _yuan("100")}
    for deed in (
        deeds.supplement,
        deeds.hold,
        deeds.pay,
        deeds.release,
        deeds.refund,
        deeds.county_direct_pay,
    ):
        with pytest.raises(Refused) as caught:
            deed(plenty, FUND, Money(fen), WARRANT)
        assert caught.value.code == "bad_amount"


def test_hold_needs_a_case() -> None:
    with pytest.raises(ValueError, match="case"):
        deeds.hold({RESERVE: _yuan("1")}, FUND, _yuan("1"), Warrant(key="k", purpose="p"))


def test_stock_take_counts_free_and_held_of_this_fund_only() -> None:
    balances = {
        RESERVE: _yuan("700"),
        HELD: _yuan("300"),
        Fund("370881", "370881002", 2026).account(Kind.RESERVE_HELD, "c9"): _yuan("5"),
    }
    entry = deeds.stock_take(balances, FUND, _yuan("1000"), WARRANT)
    assert entry.postings == ()
    assert entry.asserted[0].amount == _yuan("1000")
    for counted in ("999.99", "1000.01"):
        with pytest.raises(Refused, match="盘点"):
            deeds.stock_take(balances, FUND, _yuan(counted), WARRANT)


class Book(RuleBasedStateMachine):
    """Any order of deeds of any size on one fund and three cases."""

    def __init__(self) -> None:
        super().__init__()
        self.balances: dict[Account, Money] = defaultdict(Money.zero)
        self.keys = 0

    amounts = st.integers(-5, 5_000).map(Money)
    case_ids = st.sampled_from(["c1", "c2", "c3"])

    def _warrant(self, case: str = "") -> Warrant:
        self.keys += 1
        return Warrant(key=f"k{self.keys}", purpose="emergency_relief", subject=case)

    def _post(self, entry: Entry) -> None:
        for posting in entry.postings:
            self.balances[posting.account] = self.balances[posting.account] + posting.amount

    @rule(amount=amounts, source=st.sampled_from(Source))
    def allot(self, amount: Money, source: Source) -> None:
        self._try(lambda: deeds.allot(self.balances, FUND, amount, self._warrant(), source=source))

    @rule(amount=amounts)
    def supplement(self, amount: Money) -> None:
        self._try(lambda: deeds.supplement(self.balances, FUND, amount, self._warrant()))

    @rule(
        deed=st.sampled_from([deeds.hold, deeds.pay, deeds.release, deeds.refund]),
        amount=amounts,
        case=case_ids,
    )
    def move(self, deed: object, amount: Money, case: str) -> None:
        self._try(lambda: deed(self.balances, FUND, amount, self._warrant(case)))  # type: ignore[operator]

    @rule(amount=amounts, case=case_ids)
    def county(self, amount: Money, case: str) -> None:
        warrant = self._warrant(case)
        self._try(lambda: deeds.county_direct_pay(self.balances, FUND, amount, warrant))

    def _try(self, deed: object) -> None:
        with suppress(Refused):
            self._post(deed())  # type: ignore[operator]

    @invariant()
    def everything_sums_to_zero(self) -> None:
        assert sum(amount.fen for amount in self.balances.values()) == 0

    @invariant()
    def nothing_floored_is_below_zero(self) -> None:
        assert all(
            not account.floored or amount.fen >= 0 for account, amount in self.balances.items()
        )

    @invariant()
    def the_fund_holds_what_came_in_less_what_went_out(self) -> None:
        total = {kind: 0 for kind in Kind}
        for account, amount in self.balances.items():
            total[account.kind] += amount.fen
        came = -sum(total[kind] for kind in Kind if kind.value.startswith("reserve_source"))
        there = total[Kind.RESERVE] + total[Kind.RESERVE_HELD]
        assert there == came - total[Kind.SPENT] - total[Kind.REFUND]

    @invariant()
    def a_stock_take_agrees(self) -> None:
        held = [a for a in self.balances if a.kind is Kind.RESERVE_HELD]
        counted = Money(sum(self.balances[a].fen for a in [RESERVE, *held]))
        deeds.stock_take(self.balances, FUND, counted, self._warrant())


TestBook = Book.TestCase
TestBook.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


COUNTY_HELD = FUND.county(Kind.COUNTY_HELD, "c1")


def test_the_county_promises_pays_and_frees_what_is_left() -> None:
    """Scenario 11: 8100.00 promised, two stages of 2700.00 paid, the third one freed."""
    promised = deeds.county_hold({}, FUND, _yuan("8100"), WARRANT)
    assert _moved(promised) == {"county_fund": "-8100.00", "county_held": "8100.00"}
    paid = deeds.county_pay({COUNTY_HELD: _yuan("2700")}, FUND, _yuan("2700"), WARRANT)
    assert _moved(paid) == {"county_held": "-2700.00", "county_spent": "2700.00"}
    freed = deeds.county_release({COUNTY_HELD: _yuan("2700")}, FUND, _yuan("2700"), WARRANT)
    assert _moved(freed) == {"county_held": "-2700.00", "county_fund": "2700.00"}


@pytest.mark.parametrize("deed", [deeds.county_pay, deeds.county_release])
def test_more_than_the_county_promised_is_refused(deed: Callable[..., Entry]) -> None:
    with pytest.raises(Refused, match=r"已承诺县级资金 2700.00 元.*差 0.01 元"):
        deed({COUNTY_HELD: _yuan("2700")}, FUND, _yuan("2700.01"), WARRANT)


def test_a_held_account_belongs_to_a_case() -> None:
    for kind, subject in ((Kind.COUNTY_HELD, ""), (Kind.COUNTY_FUND, "c1")):
        with pytest.raises(ValueError, match="belongs to a case"):
            FUND.county(kind, subject)
