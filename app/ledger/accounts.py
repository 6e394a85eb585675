"""The accounts of a township's reserve fund, and which of them may never go below zero.

One reserve account per township and year (济民字〔2018〕94号 三(五); 赣民字〔2020〕2号
二(三): 专账). Money sets out from source accounts, which stand for the world outside and so
go negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.money import Money


class Kind(StrEnum):
    """What an account holds."""

    RESERVE = "reserve"  # the township's reserve, free to be promised
    RESERVE_HELD = "reserve_held"  # promised to one case at its approval
    RESERVE_SOURCE_OWN = "reserve_source_own"  # raised by the township itself
    RESERVE_SOURCE_ALLOTTED = "reserve_source_allotted"  # sent down from above
    RESERVE_SOURCE_SUPPLEMENT = "reserve_source_supplement"  # added by the county in the year
    SPENT = "spent"  # paid out of the reserve, gross
    REFUND = "refund"  # came back from recipients
    COUNTY_FUND = "county_fund"  # the county's relief money; its floor is not known here
    COUNTY_HELD = "county_held"  # of that money, promised to one case at its approval
    COUNTY_SPENT = "county_spent"  # paid by the county directly


FLOORED = frozenset(
    {Kind.RESERVE, Kind.RESERVE_HELD, Kind.SPENT, Kind.COUNTY_HELD, Kind.COUNTY_SPENT}
)
"""Kinds whose balance is never below zero."""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """The name of one account; sorts in the order in which accounts are locked."""

    region: str  # county code
    township: str  # organ code, "" for the county's own accounts
    year: int  # budget year
    kind: Kind
    subject: str = ""  # case id for the held kinds, "" otherwise

    @property
    def floored(self) -> bool:
        """True when its balance must stay at zero or above."""
        return self.kind in FLOORED


@dataclass(frozen=True, slots=True)
class Fund:
    """The reserve fund of one township and year."""

    region: str
    township: str
    year: int

    def account(self, kind: Kind, subject: str = "") -> Account:
        """The fund's account of that kind; `subject` is the case for RESERVE_HELD."""
        if (kind is Kind.RESERVE_HELD) != bool(subject):
            raise ValueError("a held account, and only that, belongs to a case")
        return Account(self.region, self.township, self.year, kind, subject)

    def county(self, kind: Kind, subject: str = "") -> Account:
        """The county's account of that kind and year; `subject` is the case for COUNTY_HELD."""
        if (kind is Kind.COUNTY_HELD) != bool(subject):
            raise ValueError("a held account, and only that, belongs to a case")
        return Account(self.region, "", self.year, kind, subject)

    def accounts(self, subject: str = "") -> tuple[Account, ...]:
        """Every account of the fund, with the case's held ones when a case is named."""
        kinds = (
            Kind.RESERVE,
            Kind.RESERVE_SOURCE_OWN,
            Kind.RESERVE_SOURCE_ALLOTTED,
            Kind.RESERVE_SOURCE_SUPPLEMENT,
            Kind.SPENT,
            Kind.REFUND,
        )
        held = (
            (self.account(Kind.RESERVE_HELD, subject), self.county(Kind.COUNTY_HELD, subject))
            if subject
            else ()
        )
        return (*(self.account(kind) for kind in kinds), *held)


Balances = Mapping[Account, Money]
"""What accounts hold now; an account that is not named holds nothing."""
