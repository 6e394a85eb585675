"""Which lists a locality watches households on, and how often they are visited: its table says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.cases.package import Package

TABLE = "watch_lists"  # decision asked by name


@dataclass(frozen=True, slots=True)
class WatchList:
    """One list, such as households at risk of returning to poverty."""

    code: str
    label: str
    visit_days: int  # a visit is due this many days after the last


def lists_of(package: Package, now: datetime) -> tuple[WatchList, ...]:
    """The lists of the locality in the order of its table; () when it ships none."""
    if TABLE not in package.library.decision_ids:
        return ()
    rows = package.decide(TABLE, {}, now).value
    return tuple(
        WatchList(str(row["code"]), str(row["label"]), int(row["visit_days"]))
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, Mapping)
    )
