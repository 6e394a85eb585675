"""Aims at what an entry cannot be: unbalanced, empty, out of order."""

from __future__ import annotations

import pytest

from app.kernel.money import Money
from app.ledger.accounts import FLOORED, Fund, Kind
from app.ledger.entry import Deed, Entry, Posting, Source, Warrant, in_order, move, reverse

FUND = Fund("370881", "370881001", 2026)
RESERVE = FUND.account(Kind.RESERVE)
SPENT = FUND.account(Kind.SPENT)
WARRANT = Warrant(key="k", purpose="emergency_relief")


def _entry(*postings: Posting) -> Entry:
    return Entry(Deed.PAY, WARRANT, Source.RESERVE, postings)


def test_unbalanced_entry_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="sum to zero"):
        _entry(Posting(RESERVE, Money(-1)), Posting(SPENT, Money(2)))


def test_empty_entry_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="moves money or asserts"):
        _entry()


def test_posting_of_nothing_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="moves something"):
        _entry(Posting(RESERVE, Money(0)))


def test_postings_stand_in_account_order_once_each() -> None:
    with pytest.raises(ValueError, match="account order"):
        _entry(Posting(SPENT, Money(1)), Posting(RESERVE, Money(-1)))
    with pytest.raises(ValueError, match="account order"):
        _entry(Posting(RESERVE, Money(1)), Posting(RESERVE, Money(-1)))


def test_move_gives_and_takes() -> None:
    entry = move(Deed.PAY, WARRANT, Source.RESERVE, giver=SPENT, taker=RESERVE, amount=Money(5))
    assert entry.postings == in_order([Posting(SPENT, Money(-5)), Posting(RESERVE, Money(5))])


def test_reversal_undoes_every_posting() -> None:
    entry = move(Deed.PAY, WARRANT, Source.RESERVE, giver=RESERVE, taker=SPENT, amount=Money(5))
    back = reverse(entry, Warrant(key="r", purpose="correction"))
    assert back.deed is Deed.REVERSE
    assert {p.account: p.amount.fen for p in back.postings} == {RESERVE: 5, SPENT: -5}


@pytest.mark.parametrize(("key", "purpose"), [("", "p"), ("k", ""), ("k" * 201, "p")])
def test_warrant_needs_key_and_purpose(key: str, purpose: str) -> None:
    with pytest.raises(ValueError, match="key and a purpose"):
        Warrant(key=key, purpose=purpose)


def test_only_a_held_account_belongs_to_a_case() -> None:
    with pytest.raises(ValueError, match="case"):
        FUND.account(Kind.RESERVE_HELD)
    with pytest.raises(ValueError, match="case"):
        FUND.account(Kind.RESERVE, "c1")


def test_sources_may_go_negative_and_holdings_may_not() -> None:
    assert {Kind.RESERVE, Kind.RESERVE_HELD} <= FLOORED
    assert not FLOORED & {kind for kind in Kind if kind.value.startswith("reserve_source")}
    assert Kind.COUNTY_FUND not in FLOORED
