"""Which lists a locality watches households on, and how often they are visited: its tables say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.cases.package import Package

CODES, ONE, COVERED = "watch_lists", "watch_list", "event_covered"  # decisions asked by name


@dataclass(frozen=True, slots=True)
class WatchList:
    """One list, such as households at risk of returning to poverty."""

    code: str
    label: str
    visit_days: int  # a visit is due this many days after the last


def lists_of(package: Package, now: datetime) -> tuple[WatchList, ...]:
    """The lists of the locality in the order of its table; () when it ships none."""
    if CODES not in package.library.decision_ids:
        return ()
    codes = package.decide(CODES, {}, now).value
    found = []
    for code in codes if isinstance(codes, list) else []:
        one = package.decide(ONE, {"list_code": code}, now).value
        if isinstance(one, Mapping):
            found.append(WatchList(str(code), str(one["label"]), int(str(one["visit_days"]))))
    return tuple(found)


def covered(package: Package, now: datetime, happened_on: date | None, applied_on: date) -> bool:
    """True when a case asked for on that day answers an event of that day."""
    if COVERED not in package.library.decision_ids:
        return True
    facts = {"happened_on": happened_on, "applied_on": applied_on}
    return package.decide(COVERED, facts, now).value is True
