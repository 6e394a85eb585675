"""The accounts of a township's reserve and of the county's pools; which never go below zero.

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
    SPENT = "spent"  # paid out of the reserve, not yet written off
    WRITTEN_OFF = "written_off"  # paid out, vouchers accepted by the county (销账)
    REFUND = "refund"  # came back from recipients
    CARRIED_IN = "carried_in"  # left over from the year before
    CARRIED_OUT = "carried_out"  # handed on to the year after
    COUNTY_SOURCE = "county_source"  # where the county's relief money comes from
    COUNTY_FUND = "county_fund"  # the county's relief money; its floor is not known here
    COUNTY_HELD = "county_held"  # of that money, promised to one case at its approval
    COUNTY_SPENT = "county_spent"  # paid by the county directly
    COUNTY_REFUND = "county_refund"  # came back from recipients
    CITY_SOURCE = "city_source"
    CITY_FUND = "city_fund"  # the city's relief money; its floor is not known here
    CITY_HELD = "city_held"
    CITY_SPENT = "city_spent"
    CITY_REFUND = "city_refund"
    CHARITY_SOURCE = "charity_source"  # who gave it
    CHARITY_FUND = "charity_fund"  # gifts at hand; never more is promised than was given
    CHARITY_HELD = "charity_held"
    CHARITY_SPENT = "charity_spent"
    CHARITY_REFUND = "charity_refund"


_HELD = frozenset({Kind.RESERVE_HELD, Kind.COUNTY_HELD, Kind.CITY_HELD, Kind.CHARITY_HELD})

FLOORED = _HELD | {
    Kind.RESERVE,
    Kind.SPENT,
    Kind.WRITTEN_OFF,
    Kind.CARRIED_OUT,
    Kind.COUNTY_SPENT,
    Kind.CITY_SPENT,
    Kind.CHARITY_FUND,
    Kind.CHARITY_SPENT,
}
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
        """The county's account of that kind and year; `subject` is the case for a held kind."""
        if (kind in _HELD) != bool(subject):
            raise ValueError("a held account, and only that, belongs to a case")
        return Account(self.region, "", self.year, kind, subject)

    def accounts(self, subject: str = "") -> tuple[Account, ...]:
        """Every account of the fund, with the case's held one when a case is named."""
        kinds = (
            Kind.RESERVE,
            Kind.RESERVE_SOURCE_OWN,
            Kind.RESERVE_SOURCE_ALLOTTED,
            Kind.RESERVE_SOURCE_SUPPLEMENT,
            Kind.SPENT,
            Kind.WRITTEN_OFF,
            Kind.REFUND,
            Kind.CARRIED_IN,
            Kind.CARRIED_OUT,
        )
        held = (self.account(Kind.RESERVE_HELD, subject),) if subject else ()
        return (*(self.account(kind) for kind in kinds), *held)


Balances = Mapping[Account, Money]
"""What accounts hold now; an account that is not named holds nothing."""
