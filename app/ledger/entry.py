"""One movement of money: postings that sum to zero, with the paper that justifies them.

Entries are only ever added; a mistake is mended by a reversing entry. No posting is a guess:
an entry that does not balance cannot be made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.errors import Refused
from app.kernel.money import Money
from app.ledger.accounts import Account

MAX_POSTINGS = 20
MAX_KEY = 200  # characters


class Deed(StrEnum):
    """What kind of movement an entry is."""

    ALLOT = "allot"
    SUPPLEMENT = "supplement"
    HOLD = "hold"
    PAY = "pay"
    RELEASE = "release"
    REFUND = "refund"
    COUNTY_DIRECT_PAY = "county_direct_pay"
    WRITE_OFF = "write_off"
    CARRY_OUT = "carry_out"
    CARRY_IN = "carry_in"
    BANK_RETURN = "bank_return"
    STOCK_TAKE = "stock_take"
    REVERSE = "reverse"


class Source(StrEnum):
    """Where the money comes from; stands on every entry (REQUIREMENTS NA5, KA4)."""

    CENTRAL = "central"
    PROVINCIAL = "provincial"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    CHARITY = "charity"
    RESERVE = "reserve"  # already in the township's reserve
    RECIPIENT = "recipient"  # came back from who was helped


@dataclass(frozen=True, slots=True)
class Warrant:
    """Why money may move."""

    key: str  # unique for ever, e.g. "pay:<case>:1"; posting it twice is refused
    purpose: str  # use of the money, code from the models, e.g. "emergency_relief"
    memo: str = ""  # Chinese line for the book, no personal data
    clause: str = ""  # clause id it rests on
    subject: str = ""  # case id, "" when it concerns no case

    def __post_init__(self) -> None:
        if not 1 <= len(self.key) <= MAX_KEY or not self.purpose:
            raise ValueError("a movement of money needs a key and a purpose")


@dataclass(frozen=True, slots=True)
class Posting:
    """What one account gains (positive) or gives (negative)."""

    account: Account
    amount: Money


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement. Empty `postings` only in a stock-take, which asserts and moves nothing."""

    deed: Deed
    warrant: Warrant
    source: Source
    postings: tuple[Posting, ...]  # in account order, one per account, summing to zero
    asserted: tuple[Posting, ...] = ()  # stock-take: what each account was found to hold

    def __post_init__(self) -> None:
        if sum(posting.amount.fen for posting in self.postings) != 0:
            raise ValueError("postings must sum to zero")
        if any(not posting.amount for posting in self.postings):
            raise ValueError("a posting moves something")
        accounts = [posting.account for posting in self.postings]
        if accounts != sorted(set(accounts)) or len(accounts) > MAX_POSTINGS:
            raise ValueError("one posting per account, in account order")
        if not self.postings and not self.asserted:
            raise ValueError("an entry moves money or asserts a balance")


def move(
    deed: Deed, warrant: Warrant, source: Source, *, giver: Account, taker: Account, amount: Money
) -> Entry:
    """`amount` (above zero) goes from `giver` to `taker`."""
    postings = (Posting(giver, -amount), Posting(taker, amount))
    return Entry(deed, warrant, source, in_order(postings))


def require_positive(amount: Money) -> None:
    """Raises Refused("bad_amount") for nothing and for less."""
    if amount.fen <= 0:
        raise Refused("bad_amount", f"金额须大于零：{amount} 元。", amount=amount)


def case_of(warrant: Warrant) -> str:
    """The case the warrant is for; raises ValueError when it is for none."""
    if not warrant.subject:
        raise ValueError("holding and paying need a case")
    return warrant.subject


def reverse(entry: Entry, warrant: Warrant) -> Entry:
    """The entry that undoes `entry`; the caller checks floors by posting it."""
    undone = (Posting(posting.account, -posting.amount) for posting in entry.postings)
    return Entry(Deed.REVERSE, warrant, entry.source, in_order(undone))


def in_order(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """The postings sorted by account."""
    return tuple(sorted(postings, key=lambda posting: posting.account))
