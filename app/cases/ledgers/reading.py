"""What every query of a ledger works with: the unit, the territory, the period, the names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from uuid import UUID

from app.cases.access import Scope
from app.cases.office import Office
from app.cases.package import Package
from app.cases.views.lines import Names
from app.cases.wording import option_label
from app.kernel.clock import SHANGHAI
from app.kernel.money import Money
from app.store import cases, people
from app.store.cases import CaseRow
from app.store.registers import Span
from app.store.session import Unit

Value = str | int | Money | date | datetime | Decimal | None
Row = Mapping[str, Value]
"""Column key -> cell; a key that is absent reads as empty."""

_HOUR = timedelta(hours=1)
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a ledger is asked for; every empty one leaves all."""

    since: date | None = None  # first legal day
    until: date | None = None  # last legal day, included
    township: str = ""  # organ code
    route: str = ""
    state: str = ""  # as the query knows its states


@dataclass(slots=True)
class Reading:
    """One reading of one ledger."""

    unit: Unit
    office: Office
    scope: Scope  # territory the actor may read, already narrowed to the asked township
    asked: Filter
    params: Mapping[str, tuple[str, ...]]  # of the ledger's file
    names: Names
    opened: bool = False  # personal cells in clear; the caller has put the purpose on record
    _packages: dict[str, Package] = field(default_factory=dict)
    _causes: dict[tuple[str, str], str] = field(default_factory=dict)
    _labels: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def span(self) -> Span:
        """The territory and the asked period as instants."""
        return Span(
            self.scope.regions,
            self.scope.townships,
            _midnight(self.asked.since),
            _midnight(self.asked.until, days=1),
        )

    def codes(self, name: str) -> Collection[str]:
        """The codes the file narrows the query to; () for all."""
        return self.params.get(name, ())

    def package(self, region: str) -> Package:
        """What is in force now in the county."""
        if region not in self._packages:
            locality = people.locality_of(self.unit, region)
            self._packages[region] = self.office.packages.current(self.unit, locality)
        return self._packages[region]

    def label(self, region: str, key: str, value: str) -> str:
        """The label of a coded answer in the county's forms, looked up once per reading."""
        asked = (region, key, value)
        if asked not in self._labels:
            self._labels[asked] = option_label(self.package(region), key, value)
        return self._labels[asked]

    def cause_class(self, case: CaseRow) -> str:
        """The class of the trouble that may be published, by the table `cause_class`."""
        key = (case.region, case.cause)
        if key not in self._causes:
            self._causes[key] = self._class_of(*key)
        return self._causes[key]

    def _class_of(self, region: str, cause: str) -> str:
        package = self.package(region)
        if "cause_class" in package.library.decision_ids:
            found = package.decide("cause_class", {"cause": cause}, self.unit.now).value
            if isinstance(found, str):
                return found
        return option_label(package, "cause", cause)

    def who(self, case: CaseRow | None) -> dict[str, Value]:
        """The columns that say whose case it is."""
        if case is None:
            return {}
        return {
            "case_no": case.case_no,
            "applicant": self.applicant(case),
            "township": self.names.organ(case.township),
            "village": self.names.organ(case.village),
            "_region": case.region,
            "_case_id": str(case.id),
        }

    def applicant(self, case: CaseRow) -> str:
        """The applicant's name as far as this reading may show it."""
        if not self.opened:
            return case.applicant_masked
        return str(self.sealed(case).get("applicant_name") or case.applicant_masked)

    def sealed(self, case: CaseRow) -> Mapping[str, object]:
        """The applicant's data in clear; only for an opened reading."""
        assert self.opened
        return cases.applicant(self.unit, case)


def hours(length: timedelta | None) -> Decimal | None:
    """The length in hours with one place, half up; None for none."""
    if length is None:
        return None
    exact = Decimal(length // timedelta(seconds=1)) / Decimal(_HOUR // timedelta(seconds=1))
    return exact.quantize(_TENTH, ROUND_HALF_UP)


def percent(part: int, whole: int) -> Decimal | None:
    """Part of whole in percent with one place, half up; None when there is no whole."""
    if not whole:
        return None
    return (Decimal(part * 100) / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP)


def quantile(lengths: Collection[timedelta], share: Decimal) -> timedelta | None:
    """The smallest length that at least `share` (0..1) of them do not exceed; None for none."""
    ordered = sorted(lengths)
    if not ordered:
        return None
    rank = (Decimal(len(ordered)) * share).to_integral_value(ROUND_CEILING)
    return ordered[max(int(rank), 1) - 1]


def _midnight(day: date | None, *, days: int = 0) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=days), time.min, tzinfo=SHANGHAI)


def case_ids(values: Collection[str]) -> set[UUID]:
    """The texts that are case ids, as such."""
    found = set()
    for text in values:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found
