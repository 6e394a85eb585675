"""Aims at the books: what is posted, what is refused, and that no rush makes a balance negative."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from app.kernel.errors import Alternative, Refused
from app.kernel.money import Money
from app.ledger import fund as deeds
from app.ledger import pools
from app.ledger.accounts import Account, Fund, Kind
from app.ledger.entry import Deed, Entry, Posting, Source, Warrant, move, reverse
from app.ledger.pools import POOLS
from app.store import ledger
from app.store.session import Actor, Database, Unit

FUND = Fund("370881", "370881001", 2026)
FIN = Actor(user_id="fin", name="县财政")
ELSE = (Alternative("县级直接支付"), Alternative("上报销账并申请追加"))


def _yuan(text_: str) -> Money:
    return Money.from_yuan(text_)


def _warrant(key: str, subject: str = "") -> Warrant:
    return Warrant(key=key, purpose="emergency_relief", subject=subject)


def _fill(unit: Unit, yuan: str) -> None:
    balances = ledger.balances(unit, FUND)
    entry = deeds.allot(balances, FUND, _yuan(yuan), _warrant("allot:1"), source=Source.COUNTY)
    ledger.post(unit, entry)


def _hold(unit: Unit, case: str, yuan: str, key: str = "") -> None:
    balances = ledger.balances(unit, FUND, subject=case)
    warrant = _warrant(key or f"hold:{case}", case)
    ledger.post(unit, deeds.hold(balances, FUND, _yuan(yuan), warrant, alternatives=ELSE))


def _pay(unit: Unit, case: str, yuan: str, key: str = "") -> None:
    balances = ledger.balances(unit, FUND, subject=case)
    ledger.post(
        unit, deeds.pay(balances, FUND, _yuan(yuan), _warrant(key or f"pay:{case}:1", case))
    )


def _totals(database: Database) -> dict[str, str]:
    with database.read() as unit:
        assert ledger.imbalances(unit) == []
        return {
            kind.value: str(total) for kind, total in ledger.totals(unit, FUND).items() if total
        }


def test_reserve_follows_allotment_hold_payment_and_release(database: Database) -> None:
    with database.begin(FIN) as unit:
        _fill(unit, "20000")
        _hold(unit, "c1", "1500")
        _pay(unit, "c1", "1000")
        balances = ledger.balances(unit, FUND, subject="c1")
        entry = deeds.release(balances, FUND, _yuan("500"), _warrant("release:c1", "c1"))
        ledger.post(unit, entry)
    assert _totals(database) == {
        "reserve": "19000.00",
        "reserve_source_allotted": "-20000.00",
        "spent": "1000.00",
    }
    with database.read() as unit:
        rows = ledger.journal(unit, FUND)
        assert [row.number for row, _ in rows] == [1, 2, 3, 4]
        assert [row.deed for row, _ in rows] == ["allot", "hold", "pay", "release"]
        after = {account.kind: str(post.balance_after_fen) for post, account in rows[2][1]}
        assert after == {"reserve_held": "500.00", "spent": "1000.00"}
        assert len(ledger.journal(unit, FUND, after=3)) == 1
        assert ledger.funds(unit, "370881", 2026) == [FUND]


def test_exhausted_reserve_stays_as_it_is_and_names_what_is_lawful(database: Database) -> None:
    """Scenario 29: 800.00 stays 800.00, never -200.00; after +30 000.00 the payment goes."""
    with database.begin(FIN) as unit:
        _fill(unit, "800")
    with pytest.raises(Refused) as caught, database.begin(FIN) as unit:
        _hold(unit, "c1", "1000")
    assert caught.value.code == "fund_exhausted"
    assert caught.value.facts == {"balance": _yuan("800"), "shortfall": _yuan("200")}
    assert caught.value.alternatives == ELSE
    assert _totals(database)["reserve"] == "800.00"
    with database.begin(FIN) as unit:
        balances = ledger.balances(unit, FUND)
        ledger.post(unit, deeds.supplement(balances, FUND, _yuan("30000"), _warrant("sup:1")))
    assert _totals(database)["reserve"] == "30800.00"
    with database.begin(FIN) as unit:
        _hold(unit, "c1", "1000")
        _pay(unit, "c1", "1000")
    assert _totals(database)["reserve"] == "29800.00"


def test_one_case_is_never_paid_from_anothers_promise(database: Database) -> None:
    with database.begin(FIN) as unit:
        _fill(unit, "2000")
        _hold(unit, "c1", "1000")
        _hold(unit, "c2", "500")
    with pytest.raises(Refused) as caught, database.begin(FIN) as unit:
        _pay(unit, "c2", "500.01")
    assert caught.value.code == "hold_too_small"


def test_same_key_is_posted_once(database: Database) -> None:
    with database.begin(FIN) as unit:
        _fill(unit, "2000")
        _hold(unit, "c1", "1000")
    with pytest.raises(Refused) as caught, database.begin(FIN) as unit:
        _hold(unit, "c1", "1000")
    assert caught.value.code == "already_posted"
    assert _totals(database)["reserve"] == "1000.00"


def test_database_itself_keeps_the_floor(database: Database) -> None:
    with database.begin(FIN) as unit:
        _fill(unit, "100")
    with pytest.raises(Refused) as caught, database.begin(FIN) as unit:
        unit.session.execute(text("UPDATE accounts SET balance_fen = -1 WHERE kind = 'reserve'"))
    assert caught.value.code == "fund_exhausted"


def test_post_keeps_the_floor_without_asking_the_machine(database: Database) -> None:
    """An entry made from stale balances (or by mistake) is refused at the table."""
    with database.begin(FIN) as unit:
        _fill(unit, "100")
    entry = move(
        Deed.HOLD,
        _warrant("hold:x", "x"),
        Source.RESERVE,
        giver=FUND.account(Kind.RESERVE),
        taker=FUND.account(Kind.RESERVE_HELD, "x"),
        amount=_yuan("100.01"),
    )
    with pytest.raises(Refused) as caught, database.begin(FIN) as unit:
        ledger.post(unit, entry)
    assert caught.value.facts["shortfall"] == _yuan("0.01")


@pytest.mark.parametrize("table", ["entries", "postings"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET region = 'x'", "DELETE FROM {}"])
def test_book_is_never_rewritten(database: Database, table: str, verb: str) -> None:
    with database.begin(FIN) as unit:
        _fill(unit, "100")
    with pytest.raises(Refused) as caught, database.begin(FIN) as unit:
        unit.session.execute(text(verb.format(table)))
    assert caught.value.code == "append_only"


def test_mistake_is_mended_by_a_reversing_entry(database: Database) -> None:
    with database.begin(FIN) as unit:
        _fill(unit, "100")
        balances = ledger.balances(unit, FUND)
        wrong = deeds.supplement(balances, FUND, _yuan("5"), _warrant("sup:1"))
        ledger.post(unit, wrong)
        ledger.post(unit, reverse(wrong, _warrant("reverse:sup:1")))
    assert _totals(database) == {"reserve": "100.00", "reserve_source_allotted": "-100.00"}


def test_stock_take_asserts_free_and_held_together(database: Database) -> None:
    with database.begin(FIN) as unit:
        _fill(unit, "1000")
        _hold(unit, "c1", "300")
        balances = ledger.all_balances(unit, FUND)
        ledger.post(unit, deeds.stock_take(balances, FUND, _yuan("1000"), _warrant("stock:1")))
        differs = deeds.stock_take(balances, FUND, _yuan("999.99"), _warrant("stock:2"))
        assert ledger.post(unit, differs).memo == "盘点 999.99 元，账面 1000.00 元，相差 -0.01 元"
    assert _totals(database)["reserve"] == "700.00"
    with database.read() as unit:
        counted = [ledger.journal(unit, FUND)[at][1] for at in (-2, -1)]
        said = [(posting.asserted, str(posting.amount_fen)) for [(posting, _)] in counted]
        assert said == [(True, "1000.00"), (True, "999.99")]


def test_county_pays_without_touching_the_reserve(database: Database) -> None:
    with database.begin(FIN) as unit:
        _fill(unit, "100")
        warrant = _warrant("county:c1", "c1")
        entry = pools.pay_directly({}, FUND, POOLS["county"], _yuan("5400"), warrant, Source.COUNTY)
        row = ledger.post(unit, entry)
        assert (row.township, row.number) == ("", 1)
        assert ledger.balance(unit, FUND.county(Kind.COUNTY_SPENT)) == _yuan("5400")
        assert ledger.balance(unit, Account("370881", "x", 2026, Kind.RESERVE)) == Money.zero()
    assert _totals(database)["reserve"] == "100.00"


def test_tampered_balance_is_told(database: Database) -> None:
    with database.begin(FIN) as unit:
        _fill(unit, "100")
        unit.session.execute(text("UPDATE accounts SET balance_fen = 1 WHERE kind = 'reserve'"))
        assert len(ledger.imbalances(unit, "370881")) == 1
        assert ledger.imbalances(unit, "360722") == []


def test_entry_across_counties_is_refused(database: Database) -> None:
    entry = Entry(
        Deed.ALLOT,
        _warrant("x"),
        Source.COUNTY,
        (
            Posting(Account("360722", "t", 2026, Kind.COUNTY_FUND), Money(-1)),
            Posting(Account("370881", "t", 2026, Kind.RESERVE), Money(1)),
        ),
    )
    with pytest.raises(ValueError, match="county"), database.begin(FIN) as unit:
        ledger.post(unit, entry)


def _rush(number: int, deed: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=deed, args=(each,)) for each in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("asks_first", [True, False])
def test_rush_on_the_fund_never_goes_below_zero(database: Database, asks_first: bool) -> None:
    """48 holds of 100.00 on 1600.00: exactly 16 succeed, with the machine's check or without."""
    with database.begin(FIN) as unit:
        _fill(unit, "1600")
    heard: Counter[str] = Counter()

    def hold(number: int) -> None:
        def body(unit: Unit) -> dict[str, object]:
            if asks_first:
                _hold(unit, f"c{number}", "100")
                return {}
            blind = {FUND.account(Kind.RESERVE): _yuan("1600")}
            warrant = _warrant(f"hold:c{number}", f"c{number}")
            ledger.post(unit, deeds.hold(blind, FUND, _yuan("100"), warrant))
            return {}

        try:
            database.run(FIN, "hold", f"k{number}", body)
            heard["held"] += 1
        except Refused as error:
            heard[error.code] += 1

    _rush(48, hold)
    assert heard == {"held": 16, "fund_exhausted": 32}
    assert _totals(database) == {
        "reserve_held": "1600.00",
        "reserve_source_allotted": "-1600.00",
    }
    with database.read() as unit:
        assert [row.number for row, _ in ledger.journal(unit, FUND)] == list(range(1, 18))


def test_entries_of_a_case_are_found_by_its_id(database: Database) -> None:
    case = UUID(int=7)
    with database.begin(FIN) as unit:
        _fill(unit, "100")
        _hold(unit, str(case), "10")
        _pay(unit, str(case), "10")
        assert [row.deed for row, _ in ledger.of_case(unit, "370881", case)] == ["hold", "pay"]
        assert ledger.of_case(unit, "370881", UUID(int=8)) == []
