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
from app.ledger import pools
from app.ledger.accounts import Account, Balances, Fund, Kind
from app.ledger.entry import Entry, Source, Warrant
from app.ledger.pools import POOLS

FUND = Fund("370881", "370881001", 2026)
RESERVE = FUND.account(Kind.RESERVE)
HELD = FUND.account(Kind.RESERVE_HELD, "c1")
WARRANT = Warrant(key="k", purpose="emergency_relief", subject="c1")
COUNTY, CHARITY = POOLS["county"], POOLS["charity"]
ELSE = (Alternative("县级直接支付", "JX-2-3"),)


def _yuan(text: str) -> Money:
    return Money.from_yuan(text)


def _refund(balances: object, fund: Fund, amount: Money, warrant: Warrant) -> Entry:
    return deeds.refund({}, fund, amount, warrant, returnable=_yuan("100"))


def _direct(balances: Balances, fund: Fund, amount: Money, warrant: Warrant) -> Entry:
    return pools.pay_directly(balances, fund, COUNTY, amount, warrant, Source.COUNTY)


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
    rest = _yuan("600")
    assert _moved(deeds.refund({}, FUND, _yuan("600"), WARRANT, returnable=rest)) == {
        "refund": "-600.00",
        "reserve": "600.00",
    }
    with pytest.raises(Refused) as caught:
        deeds.refund({}, FUND, _yuan("600.01"), WARRANT, returnable=rest)
    assert caught.value.code == "refund_too_large"


def test_county_payment_leaves_the_township_alone() -> None:
    entry = pools.pay_directly({}, FUND, COUNTY, _yuan("5400"), WARRANT, Source.COUNTY)
    assert {posting.account.township for posting in entry.postings} == {""}


@pytest.mark.parametrize("fen", [0, -1])
def test_no_deed_moves_nothing_or_less(fen: int) -> None:
    plenty = {RESERVE: _yuan("100"), HELD: _yuan("100"), FUND.account(Kind.SPENT): _yuan("100")}
    for deed in (
        deeds.supplement,
        deeds.hold,
        deeds.pay,
        deeds.release,
        deeds.write_off,
        deeds.bank_return,
        _refund,
        _direct,
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
    assert entry.warrant.memo == "盘点 1000.00 元，与账面相符"
    for counted, by in (("999.99", "-0.01"), ("1000.01", "0.01")):
        entry = deeds.stock_take(balances, FUND, _yuan(counted), WARRANT)
        assert entry.postings == ()
        assert entry.warrant.memo.endswith(f"账面 1000.00 元，相差 {by} 元")
    with pytest.raises(Refused, match="不能小于零"):
        deeds.stock_take(balances, FUND, _yuan("-0.01"), WARRANT)


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
        deed=st.sampled_from(
            [deeds.hold, deeds.pay, deeds.release, deeds.write_off, deeds.bank_return]
        ),
        amount=amounts,
        case=case_ids,
    )
    def move(self, deed: object, amount: Money, case: str) -> None:
        self._try(lambda: deed(self.balances, FUND, amount, self._warrant(case)))  # type: ignore[operator]

    @rule(amount=amounts, case=case_ids)
    def county(self, amount: Money, case: str) -> None:
        warrant = self._warrant(case)
        self._try(lambda: _direct(self.balances, FUND, amount, warrant))

    @rule(amount=amounts, case=case_ids)
    def refund(self, amount: Money, case: str) -> None:
        spent, back = FUND.account(Kind.SPENT), FUND.account(Kind.REFUND)
        rest = self.balances[spent] + self.balances[back]
        warrant = self._warrant(case)
        self._try(lambda: deeds.refund(self.balances, FUND, amount, warrant, returnable=rest))

    @rule(amount=amounts, case=st.sampled_from(["", "c1", "c2"]))
    def carry_over(self, amount: Money, case: str) -> None:
        warrants = (self._warrant(case), self._warrant(case))
        with suppress(Refused):
            for entry in deeds.carry_over(self.balances, FUND, amount, warrants):
                self._post(entry)

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
            if account.year == FUND.year:
                total[account.kind] += amount.fen
        came = -sum(total[kind] for kind in Kind if kind.value.startswith("reserve_source"))
        there = total[Kind.RESERVE] + total[Kind.RESERVE_HELD]
        out = total[Kind.SPENT] + total[Kind.WRITTEN_OFF] + total[Kind.CARRIED_OUT]
        assert there == came - out - total[Kind.REFUND]

    @invariant()
    def a_stock_take_agrees(self) -> None:
        held = [a for a in self.balances if a.kind is Kind.RESERVE_HELD and a.year == FUND.year]
        counted = Money(sum(self.balances[a].fen for a in [RESERVE, *held]))
        entry = deeds.stock_take(self.balances, FUND, counted, self._warrant())
        assert entry.warrant.memo.endswith("与账面相符")


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
    county = Source.COUNTY
    promised = pools.hold({}, FUND, COUNTY, _yuan("8100"), WARRANT, county)
    assert _moved(promised) == {"county_fund": "-8100.00", "county_held": "8100.00"}
    there, part = {COUNTY_HELD: _yuan("2700")}, _yuan("2700")
    paid = pools.pay(there, FUND, COUNTY, part, WARRANT, county)
    assert _moved(paid) == {"county_held": "-2700.00", "county_spent": "2700.00"}
    freed = pools.release(there, FUND, COUNTY, part, WARRANT, county)
    assert _moved(freed) == {"county_held": "-2700.00", "county_fund": "2700.00"}


@pytest.mark.parametrize("deed", [pools.pay, pools.release])
def test_more_than_the_county_promised_is_refused(deed: Callable[..., Entry]) -> None:
    there = {COUNTY_HELD: _yuan("2700")}
    with pytest.raises(Refused, match=r"已承诺县级资金 2700\.00 元.*差 0\.01 元"):
        deed(there, FUND, COUNTY, _yuan("2700.01"), WARRANT, Source.COUNTY)


def test_a_held_account_belongs_to_a_case() -> None:
    for kind, subject in ((Kind.COUNTY_HELD, ""), (Kind.COUNTY_FUND, "c1")):
        with pytest.raises(ValueError, match="belongs to a case"):
            FUND.county(kind, subject)


@pytest.mark.parametrize("verb", [pools.hold, pools.pay_directly])
def test_charity_never_promises_more_than_it_was_given(verb: Callable[..., Entry]) -> None:
    there = {FUND.county(Kind.CHARITY_FUND): _yuan("500")}
    for yuan in ("499.99", "500"):
        entry = verb(there, FUND, CHARITY, _yuan(yuan), WARRANT, Source.CHARITY)
        assert entry.source is Source.CHARITY
    with pytest.raises(Refused, match=r"慈善资金可用余额 500.00 元，不足 500.01 元"):
        verb(there, FUND, CHARITY, _yuan("500.01"), WARRANT, Source.CHARITY)


@pytest.mark.parametrize(
    ("pool", "source", "taken"),
    [
        ("county", Source.CENTRAL, True),
        ("county", Source.CHARITY, False),
        ("city", Source.COUNTY, False),
        ("city", Source.CITY, True),
        ("charity", Source.CHARITY, True),
        ("charity", Source.CENTRAL, False),
    ],
)
def test_a_pool_takes_money_of_its_own_sources_only(pool: str, source: Source, taken: bool) -> None:
    if taken:
        entry = pools.allot(FUND, POOLS[pool], _yuan("5"), WARRANT, source=source)
        assert _moved(entry) == {f"{pool}_fund": "5.00", f"{pool}_source": "-5.00"}
    else:
        with pytest.raises(Refused, match="来源不能是"):
            pools.allot(FUND, POOLS[pool], _yuan("5"), WARRANT, source=source)


def test_what_was_written_off_is_spent_no_more_and_cannot_come_back_by_the_bank() -> None:
    there = {FUND.account(Kind.SPENT): _yuan("9600")}
    moved = _moved(deeds.write_off(there, FUND, _yuan("8800"), WARRANT))
    assert moved == {"spent": "-8800.00", "written_off": "8800.00"}
    left = {FUND.account(Kind.SPENT): _yuan("800")}
    with pytest.raises(Refused, match=r"超过尚未销账的支出 800\.00 元"):
        deeds.write_off(left, FUND, _yuan("800.01"), WARRANT)
    with pytest.raises(Refused, match=r"超过尚未销账的支出 800\.00 元"):
        deeds.bank_return(left, FUND, _yuan("800.01"), WARRANT)


def test_what_is_carried_over_leaves_one_book_and_enters_the_next() -> None:
    pair = (Warrant(key="o", purpose="p"), Warrant(key="i", purpose="p"))
    out, into = deeds.carry_over({RESERVE: _yuan("700")}, FUND, _yuan("700"), pair)
    assert _moved(out) == {"reserve": "-700.00", "carried_out": "700.00"}
    assert _moved(into) == {"reserve": "700.00", "carried_in": "-700.00"}
    assert {posting.account.year for posting in out.postings} == {2026}
    assert {posting.account.year for posting in into.postings} == {2027}
