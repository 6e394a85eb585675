"""The shapes of ledgers: columns with unit and mask, queries, and short ways to write them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cell holds, and so how it is written."""

    TEXT = "text"
    MONEY = "money"  # kernel.money.Money; yuan with two places
    COUNT = "count"  # int
    DAY = "day"  # datetime.date, a legal day
    INSTANT = "instant"  # aware datetime, shown in local time
    HOURS = "hours"  # Decimal, one place
    PERCENT = "percent"  # Decimal out of a hundred, one place


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a query."""

    key: str  # ASCII snake_case
    label: str  # Chinese heading, unless the file gives another
    kind: Kind = Kind.TEXT
    total: bool = False  # summed under the list
    personal: bool = False  # masked, unless opened with a purpose on record
    codes: str = ""  # the cell is a code; name of the table of words that the page reads it by


@dataclass(frozen=True, slots=True)
class Query:
    """One declared query."""

    label: str  # Chinese: what a row is
    reads: str  # "cases" | "money": which right of a role opens it
    columns: tuple[Column, ...]
    filters: tuple[str, ...] = ("period", "township")  # also "route", "state"
    params: tuple[str, ...] = ()  # names out of ledger_columns.PARAMETERS
    states: tuple[str, ...] = ()  # what the filter "state" may be

    def column(self, key: str) -> Column:
        """The column of that key; raises KeyError."""
        return next(one for one in self.columns if one.key == key)


def text(key: str, label: str, codes: str = "") -> Column:
    """A column of words; codes: the table of words its codes are read by."""
    return Column(key, label, codes=codes)


def money(key: str, label: str, *, total: bool = True) -> Column:
    """A column of amounts, summed unless told otherwise."""
    return Column(key, label, Kind.MONEY, total)


def count(key: str, label: str, *, total: bool = True) -> Column:
    """A column of whole numbers, summed unless told otherwise."""
    return Column(key, label, Kind.COUNT, total)


def at(key: str, label: str) -> Column:
    """A column of instants."""
    return Column(key, label, Kind.INSTANT)


def day(key: str, label: str) -> Column:
    """A column of legal days."""
    return Column(key, label, Kind.DAY)


def percent(key: str, label: str) -> Column:
    """A column of shares out of a hundred."""
    return Column(key, label, Kind.PERCENT)


def hours(key: str, label: str) -> Column:
    """A column of lengths in hours."""
    return Column(key, label, Kind.HOURS)


WHO = (
    text("case_no", "受理编号"),
    Column("applicant", "申请人", personal=True),
    text("township", "乡镇（街道）"),
    text("village", "村（居）"),
)
"""Whose case a row is about."""
